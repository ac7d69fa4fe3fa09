import { describe, expect, it } from '@jest/globals'

import { readEntries } from '../../../src/list/formats/read-entries.ts'
import type { ListSettings } from '../../../src/settings.ts'
import { read, readFileNamed } from '../../support/list-reading.ts'

const TABLE = 'This looks like a table. Save it as a .csv file with a first row that names the columns.'

const ISC_ID = '2c9180835d2e5168015d32f890ca1581'

describe.each([
  ['an inline list', (inline: string, settings?: Partial<ListSettings>) => read({ inline, ...settings })],
  [
    'a text file',
    (text: string, settings?: Partial<ListSettings>) => readFileNamed('list.txt', text, settings),
  ],
])('%s', (_name, readText) => {
  it.each([
    ['new lines', 'a1\nb2\nc3'],
    ['Windows line ends', 'a1\r\nb2\r\nc3\r\n'],
    ['old Mac line ends', 'a1\rb2\rc3'],
    ['commas', 'a1,b2,c3'],
    ['commas and white space', ' a1 , b2,\t c3 ,'],
    ['semicolons', 'a1;b2; c3;'],
    ['blank lines and commas', '\n\na1,,\n \t \n,b2\n\nc3\n\n\n'],
    ['tabs at the start of a line', '\ta1\n\tb2\n, \tc3'],
    ['a comma before a semicolon', ',;a1 ;, b2,;;c3'],
    ['uncommon white space', 'a1\u00a0b2\u2028c3\u3000'],
  ])('may be separated by %s', async (_case, text) => {
    expect(await readText(text)).toMatchObject({ ids: ['a1', 'b2', 'c3'], problems: [] })
  })

  it.each([
    ['at the start of a line', '#no\na1\n# no, no\nb2'],
    ['behind an entry', 'a1 # no\nb2\t#no # no'],
    ['behind a comma and a space', 'a1, # no\nb2'],
    ['behind white space at the start of a line', '  # no\n\t#no\na1, b2'],
    ['to the end of a Windows line', 'a1 # no\r\nb2 # no\r\n'],
    ['to the end of an old Mac line', 'a1 # no\rb2 # no\r'],
    ['with any characters in it', 'a1 # [no]: "no", \u2028 no\nb2'],
  ])('may have comments: %s', async (_case, text) => {
    expect(await readText(text)).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each([
    ['a1,#b2', '#b2'],
    ['a1, b2#c3', 'b2#c3'],
    ['a1 -b2', '-b2'],
    ['a1 b_2', 'b_2'],
    ['a1 ä', 'ä'],
  ])('does not accept %j', async (text, shown) => {
    const { problems } = await readText(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(
      `Invalid ID "${shown}". An ISC ID has 1 to 64 letters, digits, and dashes. `,
    )
  })

  it.each([
    ['"b2"', 'has quotes around it'],
    ['“b2”', 'has quotes around it'],
    [`${ISC_ID}|x`, 'Use one ID per line or row, without anything else.'],
    ['b2\u001a', 'It has a character that cannot be seen.'],
    ['--', 'Remove the line of dashes, as PowerShell writes it'],
  ])('says what is wrong with %j', async (text, message) => {
    const { problems } = await readText(`a1\n${text}`)
    expect(problems).toMatchObject([{ message: expect.stringContaining(message) }])
  })

  it.each([
    [';b2\na1', 'id'],
    ['a1\n ; b2\n;c3', 'id'],
    ['a@b\n; c@d\n', 'email'],
    ['a@b\n ; c@d\n', 'email'],
    ['a1\n;,b2', 'id'],
  ] as const)('has no comments that begin with a semicolon: %j', async (text, identifyBy) => {
    const { problems } = await readText(text, { identifyBy })
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(
      /The line begins with a semicolon\. .* # there to make the line a comment\./,
    )
  })

  it.each([
    ['ids with tabs between them', 'a1\tb2\n'],
    ['a header', 'id\na1\n'],
    ['a table with commas', 'a1\nName,Identity-ID\n'],
    ['a header in another case', 'a1 EMAIL'],
  ])('is no table: %s', async (_case, text) => {
    const { problems } = await readText(text)
    expect(problems).toMatchObject([{ message: expect.stringContaining(TABLE) }])
  })

  it.each([
    [
      '- a1\n- b2\n',
      'This looks like YAML. Name the file .yml, or remove the dash at the start of each line.',
    ],
    [
      'x1\n  - a1\n',
      'This looks like YAML. Name the file .yml, or remove the dash at the start of each line.',
    ],
    ['• a1\n• b2\n', 'Lines begin with bullets. Remove them, so that each line holds the identifier alone.'],
  ])('has no bullets, which is told once: %j', async (text, reason) => {
    for (const identifyBy of ['id', 'alias', 'email'] as const) {
      const { problems } = await readText(text, { identifyBy })
      expect(problems.map(({ message }) => message).filter((message) => !message.includes('"x1"'))).toEqual([
        expect.stringMatching(reason),
      ])
    }
  })

  it.each(['null', 'undefined', 'NaN'])('holds no %s', async (text) => {
    const { problems } = await readText(`a1\n${text}\n${text}`)
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(
          /is what a program writes where a value is missing.* 1 more entry has the same problem\.$/,
        ),
      },
    ])
  })

  it('may separate addresses by semicolons, and holds nothing else with them', async () => {
    const text = 'ann@example.com; bob@example.com;\ncleo@example.com # eve@example.com'
    expect(await readText(text, { identifyBy: 'email' })).toMatchObject({
      ids: ['ann@example.com', 'bob@example.com', 'cleo@example.com'],
      problems: [],
    })
    for (const wrong of [
      'Ann <ann@example.com>',
      'mailto:ann@example.com',
      'ann@example.com bob@example.com',
      'ann',
    ])
      expect((await readText(wrong, { identifyBy: 'email' })).problems).toMatchObject([
        { message: expect.stringMatching(/Invalid email address /) },
      ])
  })

  it('may hold aliases with white space, and separates them by commas', async () => {
    const text = ' Ann Smith , bob,#c\n O’Hara (Dee) \t # Eve, Frank\n\n'
    expect(await readText(text, { identifyBy: 'alias' })).toMatchObject({
      ids: ['Ann Smith', 'bob', '#c', 'O’Hara (Dee)'],
      problems: [],
    })
    const framed = await readText('\v\fVic\v\f, LeV', { identifyBy: 'alias' })
    expect(framed).toMatchObject({ ids: ['Vic', 'LeV'], problems: [] })
    expect((await readText('ann; bob;', { identifyBy: 'alias' })).problems).toMatchObject([
      { message: expect.stringContaining('Semicolons do not separate aliases.') },
    ])
    const mixed = await readText('ann,;bob\n;cleo', { identifyBy: 'alias' })
    expect(mixed).toMatchObject({
      ids: ['ann'],
      problems: [{ message: expect.stringContaining('Semicolons') }],
    })
    expect((await readText('ann\tsmith', { identifyBy: 'alias' })).problems).toMatchObject([
      { message: expect.stringContaining(TABLE) },
    ])
  })

  it.each([
    '7',
    'A',
    '2c9180835d2e5168015d32f890ca1581',
    'ef38f943-47e9-4562-b5bb-8424a56397d8',
    'x'.repeat(64),
  ])('accepts %s', async (text) => {
    expect(await readText(text)).toMatchObject({ ids: [text], problems: [] })
  })

  it('with only comments is a list with nothing in it', async () => {
    expect(await readText('# nobody\n  # at all\n,\n')).toMatchObject({ ids: [], problems: [] })
  })

  it('may be one long line', async () => {
    const ids = Array.from({ length: 100_000 }, (_, n) => `id-${n}`)
    const reading = await readText(`${ids.join(',')} # ${'x'.repeat(1_000_000)}`)
    expect(reading.problems).toEqual([])
    expect(reading.ids).toEqual(ids)
  })
})

