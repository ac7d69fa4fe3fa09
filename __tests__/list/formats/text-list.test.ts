import { describe, expect, it } from '@jest/globals'

import { read, readFileNamed } from '../../support/list-reading.ts'

const MALFORMED =
  'is not an identity id; an id has 1 to 64 letters, digits and dashes and begins with a letter or digit.'

describe.each([
  ['an inline list', (inline: string) => read({ inline })],
  ['a text file', (text: string) => readFileNamed('list.txt', text)],
])('%s', (_name, readText) => {
  it.each([
    ['new lines', 'a1\nb2\nc3'],
    ['Windows line ends', 'a1\r\nb2\r\nc3\r\n'],
    ['old Mac line ends', 'a1\rb2\rc3'],
    ['commas', 'a1,b2,c3'],
    ['commas and white space', ' a1 , b2,\t c3 ,'],
    ['spaces and tabs', 'a1 b2\t\tc3'],
    ['blank lines and commas', '\n\na1,,\n \t \n,b2\n\nc3\n\n\n'],
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
    ['a1 "b2"', '\\"b2\\"'],
    ['a1;b2', 'a1;b2'],
    ['a1 -b2', '-b2'],
    ['a1 b_2', 'b_2'],
    ['a1 b2\0', 'b2\\u0000'],
    [`a1 ${'x'.repeat(65)}`, `${'x'.repeat(60)}…`],
    ['a1 ä', 'ä'],
  ])('does not accept %j', async (text, shown) => {
    const { problems } = await readText(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(`"${shown}" ${MALFORMED}`)
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
    ['[{"id": "a1"}]', 'entry 1 is an object, not a string.'],
    ['["a1", 12]', 'entry 2 is a number, not a string; put an id of digits in quotes.'],
    ['["a1", null]', 'entry 2 is null, not a string.'],
    ['["a1", ["b2"]]', 'entry 2 is an array, not a string.'],
    ['["a1", ""]', `"" ${MALFORMED}`],
    ['["a1", "a 1"]', `"a 1" ${MALFORMED}`],
  ])('in JSON holds ids only: %s', async (inline, reason) => {
    const { problems } = await read({ inline })
    expect(problems).toEqual([{ message: `Input identity-ids: ${reason}` }])
  })

  it.each(['[a1, b2]', '["a1"', '["a1"] # x', '[]x'])(
    'that begins like JSON has to be JSON: %s',
    async (inline) => {
      const { problems } = await read({ inline })
      expect(problems).toEqual([{ message: expect.stringMatching(/^Input identity-ids: it is not JSON: ./) }])
    },
  )

  it('shows 20 malformed entries of a JSON array, and counts the rest', async () => {
    const { problems } = await read({ inline: JSON.stringify(Array.from({ length: 25 }, (_, n) => n)) })
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)?.message).toBe('… and 5 more malformed entries of the list.')
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

  it('keeps a Windows line end across the pieces a file is read in', async () => {
    const piece = 64 * 1024
    const text = `${'#'.repeat(piece - 1)}\r\na1\r\n`
    expect(await readFileNamed('list.txt', text)).toMatchObject({ entries: ['2: a1'] })
  })

  it.each([
    ['UTF-16 with its mark', Buffer.from('\ufeffa1\nb2', 'utf16le')],
    ['UTF-16, the other way', Buffer.from('\ufeffa1\nb2', 'utf16le').swap16()],
    ['Latin-1 in a comment', Buffer.from('a1 # Jürgen\n', 'latin1')],
    ['Latin-1 far down', Buffer.from(`${'a1\n'.repeat(50_000)}ü`, 'latin1')],
    ['cut within a character', Buffer.from('a1 # ü').subarray(0, -1)],
  ])('that is not UTF-8 is refused: %s', async (_name, bytes) => {
    const { problems } = await readFileNamed('list.txt', bytes)
    expect(problems).toEqual([
      {
        message:
          'list.txt: it cannot be read: it is not UTF-8 text (UTF-16, as some spreadsheets save it, is not accepted).',
        file: 'list.txt',
      },
    ])
  })

  it('that is UTF-16 without its mark is malformed', async () => {
    const { ids, problems } = await readFileNamed('list.txt', Buffer.from('a1\nb2', 'utf16le'))
    expect(ids).toEqual([])
    expect(problems).not.toEqual([])
  })
})

describe('an alias or e-mail address', () => {
  it.each(['alias', 'email'] as const)('may be any visible text: %s', async (identifyBy) => {
    const inline = `O'Hara "x" ä\\b a#b (x) x@y.z ${'x'.repeat(256)}`
    expect(await read({ inline, identifyBy })).toMatchObject({ ids: inline.split(' '), problems: [] })
  })

  it('has no id until it is looked up', async () => {
    const { identities } = await read({ inline: 'ann', identifyBy: 'alias' })
    expect(identities).toMatchObject([{ identifier: 'ann', id: null }])
  })

  it.each([
    ['alias', 'x'.repeat(257), `"${'x'.repeat(60)}…" has more than 256 characters; an alias has 1 to 256`],
    [
      'email',
      'x'.repeat(257),
      `"${'x'.repeat(60)}…" has more than 256 characters; an e-mail address has 1 to 256`,
    ],
    ['alias', 'a\u0007', '"a\\u0007" holds control characters or halves of characters, which no alias has'],
    [
      'email',
      'a\u0085b',
      '"a\u0085b" holds control characters or halves of characters, which no e-mail address has',
    ],
  ] as const)('of type %s cannot be %j', async (identifyBy, text, reason) => {
    const { ids, problems } = await read({ inline: JSON.stringify([text]), identifyBy })
    expect(ids).toEqual([])
    expect(problems).toEqual([{ message: `Input identity-ids: ${reason}.` }])
  })
})
