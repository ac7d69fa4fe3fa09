import { idKeyOf } from './column.ts'
import { JsonFault, readTokens, type JsonToken } from './json-tokens.ts'
import type { ListSink } from './list-sink.ts'
import type { Pieces } from './utf8-file.ts'

/** More keys than any object of a list has. */
const MOST_KEYS = 100_000

/** An object of the list while it is read. */
interface Element {
  readonly line: number
  readonly names: string[]
  readonly members: { readonly token: JsonToken; readonly value: unknown }[]
}

/** Reads a JSON array of strings or, if `objects`, of objects. An empty text is an empty list. */
export async function readJson(
  pieces: Pieces,
  column: string | null,
  { onEntry, onProblem }: ListSink,
  { objects = true } = {},
): Promise<void> {
  let depth = 0
  let index = 0
  let element: Element | null = null

  const takeElement = (token: JsonToken, value: unknown, line: number): void => {
    index += 1
    if (token === 'string') onEntry(String(value), line)
    else if (token === '{' && objects) element = { line, names: [], members: [] }
    else
      onProblem(
        `entry ${index} is ${kindOf(token)}, not ${objects ? 'a string or an object' : 'a string'}${hintFor(token)}`,
        line,
      )
  }
  const endElement = ({ line, names, members }: Element): void => {
    const found = names.length > MOST_KEYS ? { fault: 'it has too many keys' } : idKeyOf(names, column)
    if ('fault' in found) return onProblem(`entry ${index}: ${found.fault}`, line)
    const { token = 'null', value } = members[found.at] ?? {}
    if (token === 'string') onEntry(String(value), line)
    else
      onProblem(
        `entry ${index}: ${names[found.at] ?? ''} is ${kindOf(token)}, not a string${hintFor(token)}`,
        line,
      )
  }

  try {
    await readTokens(pieces, (token, value, line) => {
      if (token === ',' || token === ':') return
      if (token === '}' || token === ']') {
        depth -= 1
        if (depth === 1 && element !== null) {
          endElement(element)
          element = null
        }
        return
      }
      if (depth === 0 && token !== '[') throw new NoList(token)
      if (depth === 1) takeElement(token, value, line)
      else if (depth === 2 && element !== null && element.names.length <= MOST_KEYS) {
        if (token === 'key') element.names.push(String(value))
        else element.members.push({ token, value })
      }
      if (token === '{' || token === '[') depth += 1
    })
  } catch (error) {
    if (error instanceof JsonFault) onProblem(`it is not JSON: ${error.message}`, error.line)
    else if (error instanceof NoList) onProblem(error.message, null)
    else throw error
  }
}

/** The JSON is something else than an array; ends the reading. */
class NoList extends Error {
  constructor(token: JsonToken) {
    super(`it is ${kindOf(token)}, not an array of strings or of objects`)
  }
}

function kindOf(token: JsonToken): string {
  if (token === '{') return 'an object'
  if (token === '[') return 'an array'
  return token === 'null' ? 'null' : `a ${token}`
}

function hintFor(token: JsonToken): string {
  return token === 'number' ? '; put an id of digits in quotes' : ''
}
