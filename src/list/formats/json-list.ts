import { quoted, reasonOf } from '../../problems.ts'
import { columnsOf, type ColumnOptions } from './column.ts'
import { FileFault } from './decode.ts'
import type { ListSink } from './list-sink.ts'

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

type Kind = '{' | '[' | 'string' | 'number' | 'boolean' | 'null'

/** An object of the list while it is read. */
interface Element {
  readonly line: number
  readonly names: string[]
  readonly members: { readonly kind: Kind; readonly text: string }[]
}

/** What is taken of a JSON text, in its order. `depth` is that of the values, the outermost being 0. */
interface JsonVisitor {
  readonly onValue: (kind: Kind, text: string, depth: number, line: number) => void
  readonly onKey: (key: string, depth: number, line: number) => void
  readonly onEnd: (depth: number) => void
}

/**
 * Reads a JSON array of strings or, if `objects`, of objects; or an object with exactly one member that is such an array.
 * A blank text is an empty list. @throws FileFault
 */
export function readJson(
  text: string,
  options: ColumnOptions,
  { onEntry, onProblem }: ListSink,
  { objects = true } = {},
): void {
  if (text.trim() === '') return
  /** The depth of the list's elements; 0 as long as there is no list. */
  let level = 0
  let isOutside = true
  const keys: string[] = []
  let index = 0
  let element: Element | null = null

  const takeElement = (kind: Kind, value: string, line: number): void => {
    index += 1
    if (kind === 'string') onEntry({ text: value, others: [], line, listedName: null, reason: null })
    else if (kind === '{' && objects) element = { line, names: [], members: [] }
    else
      onProblem(
        `Entry ${index} is ${kindText(kind)}, not ${objects ? 'a string or an object' : 'a string'}. ${adviceFor(kind)}`,
        line,
      )
  }
  const endElement = ({ line, names, members }: Element): void => {
    const columns = columnsOf(names, options)
    if (typeof columns === 'string') return onProblem(`Entry ${index}: ${columns}`, line, 'columns')
    const given = columns.identifiers.flatMap((at) => {
      const { kind, text } = members[at] ?? { kind: 'null', text: '' }
      // Of several, each may be missing.
      if (kind === 'string' || (options.allColumns !== false && kind !== 'number'))
        return kind === 'string' ? [text] : []
      onProblem(
        `Entry ${index}: ${quoted(names[at] ?? '')} is ${kindText(kind)}, not a string. ${adviceFor(kind)}`,
        line,
      )
      return [null]
    })
    if (given.includes(null)) return
    const [first, ...others] = given.filter(
      (text) => text !== null && (text !== '' || options.allColumns === false),
    )
    if (first === undefined || first === null)
      return onProblem(`Entry ${index} has no identifier. Add it, or remove the entry.`, line)
    const own = (at: number | null): string | null => {
      const member = at === null ? undefined : members[at]
      return member?.kind === 'string' ? member.text || null : null
    }
    onEntry({
      text: first,
      others: others.filter((text) => text !== null),
      line,
      listedName: own(columns.name),
      reason: own(columns.reason),
    })
  }

  visitJson(text, {
    onValue: (kind, value, depth, line) => {
      if (depth === 0 && kind === '[') {
        level = 1
        isOutside = false
      } else if (depth === 0 && (kind !== '{' || !objects))
        throw new FileFault(
          `This is ${kindText(kind)}. Use an array of strings${objects ? ' or of objects' : ''}.`,
          line,
        )
      else if (depth === 1 && level !== 1 && kind === '[') {
        if (level === 2) throw new FileFault('The object has several arrays. Keep only the list.', line)
        level = 2
        isOutside = false
      } else if (depth === level && !isOutside) takeElement(kind, value, line)
      else if (depth === level + 1 && element !== null) element.members.push({ kind, text: value })
    },
    onKey: (key, depth) => {
      if (depth === 1 && level !== 1) keys.push(key)
      else if (depth === level + 1) element?.names.push(key)
    },
    onEnd: (depth) => {
      if (depth === 1 && level === 2) isOutside = true
      if (depth !== level || element === null) return
      endElement(element)
      element = null
    },
  })
  if (keys.includes('schemaVersion') && keys.includes('identities'))
    throw new FileFault('This is a report of this action, not a list. Use the input from-report for it.')
  // With entries in it, they have no identifier and are errors of their own.
  if (index === 0 && keys.some((key) => ERROR_ANSWER.has(key)))
    throw new FileFault('This is an error response of a server, not a list. Export the list again.')
  if (level === 0)
    throw new FileFault(
      'The object has no array. Use an array of strings or of objects; for one identity, put [ and ] around it.',
    )
}

