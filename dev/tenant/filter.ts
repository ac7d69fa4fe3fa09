import type { Filter, Identity } from './population.ts'

const ATTRIBUTES = {
  id: (identity: Identity) => identity.id,
  alias: (identity: Identity) => identity.alias,
  email: (identity: Identity) => identity.emailAddress,
  name: (identity: Identity) => identity.name,
}

/** Operators that ISC documents for each attribute of the identities list. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  id: ['eq', 'in'],
  alias: ['eq', 'sw'],
  email: ['eq', 'sw'],
  name: ['eq', 'sw'],
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\["\\])*)"|([A-Za-z]+)|([(),]))/y

interface Token {
  readonly text: string
  readonly isString: boolean
}

/**
 * Reads a filter as the identities list takes it: `id in ("a","b")`, `alias eq "a" or alias eq "b"`.
 * Strings are compared without regard to case. @throws Error on anything else
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text)
  let at = 0
  const next = (isString: boolean): string => {
    const token = tokens[at]
    if (token?.isString !== isString) throw new Error(`Unexpected end or token in filter at ${at}.`)
    at += 1
    return token.text
  }
  const expect = (text: string): void => {
    if (next(false) !== text) throw new Error(`"${text}" expected in filter.`)
  }
  const ids = new Set<string>()
  const attributes = new Set<string>()
  const term = (): Filter['matches'] => {
    const name = next(false)
    const operator = next(false)
    if (!OPERATORS[name]?.includes(operator)) throw new Error(`Filter ${name} ${operator} is not supported.`)
    const valueOf = ATTRIBUTES[name as keyof typeof ATTRIBUTES]
    const values = new Set<string>()
    if (operator === 'in') {
      expect('(')
      do values.add(next(true).toLowerCase())
      while (next(false) === ',')
      if (tokens[at - 1]?.text !== ')') throw new Error('")" expected in filter.')
    } else {
      values.add(next(true).toLowerCase())
    }
    for (const value of values) ids.add(value)
    attributes.add(name)
    const [only = ''] = values
    if (operator === 'sw') return (identity) => valueOf(identity).toLowerCase().startsWith(only)
    return (identity) => values.has(valueOf(identity).toLowerCase())
  }
  const terms = [term()]
  while (at < tokens.length) {
    expect('or')
    terms.push(term())
  }
  return {
    ids: attributes.size === 1 && attributes.has('id') ? [...ids] : null,
    matches: (identity) => terms.some((matches) => matches(identity)),
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text)
    if (match === null) throw new Error('The filter cannot be read.')
    const [, string, word, mark] = match
    tokens.push({
      text: string?.replace(/\\(.)/g, '$1') ?? word ?? mark ?? '',
      isString: string !== undefined,
    })
  }
  return tokens
}
