import { isIdentityId } from '../../src/identity.ts'
import type { TextSink } from '../../src/list/added-since/changes-since.ts'

/** Reads lists of the simplest kind: a text per line; a table by commas; a JSON array of strings. */
export function readPlainList(
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
  version: 'now' | 'older',
  { onEntry, onProblem }: TextSink,
): Promise<void> {
  const text = bytes.toString()
  if (name.endsWith('.json')) {
    for (const entry of JSON.parse(text) as string[]) onEntry(entry, null)
    return Promise.resolve()
  }
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (line === '' || (index === 0 && name.endsWith('.csv'))) continue
    const cells = name.endsWith('.csv') ? line.split(',') : [line]
    for (const cell of version === 'older' ? cells : cells.slice(0, 1)) {
      if (isIdentityId(cell) || cell.includes('@') || cell.includes('\u200b')) onEntry(cell, index + 1)
      else onProblem(`"${cell}" is no id.`, index + 1)
    }
  }
  return Promise.resolve()
}
