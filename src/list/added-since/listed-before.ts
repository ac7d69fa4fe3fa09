import { comparable, type Exclusion, type ExclusionMatch } from '../../policy/exclusion.ts'

/** Where a text was listed first, and how often. */
interface Listed {
  readonly file: string
  readonly line: number | null
  count: number
}

/**
 * What the changed list files held in their older version, and of that, what they hold now: excludes every identity
 * that was listed, by any identifier.
 */
export class ListedBefore implements Exclusion {
  readonly #then = new Map<string, Listed>()
  readonly #now = new Map<string, number>()

  get isEmpty(): boolean {
    return this.#then.size === 0
  }

  /** Takes an entry of the older version. */
  addThen(text: string, file: string, line: number | null): void {
    const key = comparable(text)
    if (key === '') return
    const listed = this.#then.get(key)
    if (listed === undefined) this.#then.set(key, { file, line, count: 1 })
    else listed.count += 1
  }

  /** Takes an entry of now, once the older version is complete: only entries that were listed count. */
  addNow(text: string): void {
    const key = comparable(text)
    if (this.#then.has(key)) this.#now.set(key, (this.#now.get(key) ?? 0) + 1)
  }

  /** An identity that is listed more often than before was added again, in vain: its older entry is named. */
  match(texts: readonly string[]): ExclusionMatch | null {
    let first: Listed | null = null
    for (const key of new Set(texts.map(comparable))) {
      const listed = this.#then.get(key)
      if (listed === undefined) continue
      const { file, line, count } = listed
      if ((this.#now.get(key) ?? 0) > count) return { by: 'listed-again', bySource: { file, line } }
      first ??= listed
    }
    return first === null ? null : { by: 'listed-before', bySource: { file: first.file, line: first.line } }
  }
}
