import { idColumnOf, noIdColumn } from './column.ts'
import type { OnEntry, OnProblem } from './list.ts'

/**
 * Reads a YAML sequence of strings or of mappings. Plain scalars keep their text, whatever they look like
 * (`1e10`, `0123`, `true`). Problems of the syntax go to `onProblem` too.
 */
export async function readYaml(
  text: string,
  column: string | null,
  onEntry: OnEntry,
  onProblem: OnProblem,
): Promise<void> {
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml')
  const lineCounter = new LineCounter()
  // The failsafe schema knows strings only; nothing is turned into JavaScript, so aliases cannot explode.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter,
    logLevel: 'silent',
    uniqueKeys: true,
  })
  const lineOf = (node: unknown): number | null => {
    const range = (node as { range?: readonly number[] | null } | null)?.range
    return range?.[0] === undefined ? null : lineCounter.linePos(range[0]).line
  }
  const [error] = document.errors
  if (error !== undefined) {
    const reason =
      error.code === 'MULTIPLE_DOCS' ? 'it holds several documents' : error.message.split('\n')[0]
    return onProblem(`it is not a YAML list: ${reason ?? error.code}`, error.linePos?.[0].line ?? null)
  }
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)
  const kindOf = (node: unknown): string =>
    isMap(node) ? 'a mapping' : isSeq(node) ? 'a sequence' : isScalar(node) ? 'a single value' : 'empty'

  const list: unknown = document.contents
  if (list === null || (isScalar(list) && list.value === '')) return
  if (!isSeq(list))
    return onProblem(`it is ${kindOf(list)}, not a sequence of strings or of mappings`, lineOf(list))
  for (const [index, item] of list.items.entries()) {
    const line = lineOf(item)
    const element = resolved(item)
    if (isScalar(element)) {
      onEntry(String(element.value), line)
    } else if (isMap(element)) {
      const names = element.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
      const name = idColumnOf(names, column)
      const value = name === null ? null : resolved(element.items[names.indexOf(name)]?.value)
      if (name === null) onProblem(`entry ${index + 1}: ${noIdColumn(names, column)}`, line)
      else if (isScalar(value)) onEntry(String(value.value), lineOf(value) ?? line)
      else onProblem(`entry ${index + 1}: ${name} is ${kindOf(value)}, not a string`, line)
    } else {
      onProblem(`entry ${index + 1} is ${kindOf(element)}, not a string or a mapping`, line)
    }
  }
}
