import { Readable } from 'node:stream'

import { idColumnOf, noIdColumn } from './column.ts'
import type { OnEntry, OnProblem } from './list.ts'
import { utf8 } from './text.ts'

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * Reads a CSV file with a header row (RFC 4180, streamed). The separator is the comma, or the semicolon or
 * tab where the header has no comma but one of those, as spreadsheets of many locales write it.
 * @throws Error when it is not CSV, TypeError when it is not UTF-8
 */
export async function readCsv(
  path: string,
  column: string | null,
  onEntry: OnEntry,
  onProblem: OnProblem,
): Promise<void> {
  const { parse } = await import('csv-parse')
  const pieces = utf8(path)
  const head = await headOf(pieces)
  const header = head.split(/[\r\n]/, 1)[0] ?? ''
  const delimiter = [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ','
  const records = Readable.from(
    (async function* () {
      yield head
      yield* pieces
    })(),
  ).pipe(
    parse({
      delimiter,
      info: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      trim: true,
    }),
  )

  let at: number | null = null
  for await (const { record, info } of records as AsyncIterable<CsvRecord>) {
    const line = info.lines - (record.join('').match(/\r\n|\r|\n/g)?.length ?? 0)
    if (at === null) {
      const name = idColumnOf(record, column)
      if (name === null) return onProblem(noIdColumn(record, column), line)
      at = record.indexOf(name)
      if (record.includes(name, at + 1))
        return onProblem(`there are several columns ${JSON.stringify(name)}`, line)
      continue
    }
    onEntry(record[at] ?? '', line)
  }
}

/** The text up to the end of the first line at least. */
async function headOf(pieces: AsyncGenerator<string>): Promise<string> {
  let head = ''
  while (!/[\r\n]/.test(head)) {
    const piece = await pieces.next()
    if (piece.done) break
    head += piece.value
  }
  return head
}
