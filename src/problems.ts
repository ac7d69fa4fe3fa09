/** The longest part of a value that is shown, in characters. */
const LONGEST = 40

/** No value is looked at beyond this, in UTF-16 code units. */
const LOOKED_AT = 4_096

/** A value within quotes, as `quoted` writes it, and the characters and escapes that it consists of. */
const VALUE = /"(?:[^"\\]|\\.)*"/gsu
const CHARACTERS = /\\u[0-9a-f]{4}|\\.|./gsu

/** A value that was given, for a message of a problem, which shortens it once it no longer holds a secret. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, LOOKED_AT))
}

/** One thing wrong with the inputs, and its location in the repository, if it has one. */
export interface Problem {
  readonly message: string
  readonly file?: string
  readonly line?: number
  /** How many problems this one sums up, where it is more than one. */
  readonly count?: number
}

/** How many problems there are, including those that are only counted. */
export function countOf(problems: readonly Problem[]): number {
  return problems.reduce((sum, { count = 1 }) => sum + count, 0)
}

/** How many invalid list entries are shown one by one; the rest is counted. */
const ENTRIES_SHOWN = 20

/**
 * Collects everything that is wrong with the inputs, so that an author sees all of it in one run.
 * Messages name the input, the value (never a secret) and what is valid.
 */
export class Problems {
  readonly #problems: Problem[] = []
  readonly #files = new Set<string | null>()
  #redact = (text: string): string => text
  #shown = 0
  #left = 0

  /** From now on `redact` takes secrets out of every message, before values in it are shortened. */
  redactBy(redact: (text: string) => string): void {
    this.#redact = redact
  }

  /** Adds a problem of an input. */
  add(message: string): void {
    this.#problems.push({ message: this.#clean(message, true) })
  }

  /** Adds an invalid entry of the list; of many, the first of each file and 20 are kept, the rest is counted. */
  addEntry(message: string, file: string | null, line: number | null): void {
    if (this.#shown >= ENTRIES_SHOWN && this.#files.has(file)) {
      this.#left += 1
      return
    }
    this.#shown += 1
    this.#files.add(file)
    this.#problems.push({
      message: this.#clean(message, file === null),
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
      this.#left > 0 ? [{ message: `… and ${this.#left} more invalid entries.`, count: this.#left }] : []
    if (this.#problems.length > 0) throw new ConfigurationError([...this.#sorted(), ...rest])
  }

  /** In the order in which they were added, but those of one file in the order of their lines. */
  #sorted(): Problem[] {
    const ofFiles = Map.groupBy(this.#problems, (problem) => problem.file ?? problem)
    return [...ofFiles.values()].flatMap((some) => some.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)))
  }

  #clean(message: string, keepsWords: boolean): string {
    return this.#redact(message).replace(VALUE, (value) => shortened(value, keepsWords))
  }
}

/**
 * Tells what is wrong with a list, in sentences, at a line or with the whole. A `cause` is one that often spoils many
 * entries, and is told once.
 */
export type TellProblem = (reason: string, line: number | null, cause?: string) => void

/**
 * Adds what `read` tells of one list; what one cause spoils in many entries is added once, with their number, when the
 * list has come to its end. `where`: the input or file that messages name; `file`: null for an inline list.
 */
export async function withProblemsOf<T>(
  where: string,
  file: string | null,
  problems: Problems,
  read: (tell: TellProblem) => Promise<T>,
): Promise<T> {
  const add: TellProblem = (reason, line) => problems.addEntry(`${where}: ${reason}`, file, line)
  const causes = new Map<string, { readonly reason: string; readonly line: number | null; more: number }>()
  try {
    return await read((reason, line, cause) => {
      const known = cause === undefined ? undefined : causes.get(cause)
      if (known !== undefined) known.more += 1
      else if (cause === undefined) add(reason, line)
      else causes.set(cause, { reason, line, more: 0 })
    })
  } finally {
    for (const { reason, line, more } of causes.values()) {
      const others = `${more} more ${more === 1 ? 'entry has' : 'entries have'} the same problem.`
      add(more === 0 ? reason : `${reason} ${others}`, line)
    }
  }
}

/**
 * A quoted value, cut. An input may hold a secret that was meant for another one: the runner masks it where it is
 * whole, but not a part of it, so that such a value is cut between words only.
 */
function shortened(value: string, keepsWords: boolean): string {
  const characters = value.slice(1, -1).match(CHARACTERS) ?? []
  if (characters.length <= LONGEST) return value
  const head = characters.slice(0, LONGEST)
  const end = keepsWords ? head.findLastIndex((character) => /^([\s,;/]|\\.*)$/.test(character)) + 1 : LONGEST
  return `"${head.slice(0, end).join('')}…"`
}

/** The inputs cannot be used; nothing was submitted. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('\n'))
    this.name = 'ConfigurationError'
    this.problems = problems
  }
}

/** A member of an object that others made; undefined where it has none, or is no object. */
export function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
}

/** Why something failed, in the words of what was thrown. */
export function reasonOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return hasMessage ? String(error.message) : String(error)
}
