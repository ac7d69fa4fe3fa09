import { describe, expect, it } from '@jest/globals'

import { DenyList } from '../../src/list/deny-list.ts'
import type { ListSettings } from '../../src/settings.ts'
import { inWorkspace, read, type Reading } from '../support/list-reading.ts'

const ANN = '2c9180835d2e5168015d32f890ca1581'
const BOB = '2c9180835d2e5168015d32f890ca1582'
/** As another system than ISC writes it. */
const GUID = 'ef38f943-47e9-4562-b5bb-8424a56397d8'

/** Reads an inline list, and deny lists of these files. */
async function readExcluding(
  files: Readonly<Record<string, string | Uint8Array>>,
  settings: Partial<ListSettings> = {},
): Promise<Reading> {
  return await inWorkspace(files, (workspace) =>
    read({ inline: 'a1', excludeFiles: Object.keys(files), workspace, ...settings }),
  )
}

const messagesOf = ({ problems }: Reading): string[] => problems.map(({ message }) => message)

/** What of these texts the deny list excludes. */
const excludedOf = ({ list }: Reading, texts: readonly string[]): string[] =>
  texts.filter((text) => (list.denyList?.match([text]) ?? null) !== null)

describe('a deny list', () => {
  it('may have any format, and names identities by any identifier', async () => {
    const reading = await readExcluding(
      {
        'deny.txt': 'Ann@Example.com # no\n',
        'leavers/b.csv': `name,id\nBob,${BOB}\n`,
        'leavers/c.json': '[{"Work Email": "cleo@example.com"}, "dee@example.com"]',
        'leavers/d.yml': '- EF38F943-47E9-4562-B5BB-8424A56397D8\n',
      },
      { inline: 'x@example.com', identifyBy: 'email' },
    )
    expect(reading.problems).toEqual([])
    expect(reading.list.denyList?.entries).toBe(5)
    const texts = [
      'ann@example.COM',
      BOB,
      'cleo@example.com',
      'ef38f94347e94562b5bb8424a56397d8',
      'x@example.com',
    ]
    expect(excludedOf(reading, texts)).toEqual(texts.slice(0, 4))
    expect(reading.list.denyList?.match(['x', BOB])).toEqual({
      by: 'deny-list',
      bySource: { file: 'leavers/b.csv', line: 2 },
    })
  })

  it.each([
    [`[{"email": true, "id": "${BOB}"}]`, []],
    [`- {email: [x], id: ${BOB}}`, []],
    [
      `[{"email": 12, "id": "${BOB}"}]`,
      ['a.json: Entry 1: "email" is a number, not a string. Put quotes around it.'],
    ],
    ['[{"email": "", "id": null}]', ['a.json: Entry 1 has no identifier. Add it, or remove the entry.']],
  ])('may lack some of its identifiers, and not all: %s', async (text, expected) => {
    const name = text.startsWith('[') ? 'a.json' : 'a.yml'
    const reading = await readExcluding({ [name]: text }, { inline: BOB })
    expect(messagesOf(reading)).toEqual(expected)
    if (expected.length === 0) expect(excludedOf(reading, [BOB])).toEqual([BOB])
  })

  it('gives the line of the identifier that it took', async () => {
    const json = `[{\n"email": null,\n"name": "x",\n"id": "${BOB}"\n}]`
    const { list } = await readExcluding({ 'a.json': json }, { inline: BOB })
    expect(list.denyList?.match([BOB])?.bySource).toEqual({ file: 'a.json', line: 4 })
  })

  it.each([
    ['SailPoint’s accounts as CSV', 'a.csv', `id,name,identityId,email\n${ANN},ann,${BOB},bob@example.com\n`],
    [
      'SailPoint’s accounts as JSON',
      'a.json',
      `[{"id": "${ANN}", "identityId": "${BOB}", "email": "bob@example.com"}]`,
    ],
  ])('counts all columns that may identify, with any identify-by: %s', async (_case, name, text) => {
    for (const settings of [{ inline: BOB }, { inline: 'bob', identifyBy: 'alias' }] as const) {
      const reading = await readExcluding({ [name]: text }, settings)
      expect(reading.problems).toEqual([])
      expect(excludedOf(reading, [ANN, BOB, 'bob@example.com'])).toHaveLength(3)
    }
  })

  it('may use other columns than the list, and has identity-id-column beside them', async () => {
    const settings = { inline: 'ann', identifyBy: 'alias', idColumn: 'login' } as const
    const reading = await readExcluding(
      { 'a.csv': 'Work Email\nbob@example.com\n', 'b.csv': 'login,id\nbob,b2\n' },
      settings,
    )
    expect(reading.problems).toEqual([])
    expect(excludedOf(reading, ['bob', 'b2', 'bob@example.com'])).toHaveLength(3)
  })

  it('may be empty on purpose', async () => {
    const reading = await readExcluding({
      'a.txt': '# none',
      'b.csv': 'id\n',
      'c.json': '[]',
      'd.yml': '# none\n',
    })
    expect(reading).toMatchObject({ ids: ['a1'], problems: [] })
    expect(reading.list.denyList?.entries).toBe(0)
  })

  it.each(['a.txt', 'a.csv', 'a.json', 'a.yml'])('must not be empty by mistake: %s', async (name) => {
    for (const text of ['', '\ufeff', ' \r\n\n'])
      expect(messagesOf(await readExcluding({ [name]: text }))).toEqual([
        expect.stringMatching(/^a\.\w+: The deny list is empty, so its export might have failed\. /),
      ])
  })

  it.each(['none.txt', 'none/*.csv', '*.csv', '../deny.txt', 'team', '# deny.txt'])(
    'must be there: %j',
    async (line) => {
      const reading = await readExcluding({ 'team/deny.txt': 'a1' }, { excludeFiles: [line] })
      expect(messagesOf(reading)).toEqual([expect.stringContaining('exclude-ids-file')])
    },
  )

  it.each([
    ['a.json', '["user.1 ", " user.2", "user.3\\u00a0", "user.4\\u200b", "\\ufeffuser.5", "us\\u00ader.6"]'],
    [
      'b.yml',
      '- "user.1 "\n- " user.2"\n- "user.3\\u00a0"\n- user.4\u200b\n- \ufeffuser.5\n- us\u00ader.6\n',
    ],
    ['c.csv', 'alias\n"user.1 "\n" user.2"\n"user.3\u00a0"\nuser.4\u200b\n"\ufeffuser.5"\nus\u00ader.6\n'],
    ['d.txt', 'user.1\nuser.2\nuser.3\u00a0\nuser.4\u200b\n\ufeffuser.5\nus\u00ader.6\n'],
  ])('excludes although the entry has characters that cannot be seen: %s', async (name, text) => {
    const aliases = [1, 2, 3, 4, 5, 6].map((n) => `User.${n}`)
    const reading = await readExcluding({ [name]: text }, { inline: 'x', identifyBy: 'alias' })
    expect(reading.problems).toEqual([])
    expect(excludedOf(reading, aliases)).toEqual(aliases)
    expect(
      excludedOf(
        reading,
        aliases.map((alias) => ` ${alias}\u200d`),
      ),
    ).toHaveLength(6)
  })

  it('may have aliases with an apostrophe inside, and with what its format keeps apart', async () => {
    const files = {
      'a.json': '["Bob \\"B\\" jr"]',
      'b.yml': '- "O\'Brien"\n',
      'c.csv': 'alias\n"Smith, Bob"\n',
    }
    const reading = await readExcluding(files, { inline: 'x', identifyBy: 'alias' })
    expect(reading.problems).toEqual([])
    expect(reading.list.denyList?.entries).toBe(3)
  })

  it('has a limit of its own, and counts towards no max-identities', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `b${n}`)
    expect((await readExcluding({ 'a.txt': ids.join('\n') }, { maxIdentities: 1 })).problems).toEqual([])
    const tooMany = Array.from({ length: 1_000_001 }, (_, n) => `b${n}`)
    expect(messagesOf(await readExcluding({ 'a.txt': tooMany.join('\n') }))).toEqual([
      'The deny lists (`exclude-ids-file`) have more than 1 million entries, the most for one run. Remove entries that are no longer needed.',
    ])
  }, 60_000)
})

