import { quoted } from '../../problems.ts'
import { columnsOf, type ColumnOptions } from './column.ts'
import { FileFault } from './decode.ts'
import type { ListSink } from './list-sink.ts'

/** Levels of arrays and objects. */
const DEEPEST = 500

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
export async function readJson(
  text: string,
  options: ColumnOptions,
  { onEntry, onProblem }: ListSink,
  { objects = true } = {},
): Promise<void> {
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

  await visitJson(text, {
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
  if (level === 0) throw new FileFault('The object has no array. Use an array of strings or of objects.')
}

/** Parses JSON of a moderate size. @throws FileFault when it is none, or has a key twice in an object */
export async function parseJson(text: string): Promise<unknown> {
  const ignore = (): void => undefined
  await visitJson(text, { onValue: ignore, onKey: ignore, onEnd: ignore })
  return JSON.parse(text)
}

/** @throws FileFault */
async function visitJson(text: string, { onValue, onKey, onEnd }: JsonVisitor): Promise<void> {
  const { visit } = await import('jsonc-parser')
  const open: Set<string>[] = []
  const begin =
    (kind: Kind) =>
    (_offset: number, _length: number, line: number): void => {
      onValue(kind, '', open.length, line + 1)
      open.push(new Set())
      if (open.length > DEEPEST) throw new FileFault('The JSON is nested too deeply.', line + 1)
    }
  const end = (): void => {
    open.pop()
    onEnd(open.length)
  }
  visit(
    text,
    {
      onObjectBegin: begin('{'),
      onArrayBegin: begin('['),
      onObjectEnd: end,
      onArrayEnd: end,
      onObjectProperty: (key, _offset, _length, line) => {
        const keys = open.at(-1)
        if (keys?.size === keys?.add(key).size)
          throw new FileFault(`The key ${quoted(key)} is twice in one object. Remove one of them.`, line + 1)
        onKey(key, open.length, line + 1)
      },
      onLiteralValue: (value: unknown, _offset, _length, line) =>
        onValue(
          value === null ? 'null' : (typeof value as 'string' | 'number' | 'boolean'),
          typeof value === 'string' ? value : '',
          open.length,
          line + 1,
        ),
      onError: (_error, _offset, _length, line) => {
        throw new FileFault(
          'This is not valid JSON. Put strings in double quotes, separate them with commas, remove a trailing comma, and close what is open.',
          line + 1,
        )
      },
    },
    { disallowComments: true },
  )
}

function kindText(kind: Kind): string {
  if (kind === '{') return 'an object'
  if (kind === '[') return 'an array'
  return kind === 'null' ? 'null' : `a ${kind}`
}

function adviceFor(kind: Kind): string {
  return kind === 'number' ? 'Put quotes around it.' : 'Correct it, or remove the entry.'
}
