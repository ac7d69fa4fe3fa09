import { stringify } from 'yaml'

import type { Identity } from '../tenant/population.ts'

export const FORMATS = ['inline', 'txt', 'csv', 'json', 'yaml'] as const
export type Format = (typeof FORMATS)[number]

/** A list of these identities and of some unknown ones, as a team would keep it, and the inputs that name it. */
export function listFile(
  format: Format,
  identities: readonly Identity[],
  unknown: number,
): { inputs: Record<string, string>; files: Record<string, string> } {
  const strangers = Array.from({ length: unknown }, (_, n) => ({
    id: `dead${n.toString(16).padStart(28, '0')}`,
    name: `Gone ${n}`,
  }))
  const entries = [...identities.map(({ id, name }) => ({ id, name })), ...strangers]
  const text = entries.map(({ id, name }) => `${id}  # ${name}`).join('\n')
  if (format === 'inline') return { inputs: { 'identity-ids': text }, files: {} }
  const content = {
    txt: `# Back from leave\n${text}\n`,
    csv: `name,id\r\n${entries.map(({ id, name }) => `"${name}",${id}\r\n`).join('')}`,
    json: `${JSON.stringify(entries, null, 2)}\n`,
    yaml: stringify(entries),
  }[format]
  const path = `identities/list.${format}`
  return { inputs: { 'identity-ids-file': path }, files: { [path]: content } }
}