/** Parses JSON of a moderate size. @throws FileFault when it is none, or has a key twice in an object */
export function parseJson(text: string): unknown {
  const ignore = (): void => undefined
  return visitJson(text, { onValue: ignore, onKey: ignore, onEnd: ignore })
}

/** Visits a text with the lines that `JSON.parse` does not tell. Returns what that makes of it. @throws FileFault */
function visitJson(text: string, { onValue, onKey, onEnd }: JsonVisitor): unknown {
  const value = checked(text)
  /** Of each array or object that is open, the keys so far; null for an array. */
  const open: (Set<string> | null)[] = []
  let isKeyNext = false
  eachToken(text, (token, line) => {
    const keys = open.at(-1) ?? null
    if (token === '}' || token === ']') {
      open.pop()
      onEnd(open.length)
    } else if (token.startsWith('"') && isKeyNext) {
      const key = JSON.parse(token) as string
      if (keys?.size === keys?.add(key).size)
        throw new FileFault(`The key ${quoted(key)} appears twice in one object. Remove one of them.`, line)
      onKey(key, open.length, line)
    } else if (token !== ',' && token !== ':') {
      const kind = KINDS[token.charAt(0)] ?? 'number'
      onValue(kind, kind === 'string' ? (JSON.parse(token) as string) : '', open.length, line)
      if (kind === '{' || kind === '[') open.push(kind === '{' ? new Set() : null)
    }
    isKeyNext = token === '{' || (token === ',' && open.at(-1) instanceof Set)
  })
  return value
}

const KINDS: Readonly<Record<string, Kind>> = {
  '{': '{',
  '[': '[',
  '"': 'string',
  t: 'boolean',
  f: 'boolean',
  n: 'null',
}

/** What a text holds. @throws FileFault when it is no JSON */
function checked(text: string): unknown {
  let depth = 0
  eachToken(text, (token, line) => {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if (depth > DEEPEST) throw new FileFault('The JSON is nested too deeply.', line)
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    // V8 tells the position, but for a text that ends too early.
    const [, position = text.length] = /at position (\d+)/.exec(reasonOf(error)) ?? []
    const line = text.trimEnd().slice(0, Number(position)).split('\n').length
    throw new FileFault(
      /^\s*(\{.*\}|".*")[^\S\n]*\n\s*[{"]/.test(text)
        ? 'This is not valid JSON but one value per line. With jq, use --slurp, so that the file is one array.'
        : 'This is not valid JSON. Put strings in double quotes, separate them with commas, remove a trailing comma, and close what is open.',
      line,
    )
  }
}

/** Hands over the tokens of JSON, be it valid or not: a string whole, and what is no string up to its end. */
function eachToken(text: string, onToken: (token: string, line: number) => void): void {
  const tokens = /\n|["[\]{}:,]|[^\s"[\]{}:,]+/g
  let line = 1
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match
    if (token === '\n') line += 1
    else if (token !== '"') onToken(token, line)
    else {
      const end = stringEnd(text, match.index)
      onToken(text.slice(match.index, end), line)
      tokens.lastIndex = end
    }
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

function kindText(kind: Kind): string {
  if (kind === '{') return 'an object'
  if (kind === '[') return 'an array'
  return kind === 'null' ? 'null' : `a ${kind}`
}

function adviceFor(kind: Kind): string {
  return kind === 'number' ? 'Put quotes around it.' : 'Correct it, or remove the entry.'
}
