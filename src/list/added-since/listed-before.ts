import { comparable, type Exclusion, type ExclusionMatch } from '../../policy/exclusion.ts'

/**
 * What the changed list files held in their older version, and how much more often they hold it now: excludes every
 * identity that was listed, by any identifier. Kept in columns, because there may be a million entries.
 */
export class ListedBefore implements Exclusion {
  /** By text as it is compared: its index in the columns. */
  readonly #indexes = new Map<string, number>()
  /** Where each text was listed first. */
  readonly #files: string[] = []
  readonly #lines: (number | null)[] = []
  /** How many more entries each text has now than it had then. */
  readonly #surplus: number[] = []

  /** How many texts were listed. */
  get size(): number {
    return this.#indexes.size
  }

  /** Takes an entry of the older version. */
  addThen(text: string, file: string, line: number | null): void {
    const key = comparable(text)
    if (key === '') return
    const index = this.#indexes.get(key) ?? this.size
    if (index === this.size) {
      this.#indexes.set(key, index)
      this.#files.push(file)
      this.#lines.push(line)
      this.#surplus.push(0)
    }
    this.#count(index, -1)
  }

  /** Takes an entry of now, once the older version is complete: only texts that were listed count. */
  addNow(text: string): void {
    const index = this.#indexes.get(comparable(text))
    if (index !== undefined) this.#count(index, 1)
  }

  #count(index: number, change: number): void {
    this.#surplus[index] = (this.#surplus[index] ?? 0) + change
  }

  /** An identity that is listed more often than before was added again, in vain: its older entry is named. */
  match(texts: readonly string[]): ExclusionMatch | null {
    const found = texts.flatMap((text) => this.#indexes.get(comparable(text)) ?? [])
    const again = found.find((index) => (this.#surplus[index] ?? 0) > 0)
    const index = again ?? found[0]
    if (index === undefined) return null
    const bySource = { file: this.#files[index] ?? '', line: this.#lines[index] ?? null }
    return { by: again === undefined ? 'listed-before' : 'listed-again', bySource }
  }
}
