import type { RunReport } from '../run-report.ts'
import { forCsvCell } from '../words/harmless.ts'
import { reported } from './json-report.ts'

const COLUMNS = [
  'id',
  'identifier',
  'outcome',
  'statusCode',
  'message',
  'attempts',
  'trackingId',
  'ignored',
  'plan',
  'verified',
  'identityStatus',
  'lifecycleState',
  'name',
  'source',
] as const

/** The report as CSV (RFC 4180): a header, then one identity a row. null is empty, `source` is `file:line`. */
export function* csvLines(report: RunReport): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for (const identity of report.identities) {
    const row = reported(identity, report)
    const cells = COLUMNS.map((column) => (column === 'source' ? placeOf(row.source) : row[column]))
    yield `${cells.map((cell) => (cell === null ? '' : forCsvCell(String(cell)))).join(',')}\r\n`
  }
}

function placeOf(source: ReturnType<typeof reported>['source']): string | null {
  if (source === null) return null
  return source.line === null ? source.file : `${source.file}:${source.line}`
}
