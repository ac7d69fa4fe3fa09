import type { Problems } from '../problems.ts'

/** Collects what is wrong with one list: what one cause spoils in many entries is told once, with their number. */
export class ListProblems {
  readonly #problems: Problems
  readonly #where: string
  readonly #file: string | null
  readonly #causes = new Map<
    string,
    { readonly reason: string; readonly line: number | null; count: number }
  >()

  /** `where`: the input or file that messages name; `file`: the list file, null for an inline list. */
  constructor(problems: Problems, where: string, file: string | null) {
    this.#problems = problems
    this.#where = where
    this.#file = file
  }

  /** Adds what is wrong, in sentences, at a line or with the whole. */
  add(reason: string, line: number | null, cause?: string): void {
    if (cause === undefined) return this.#problems.addEntry(`${this.#where}: ${reason}`, this.#file, line)
    const known = this.#causes.get(cause)
    if (known === undefined) this.#causes.set(cause, { reason, line, count: 1 })
    else known.count += 1
  }

  /** Adds what was collected by cause, when the list has come to its end. */
  end(): void {
    for (const { reason, line, count } of this.#causes.values()) {
      const more = count === 1 ? '' : ` The same is wrong with ${count - 1} more.`
      this.#problems.addEntry(`${this.#where}: ${reason}${more}`, this.#file, line)
    }
  }
}
