import { stringify } from 'yaml'

import type { ListedPerson } from './people.ts'

export const FORMATS = ['inline', 'txt', 'csv', 'json', 'yaml'] as const
export type Format = (typeof FORMATS)[number]

/** A list of these people and of some unknown ones, as a team would keep it, and the inputs that name it. */
export function listFile(
  format: Format,
  people: readonly ListedPerson[],
  unknown: number,
): { inputs: Record<string, string>; files: Record<string, string> } {
  const strangers = Array.from({ length: unknown }, (_, n) => ({
    id: `dead${n.toString(16).padStart(28, '0')}`,
    name: `Gone ${n}`,
    reason: 'Back from leave',
  }))
  const entries = [...people.map(({ id, name, reason = '' }) => ({ id, name, reason })), ...strangers]
  const text = entries.map(({ id, name }) => `${id}  # ${name}`).join('\n')
  if (format === 'inline') return { inputs: { 'identity-ids': text }, files: {} }
  const content = {
    txt: `# Back from leave\n${text}\n`,
    csv: `name,id,reason\r\n${entries.map(({ id, name, reason }) => `"${name}",${id},${reason}\r\n`).join('')}`,
    json: `${JSON.stringify(entries, null, 2)}\n`,
    yaml: stringify(entries),
  }[format]
  const path = `identities/list.${format}`
  return { inputs: { 'identity-ids-file': path }, files: { [path]: content } }
}
