/** A text that was given, within quotes and shortened, for a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

/** One thing wrong with the inputs, and the place in the repository where it stands, if it has one. */
export interface Problem {
  readonly message: string
  readonly file?: string
  readonly line?: number
  /** How many it stands for, where it is not one. */
  readonly count?: number
}

/** How many there are, those included that are only counted. */
export function countOf(problems: readonly Problem[]): number {
  return problems.reduce((sum, { count = 1 }) => sum + count, 0)
}

/** How many malformed list entries are shown one by one; the rest is counted. */
const ENTRIES_SHOWN = 20

/**
 * Collects everything that is wrong with the inputs, so that an author sees all of it in one run.
 * Messages name the input, what was given (never a secret) and what is accepted.
 */
export class Problems {
  readonly #problems: Problem[] = []
  readonly #files = new Set<string | null>()
  #shown = 0
  #left = 0

  /** Adds a problem of an input. */
  add(message: string): void {
    this.#problems.push({ message })
  }

  /** Adds a malformed entry of the list; of many, the first of each file and 20 are kept, the rest is counted. */
  addEntry(message: string, file: string | null, line: number | null): void {
    if (this.#shown >= ENTRIES_SHOWN && this.#files.has(file)) {
      this.#left += 1
      return
    }
    this.#shown += 1
    this.#files.add(file)
    this.#problems.push({
      message,
      ...(file === null ? {} : { file }),
      ...(line === null ? {} : { line }),
    })
  }

  /** How many were added so far. */
  get count(): number {
    return this.#problems.length + this.#left
  }

  /** @throws ConfigurationError when anything was added. */
  throwIfAny(): void {
    const rest =
      this.#left > 0
        ? [{ message: `… and ${this.#left} more malformed entries of the list.`, count: this.#left }]
        : []
    if (this.#problems.length > 0) throw new ConfigurationError([...this.#problems, ...rest])
  }
}

/** The inputs cannot be used; nothing was sent. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('\n'))
    this.name = 'ConfigurationError'
    this.problems = problems
  }
}
