import { quoted } from '../problems.ts'
import type { JsonToken } from './formats/json-tokens.ts'

/** More than a report has in one identity, or outside of them. */
const MOST_TOKENS = 100_000

const NO_LIST = 'identities is not as it has to be'

/**
 * Watches the tokens of a report for what its values do not show: a key that stands twice in an object, of which
 * programs take one or the other; identities that are no list; more of anything than a report has.
 */
export class ReportStructure {
  /** Of each object that is open, from the outermost in, the keys so far. */
  readonly #keys: Set<unknown>[] = []
  #tokens = 0
  #isListNext = false
  #hasList = false

  /** Takes the next token. Returns what is wrong with it, or null. */
  take(token: JsonToken, value: unknown): string | null {
    this.#tokens += 1
    if (this.#tokens > MOST_TOKENS) return 'it holds too much'
    if (this.#isListNext && token !== ':') {
      if (token !== '[') return NO_LIST
      this.#isListNext = false
      this.#hasList = true
    }
    if (token === '{') this.#keys.push(new Set())
    else if (token === '}') this.#keys.pop()
    else if (token === 'key') return this.#takeKey(value)
    return null
  }

  /** An identity has come to its end. */
  endIdentity(): void {
    this.#tokens = 0
  }

  /** What is missing at the end, or null. */
  end(): string | null {
    return this.#hasList ? null : NO_LIST
  }

  #takeKey(key: unknown): string | null {
    const keys = this.#keys.at(-1)
    if (keys?.size === keys?.add(key).size) return `it has ${quoted(String(key))} twice`
    this.#isListNext = this.#keys.length === 1 && key === 'identities'
    return null
  }
}