it('a deny list that cannot be read is not called empty', async () => {
  const reading = await readExcluding({ 'a.csv': Buffer.of(0xff) })
  expect(messagesOf(reading)).toEqual([expect.stringMatching(/^a\.csv: The file is not UTF-8/)])
})

it.each([
  ['an HR number without its zeros', '004711', '4711'],
  ['an HR number with a decimal', '004711', '4711.0'],
  ['a number of 16 digits', '1234567890123456', '1234567890123450'],
  ['a number of 17 digits', '12345678901234507', '12345678901234500'],
  ['a bullet', 'user.1', '-user.1'],
  ['two bullets', 'user.1', '>> user.1'],
  ['a number before it', 'user.1', '1.user.1'],
  ['a longer number before it', 'user.1', '12.user.1'],
  ['an HR number in groups', '0041711', '41.711'],
  ['an HR number in groups of another country', '1041711', '"1,041,711"'],
  ['a typographic apostrophe', "O'Hara", 'O’Hara'],
  ['two spaces for one', 'bob left', 'bob  left'],
  ['a no-break space', 'bob left', 'bob\u00a0left'],
  ['a long dash', 'bob-left', 'bob–left'],
])('a deny list that a spreadsheet changed is an error: %s', async (_case, alias, changed) => {
  const settings = { inline: alias, identifyBy: 'alias' } as const
  expect(messagesOf(await readExcluding({ 'a.csv': `name,alias\nBob,${changed}\n` }, settings))).toEqual([
    expect.stringContaining(`It might be ${JSON.stringify(alias)} of the list, changed by a program.`),
  ])
  expect((await readExcluding({ 'a.csv': `name,alias\nBob,${alias}\n` }, settings)).problems).toEqual([])
})

