import { quoted } from '../../problems.ts'
import { columnsOf, unreadTexts, type ColumnOptions } from './column.ts'
import type { ListSink } from './list-sink.ts'

/** A value in an object, or an element that is none; `what` says what is no text: `a number`. */
export type Value =
  | { readonly kind: 'text'; readonly text: string; readonly line: number | null }
  | { readonly kind: 'other'; readonly what: string; readonly line: number | null }

/** An element of a JSON or YAML list. */
export type Element =
  | Value
  | {
      readonly kind: 'object'
      readonly names: readonly string[]
      readonly values: readonly Value[]
      readonly line: number | null
    }

/** What a value is that lost its zeros, if it had any, before it came here. */
export const A_NUMBER = 'a number'

/** Takes the elements of a list, one after the other; `wanted`: what they may be, `a string or an object`. */
export function elementTaker(
  options: ColumnOptions,
  { onEntry, onProblem }: ListSink,
  wanted: string,
): (element: Element) => void {
  let count = 0
  return (element) => {
    count += 1
    const problem = (reason: string, cause?: string): void =>
      onProblem(`Entry ${count}${reason}`, element.line, cause)
    if (element.kind === 'other') return problem(isNot(element.what, wanted))
    if (element.kind === 'text')
      return onEntry({
        text: element.text,
        others: [],
        unread: [],
        line: element.line,
        listedName: null,
        reason: null,
      })
    const { names, values } = element
    const seen = new Set<string>()
    const twice = names.find((name) => seen.size === seen.add(name).size)
    if (twice !== undefined) return problem(`: The key ${quoted(twice)} appears twice. Remove one of them.`)
    const columns = columnsOf(names, options, 'key')
    if (typeof columns === 'string') return problem(`: ${columns}`, 'columns')
    const found: { text: string; line: number | null }[] = []
    for (const at of columns.identifiers) {
      const value = values[at]
      // Of several columns, each may be missing.
      if (value?.kind === 'text') found.push(...(value.text === '' && options.allColumns ? [] : [value]))
      else if (value !== undefined && (value.what === A_NUMBER || !options.allColumns))
        return problem(`: ${quoted(names[at] ?? '')}${isNot(value.what, 'a string')}`)
    }
    const [first, ...more] = found
    if (first === undefined) return problem(' has no identifier. Add it, or remove the entry.')
    const others = more.map(({ text }) => text)
    const own = (at: number | null): string | null => {
      const value = at === null ? undefined : values[at]
      return value?.kind === 'text' ? value.text : null
    }
    const unread = unreadTexts(columns, (at) => own(at) ?? '')
    onEntry({ ...first, others, unread, listedName: own(columns.name), reason: own(columns.reason) })
  }
}

function isNot(what: string, wanted: string): string {
  const advice = what === A_NUMBER ? 'Put quotes around it.' : 'Correct it, or remove the entry.'
  return ` is ${what}, not ${wanted}. ${advice}`
}
