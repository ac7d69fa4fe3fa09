import { folded } from '../identity.ts'
import { quoted, type Problems } from '../problems.ts'

/** Reads one input as `core.getInput` does: trimmed, '' where it is not set. */
export type GetInput = (name: string) => string

/** Reads inputs of simple types. What cannot be used is added to `problems` and read as the fallback. */
export class Values {
  readonly #get: GetInput
  readonly #problems: Problems

  constructor(get: GetInput, problems: Problems) {
    this.#get = get
    this.#problems = problems
  }

  /** The input's text, or null where it is not set. */
  text(name: string): string | null {
    return this.#get(name) || null
  }

  /** A whole number within the limits. */
  integer<F extends number | null>(name: string, fallback: F, min: number, max: number): number | F {
    return this.#parse(name, fallback, `a whole number from ${min} to ${max}`, (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : NaN
      return value >= min && value <= max ? value : undefined
    })
  }

  /** A percentage with at most six decimals, so that comparing with it is exact. */
  percent(name: string): number | null {
    return this.#parse(name, null, 'a number from 0 to 100 with at most six decimals', (text) => {
      const value = /^\d+(\.\d{1,6})?$/.test(text) ? Number(text) : NaN
      return value <= 100 ? value : undefined
    })
  }

  /** A boolean of the YAML 1.2 core schema, as the Actions toolkit reads it. */
  boolean(name: string, fallback: boolean): boolean {
    return this.#parse(name, fallback, 'true | True | TRUE | false | False | FALSE', (text) => {
      if (/^(true|True|TRUE)$/.test(text)) return true
      return /^(false|False|FALSE)$/.test(text) ? false : undefined
    })
  }

  oneOf<T extends string>(name: string, fallback: NoInfer<T>, accepted: readonly T[]): T {
    return this.#parse(name, fallback, `one of ${accepted.join(', ')}`, (text) =>
      accepted.find((value) => value === text),
    )
  }

  /** HTTP status codes, separated by commas or white space. */
  statusCodes(name: string): ReadonlySet<number> {
    return this.#parse(
      name,
      new Set<number>(),
      'status codes from 400 to 599, separated by commas or white space',
      (text) => {
        const codes = text.split(/[\s,]+/).filter((code) => code !== '')
        return codes.every((code) => /^[45]\d\d$/.test(code)) ? new Set(codes.map(Number)) : undefined
      },
    )
  }

  /** Names, separated by commas or line ends, folded. */
  names(name: string): ReadonlySet<string> {
    return this.#parse(name, new Set<string>(), 'names, separated by commas or line ends', (text) => {
      const names = text.split(/[,\r\n]/).map((part) => folded(part.trim()))
      const given = new Set(names.filter((part) => part !== ''))
      return given.size > 0 ? given : undefined
    })
  }

  /** The lines that are not blank; null where the input is not set. */
  lines(name: string): readonly string[] | null {
    const lines = this.#get(name).split(/\r?\n/)
    const given = lines.map((line) => line.trim()).filter((line) => line !== '')
    return given.length === 0 ? null : given
  }

  /** `i/n` with 1 <= i <= n. */
  shard(name: string): { index: number; count: number } | null {
    return this.#parse(name, null, 'i/n with 1 ≤ i ≤ n, for example 2/4', (text) => {
      const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
      const [index, count] = [Number(i), Number(n)]
      return index >= 1 && index <= count ? { index, count } : undefined
    })
  }

  /** Hands the text to `parse`; undefined from it means that the text is not accepted. */
  #parse<T, F>(name: string, fallback: F, accepted: string, parse: (text: string) => T | undefined): T | F {
    const text = this.#get(name)
    if (text === '') return fallback
    const value = parse(text)
    if (value !== undefined) return value
    this.#problems.add(`Input ${name}: ${quoted(text)} is not accepted; give ${accepted}.`)
    return fallback
  }
}
