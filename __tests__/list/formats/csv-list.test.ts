import { describe, expect, it } from '@jest/globals'

import { readFileNamed } from '../../support/list-reading.ts'

/** Reads this text as a CSV file. */
const readCsv = (text: string | Uint8Array, idColumn: string | null = null) =>
  readFileNamed('list.csv', text, { idColumn })

describe('the separator', () => {
  it.each([
    ['comma', 'name,id\nAnn,a1\n'],
    ['semicolon, as Excel writes it in many countries', 'name;id\nAnn;a1\n'],
    ['semicolon, with commas in cells', 'id;name\na1;"Smith, Ann"\n'],
    ['semicolon, with a comma in a quoted name', '"Smith, Ann";id\nx;a1\n'],
    ['semicolon, with a quoted name of two lines', '"Smith,\nAnn";id\nx;a1\n'],
    ['semicolon, after blank lines', '\n\r\nname;id\nAnn;a1\n'],
    ['tab', 'name\tid\nAnn\ta1\n'],
    ['tab, where the first column has no name', '\tid\n0\ta1\n'],
    ['tab, with empty and quoted cells', 'x\t\tid\n\t"2"\ta1\n'],
    ['none, in a file of one column', 'id\na1\n'],
    ['comma, with semicolons in cells', 'id,"a;b;c"\na1,"x;y"\n'],
  ])('may be: %s', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ ids: ['a1'], problems: [] })
  })
})

