import { describe, expect, it, jest } from '@jest/globals'

import { readEntries } from '../../../src/list/formats/read-entries.ts'
import { readFileNamed } from '../../support/list-reading.ts'

/** Reads this text as a CSV file. */
const readCsv = (text: string | Uint8Array, idColumn: string | null = null) =>
  readFileNamed('list.csv', text, { idColumn })

const ISC_ID = '2c9180835d2e5168015d32f890ca1581'

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
    ['what Excel says above the header', 'sep=;\r\nnote, of 1 May;id\r\nx;a1\r\n'],
    ['what Excel says below a blank line', '\nsep=|\nname|id\nAnn, Bob|a1\n'],
    ['what Excel says in quotes', '"sep=|"\nname|id\nAnn, Bob|a1\n'],
    [
      'semicolon, in a header that is longer than what is read at once',
      `"x\n${'y'.repeat(70_000)},";id\na,b;a1\n`,
    ],
    ['a tab that Excel says', 'sep=\t\nname\tid\nAnn\ta1\n'],
    [
      'comma, below what PowerShell says',
      '#TYPE System.Management.Automation.PSCustomObject\r\n"name","id"\r\n"Ann","a1"\r\n',
    ],
  ])('may be: %s', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ ids: ['a1'], problems: [] })
  })
})