it.each([
  ['0x-17', 'x-17'],
  ['017-x', '17-x'],
  ['x1234567890123456', 'x1234567890123450'],
  ['1234567890123456', '1234567890123450x'],
  ['x41711', 'x41.711'],
  ['41711x', '41.711x'],
  ['ab', 'a-b'],
])('beside the alias %s, no spreadsheet made %s of it', async (alias, other) => {
  const settings = { inline: alias, identifyBy: 'alias' } as const
  expect((await readExcluding({ 'a.csv': `name,alias\nBob,${other}\n` }, settings)).problems).toEqual([])
})

it('a deny list of an address with a full stop behind it is an error', async () => {
  const settings = { inline: 'bob@example.com', identifyBy: 'email' } as const
  expect(messagesOf(await readExcluding({ 'a.txt': 'bob@example.com.\n' }, settings))).toEqual([
    expect.stringContaining('It might be "bob@example.com" of the list'),
  ])
})

describe('an entry that could match no identity is an error', () => {
  it.each([
    [
      'an address beside IDs',
      'ann@example.com',
      { inline: 'a1' },
      /because the list holds IDs\. Use the ISC ID\./,
    ],
    ['an alias beside IDs', 'user_1', { inline: 'a1' }, /because the list holds IDs\. Use the ISC ID\./],
    [
      'an HR number beside ISC IDs',
      '100123',
      { inline: ANN },
      /because the list holds IDs of 32 hexadecimal digits\./,
    ],
    [
      'a user name beside ISC IDs',
      'jdoe',
      { inline: ANN },
      /because the list holds IDs of 32 hexadecimal digits\./,
    ],
    [
      'an alias beside addresses',
      'jdoe',
      { inline: 'a@b', identifyBy: 'email' },
      /because the list holds email addresses\./,
    ],
    [
      'a name before the address',
      'Ann <a@b>',
      { inline: 'a@b', identifyBy: 'email' },
      /Use the email address alone/,
    ],
    ['mailto', 'mailto:a@b', { inline: 'ann', identifyBy: 'alias' }, /Use the email address alone/],
    [
      'a wildcard',
      '*@example.com',
      { inline: 'a@b', identifyBy: 'email' },
      /Wildcards do not work in a deny list/,
    ],
    [
      'a letter that PowerShell lost',
      'j?rgen',
      { inline: 'ann', identifyBy: 'alias' },
      /Wildcards do not work in a deny list/,
    ],
    ['a domain', 'ACME\\ann', { inline: 'ann', identifyBy: 'alias' }, /part of another format/],
    [
      'two aliases on a line',
      'bob ann',
      { inline: 'ann', identifyBy: 'alias' },
      /several identifiers, or a note/,
    ],
    ['a note', 'ann (left in May)', { inline: 'ann', identifyBy: 'alias' }, /several identifiers, or a note/],
    [
      'something before the address',
      'mail=ann@example.com',
      { inline: 'ann@example.com', identifyBy: 'email' },
      /several identifiers, or a note/,
    ],
    [
      'two IDs on a line',
      `${ANN} ${BOB}`,
      { inline: 'ann', identifyBy: 'alias' },
      /several identifiers, or a note/,
    ],
    [
      'an address on the line',
      'Ann a@b',
      { inline: 'ann', identifyBy: 'alias' },
      /Use the email address alone/,
    ],
    ['quotes', '"user.1"', { inline: 'ann', identifyBy: 'alias' }, /part of another format/],
    ['an apostrophe', "'user.1", { inline: 'ann', identifyBy: 'alias' }, /begins with an apostrophe/],
    ['a semicolon', 'user.1;left', { inline: 'ann', identifyBy: 'alias' }, /part of another format/],
    ['a formula', '="user.1"', { inline: 'ann', identifyBy: 'alias' }, /is a spreadsheet formula/],
    ['a date', '10-Nov', { inline: 'ann', identifyBy: 'alias' }, /is a date\. A spreadsheet converted/],
    [
      'letters of another encoding',
      'mÃ¼ller',
      { inline: 'ann', identifyBy: 'alias' },
      /has letters that were lost/,
    ],
    [
      'a cut address',
      'ann@examp...',
      { inline: 'a@b', identifyBy: 'email' },
      /is cut off, as PowerShell shows/,
    ],
    ['an object of PowerShell', '@{alias=ann}', { inline: 'ann', identifyBy: 'alias' }, /Export-Csv/],
    ['a number', '1.23E+11', { inline: 'ann', identifyBy: 'alias' }, /is a number\. A spreadsheet converted/],
    ['nothing', 'null', { inline: 'ann', identifyBy: 'alias' }, /where a value is missing/],
    [
      'a note behind two words',
      'Ann Smith (left)',
      { inline: 'Ann Smith', identifyBy: 'alias' },
      /several identifiers, or a note/,
    ],
    [
      'a note without a space',
      'Ann Smith[left]',
      { inline: 'Ann Smith', identifyBy: 'alias' },
      /several identifiers, or a note/,
    ],
    ['a heading', 'Leavers:', { inline: 'ann', identifyBy: 'alias' }, /the message of a program, or a note/],
    ...[
      ...['(ann@example.com)', '[ann@example.com]', '“ann@example.com”', '«ann@example.com»'],
      ...['SMTP:ann@example.com', 'sip:ann@example.com', 'ann@example.com(left)', 'ann@example.com#left'],
      ...['ann@example.com|left', 'ann@example.com/left', 'ann@example.com!', 'ann@example.com-'],
    ].flatMap(
      (text) =>
        [
          [
            `an address with something around it: ${text}`,
            text,
            { inline: 'x@y', identifyBy: 'email' },
            /address alone/,
          ],
          [
            `such an address beside aliases: ${text}`,
            text,
            { inline: 'ann', identifyBy: 'alias' },
            /address alone/,
          ],
        ] as const,
    ),
    ...[
      'Ann Smith - left',
      '1 Ann Smith',
      '12  Ann Smith',
      'Ann Smith  34',
      'CN=Ann Smith,OU=x',
      'x  -  Ann Smith',
    ].map(
      (text) =>
        [
          `several words on the list among others: ${text}`,
          text,
          { inline: 'Ann Smith', identifyBy: 'alias' },
          /several identifiers, or a note/,
        ] as const,
    ),
    ...['-', '—', '.', '…-'].map(
      (text) =>
        [
          `a placeholder: ${text}`,
          text,
          { inline: 'ann', identifyBy: 'alias' },
          /would exclude no identity\./,
        ] as const,
    ),
    ['a pivot’s empty cell', '(blank)', { inline: 'ann', identifyBy: 'alias' }, /where a value is missing/],
    ['a long text', 'x'.repeat(600), { inline: 'ann', identifyBy: 'alias' }, /It is not an identifier/],
    ['nothing visible', '\u200b', { inline: 'ann', identifyBy: 'alias' }, /It is not an identifier/],
    ['a zero byte', 'a\u0001b', { inline: 'ann', identifyBy: 'alias' }, /It is not an identifier/],
  ] as const)('%s', async (_case, text, settings, reason) => {
    const csv = `Work Email\nx@example.com\n"${text.replaceAll('"', '""')}"\n`
    const { problems } = await readExcluding({ 'deny.csv': csv.replace('x@example.com', ANN) }, settings)
    expect(problems).toMatchObject([{ message: expect.stringMatching(reason), file: 'deny.csv', line: 3 }])
    const inText = await readExcluding({ 'deny.txt': `# deny\n${text}\n` }, settings)
    expect(inText.problems).not.toEqual([])
  })

  it.each(['User ID', 'User\u00a0ID', 'User  ID', '"User\nID"'])(
    'in the column of `identity-id-column`, however its name is broken: %j',
    async (heading) => {
      const settings = { inline: 'ann', identifyBy: 'alias', idColumn: 'User ID' } as const
      const reading = await readExcluding({ 'deny.csv': `id,${heading}\n1,ann\n` }, settings)
      expect(reading.problems).toEqual([])
      expect(reading.list.denyList?.match(['ann'])).not.toBeNull()
    },
  )

  it('of which .txt takes a part for a comment', async () => {
    const settings = { identifyBy: 'alias' } as const
    for (const inline of ['["svc #2", "ann"]', '["#svc", "ann"]']) {
      expect(
        messagesOf(await readExcluding({ 'deny.txt': 'zoe # left\n' }, { ...settings, inline })),
      ).toEqual([
        'deny.txt: In a .txt file, # begins a comment, but an alias on the list begins with #, or has it behind a space. Use a .json file.',
      ])
      const csv = await readExcluding({ 'deny.csv': 'alias\nzoe\n' }, { ...settings, inline })
      expect(csv.problems).toEqual([])
    }
    const within = { inline: '["svc#2"]', identifyBy: 'alias' } as const
    expect((await readExcluding({ 'deny.txt': 'zoe # left\n' }, within)).problems).toEqual([])
  })

  it.each([
    [
      'that belongs to another identity',
      { inline: 'pat@example.com', identifyBy: 'email' },
      "d'arcy@example.com\n",
    ],
    ['like one on the list', { inline: 'brien@example.com', identifyBy: 'email' }, "o'brien@example.com\n"],
    ['with dashes for what is missing', { inline: ANN }, `id,alias,email\n${ANN},--,--\n`],
    ...['r&d@example.com', 'a/b=c+d@sub-domain.example.com', '_svc@example.com', 'é@exämple.com'].map(
      (text) => [text, { inline: 'ann', identifyBy: 'alias' }, `${text}\n`] as const,
    ),
    ...['राम@उदाहरण.भारत', 'x@mu\u0308ller.de', 'x@[10.0.0.1]'].map(
      (text) => [text, { inline: 'ann', identifyBy: 'alias' }, `${text}\n`] as const,
    ),
    ['whose alias begins with another character', { inline: 'jdoe', identifyBy: 'alias' }, '_jdoe\n'],
    ...[',NULL', ',(blank)', ',mail', ',_jdoe', ',John Smith Jr', ',x@[10.0.0.1]', ',(jdoe)'].map(
      (more) =>
        [
          `beside an ISC ID: ${more}`,
          { inline: '["jdoe", "John Smith"]', identifyBy: 'alias' },
          `id,alias\n${BOB}${more}\n`,
        ] as const,
    ),
    ['that has a number within', { inline: 'Ann', identifyBy: 'alias' }, 'x1 2Ann\n'],
    ['that is a longer name', { inline: 'John Smith', identifyBy: 'alias' }, 'John Smith Jr\n'],
    ['with another in a column', { inline: 'jdoe', identifyBy: 'alias' }, 'id,added by\nbob,jdoe\n'],
    ['in a row', { inline: ANN }, `id,email\n${ANN},pat.o'brien@example.com\n`],
    [
      'in a row of an identity that is not listed',
      { inline: BOB },
      `id,email\n${ANN},pat.o'brien@example.com\n`,
    ],
  ] as const)('unless it is an address with an apostrophe: %s', async (_case, settings, text) => {
    const name = text.startsWith('id') ? 'deny.csv' : 'deny.txt'
    expect((await readExcluding({ [name]: text }, settings)).problems).toEqual([])
  })

  it.each([
    ['alias', 'id,Login\n1,ann\n', 'deny.csv', '"1"', '"ann"'],
    ['alias', 'id;name;User ID\n1;Ann Smith;ann\n', 'deny.csv', '"1"', '"ann"'],
    ['alias', 'id,Kürzel\n1,ann\n', 'deny.csv', '"1"', '"ann"'],
    ['email', 'id,E-Mail-Adresse\n1,ann@b\n', 'deny.csv', '"1"', '"ann@b"'],
    ['email', `Id,DisplayName,UserPrincipalName\n${GUID},Ann,ann@b\n`, 'deny.csv', `"${GUID}"`, '"ann@b"'],
    ['alias', `Id,userName\n${GUID},ann\n`, 'deny.csv', `"${GUID}"`, '"ann"'],
    ['alias', 'id,User\n1.,ann\n', 'deny.csv', '"1."', '"ann"'],
    ['alias', 'id;E-Mail;Login\n7;ann@example.com;ann\n', 'deny.csv', '"7"', '"ann"'],
    ['alias', 'alias,,reason\nSales,ann,left\n', 'deny.csv', '"Sales"', '"ann"'],
    ['alias', '[{"id": "7", "Username": "ann"}]', 'deny.json', '"7"', '"ann"'],
  ] as const)('whose %s is in a column that is not read: %j', async (identifyBy, text, name, read, other) => {
    const inline = identifyBy === 'alias' ? 'ann' : 'ann@b'
    const reading = await readExcluding({ [name]: text }, { inline, identifyBy })
    expect(messagesOf(reading)).toEqual([
      expect.stringContaining(
        `${read} would exclude no identity, but the entry also has ${other}, which is on the list, in a column that the action does not read. Rename that column to \`${identifyBy}\`.`,
      ),
    ])
  })

  it.each([
    ['alias', 'ann', `id,Username\n${BOB},ann\n`],
    ['alias', 'ann', 'email,Username\nann@example.com,ann\n'],
    ['email', 'ann@example.com', `id,E-Mail\n${BOB},ann@example.com\n`],
    ['alias', '1, 9', ',alias\n1,9\n'],
    ['alias', '1, 9', ',alias\n1,8\n'],
  ] as const)('unless what ISC says of its %s may match: %s', async (identifyBy, inline, text) => {
    expect((await readExcluding({ 'deny.csv': text }, { inline, identifyBy })).problems).toEqual([])
  })

  it.each([
    [
      'email,mail\nann@example.com,"bob@example.com; cy@example.com"\n',
      'email',
      'ann@example.com, bob@example.com',
    ],
    [`id,alias\n${ANN},"ann\n${BOB}"\n`, 'id', `${ANN} ${BOB}`],
    ['alias,email\nann,"-\nbob,-"\n', 'alias', 'ann, bob'],
    [`name,id\n"Ann,${ANN}\nBob",${BOB}\n`, 'alias', 'ann, bob'],
  ] as const)('also beside one that is on the list: %j', async (text, identifyBy, inline) => {
    expect(messagesOf(await readExcluding({ 'deny.csv': text }, { inline, identifyBy }))).toHaveLength(1)
  })

  it.each([
    ['user2', 'user.2'],
    ['adm01', 'adm-01'],
    ['0', 'zoe'],
    ['arcy', "d'arcy"],
  ])('unless another alias may be meant: %s is listed, %s denied', async (alias, denied) => {
    const settings = { inline: alias, identifyBy: 'alias' } as const
    expect((await readExcluding({ 'deny.txt': `${denied}\n` }, settings)).problems).toEqual([])
  })

  it('whose identifier is in a column that is not read is told once, with all that was read', async () => {
    const text = 'id,alias,Username\n7,zoe,ann\n8,zed,ann\n'
    const reading = await readExcluding({ 'deny.csv': text }, { inline: 'ann', identifyBy: 'alias' })
    expect(messagesOf(reading)).toEqual([
      expect.stringMatching(/"7", "zoe" would exclude no identity.* 1 more entry has the same problem\.$/),
    ])
    const certain = `id,alias,Username\n${BOB},zoe,ann\n`
    expect(
      (await readExcluding({ 'deny.csv': certain }, { inline: 'ann', identifyBy: 'alias' })).problems,
    ).toEqual([])
  })

  it.each([
    ...['x2026-01-03', '2026-01-03x', 'x03-01-2026', '03-01-2026x', 'x3.4.99', '3.4.99x', 'x1-mei', '1-meix'],
    ...['45.67.89', '45-67-8901', '1234-56-78', '1000-12-03', '12-xyz', '32-mei'],
  ])('unless it only holds a date: %s', async (alias) => {
    const settings = { inline: 'ann', identifyBy: 'alias' } as const
    expect((await readExcluding({ 'deny.txt': `${alias}\n` }, settings)).problems).toEqual([])
  })

  it('unless another column names an identity of the list, as one for the manager does', async () => {
    const settings = { inline: 'ann, bob', identifyBy: 'alias' } as const
    const text = 'alias,Login,manager\nbob,ann,ann\ncleo,cleo,ann\n'
    expect((await readExcluding({ 'deny.csv': text }, settings)).problems).toEqual([])
  })

  it.each([
    ['weißmann', 'weiÃŸmann'],
    ['Öst', 'Ã–st'],
    ['Äda', 'Ã„da'],
    ['łukasz', 'Å‚ukasz'],
    ['müller', 'm√ºller'],
    ['weißmann', 'wei√ümann'],
    ['müller', 'mĂĽller'],
    ['müller', 'mГјller'],
    ['müller', 'm├╝ller'],
    ['müller', 'mÃŒller'],
    ['garcía', 'garcÃ\u00ada'],
    ['città', 'cittÃ\u00a0'],
    ['jörg', 'j├Ârg'],
    ['müller', 'mΓΌller'],
    ['müller', 'mĆ¼ller'],
    ['SEP99', 'Sep-99'],
    ['SEP99', 'Sep 99'],
  ])('that a program changed: %s to %s', async (alias, changed) => {
    const settings = { inline: alias, identifyBy: 'alias' } as const
    expect(messagesOf(await readExcluding({ 'deny.txt': `${changed}\n` }, settings))).toHaveLength(1)
  })

  it.each(['3-Mrz', '1-Jan-26'])('that is a date: %s', async (date) => {
    const settings = { inline: 'ann', identifyBy: 'alias' } as const
    expect(messagesOf(await readExcluding({ 'deny.txt': `${date}\n` }, settings))).toEqual([
      expect.stringContaining('is a date. A spreadsheet converted the identifier.'),
    ])
  })

  it.each([
    ...['01-mars', '1-janv', '1-ene', '1-gen', '1-mei', '12-dub-26'],
    ...['09/01/99', '01.09.1999', '2026-01-03', '03-01-2026', '2026/1/3', '31.12.99'],
  ])('that may be a date: %s', async (date) => {
    const settings = { inline: 'ann', identifyBy: 'alias' } as const
    const text = `alias\n${date}\n`
    expect(messagesOf(await readExcluding({ 'deny.csv': text }, settings))).toEqual([
      expect.stringContaining('It looks like a date, which a spreadsheet made of an identifier.'),
    ])
    const withId = `id,alias\n${BOB},${date}\n`
    expect((await readExcluding({ 'deny.csv': withId }, settings)).problems).toEqual([])
    const listed = { inline: date, identifyBy: 'alias' } as const
    expect((await readExcluding({ 'deny.csv': text }, listed)).problems).toEqual([])
  })

  it('that is a message of a program', async () => {
    const settings = { inline: 'ann', identifyBy: 'alias' } as const
    expect(messagesOf(await readExcluding({ 'deny.txt': 'Error: token expired\n' }, settings))).toEqual([
      expect.stringContaining('It looks like the message of a program, or a note.'),
    ])
  })

  it('is told once for each cause', async () => {
    const text = '*a\n*b\nAnn <a@b>\nBob <b@b>\nError: a\nError: b\n'
    const { problems } = await readExcluding({ 'deny.txt': text }, { inline: 'ann', identifyBy: 'alias' })
    expect(problems.map(({ line }) => line)).toEqual([1, 3, 5])
  })

  it.each([
    ['where the list has IDs of any shape', { inline: `${ANN}, hr-1` }],
    ['where the list is empty', { inline: '# empty' }],
  ])('unless any ID may be meant: %s', async (_case, settings) => {
    expect((await readExcluding({ 'deny.txt': 'hr-2\n' }, settings)).problems).toEqual([])
  })

  it('of any of its columns', async () => {
    const { problems } = await readExcluding({ 'deny.csv': 'id,alias\nhr-1,ann\n' }, { inline: ANN })
    expect(problems).toMatchObject([{ message: expect.stringContaining('"hr-1", "ann" cannot match') }])
  })

  it('unless the list itself has it', async () => {
    const settings = { inline: '["ACME\\\\ann", "bob (x)"]', identifyBy: 'alias' } as const
    expect(messagesOf(await readExcluding({ 'deny.txt': 'acme\\ANN\nbob (x)\n' }, settings))).toEqual([])
  })

  it('where a comma of an alias would cut it in two', async () => {
    const settings = { inline: '["Smith, Ann", "cleo"]', identifyBy: 'alias' } as const
    expect(messagesOf(await readExcluding({ 'deny.txt': 'bob\nSmith, Ann\n' }, settings))).toEqual([
      'deny.txt: Commas separate entries here, but some aliases on the list contain a comma. Use a .csv file, with quotes around each alias that has a comma.',
    ])
    expect((await readExcluding({ 'deny.csv': 'alias\n"Smith, Ann"\n' }, settings)).problems).toEqual([])
    const json = { 'deny.json': '["bob", "Smith, Ann"]' }
    expect((await readExcluding(json, settings)).problems).toEqual([])
    const others = { inline: 'cleo', identifyBy: 'alias' } as const
    expect((await readExcluding({ 'deny.txt': 'bob, ann\n' }, others)).problems).toEqual([])
  })

  it('where no column of its row could', async () => {
    const rows = `id,email\nhr-1,\nhr-2,a@b\n,\n${ANN},\n`
    const reading = await readExcluding({ 'deny.csv': rows }, { inline: 'c@d', identifyBy: 'email' })
    expect(reading.problems).toMatchObject([{ line: 2 }])
    expect(reading.list.denyList?.entries).toBe(2)
  })

  it.each([
    ['a.csv', 'Badge\n17\n', /^a\.csv: No column `id`, /],
    ['a.csv', 'id,name\nb2,Bob,x\n', /^a\.csv: The row has 3 cells/],
    ['a.csv', 'id,name,email\nb2\n', /^a\.csv: The row has 1 cell /],
    ['a.json', '["a1"', /^a\.json: This is not valid JSON/],
    ['a.yml', '- a1\n- !!binary YjI=\n', /^a\.yml: This is not a YAML list/],
    [
      'a.txt',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      /^a\.txt: This is a Git LFS pointer/,
    ],
    ['a.txt', '[{"id": "b2"}]', /^a\.txt: This looks like JSON/],
    ['a.json', '{"error": "expired", "items": []}', /^a\.json: This is an error response of a server/],
    ['a.txt', '<html>not found</html>', /^a\.txt: This is a web page/],
    [
      'a.csv',
      'id,identifier,outcome,statusCode\nb2,b2,failed,404\n',
      /^a\.csv: This is a report of this action/,
    ],
  ])('in a file that is invalid: %s with %j', async (name, text, reason) => {
    expect(messagesOf(await readExcluding({ [name]: text }))).toEqual([expect.stringMatching(reason)])
  })
})

it('the first entry that lists an identity is the one that excludes it', () => {
  const denyList = new DenyList()
  denyList.add(['a1', 'ann'], 'x.csv', 2)
  denyList.add(['ann', 'b2'], 'y.csv', 3)
  expect(denyList.match(['zoe', 'Ann'])).toEqual({ by: 'deny-list', bySource: { file: 'x.csv', line: 2 } })
  expect(denyList.match(['B2'])?.bySource).toEqual({ file: 'y.csv', line: 3 })
  expect(denyList.match(['c3'])).toBeNull()
})
