import { quoted } from '../../problems.ts'
import type { ColumnOptions } from './column.ts'
import { FileFault } from './decode.ts'
import { A_NUMBER, elementTaker, type Element, type Value } from './list-element.ts'
import type { ListSink } from './list-sink.ts'

/** A text that is no JSON at all. */
export class InvalidJson extends FileFault {}

/** Levels of arrays and objects. */
const DEEPEST = 500

/** Members of what ISC and other services answer in place of a list. */
const ERROR_ANSWER = new Set([
  'detailCode',
  'trackingId',
  'error',
  'errors',
  'error_description',
  'message',
  'messages',
])

/**
 * Reads a JSON array of strings or, if `objects`, of objects; or an object with exactly one member that is such an array.
 * A blank text is an empty list. @throws FileFault
 */
export function readJson(
  text: string,
  options: ColumnOptions,
  sink: ListSink,
  { objects = true } = {},
): void {
  if (text.trim() === '') return
  const take = elementTaker(options, sink, objects ? 'a string or an object' : 'a string')
  let count = 0
  const onElement = (element: Element): void => {
    count += 1
    take(objects || element.kind !== 'object' ? element : { ...element, kind: 'other', what: 'an object' })
  }
  const reader = new JsonReader(text)
  const start = reader.next()
  if (start.token === '[') {
    reader.items(onElement)
    return reader.end()
  }
  if (start.token !== '{' || !objects) {
    reader.value(start)
    reader.end()
    throw new FileFault(
      `This is ${whatIs(start.token)}. Use an array of strings${objects ? ' or of objects' : ''}.`,
      start.line,
    )
  }
  const keys: string[] = []
  let lists = 0
  reader.members((key) => {
    keys.push(key)
    const start = reader.next()
    if (start.token !== '[') return void reader.value(start)
    lists += 1
    if (lists > 1) throw new FileFault('The object has several arrays. Keep only the list.', start.line)
    reader.items(onElement)
  })
  reader.end()
  if (keys.includes('schemaVersion') && keys.includes('identities'))
    throw new FileFault('This is a report of this action, not a list. Use the input `from-report` for it.')
  // With entries in it, they have no identifier and are errors of their own.
  if (count === 0 && keys.some((key) => ERROR_ANSWER.has(key)))
    throw new FileFault('This is an error response of a server, not a list. Export the list again.')
  if (lists === 0)
    throw new FileFault(
      'The object has no array. Use an array of strings or of objects; for one identity, put [ and ] around it.',
    )
}

/** Parses JSON of a moderate size. @throws FileFault when it is none, or has a key twice in an object */
export function parseJson(text: string): unknown {
  const reader = new JsonReader(text)
  reader.value()
  reader.end()
  return JSON.parse(text)
}

/** A token, and the line on which it is. */
interface Token {
  readonly token: string
  readonly line: number
}

const SCALAR = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/

/**
 * Reads JSON as `JSON.parse` does, with what that does not tell: the line of each value, keys that are twice in an
 * object, and the line on which a text stops being JSON. All methods throw a FileFault there.
 */
class JsonReader {
  readonly next: () => Token
  readonly #text: string
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.next = tokensOf(text)
  }

  /** The value that begins with this token. What is in an array is not kept. */
  value({ token, line } = this.next()): Element {
    if (token === '[') this.items(() => undefined)
    else if (token === '{') {
      const names: string[] = []
      const values: Value[] = []
      this.members((name) => {
        names.push(name)
        const value = this.value()
        values.push(value.kind === 'object' ? { kind: 'other', what: 'an object', line: value.line } : value)
      })
      return { kind: 'object', names, values, line }
    } else if (token.startsWith('"')) return { kind: 'text', text: this.#string(token, line), line }
    else if (!SCALAR.test(token)) throw this.#invalid(line)
    return { kind: 'other', what: whatIs(token), line }
  }

  /** The items of an array whose `[` was read. */
  items(onItem: (item: Element) => void): void {
    this.#each(']', (start) => onItem(this.value(start)))
  }

  /** The members of an object whose `{` was read; `onKey` reads the value. */
  members(onKey: (key: string) => void): void {
    const keys = new Set<string>()
    this.#each('}', ({ token, line }) => {
      if (!token.startsWith('"')) throw this.#invalid(line)
      const key = this.#string(token, line)
      if (keys.size === keys.add(key).size)
        throw new FileFault(`The key ${quoted(key)} appears twice in one object. Remove one of them.`, line)
      const colon = this.next()
      if (colon.token !== ':') throw this.#invalid(colon.line)
      onKey(key)
    })
  }

  /** Nothing follows. */
  end(): void {
    const { token, line } = this.next()
    if (token !== '') throw this.#invalid(line)
  }

  /** Each part of an array or object, between commas. */
  #each(close: string, onPart: (start: Token) => void): void {
    this.#depth += 1
    let start = this.next()
    if (this.#depth > DEEPEST) throw new FileFault('The JSON is nested too deeply.', start.line)
    for (let isMore = start.token !== close; isMore;) {
      onPart(start)
      const { token, line } = this.next()
      if (token !== ',' && token !== close) throw this.#invalid(line)
      isMore = token === ','
      if (isMore) start = this.next()
    }
    this.#depth -= 1
  }

  #string(token: string, line: number): string {
    try {
      return JSON.parse(token) as string
    } catch {
      throw this.#invalid(line)
    }
  }

  #invalid(line: number): InvalidJson {
    return new InvalidJson(
      /^\s*(\{.*\}|".*")[^\S\n]*\n\s*[{"]/.test(this.#text)
        ? 'This is not valid JSON but one value per line. With jq, use --slurp, so that the file is one array.'
        : 'This is not valid JSON. Put strings in double quotes, separate them with commas, remove a trailing comma, and close what is open.',
      line,
    )
  }
}

/** Gives the tokens of JSON, be it valid or not: a string whole, and what is no string up to its end; then "". */
function tokensOf(text: string): () => Token {
  const tokens = /\n|["[\]{}:,]|[^ \t\r\n"[\]{}:,]+/g
  let line = 1
  let lastLine = 1
  return () => {
    let match = tokens.exec(text)
    for (; match?.[0] === '\n'; match = tokens.exec(text)) line += 1
    if (match === null) return { token: '', line: lastLine }
    lastLine = line
    const [token] = match
    if (token !== '"') return { token, line }
    tokens.lastIndex = stringEnd(text, match.index)
    return { token: text.slice(match.index, tokens.lastIndex), line }
  }
}

/** Where the string that begins here ends: behind the next quote that no backslash escapes. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at
    while (text.charAt(first - 1) === '\\') first -= 1
    if ((at - first) % 2 === 0) return at + 1
  }
  return text.length
}

const WHAT: Readonly<Record<string, string>> = {
  '{': 'an object',
  '[': 'an array',
  '"': 'a string',
  t: 'a boolean',
  f: 'a boolean',
  n: 'null',
}

/** What begins with a token, in words. */
function whatIs(token: string): string {
  return WHAT[token.charAt(0)] ?? A_NUMBER
}
