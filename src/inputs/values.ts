import { quoted, type Problems } from '../problems.ts'
import { INPUTS, variableOf, type InputName } from './known-inputs.ts'

/** The text that a failed conversion leaves, in JavaScript, PowerShell, or an expression. */
const LEFT_OVER = /^(\[object \w+\]|System\.[\w.]+(\[\])?|array|object|null|undefined)$/i

/** Reads inputs of simple types. What cannot be used is added to `problems` and read as the fallback. */
export class Values {
  readonly env: NodeJS.ProcessEnv
  readonly problems: Problems

  constructor(env: NodeJS.ProcessEnv, problems: Problems) {
    this.env = env
    this.problems = problems
  }

  /** A variable of the environment; null where it is not set, or empty. */
  variable(name: string): string | null {
    const text = this.env[name]?.trim() ?? ''
    return text === '' ? null : text
  }

  /** The input's text; null where it is not given, or a guard that is turned off. */
  text(name: InputName): string | null {
    const text = this.variable(variableOf(name))
    return text === 'none' && INPUTS[name] === 'none' ? null : text
  }

  /** A whole number within the limits. */
  integer<F extends number | null>(name: InputName, fallback: F, min: number, max: number): number | F {
    const range = max === Number.MAX_SAFE_INTEGER ? `, ${min} or more` : ` from ${min} to ${max}`
    return this.parse(name, fallback, `a whole number${range}`, (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : NaN
      return value >= min && value <= max ? value : undefined
    })
  }

  /** A percentage with at most six decimals, so that comparing with it is exact. */
  percent(name: InputName): number | null {
    return this.parse(name, null, 'a number from 0 to 100 with at most six decimals', (text) => {
      const value = /^\d+(\.\d{1,6})?$/.test(text) ? Number(text) : NaN
      return value <= 100 ? value : undefined
    })
  }

  /** A boolean of the YAML 1.2 core schema, as the Actions toolkit reads it. */
  boolean(name: InputName, fallback: boolean): boolean {
    return this.parse(name, fallback, '`true` or `false`', (text) => {
      if (/^(true|True|TRUE)$/.test(text)) return true
      return /^(false|False|FALSE)$/.test(text) ? false : undefined
    })
  }

  oneOf<T extends string>(name: InputName, fallback: NoInfer<T>, accepted: readonly T[]): T {
    return this.parse(
      name,
      fallback,
      accepted
        .map((value) => `\`${value}\``)
        .join(', ')
        .replace(/, (?=[^,]*$)/, accepted.length > 2 ? ', or ' : ' or '),
      (text) => accepted.find((value) => value === text),
    )
  }

  /** Paths or globs, one per line. */
  paths(name: InputName): readonly string[] | null {
    return this.#list(name, 'paths or globs, one per line', '\n', () => true)
  }

  /** Entries that may be separated by commas as well. */
  entries(name: InputName, accepted: string, isValid: (entry: string) => boolean): readonly string[] | null {
    return this.#list(name, accepted, ',', isValid)
  }

  /** Hands the text to `parse`; undefined from it means that the text is invalid. */
  parse<T, F>(name: InputName, fallback: F, accepted: string, parse: (text: string) => T | undefined): T | F {
    const text = this.text(name)
    if (text === null) return fallback
    const value = parse(text)
    if (value !== undefined) return value
    this.#reject(name, text, accepted)
    return fallback
  }

  /** Says that a value cannot be used, and what can. */
  #reject(name: InputName, value: string, accepted: string): void {
    const off = INPUTS[name] === 'none' ? ', or `none`' : ''
    this.problems.add(`Invalid value ${quoted(value)} for \`${name}\`. Use ${accepted}${off}.`)
  }

  /** Reads a list in an input. Returns null if there is none. A bad entry is a problem. */
  #list(
    name: InputName,
    accepted: string,
    separator: string,
    isValid: (entry: string) => boolean,
  ): readonly string[] | null {
    const text = this.text(name)
    if (text === null) return null
    const entries = jsonEntries(text) ?? plainEntries(text, separator)
    const isBad = (entry: string): boolean =>
      entry === '' ||
      LEFT_OVER.test(entry) ||
      (INPUTS[name] === 'none' && /^none$/i.test(entry)) ||
      !isValid(entry)
    const bad = entries.length === 0 ? text : entries.find(isBad)
    if (bad === undefined) return entries
    this.#reject(name, bad, `${accepted}, or a JSON array of strings`)
    return null
  }
}

/** The strings of a JSON array; null where the text is none, as a glob that begins with a bracket. */
function jsonEntries(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null
  try {
    const entries: unknown = JSON.parse(text)
    const isList = Array.isArray(entries) && entries.every((entry) => typeof entry === 'string')
    return isList ? entries.map((entry) => entry.trim()) : []
  } catch {
    return null // not JSON
  }
}

/** The entries on each line, between separators, without blanks and comments. */
function plainEntries(text: string, separator: string): readonly string[] {
  const lines = text.split(/\r\n?|\n/).map((line) => line.replace(/(^|\s)#.*/, ''))
  const entries = lines.flatMap((line) => line.split(separator)).map((entry) => entry.trim())
  return entries.filter((entry) => entry !== '')
}