describe('the column', () => {
  it.each([
    ['id', 'x,id,identity\nno,a1,no'],
    ['ID', 'x,ID\nno,a1'],
    ['identityId', 'x,identity id,identityId\nno,no,a1'],
    ['IDENTITY-ID', 'ident,IDENTITY-ID\nno,a1'],
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
        message:
          'list.csv: No column "employee" (`identity-id-column`). Found: "name", "mail". Set `identity-id-column` to one of these.',
        file: 'list.csv',
        line: 1,
      },
    ])
  })

  it('without a usual name has to be chosen', async () => {
    const { problems } = await readCsv('\nname,mail\nAnn,a@example.com\n')
    expect(problems).toEqual([
      {
        message: expect.stringMatching(
          /^list\.csv: No column `id`, .* set `identify-by` to `email` in the workflow\.$/,
        ),
        file: 'list.csv',
        line: 2,
      },
    ])
  })

  it.each([
    ['twice the same', 'id,id\na1,b2\n', null],
    ['twice, in different case', 'id,ID\na1,b2\n', null],
    ['an account’s id beside the identity’s', 'id,identityId\na1,b2\n', null],
    ['twice what was asked for', 'mail,mail\na1,b2\n', 'mail'],
    ['twice what was asked for, in different case', 'Mail,MAIL\na1,b2\n', 'mail'],
  ])('is not guessed when it is ambiguous: %s', async (_name, text, idColumn) => {
    const { ids, problems } = await readCsv(text, idColumn)
    expect(ids).toEqual([])
    expect(problems).toEqual([
      {
        message: expect.stringMatching(/^list\.csv: Several columns may hold the identifier: /),
        file: 'list.csv',
        line: 1,
      },
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
    ['blank lines at the end', 'id,x\na1,\nb2,\n\n\n  \n,\n"  "," "\n'],
  ])('end in any way: %s', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ entries: ['2: a1', '3: b2'], problems: [] })
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('keep their line after blank rows and cells of several lines, with %s', async (_name, eol) => {
    const text = ['', 'note,id', '"one', 'two",a1', '', ',', '"', '","b2"', 'x,c3'].join(eol)
    expect(await readCsv(text)).toMatchObject({ entries: ['3: a1', '7: b2', '9: c3'], problems: [] })
  })

  it('keep their line when the line ends within cells are others than between rows', async () => {
    const text = 'note,id\r\n"a\nb\nc",a1\r\n"x\r\ny",b2\r\nz,c3\r\n'
    expect(await readCsv(text)).toMatchObject({ entries: ['2: a1', '5: b2', '7: c3'], problems: [] })
  })

  it('need not have cells for what the header leaves empty at its end', async () => {
    expect(await readCsv('name,id,,\nAnn,a1\n')).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it('may have cells too few where the identifier comes first, and empty ones too many', async () => {
    expect(await readCsv('id,x,y\na1\nb2,1,2,,"", \n')).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each([
    ['before the identifier', 'Doe, boss@example.com, jane@example.com,HR'],
    ['behind it', 'Doe,jane@example.com,HR,x'],
    ['behind empty ones', 'Doe,jane@example.com,HR,,x'],
  ])('with more cells than the header are invalid: %s', async (_name, row) => {
    const text = `name,email,dept\nAnn,ann@example.com,IT\n${row}\nBob,bob@example.com,IT\n`
    const reading = await readFileNamed('list.csv', text, { idColumn: 'email', identifyBy: 'email' })
    expect(reading.ids).toEqual(['ann@example.com', 'bob@example.com'])
    expect(reading.problems).toEqual([
      {
        message: `list.csv: The row has ${row.split(',').length} cells and the header has 3. Put quotes around each cell that holds the separator, and name each column in the header.`,
        file: 'list.csv',
        line: 3,
      },
    ])
  })

  it.each([
    [
      'email',
      'name,manager,email,reason\nSmith, Ann,boss@example.com,ann@example.com,\n',
      'name,email,reason\nAnn,ann@example.com,left,\n',
    ],
    ['id', `name,managerId,id,reason\nSmith, Ann,a1,${ISC_ID},\n`, `name,id,reason\nAnn,${ISC_ID},x,\n`],
    ['alias', 'name,alias,reason\nSmith, Ann,asmith,\n', 'name,alias,reason\nAnn,asmith,,,\n'],
    ['alias', 'name,alias,x\nSmith, Ann,asmith,,\n', `name,id,x\nAnn,${ISC_ID},left,\n`],
    ['alias', 'name,alias,x\nSmith, Ann,asmith,\n', 'alias,name\nasmith,Ann,\n'],
    ['email', 'x,email,y\na,a@b,c@d,\n', 'email,manager\na@b,c@d,\n'],
  ] as const)(
    'that a comma in a cell may have shifted are invalid, by %s: %j',
    async (identifyBy, text, right) => {
      const { ids, problems } = await readFileNamed('list.csv', text, { identifyBy })
      expect(ids).toEqual([])
      expect(problems).toMatchObject([
        {
          message: expect.stringMatching(/ cells and the header has \d\. Put quotes around each cell/),
          line: 2,
        },
      ])
      expect((await readFileNamed('list.csv', right, { identifyBy })).problems).toEqual([])
    },
  )

  it.each([
    ['an empty cell', 'name,id\nAnn,\nBob,b2\n'],
    ['an empty quoted cell', 'name,id\nAnn,""\nBob,b2\n'],
    ['a cell of spaces', 'name,id\nAnn,  \nBob,b2\n'],
  ])('without an identifier are invalid: %s', async (_name, text) => {
    const { ids, problems } = await readCsv(text)
    expect(ids).toEqual(['b2'])
    expect(problems).toEqual([
      {
        message: 'list.csv: The row has no identifier. Add it, or remove the row.',
        file: 'list.csv',
        line: 2,
      },
    ])
  })

  it.each([
    ['that lost a cell', 'name,email,manager\nNew,boss@example.com\nAnn,ann@example.com,boss@example.com\n'],
    ['with the identifier alone', 'name,email,manager\nboss@example.com\nAnn,ann@example.com,x\n'],
  ])('with fewer cells than the header are invalid: %s', async (_name, text) => {
    const { ids, problems } = await readFileNamed('list.csv', text, { identifyBy: 'email' })
    expect(ids).toEqual(['ann@example.com'])
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/ and the header has 3\. Fill in the last cells,/), line: 2 },
    ])
  })

  it.each([
    ['#Bob,b2', 'name,id'],
    ['# Bob,b2', 'name,id'],
    ['//Bob,b2', 'name,id'],
    [';Bob,b2', 'name,id'],
    ['-- Bob,b2', 'name,id'],
    ['%Bob,b2', 'name,id'],
    ['!Bob,b2', 'name,id'],
    ['~~Bob~~,b2', 'name,id'],
    ['<!-- Bob,b2', 'name,id'],
    ['/*Bob,b2', 'name,id'],
    ['"#Smith, Bob",b2', 'name,id'],
    ['"#Bob","b2"', '"name","id"'],
    ['\u200b#Bob,b2', 'name,id'],
    ['＃Bob,b2', 'name,id'],
    ["'#Bob,b2", 'name,id'],
    ['\\\\# Bob,b2', 'name,id'],
    ['=#Bob,b2', 'name,id'],
    ['#b2,Bob', 'id,name'],
    ['"# Bob ""Bo"" Smith",b2', 'name,id'],
    ['"# Bob; left",b2', 'name,id'],
    ['"# Bob\tleft",b2', 'name,id'],
    ['"# Bob","b2"', 'name,id'],
    ['— Bob,b2', 'name,id'],
    ['–– Bob,b2', 'name,id'],
    ['“#Bob,b2', 'name,id'],
  ])('that seem to be commented out are invalid: %s', async (row, header) => {
    const { problems } = await readCsv(`${header}\na1,a1\n${row}\n${row}\n`)
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(/CSV has no comments\..* 1 more entry has the same problem\.$/),
        line: 3,
      },
    ])
  })

  it('that seem to be commented out may have a line break in the mark’s cell', async () => {
    const { problems } = await readCsv('name,id\nAnn,a1\n"# Bob\nleft",b2\n')
    expect(problems).toMatchObject([{ message: expect.stringContaining('CSV has no comments.'), line: 3 }])
  })

  it.each([',person,id', ',no,id', 'team,person,id'])(
    'that seem to be commented out behind an empty cell are invalid',
    async (header) => {
      const { problems } = await readCsv(`${header}\nx,Ann,a1\n,# Bob,b2\n`)
      expect(problems).toMatchObject([{ message: expect.stringContaining('CSV has no comments.'), line: 3 }])
    },
  )

  it.each([',person,id\nx,Ann,a1\n,#Bob,b2\n', 'person,id\nAnn,a1\n#,b2\n'])(
    'that seem to be commented out by the mark alone are invalid: %j',
    async (text) => {
      expect((await readCsv(text)).problems).toMatchObject([
        { message: expect.stringContaining('CSV has no comments.'), line: 3 },
      ])
    },
  )

  it.each(['–,a1', '-,a1', '–5,a1', '–none–,a1', '— none —,a1', '(#12) done,a1', '* lead,a1', '"#2",a1'])(
    'may begin with what is no mark: %s',
    async (row) => {
      expect(await readCsv(`no,id\n${row}\n`)).toMatchObject({ ids: ['a1'], problems: [] })
    },
  )

  it.each([
    ['id', `name,id\n"Ann,${ISC_ID}\nBob",${ISC_ID.replace('1', '2')}\n`],
    ['email', 'name,email\n"Ann,ann@example.com\nBob",bob@example.com\n'],
    ['id', `name,id,reason\n"Ann,${ISC_ID}\nBob",${ISC_ID.replace('1', '2')},left\n`],
    ['id', `name,id,reason,,\n"Ann,${ISC_ID},left,,\nBob",${ISC_ID.replace('1', '2')},left,,\n`],
  ] as const)('that two stray quotes join are invalid, in a list by %s', async (identifyBy, text) => {
    const { problems } = await readFileNamed('list.csv', text, { identifyBy })
    expect(problems).toMatchObject([
      { message: expect.stringContaining('The row spans several lines'), line: 2 },
    ])
  })

  it.each([
    ['id', `name,id\n"Ann,${ISC_ID}",a1\n`],
    ['email', 'name,email\n"Ann, ann@example.com",a1@example.com\n'],
    ['alias', 'name,alias\n"Ann, ann@example.com\nleft",a1\n'],
  ] as const)('may have an identifier in a cell of one line, or a note: %s', async (identifyBy, text) => {
    const { ids, problems } = await readFileNamed('list.csv', text, { identifyBy })
    expect(problems).toEqual([])
    expect(ids).toEqual([identifyBy === 'email' ? 'a1@example.com' : 'a1'])
  })

  it('have no cells behind the last column with a name', async () => {
    const { problems } = await readCsv('name,id,\nSmith, Ann,a1\n')
    expect(problems).toMatchObject([
      { message: expect.stringContaining('has 3 cells and the header has 2'), line: 2 },
    ])
    expect(await readCsv('name,id,,\nAnn,a1,,\n')).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it.each([
    ['department,ticket,id', ',#13,a1'],
    ['#,id', '1,a1'],
    ['"#no",id', '1,a1'],
    [',# accounts,id', '1,x,a1'],
    [',ticket,id', '0,#13,a1'],
  ])('may have numbers with # elsewhere: %j', async (header, row) => {
    expect(await readCsv(`${header}\n${row}\n`)).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it('in quotes as a whole are told from rows that lost a cell', async () => {
    const { problems } = await readCsv('name,id\n"Ann;a1"\n')
    expect(problems).toMatchObject([
      {
        message:
          'list.csv: The row has 1 cell and the header has 2. Check for quotes around the whole row, or another separator than in the header. Save the file again.',
      },
    ])
  })

  it('that lost a cell are told from rows in quotes as a whole', async () => {
    const { problems } = await readCsv('name,reason,id\n"Smith, Ann",a1\n')
    expect(problems).toMatchObject([{ message: expect.stringContaining('has 2 cells'), line: 2 }])
    expect(problems).toMatchObject([{ message: expect.stringContaining('Fill in the last cells') }])
  })

  it.each([
    [
      'Name, Vorname;id\nAnn;a1\n',
      null,
      /The header might have another separator than was found\. .* put a first line with `sep=`/,
    ],
    [
      'Leavers,,\nname,id,x\nAnn,a1,\n',
      null,
      /must name the columns\. Found: "Leavers"\. Remove the rows above/,
    ],
    [
      'Leavers,,\nname,Login,x\nAnn,a1,\n',
      'Login',
      /must name the columns\. Found: "Leavers"\. Remove the rows above/,
    ],
    ['"Length"\n"32"\n', null, /PowerShell exported the lengths of the texts/],
  ])('below a header that is none say so: %j', async (text, idColumn, message) => {
    expect((await readCsv(text, idColumn)).problems).toMatchObject([
      { message: expect.stringMatching(message) },
    ])
  })

  it('whose name seems to be commented out are invalid', async () => {
    expect((await readCsv('no,name,id\n1,Ann,a1\n2,#Bob,b2\n')).problems).toMatchObject([
      { message: expect.stringContaining('CSV has no comments.'), line: 3 },
    ])
  })

  it('that are within a quote by mistake are invalid', async () => {
    const text = `id,note\n${ISC_ID},"left early\n${ISC_ID.replace('1', '2')},\nb2,on leave"\n`
    expect((await readCsv(text)).problems).toEqual([
      {
        message: expect.stringMatching(/holds what looks like other rows\. Close the quote/),
        file: 'list.csv',
        line: 2,
      },
    ])
    const spaced = `id,note\n${ISC_ID},"left early\n x , ann@example.com \nb2,on leave"\n`
    expect((await readCsv(spaced)).problems).toMatchObject([{ line: 2 }])
  })

  it.each([
    ['left early,\nsee HR, or ask ann@example.com'],
    ['ann@example.com, Ann\nleft early'],
    ['left early\nann@example.com'],
    ['Ann, ann@example.com\nleft early'],
  ])('may hold notes of several lines: %j', async (note) => {
    expect(await readCsv(`id,note\na1,"${note}"\n`)).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it('in quotes say nothing of the next row', async () => {
    const reading = await readFileNamed('list.csv', 'alias\n"ann"\n#bob\n', { identifyBy: 'alias' })
    expect(reading).toMatchObject({ ids: ['ann'], problems: [{ line: 3 }] })
  })

  it('may begin with # in quotes, and the header with # alone', async () => {
    const reading = await readFileNamed('list.csv', 'alias,#\n"#ann",1\n', { identifyBy: 'alias' })
    expect(reading).toMatchObject({ ids: ['#ann'], problems: [] })
    const alone = await readFileNamed('list.csv', 'alias\n"#ann"\n', { identifyBy: 'alias' })
    expect(alone).toMatchObject({ ids: ['#ann'], problems: [] })
    expect((await readCsv('#id,name\na1,Ann\n')).problems).toMatchObject([{ line: 1 }, { line: 2 }])
  })

  it.each([
    ['="a1"', /is a spreadsheet formula/],
    ['"=""a1"""', /is a spreadsheet formula/],
    ["'a1", /begins with an apostrophe, which a spreadsheet adds to keep a cell as text/],
    ['2.91E+31', /is a number\. A spreadsheet converted the identifier/],
    ['"2,91E+31"', /is a number\. A spreadsheet converted the identifier/],
    ['29180835251680100000000000000000', /is a number\. A spreadsheet converted the identifier/],
    ['#REF!', /is what a spreadsheet writes for a formula that failed/],
    ['123456789012345000', /is a number\. A spreadsheet converted/],
    ['ID', /is the name of a column/],
    ['null', /is what a program writes/],
    ['ann@example.com', /Set `identify-by` to `email`/],
  ])('with what a spreadsheet makes of an identifier name the cause: %s', async (cell, reason) => {
    const { problems } = await readCsv(`id,name\n${cell},Ann\n`)
    expect(problems).toEqual([{ message: expect.stringMatching(reason), file: 'list.csv', line: 2 }])
  })

  it('of a file that is all of another kind are told once, with their number', async () => {
    const { problems } = await readCsv(`id\n${"'a1\n".repeat(300)}b_2\n`)
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(/^list\.csv: "'a1" .* 299 more entries have the same problem\.$/),
        line: 2,
      },
      { line: 302 },
    ])
  })

  it.each([`id,name\n"${ISC_ID}\n",Ann\n`, `name,id\nAnn,"${ISC_ID}\n"\n`])(
    'may have a line break behind the identifier: %j',
    async (text) => {
      expect(await readCsv(text)).toMatchObject({ ids: [ISC_ID], problems: [] })
    },
  )

  it('may have names and reasons', async () => {
    const text = 'Name,id,Reason\nAnn,a1,back from leave\n,b2,\n'
    expect((await readCsv(text)).identities).toMatchObject([
      { listedName: 'Ann', reason: 'back from leave' },
      { listedName: null, reason: null },
    ])
    expect((await readCsv('id,note\na1,x\n')).identities).toMatchObject([{ listedName: null, reason: null }])
  })

  it('hold identifiers as text, also where they look like numbers or dates', async () => {
    expect(await readCsv('id\n0123\n1e10\ntrue\n12345678901234567890\n')).toMatchObject({
      ids: ['0123', '1e10', 'true', '12345678901234567890'],
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
    ['of what Excel says above a header', 'sep=;'],
  ])('%s is a list with nothing in it', async (_name, text) => {
    expect(await readCsv(text)).toMatchObject({ ids: [], problems: [] })
  })

  it('with a quote that is not closed says where it opens', async () => {
    const { problems } = await readCsv('id,name\na1,"Ann\nb2,Bob\nc3,Cleo\n')
    expect(problems).toEqual([
      {
        message: expect.stringMatching(
          /^list\.csv: The row that begins on this line opens a quote that is never closed/,
        ),
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
        message:
          'list.csv: The row has more than 4 million characters or 16,384 cells. Check for a quote that is not closed.',
        file: 'list.csv',
        line: 3,
      },
    ])
  })

  it('with a quote in the middle of a cell says where it is', async () => {
    const { problems } = await readCsv('id,name\na1,Ann\nb2,Bob "B"\n')
    expect(problems).toEqual([
      {
        message: expect.stringMatching(/^list\.csv: A quote is misplaced, /),
        file: 'list.csv',
        line: 3,
      },
    ])
  })

  it.each([
    ['as written', 'id,identifier,outcome,statusCode,message\r\na1,a1,failed,404,gone\r\n'],
    [
      'with columns that a spreadsheet moved',
      'note;id;statusCode;identifier;outcome\r\n;a1;404;a1;failed\r\n',
    ],
  ])('that is a report of this action is no list: %s', async (_case, report) => {
    expect(await readCsv(report)).toMatchObject({
      ids: [],
      problems: [
        { message: 'list.csv: This is a report of this action, not a list. Remove it from the list files.' },
      ],
    })
  })
})

describe('all cells', () => {
  it('are entries: also of the header, of comments, and of rows that join or lack cells', async () => {
    const text = `name,who\n# Ann,a1,x\n"Bob,${ISC_ID}\n",b2\nc3\n`
    const entries: string[][] = []
    const onProblem = jest.fn()
    await readEntries(
      { name: 'list.csv', bytes: [Buffer.from(text)] },
      { column: null, identifyBy: 'id', allColumns: 'every' },
      { onEntry: ({ text, others }) => entries.push([text, ...others]), onProblem },
    )
    expect(entries).toEqual([['name', 'who'], ['# Ann', 'a1', 'x'], [`Bob,${ISC_ID}\n`, 'b2'], ['c3']])
    expect(onProblem).not.toHaveBeenCalled()
  })

  it('are told of where the column of the identifier is missing', async () => {
    const onProblem = jest.fn()
    await readEntries(
      { name: 'list.csv', bytes: [Buffer.from('name,who\nAnn,a1\n')] },
      { column: null, identifyBy: 'id', allColumns: false },
      { onEntry: () => undefined, onProblem },
    )
    expect(onProblem.mock.calls).toEqual([[expect.stringContaining('No column `id`'), 1, 'columns']])
  })
})