describe('an inline list', () => {
  it.each([
    ['on one line', '["a1", "b2"]'],
    ['on several', '[\r\n  "a1",\r\n  "b2"\r\n]'],
  ])('may be a JSON array of strings %s', async (_name, inline) => {
    expect(await read({ inline })).toMatchObject({ entries: ['-: a1', '-: b2'], problems: [] })
  })

  it('may have nothing in it', async () => {
    expect(await read({ inline: '[]' })).toMatchObject({ ids: [], duplicates: 0, problems: [] })
  })

  it.each([
    ['[{"id": "a1"}]', 'Entry 1 is an object, not a string. '],
    ['["a1", 12]', 'Entry 2 is a number, not a string. Put quotes around it.'],
    ['["a1", null]', 'Entry 2 is null, not a string. '],
    ['["a1", ["b2"]]', 'Entry 2 is an array, not a string. '],
    ['["a1", ""]', 'An identifier is empty. '],
    ['["a1", "a 1"]', 'Invalid ID "a 1". '],
  ])('in JSON holds IDs only: %s', async (inline, reason) => {
    const { problems } = await read({ inline })
    expect(problems).toEqual([{ message: expect.stringContaining(`Input \`identity-ids\`: ${reason}`) }])
  })

  it.each([
    [`a1 # Ada ${'0'.repeat(31)}1 # Bob`],
    [`# joiners ef38f943-47e9-4562-b5bb-8424a56397d8`],
    ['a1 # Ada, b2 # Bob'],
    ['ann # see bob@example.com'],
  ])('of one line whose line ends were lost is an error: %j', async (inline) => {
    for (const identifyBy of ['id', 'alias'] as const) {
      const { ids, problems } = await read({ inline, identifyBy })
      expect(ids).toEqual([])
      expect(problems).toEqual([
        { message: expect.stringMatching(/^Input `identity-ids`: .* its line ends were lost\./) },
      ])
    }
  })

  it('of one line may have one comment', async () => {
    expect(await read({ inline: 'a1 b2 # Ada and Bob #2\n' })).toMatchObject({ problems: [{}] })
    expect(await read({ inline: 'a1 b2 # Ada and Bob\n' })).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each(['[a1, b2]', '["a1"', '["a1"] # x', '[]x'])(
    'that begins like JSON has to be JSON: %s',
    async (inline) => {
      const { problems } = await read({ inline })
      expect(problems).toEqual([
        { message: expect.stringMatching(/^Input `identity-ids`: This is not valid JSON\. /) },
      ])
    },
  )

  it('shows 20 invalid entries of a JSON array, and counts the rest', async () => {
    const { problems } = await read({ inline: JSON.stringify(Array.from({ length: 25 }, (_, n) => n)) })
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)?.message).toBe('… and 5 more invalid entries.')
  })

  it('has no lines to remember', async () => {
    const { identities } = await read({ inline: 'a1\nb2' })
    expect(identities).toMatchObject([
      { identifier: 'a1', id: 'a1', file: null, line: null },
      { identifier: 'b2', id: 'b2', file: null, line: null },
    ])
  })
})

