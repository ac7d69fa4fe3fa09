/** A table as a person has it. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a program makes of a table or of a column, as it really writes it. */
export interface Writer {
  readonly extension: 'csv' | 'txt' | 'json' | 'yml'
  /** `at`: the column for programs that write one alone. */
  readonly write: (table: Table, at: number) => string | Uint8Array
}

type Cell = (text: string, separator: string) => string

const quotedIfNeeded: Cell = (text, separator) =>
  text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
const alwaysQuoted: Cell = (text) => `"${text.replaceAll('"', '""')}"`

/** What Excel makes of a text that it takes for a number. */
function asExcelKeeps(text: string, decimal: '.' | ','): string {
  if (!/^\d{12,}$|^\d+e\d+$/i.test(text)) return text
  const [mantissa = '', exponent = ''] = Number(text).toExponential(5).split('e+')
  return `${mantissa.replace('.', decimal)}E+${exponent.padStart(2, '0')}`
}

function csv(
  { header, rows }: Table,
  separator: string,
  eol: string,
  cell: Cell,
  convert = (text: string): string => text,
): string {
  const lines = [header, ...rows].map((row) =>
    row.map((text) => cell(convert(text), separator)).join(separator),
  )
  return `${lines.join(eol)}${eol}`
}

/** Excel fills each row up to the width of all that was ever used, and leaves blank rows of it behind. */
function usedRange({ header, rows }: Table): Table {
  const wider = (row: readonly string[]): string[] => [...row, '', '']
  return { header: wider(header), rows: [...rows, header.map(() => '')].map(wider) }
}

const excel = (table: Table, separator: string, decimal: '.' | ','): string =>
  csv(usedRange(table), separator, '\r\n', quotedIfNeeded, (text) => asExcelKeeps(text, decimal))

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

const column = ({ rows }: Table, at: number): string[] => rows.map((row) => row[at] ?? '')

const objects = ({ header, rows }: Table): Record<string, string | null>[] =>
  rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? null])))

export const WRITERS: Readonly<Record<string, Writer>> = {
  'Excel, CSV UTF-8, English': { extension: 'csv', write: (table) => `\ufeff${excel(table, ',', '.')}` },
  'Excel, CSV UTF-8, German': { extension: 'csv', write: (table) => `\ufeff${excel(table, ';', ',')}` },
  'Excel, CSV, French': { extension: 'csv', write: (table) => Buffer.from(excel(table, ';', ','), 'latin1') },
  'Excel, with its separator': {
    extension: 'csv',
    write: (table) => `\ufeffsep=;\r\n${excel(table, ';', ',')}`,
  },
  'Excel, Unicode text': { extension: 'txt', write: (table) => utf16(excel(table, '\t', '.')) },
  'Excel, Unicode text, renamed': { extension: 'csv', write: (table) => utf16(excel(table, '\t', '.')) },
  LibreOffice: { extension: 'csv', write: (table) => csv(table, ',', '\n', quotedIfNeeded) },
  'LibreOffice, all quoted': { extension: 'csv', write: (table) => csv(table, ';', '\n', alwaysQuoted) },
  'Google Sheets': { extension: 'csv', write: (table) => csv(table, ',', '\r\n', quotedIfNeeded).trimEnd() },
  'PowerShell 5, Export-Csv': {
    extension: 'csv',
    write: (table) =>
      `\ufeff#TYPE System.Management.Automation.PSCustomObject\r\n${csv(table, ',', '\r\n', alwaysQuoted)}`,
  },
  'PowerShell 7, Export-Csv': { extension: 'csv', write: (table) => csv(table, ',', '\r\n', alwaysQuoted) },
  'PowerShell 5, >': {
    extension: 'txt',
    write: (table, at) => utf16(`${column(table, at).join('\r\n')}\r\n`),
  },
  'PowerShell 5, ConvertTo-Json': {
    extension: 'json',
    write: (table) =>
      utf16(
        JSON.stringify({ value: objects(table), Count: table.rows.length }, null, 4).replaceAll('\n', '\r\n'),
      ),
  },
  'PowerShell 7, ConvertTo-Json': {
    // A single object is written without an array.
    extension: 'json',
    write: (table) => {
      const [first, ...others] = objects(table)
      return JSON.stringify(others.length === 0 ? first : [first, ...others], null, 2)
    },
  },
  'jq, raw': {
    extension: 'txt',
    write: (table, at) =>
      `${column(table, at)
        .map((text) => text || 'null')
        .join('\n')}\n`,
  },
  'jq, @csv': {
    extension: 'csv',
    write: ({ header, rows }) => csv({ header, rows }, ',', '\n', alwaysQuoted),
  },
  'jq, compact': { extension: 'json', write: (table, at) => `${JSON.stringify(column(table, at))}\n` },
  'sail search': { extension: 'json', write: (table) => JSON.stringify(objects(table)) },
  'an API answer': {
    extension: 'json',
    write: (table) => JSON.stringify({ total: 3, items: objects(table) }, null, 2),
  },
  'an editor': { extension: 'txt', write: (table, at) => `# list\n${column(table, at).join('\n')}` },
  'an editor, by commas': { extension: 'txt', write: (table, at) => column(table, at).join(', ') },
  'a mail program': { extension: 'txt', write: (table, at) => `${column(table, at).join('; ')};` },
  'an editor, with bullets': {
    extension: 'txt',
    write: (table, at) =>
      column(table, at)
        .map((text) => `- ${text}`)
        .join('\n'),
  },
  'YAML, of strings': {
    extension: 'yml',
    write: (table, at) =>
      column(table, at)
        .map((text) => `- ${JSON.stringify(text)}\n`)
        .join(''),
  },
  'YAML, of mappings': {
    extension: 'yml',
    write: ({ header, rows }) =>
      rows
        .map(
          (row) =>
            `- ${header.map((name, at) => `${JSON.stringify(name)}: ${JSON.stringify(row[at] ?? '')}`).join('\n  ')}\n`,
        )
        .join(''),
  },
}
