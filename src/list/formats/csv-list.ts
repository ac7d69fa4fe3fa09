import { pipeline } from 'node:stream/promises'

import { isIscId, visible } from '../../policy/exclusion.ts'
import { quoted } from '../../problems.ts'
import type { IdentifyBy } from '../../settings.ts'
import { isAddress, spoilt } from '../identifier.ts'
import { columnsOf, unreadTexts, type ColumnOptions, type Columns } from './column.ts'
import { FileFault } from './decode.ts'
import type { ListSink } from './list-sink.ts'

/** Columns of a spreadsheet. */
const MOST_CELLS = 16_384

/** Characters of a row. A quote that is never closed would take in the rest of the file. */
const LONGEST_ROW = 4 * 1024 * 1024

// Formatting a number here would take 10 ms of every start.
const TOO_LONG = `The row has more than 4 million characters or 16,384 cells. Check for a quote that is not closed.`

/** What programs write above the header: Excel the separator, PowerShell the type. */
const ABOVE_HEADER = /^\s*$|^"?sep=([^\w"\s]|\t)"?\s*$|^#TYPE\b/i

/**
 * What begins a comment in other formats, or what people put before a row that no longer counts; two hyphens can have
 * become one dash.
 */
const COMMENT = /^['’"“”„\\=]*(#|\/\/|\/\*|<!--|;|--(?=.)|[–—]+(?=\s*\p{L}.*[^–—]$)|%|!|~~)/u

const COMMENTED_WORD = /^#\s+\p{L}/u

/** What spreadsheets put quotes around, with any separator. */
const QUOTED_ANYWAY = /[",;\t\n]/

interface Header {
  readonly columns: Columns
  /** The index of the first column with a name. */
  readonly first: number
  /** How many cells it has up to the last with a name, and in all. */
  readonly width: number
  readonly cells: number
}

/** Columns of a report of this action, wherever a spreadsheet moved them. */
const REPORT = ['id', 'identifier', 'outcome', 'statusCode']

/**
 * Reads CSV with a header row (RFC 4180). The separator is the comma, or the semicolon or tab where the header has no
 * comma but one of those, as spreadsheets of many locales write it; or what a first line `sep=` says. @throws FileFault
 */
export async function readCsv(
  pieces: AsyncGenerator<string, void>,
  options: ColumnOptions,
  { onEntry, onProblem }: ListSink,
): Promise<void> {
  const { CsvError, parse } = await import('csv-parse')
  const { head, delimiter } = await headOf(pieces)
  const isEveryCell = options.allColumns === 'every'

  let header: Header | null = null
  let line = 1
  let sinceLastRow = 0
  /** The quoted cells of the row. */
  const quotedCells = new Set<number>()
  /** The writer quotes cells that need no quotes. */
  let isHeaderQuoted = false
  /** The cell of a row that begins as a comment does, and is not in quotes that a person put there on purpose. */
  const markedCell = (row: readonly string[]): string | undefined => {
    const areAllQuoted = isHeaderQuoted || (row.length > 1 && quotedCells.size === row.length)
    const begin = row.findIndex((cell) => cell !== '')
    return row.find((cell, index) => {
      // Behind empty cells under a name, `#13` may be a number.
      const mayBegin =
        header !== null && index === begin && (index === header.first || COMMENTED_WORD.test(cell))
      if (index !== 0 && index !== header?.columns.name && !mayBegin) return false
      const isOnPurpose = quotedCells.has(index) && !areAllQuoted && !QUOTED_ANYWAY.test(cell)
      return !isOnPurpose && COMMENT.test(visible(cell).normalize('NFKC'))
    })
  }
  const takeRow = (row: readonly string[], at: number): void => {
    const marked = isEveryCell ? undefined : markedCell(row)
    if (marked !== undefined && !(header === null && marked === '#')) {
      const cellFault = marked.startsWith('#') ? spoilt(marked) : null
      return onProblem(
        cellFault?.message ??
          `The cell ${quoted(marked)} begins as a comment, but CSV has no comments. Remove the row, or correct the cell.`,
        at,
        header === null ? undefined : (cellFault?.cause ?? 'comment'),
      )
    }
    // In a list of aliases, an address in the first line of a cell is a note, and no identifier.
    const identifiers =
      options.identifyBy === 'alias' && !options.allColumns ? [] : header?.columns.identifiers
    if (!isEveryCell && holdsRow(row, delimiter, identifiers ?? []))
      return onProblem(
        'The row spans several lines, and a cell holds what looks like other rows. Close the quote that opens on this line.',
        at,
      )
    if (header === null) {
      isHeaderQuoted = quotedCells.has(0)
      const columns = columnsOf(row, options)
      if (REPORT.every((name) => row.includes(name)))
        throw new FileFault('This is a report of this action, not a list. Remove it from the list files.', at)
      if (typeof columns === 'string') throw new FileFault(columns, at, 'columns')
      const isNamed = (name: string): boolean => name !== ''
      header = {
        columns,
        first: row.findIndex(isNamed),
        width: row.findLastIndex(isNamed) + 1,
        cells: row.length,
      }
      if (!isEveryCell) return
    }
    const { columns, width } = header
    const has = `The row has ${row.length} ${row.length === 1 ? 'cell' : 'cells'} and the header has ${width}.`
    if (!isEveryCell) {
      if (row.slice(width).some((cell) => cell !== '') || mayBeShifted(row, header, options.identifyBy))
        return onProblem(
          `${has} Put quotes around each cell that holds the separator, and name each column in the header.`,
          at,
        )
      if (row.length < width && columns.identifiers.some((index) => index > 0))
        return onProblem(
          row.length === 1 && QUOTED_ANYWAY.test(row[0] ?? '')
            ? `${has} Check for quotes around the whole row, or another separator than in the header. Save the file again.`
            : `${has} Fill in the last cells, for example with a dash, so that each cell is under its name. Or move the identifier to the first column.`,
          at,
        )
    }
    const texts = (isEveryCell ? row : columns.identifiers.map((index) => row[index] ?? '')).filter(
      (text) => text !== '',
    )
    const [text, ...others] = texts
    if (text === undefined) return onProblem('The row has no identifier. Add it, or remove the row.', at)
    const cell = (index: number | null): string | null => row[index ?? -1] ?? null
    const unread = unreadTexts(columns, (index) => row[index] ?? '')
    onEntry({ text, others, unread, line: at, listedName: cell(columns.name), reason: cell(columns.reason) })
  }
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    trim: true,
    cast: (value, { column, quoting }) => {
      if (column === 0) quotedCells.clear()
      if (quoting) quotedCells.add(Number(column))
      if (Number(column) > MOST_CELLS) throw new FileFault(TOO_LONG, line)
      return value
    },
    on_record: (row: readonly string[], { lines }) => {
      const start = line
      line = lines + 1
      sinceLastRow = 0
      if (row.some((cell) => cell.trim() !== '')) takeRow(row, start)
      return null
    },
  })
  parser.resume()
  try {
    await pipeline(async function* () {
      yield head
      for await (const piece of pieces) {
        sinceLastRow += piece.length
        if (sinceLastRow > LONGEST_ROW) throw new FileFault(TOO_LONG, line)
        yield piece
      }
    }, parser)
  } catch (error) {
    if (error instanceof CsvError) throw new FileFault(syntaxFault(error), line)
    throw error
  }
}

