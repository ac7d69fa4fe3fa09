import { countText } from '../words/numbers.ts'

/** A cell of a table, a paragraph or an entry of a list is Markdown already: see text.ts. */

export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = columns.map((column) => (NUMBERS.has(column) ? '--:' : '---'))
  return [line(columns), line(rule), ...rows.map(line)].join('\n')
}

/** Columns that are aligned to the right. */
const NUMBERS: ReadonlySet<string> = new Set(['Identities', 'Share', 'Limit', 'Actual'])

export function bullets(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join('\n')
}

/** A list that may be long. */
export interface FoldedList {
  readonly title: string
  readonly isOpen: boolean
  readonly count: number
  readonly entries: Iterable<string>
}

/**
 * A list folded under its title, of at most `room` UTF-8 bytes: cut between entries, with the number of what
 * was left out.
 */
export function fold({ title, isOpen, count, entries }: FoldedList, room: number): string {
  const head = `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n`
  const foot = '\n</details>'
  let left = room - Buffer.byteLength(head) - Buffer.byteLength(foot) - 200
  let shown = 0
  let body = ''
  for (const entry of entries) {
    left -= Buffer.byteLength(entry) + 3
    if (left < 0) break
    body += `- ${entry}\n`
    shown += 1
  }
  if (shown < count) body += `\n… and ${countText(count - shown)} more: they are in the report.\n`
  return `${head}${body}${foot}`
}
