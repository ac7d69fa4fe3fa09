import { pipeline } from 'node:stream/promises'

import { idColumnOf } from './column.ts'
import type { ListSink } from './list-sink.ts'

/** Characters of a row. A quote that is never closed would take in the rest of the file. */
const LONGEST_ROW = 4 * 1024 * 1024

const TOO_LONG = `the row is longer than ${LONGEST_ROW} characters; a quote in it may not be closed`

/**
 * Reads CSV with a header row (RFC 4180). The separator is the comma, or the semicolon or tab where the header has no
 * comma but one of those, as spreadsheets of many locales write it.
 */
export async function readCsv(
  pieces: AsyncGenerator<string, void>,
  column: string | null,
  { onEntry, onProblem }: ListSink,
): Promise<void> {
  const { CsvError, parse } = await import('csv-parse')
  const head = (await pieces.next()).value ?? ''

  let header: { readonly at: number; readonly width: number } | null = null
  let line = 1
  let sinceLastRow = 0
  const parser = parse({
    delimiter: delimiterOf(head),
    record_delimiter: '\n',
    relax_column_count: true,
    trim: true,
    on_record: (record: readonly string[], { lines }) => {
      const start = line
      line = lines + 1
      sinceLastRow = 0
      if (record.every((cell) => cell.trim() === '')) return null
      if (header === null) {
        const found = idColumnOf(record, column)
        if ('fault' in found) throw new Fault(found.fault, start)
        header = { at: found.at, width: record.length }
      } else if (record.slice(header.width).some((cell) => cell !== '')) {
        onProblem(
          `the row has ${record.length} cells and the header ${header.width}; a cell that holds the separator stands in quotes`,
          start,
        )
      } else {
        onEntry(record[header.at] ?? '', start)
      }
      return null
    },
  })
  parser.resume()
  try {
    await pipeline(async function* () {
      yield head
      for await (const piece of pieces) {
        sinceLastRow += piece.length
        if (sinceLastRow > LONGEST_ROW) throw new Fault(TOO_LONG, line)
        yield piece
      }
    }, parser)
  } catch (error) {
    if (error instanceof Fault) onProblem(error.message, error.line)
    else if (error instanceof CsvError)
      onProblem(`it is not CSV: the row that begins on line ${line} ${faultOf(error.code)}`, line)
    else throw error
  }
}

/** What is wrong with a row, so that nothing behind it can be read. */
class Fault extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** The separator of the first line that is not blank. */
function delimiterOf(head: string): string {
  const lines = head.replace(/"[^"]*"/g, '""').split('\n')
  const header = lines.find((line) => line.trim() !== '') ?? ''
  return [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ','
}

function faultOf(code: string): string {
  return code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'opens a quote that is never closed'
    : 'has a quote out of place; a cell with quotes stands in quotes, and each quote in it is doubled'
}