describe('a text file', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('gives each entry its line, with %s', async (_name, eol) => {
    const text = ['# list', 'a1, b2 # two', '', ' \t', 'c3', 'd\u2028e', 'f4'].join(eol)
    expect(await readFileNamed('list.txt', text)).toMatchObject({
      entries: ['2: a1', '2: b2', '5: c3', '6: d', '6: e', '7: f4'],
      problems: [],
    })
  })

  it('may begin with a byte order mark, once', async () => {
    expect(await readFileNamed('list.txt', '\ufeffa1\r\nb2\r\n')).toMatchObject({
      entries: ['1: a1', '2: b2'],
      problems: [],
    })
    expect(await readFileNamed('list.txt', '\ufeff# no\r\n\ufeff')).toMatchObject({ ids: [], problems: [] })
  })

  it('may be without a byte', async () => {
    expect(await readFileNamed('list.txt', '')).toMatchObject({ ids: [], problems: [] })
  })

  it('keeps lines and characters across the pieces a file is read in', async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => `id-${n} # Ännchen 👍`)
    const { ids, entries, problems } = await readFileNamed('list.txt', lines.join('\r\n'))
    expect(problems).toEqual([])
    expect(ids).toHaveLength(30_000)
    expect(entries.at(-1)).toBe('30000: id-29999')
  })

  it('sees a tab between columns also where a piece ends behind it', async () => {
    const piece = 64 * 1024
    const text = `${'#'.repeat(4 * piece - 5)}\na1 \t  Smith\n`
    for (let more = 0; more < 8; more += 1)
      expect((await readFileNamed('list.txt', '#'.repeat(more) + text)).problems).toEqual([
        { file: 'list.txt', line: 2, message: `list.txt: ${TABLE}` },
      ])
  })

  it.each(['alias', 'id'] as const)(
    'takes an entry of several pieces as one, and what is behind it: %s',
    async (identifyBy) => {
      const long = 'x'.repeat(300_000)
      const text = `${long},b2\n${long} # c3, d4\ne5\n`
      const { ids, problems } = await readFileNamed('list.txt', text, { identifyBy })
      expect(ids).toEqual(['b2', 'e5'])
      expect(problems).toMatchObject([{ line: 1 }, { line: 2 }])
    },
  )

  it.each(['alias', 'email'] as const)(
    'may have a piece of white space before an entry, or a comment: %s',
    async (identifyBy) => {
      for (const wide of [64 * 1024, 64 * 1024 - 4]) {
        const space = ' '.repeat(wide)
        for (const text of [`a@b\n${space}c@d`, `a@b\n${space}# e@f, g@h\nc@d`])
          expect(await readFileNamed('list.txt', text, { identifyBy })).toMatchObject({
            ids: ['a@b', 'c@d'],
            problems: [],
          })
      }
    },
  )

  it.each(['alias', 'email'] as const)(
    'is not cut where a piece ends within an entry behind wide white space: %s',
    async (identifyBy) => {
      const wide = ' '.repeat(64 * 1024 - 8)
      for (const [text, ids] of [
        [`${wide}j@smith12`, ['j@smith12']],
        [`\n${' '.repeat(2_000)}x@y\n${wide}j@smith12\n`, ['x@y', 'j@smith12']],
      ] as const)
        expect(await readFileNamed('list.txt', text, { identifyBy })).toMatchObject({ ids, problems: [] })
      for (const text of [`j@smith${wide}12`, `j@smith${' '.repeat(200_000)}12`]) {
        const { ids, problems } = await readFileNamed('list.txt', text, { identifyBy })
        expect(ids).toEqual([])
        expect(problems).toMatchObject([{ message: expect.stringContaining(TABLE) }])
      }
    },
  )

  it('may have a comment behind an entry that fills whole pieces', async () => {
    const text = `${'x'.repeat(2 * 64 * 1024 - 1)} # c3, d4\ne5\n`
    const { ids, problems } = await readFileNamed('list.txt', text, { identifyBy: 'alias' })
    expect(ids).toEqual(['e5'])
    expect(problems).toMatchObject([{ line: 1 }])
  })

  it('gives entries nothing but their text and line', async () => {
    const entries: unknown[] = []
    await readEntries(
      { name: 'list.txt', bytes: [Buffer.from('a1\n')] },
      { column: null, identifyBy: 'id', allColumns: 'usual' },
      { onEntry: (entry) => entries.push(entry), onProblem: () => undefined },
    )
    expect(entries).toEqual([{ text: 'a1', others: [], unread: [], line: 1, listedName: null, reason: null }])
  })

  it('has no vertical tabs around an address', async () => {
    const text = '\v\fann@example.com\v\f\n'
    expect(await readFileNamed('list.txt', text, { identifyBy: 'email' })).toMatchObject({
      ids: ['ann@example.com'],
      problems: [],
    })
  })

  it('keeps a Windows line end across the pieces a file is read in', async () => {
    const piece = 64 * 1024
    const text = `${'#'.repeat(piece - 1)}\r\na1\r\n`
    expect(await readFileNamed('list.txt', text)).toMatchObject({ entries: ['2: a1'] })
  })
})

describe('an alias', () => {
  it('may be any visible text', async () => {
    const inline = `O'Hara,x" y,ä\\b,a#b,(x),x@y.z,${'x'.repeat(256)}`
    expect(await read({ inline, identifyBy: 'alias' })).toMatchObject({
      ids: inline.split(','),
      problems: [],
    })
  })

  it('has no ID until it is resolved', async () => {
    const { identities } = await read({ inline: 'ann', identifyBy: 'alias' })
    expect(identities).toMatchObject([{ identifier: 'ann', id: null }])
  })
})