/**
 * Whether a separator within a cell, such as a comma in a name before the identifier, may have shifted the identifier into
 * the next column: the row has more cells than the header, and what is there may be an identifier. Every text may be an
 * alias.
 */
function mayBeShifted(row: readonly string[], { columns, cells }: Header, identifyBy: IdentifyBy): boolean {
  const more = row.length - cells
  if (more <= 0) return false
  return columns.identifiers.some((index) => {
    const mayBe =
      identifyBy === 'alias' && !isFormed(row[index] ?? '') ? (text: string) => text !== '' : isFormed
    return index > 0 && row.slice(index + 1, index + 1 + more).some(mayBe)
  })
}

/** Whether a text has the form of an ISC ID or an email address. */
function isFormed(text: string): boolean {
  return isIscId(text) || isAddress(text)
}

/** The beginning of the file, with what is above the header blanked out, and the separator. */
async function headOf(
  pieces: AsyncGenerator<string, void>,
): Promise<{ readonly head: string; readonly delimiter: string }> {
  let head = ''
  for (;;) {
    const lines = head.split('\n')
    const at = lines.findIndex((line) => !ABOVE_HEADER.test(line))
    const above = at === -1 ? lines : lines.slice(0, at)
    const rest = lines.slice(above.length).join('\n')
    const [header = '', ...more] = rest.replace(/"[^"]*"/g, '').split('\n', 2)
    // A header that has not come to its end yet may have any separator.
    const isComplete = more.length > 0 && !header.includes('"')
    if (!isComplete && head.length > LONGEST_ROW) throw new FileFault(TOO_LONG, above.length + 1)
    // Twice as much each time, so that all looks together take time as the head does.
    const next = isComplete ? '' : await readSome(pieces, Math.max(1, head.length))
    if (next !== '') {
      head += next
      continue
    }
    const said = above
      .map((line) => ABOVE_HEADER.exec(line)?.[1])
      .find((separator) => separator !== undefined)
    const found = [',', ';', '\t'].find((candidate) => header.includes(candidate))
    return { head: '\n'.repeat(above.length) + rest, delimiter: said ?? found ?? ',' }
  }
}

/** At least so many characters of what follows; fewer only at the end, and none behind it. */
async function readSome(pieces: AsyncGenerator<string, void>, least: number): Promise<string> {
  let text = ''
  while (text.length < least) {
    const next = await pieces.next()
    if (next.done === true) break
    text += next.value
  }
  return text
}

/**
 * Whether an unclosed quote swallowed another row: a line of a cell has an ISC ID or an email address beside other cells.
 * The first line may belong to a note, unless that is where the row itself would have its identifier.
 */
function holdsRow(row: readonly string[], delimiter: string, identifiers: readonly number[]): boolean {
  return row.some((cell, index) => {
    if (!cell.includes('\n')) return false
    const [first = [], ...more] = cell
      .split('\n')
      .map((line) => line.split(delimiter).map((part) => part.trim()))
    return (
      first.some((part, at) => at > 0 && identifiers.includes(index + at) && isFormed(part)) ||
      more.some((parts) => parts.length > 1 && parts.some(isFormed))
    )
  })
}

function syntaxFault({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return 'The row that begins on this line opens a quote that is never closed. Close it.'
  if (message.includes('value is "="'))
    return 'A cell on this line is a spreadsheet formula (="…"). Save the cells as plain text, without = and quotes around the identifier.'
  return 'A quote is misplaced, or the separator is not a comma, semicolon, or tab. Put quotes around the whole cell, and double each quote inside it. For another separator, put a first line with `sep=` and the separator above the header.'
}