describe('the column', () => {
  it.each([
    ['id', 'x,id,identityId\nno,a1,no'],
    ['ID', 'x,ID\nno,a1'],
    ['identityId', 'x,identity-id,identityId\nno,no,a1'],
    ['IDENTITY-ID', 'identity_id,IDENTITY-ID\nno,a1'],
    ['Identity_Id', 'Identity_Id,identity\na1,no'],
    ['in quotes and within spaces', 'x, "id" ,y\nno, a1 ,no'],
  ])('is found under a usual name, in the order of the contract: %s', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it.each([
    ['the exact name', 'id,Employee,employee\nno,a1,no', 'Employee'],
    ['another case', 'id,EMPLOYEE\nno,a1', 'employee'],
    ['a name with spaces', 'id,Employee No\nno,a1', 'Employee No'],
  ])('is the one identity-id-column names: %s', async (_name, text, idColumn) => {
    expect(await readCsv(text, idColumn)).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it('that is missing is named, beside those that are there', async () => {
    const { ids, problems } = await readCsv('name,mail\nAnn,a@example.com\n', 'employee')
    expect(ids).toEqual([])
    expect(problems).toEqual([
      {
        message: 'list.csv: there is "name", "mail", but not "employee" (identity-id-column).',
        file: 'list.csv',
        line: 1,
      },
    ])
  })

  it('without a usual name has to be chosen', async () => {
    const { problems } = await readCsv('\nname,mail\nAnn,a@example.com\n')
    expect(problems).toEqual([
      {
        message:
          'list.csv: there is "name", "mail", but not one named id, identityId, identity-id or identity_id; name yours in identity-id-column.',
        file: 'list.csv',
        line: 2,
      },
    ])
  })

  it.each([
    ['twice the same', 'id,id\na1,b2\n', null],
    ['twice, in different case', 'id,ID\na1,b2\n', null],
    ['twice what was asked for', 'mail,mail\na1,b2\n', 'mail'],
    ['twice what was asked for, in different case', 'Mail,MAIL\na1,b2\n', 'mail'],
  ])('is not guessed when it is ambiguous: %s', async (_name, text, idColumn) => {
    const { ids, problems } = await readCsv(text, idColumn)
    expect(ids).toEqual([])
    expect(problems).toEqual([
      { message: expect.stringMatching(/^list\.csv: there are several/), file: 'list.csv', line: 1 },
    ])
  })
})

describe('rows', () => {
  it.each([
    ['LF', 'id,x\na1,\nb2,\n'],
    ['CRLF', 'id,x\r\na1,\r\nb2,\r\n'],
    ['CR', 'id,x\ra1,\rb2,\r'],
    ['BOM and CRLF', '\ufeffid,x\r\na1,\r\nb2,\r\n'],
    ['now CRLF, now LF', 'id,x\r\na1,\nb2,\n'],
    ['no line end at the end', 'id,x\na1,\nb2,'],
    ['blank lines at the end', 'id,x\na1,\nb2,\n\n\n  \n,\n'],
  ])('end in any way: %s', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ entries: ['2: a1', '3: b2'], problems: [] })
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('keep their line after blank rows and cells of several lines, with %s', async (_name, eol) => {
    const text = ['', 'note,id', '"one', 'two",a1', '', ',', '"', '","b2"', 'x,c3', '"', '",'].join(eol)
    expect(await readCsv(text)).toMatchObject({ entries: ['3: a1', '7: b2', '9: c3'], problems: [] })
  })

  it('keep their line when the line ends within cells are others than between rows', async () => {
    const text = 'note,id\r\n"a\nb\nc",a1\r\n"x\r\ny",b2\r\nz,c3\r\n'
    expect(await readCsv(text)).toMatchObject({ entries: ['2: a1', '5: b2', '7: c3'], problems: [] })
  })

  it('may have cells too few behind the identifier, and empty ones too many', async () => {
    expect(await readCsv('id,x,y\na1\nb2,1,2,,"", \n')).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each([
    ['before the identifier', 'Doe, boss@example.com, jane@example.com,HR'],
    ['behind it', 'Doe,jane@example.com,HR,x'],
    ['behind empty ones', 'Doe,jane@example.com,HR,,x'],
  ])('with more cells than the header are malformed: %s', async (_name, row) => {
    const text = `name,email,dept\nAnn,ann@example.com,IT\n${row}\nBob,bob@example.com,IT\n`
    const reading = await readFileNamed('list.csv', text, { idColumn: 'email', identifyBy: 'email' })
    expect(reading.ids).toEqual(['ann@example.com', 'bob@example.com'])
    expect(reading.problems).toEqual([
      {
        message: `list.csv: the row has ${row.split(',').length} cells and the header 3; a cell that holds the separator stands in quotes.`,
        file: 'list.csv',
        line: 3,
      },
    ])
  })

  it.each([
    ['an empty cell', 'name,id\nAnn,\nBob,b2\n'],
    ['an empty quoted cell', 'name,id\nAnn,""\nBob,b2\n'],
    ['too few cells', 'name,id\nAnn\nBob,b2\n'],
    ['a cell of spaces', 'name,id\nAnn,  \nBob,b2\n'],
  ])('without an identifier are malformed: %s', async (_name, text) => {
    const { ids, problems } = await readCsv(text)
    expect(ids).toEqual(['b2'])
    expect(problems).toEqual([
      { message: expect.stringMatching(/^list\.csv: "" is not an identity id/), file: 'list.csv', line: 2 },
    ])
  })

  it('hold identifiers as text, whatever they look like', async () => {
    expect(await readCsv('id\n0123\n1e10\ntrue\nnull\n')).toMatchObject({
      ids: ['0123', '1e10', 'true', 'null'],
      problems: [],
    })
  })

  it('hold aliases with spaces, commas and quotes', async () => {
    const text = 'alias\n"Smith, Ann"\n"Bob ""B"""\nCléo Ärm\n'
    const reading = await readFileNamed('list.csv', text, { idColumn: 'alias', identifyBy: 'alias' })
    expect(reading).toMatchObject({ ids: ['Smith, Ann', 'Bob "B"', 'Cléo Ärm'], problems: [] })
  })

  it('may be long', async () => {
    const text = `note,id\n"${'long '.repeat(200_000)}",a1\n${'x'.repeat(1_000_000)},b2\n`
    expect(await readCsv(text)).toMatchObject({ entries: ['2: a1', '3: b2'], problems: [] })
  })

  it('are read across the pieces a file is read in', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `"Ännchen ""${row}""",id-${row}`)
    const { ids, entries, problems } = await readCsv(`name,id\r\n${rows.join('\r\n')}`)
    expect(problems).toEqual([])
    expect(ids).toHaveLength(20_000)
    expect(entries.at(-1)).toBe('20001: id-19999')
  })
})

describe('a file', () => {
  it.each([
    ['without a byte', ''],
    ['of a byte order mark', '\ufeff'],
    ['of blank lines', '\r\n\r\n'],
    ['of a header', 'id,name\n'],
  ])('%s is a list with nothing in it', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ ids: [], problems: [] })
  })

  it('with a quote that is not closed says where it opens', async () => {
    const { problems } = await readCsv('id,name\na1,"Ann\nb2,Bob\nc3,Cleo\n')
    expect(problems).toEqual([
      {
        message: expect.stringMatching(/^list\.csv: .*line 2 opens a quote that is never closed/),
        file: 'list.csv',
        line: 2,
      },
    ])
  })

  it.each([
    ['a quote that is closed far away', `"${'x\n'.repeat(4_000_000)}"`],
    ['cells without number', ','.repeat(8_000_000)],
    ['a cell without end', 'x'.repeat(8_000_000)],
  ])('with a row longer than any is read no further: %s', async (_name, row) => {
    const { ids, problems } = await readCsv(`id,name\na1,Ann\nb2,${row}\nc3,Cleo\n`)
    expect(ids).toEqual(['a1'])
    expect(problems).toEqual([
      {
        message: 'list.csv: the row is longer than 4194304 characters; a quote in it may not be closed.',
        file: 'list.csv',
        line: 3,
      },
    ])
  })

  it('with a quote in the middle of a cell says where it stands', async () => {
    const { problems } = await readCsv('id,name\na1,Ann\nb2,Bob "B"\n')
    expect(problems).toEqual([
      {
        message: expect.stringMatching(/^list\.csv: .*line 3 has a quote out of place/),
        file: 'list.csv',
        line: 3,
      },
    ])
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffid\na1\n', 'utf16le')],
    ['Latin-1', Buffer.from('id,name\na1,Jürgen\n', 'latin1')],
    ['Latin-1 far down', Buffer.from(`id,name\n${'a1,x\n'.repeat(50_000)}a1,Jürgen\n`, 'latin1')],
    ['cut within a character', Buffer.from('id,name\na1,Jü').subarray(0, -1)],
  ])('that is not UTF-8 is refused: %s', async (_name, bytes) => {
    const { problems } = await readCsv(bytes)
    expect(problems).toEqual([
      { message: expect.stringMatching(/^list\.csv: .*not UTF-8/), file: 'list.csv' },
    ])
  })
})
