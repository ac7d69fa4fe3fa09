import { pipeline } from 'node:stream/promises'

import { idColumnOf } from './column.ts'
import type { OnEntry, OnProblem } from './list-sinks.ts'
import { utf8 } from './text-list.ts'

/**
 * Reads a CSV file with a header row (RFC 4180, streamed). The separator is the comma, or the semicolon or
 * tab where the header has no comma but one of those, as spreadsheets of many locales write it.
 * @throws TypeError when it is not UTF-8
 */
export async function readCsv(
  path: string,
  column: string | null,
  onEntry: OnEntry,
  onProblem: OnProblem,
): Promise<void> {
  const { CsvError, parse } = await import('csv-parse')
  const pieces = utf8(path)
  const head = (await pieces.next()) as IteratorResult<string, undefined>

  let at: number | null = null
  let line = 1
  const parser = parse({
    delimiter: delimiterOf(head.value ?? ''),
    record_delimiter: '\n',
    relax_column_count: true,
    trim: true,
    on_record: (record: readonly string[], { lines }) => {
      const start = line
      line = lines + 1
      if (record.every((cell) => cell.trim() === '')) return null
      if (at === null) {
        const found = idColumnOf(record, column)
        if ('fault' in found) throw new Fault(found.fault, start)
        at = found.at
      } else {
        onEntry(record[at] ?? '', start)
      }
      return null
    },
  })
  parser.resume()
  try {
    await pipeline(async function* () {
      yield head.value ?? ''
      yield* pieces
    }, parser)
  } catch (error) {
    if (error instanceof Fault) onProblem(error.message, error.line)
    else if (error instanceof CsvError)
      onProblem(`it is not CSV: the row that begins on line ${line} ${faultOf(error.code)}`, line)
    else throw error
  }
}

/** What is wrong with the header; ends the reading. */
class Fault extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** The separator of the first line that is not blank. */
function delimiterOf(head: string): string {
  const header =
    head
      .replace(/"[^"]*"/g, '""')
      .trimStart()
      .split('\n', 1)[0] ?? ''
  return [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ','
}

function faultOf(code: string): string {
  return code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'opens a quote that is never closed'
    : 'has a quote out of place; a cell with quotes stands in quotes, and each quote in it is doubled'
}
