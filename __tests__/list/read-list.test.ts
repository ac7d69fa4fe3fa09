import { chmodSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import type { IdentifyBy, ListSettings } from '../../src/settings.ts'
import { inWorkspace, read, readFileNamed, type Reading } from '../support/list-reading.ts'

const messagesOf = ({ problems }: Reading): string[] => problems.map(({ message }) => message)

/** Reads all of these files. */
async function readAll(
  files: Readonly<Record<string, string>>,
  settings: Partial<ListSettings> = {},
): Promise<Reading> {
  return await inWorkspace(files, (workspace) => read({ files: Object.keys(files), workspace, ...settings }))
}

describe('a list', () => {
  it('keeps the order first seen, and counts what it removes', async () => {
    expect(await read({ inline: 'b2 a1 b2 c3 a1 b2' })).toMatchObject({
      ids: ['b2', 'a1', 'c3'],
      duplicates: 3,
      problems: [],
    })
  })

  it('counts duplicates over all its files, and keeps the place of the first', async () => {
    const { identities, duplicates } = await readAll({
      'a.txt': 'a1\nb2',
      'b.csv': 'id\nb2\nc3\n',
      'c.json': '["c3", "d4"]',
      'd.yml': '- a1\n- e5\n',
    })
    expect(identities.map(({ identifier, file, line }) => [identifier, file, line])).toEqual([
      ['a1', 'a.txt', 1],
      ['b2', 'a.txt', 2],
      ['c3', 'b.csv', 3],
      ['d4', 'c.json', 1],
      ['e5', 'd.yml', 2],
    ])
    expect(duplicates).toBe(3)
  })

  it('of IDs has nothing to resolve', async () => {
    const { identities } = await read({ inline: 'a1' })
    expect(identities).toMatchObject([{ identifier: 'a1', id: 'a1', file: null, line: null }])
  })

  it.each(['alias', 'email'] as const)('of another sort (%s) has no IDs yet', async (identifyBy) => {
    const { identities } = await read({ inline: 'a1@b', identifyBy })
    expect(identities).toMatchObject([{ identifier: 'a1@b', id: null }])
  })

  it('may be an inline array of strings, and of nothing else', async () => {
    expect(await read({ inline: '["b2", "a1", "b2"]' })).toMatchObject({
      ids: ['b2', 'a1'],
      duplicates: 1,
      problems: [],
    })
    expect(await read({ inline: '["b2", {"id": "a1"}]' })).toMatchObject({
      ids: ['b2'],
      problems: [
        { message: expect.stringContaining('Input `identity-ids`: Entry 2 is an object, not a string.') },
      ],
    })
  })

  it.each([
    ['inline, an empty array', { inline: '[]' }],
    ['inline, comments only', { inline: '# none\n  # none' }],
  ])('may have nothing in it: %s', async (_case, settings) => {
    expect(await read(settings)).toMatchObject({ ids: [], duplicates: 0, problems: [] })
  })

  it.each([
    ['list.txt', '# none\n'],
    ['list.csv', 'id\n'],
    ['list.json', '[]'],
    ['list.yml', '# none\n'],
  ])('may have nothing in it: %s', async (name, content) => {
    expect(await readFileNamed(name, content)).toMatchObject({ ids: [], duplicates: 0, problems: [] })
  })
})

describe('the extension says what a file is', () => {
  it.each([
    ['list.txt', 'a1, b2'],
    ['list.TXT', 'a1, b2'],
    ['list.old.txt', 'a1, b2'],
    ['list.csv', 'id\na1\nb2'],
    ['List.Csv', 'id\na1\nb2'],
    ['list.json', '["a1", "b2"]'],
    ['list.JSON', '["a1", "b2"]'],
    ['list.yml', '- a1\n- b2'],
    ['list.yaml', '- a1\n- b2'],
    ['list.YAML', '- a1\n- b2'],
  ])('%s', async (name, content) => {
    expect(await readFileNamed(name, content)).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each(['list.xml', 'list', 'list.txt.bak', 'list.', '.txt', 'list.jsonl'])('not %s', async (name) => {
    expect(await readFileNamed(name, 'a1')).toMatchObject({
      ids: [],
      problems: [
        { message: expect.stringContaining(`${name}: The file name must end in .txt, .csv, `), file: name },
      ],
    })
  })
})

it.each(['list.xlsx', 'list.ods', 'list.fods'])('a workbook says how to save it: %s', async (name) => {
  expect((await readFileNamed(name, 'PK')).problems).toMatchObject([
    {
      message: expect.stringMatching(/is a spreadsheet workbook, not a list\. Save the sheet as "CSV UTF-8"/),
    },
  ])
})

it('a file that cannot be read does not keep the others from being read', async () => {
  await inWorkspace({ 'a.txt': Buffer.of(0xff), 'b.txt': 'b2' }, async (workspace) => {
    expect(await read({ files: ['*.txt'], workspace })).toMatchObject({ ids: ['b2'], problems: [{}] })
  })
})

// Nothing is forbidden to root, and Windows has no such permission.
const asUser = process.platform === 'win32' || process.getuid?.() === 0 ? it.skip : it

asUser.each(['list.txt', 'list.csv', 'list.json', 'list.yml'])(
  'a file that may not be read is named: %s',
  async (name) => {
    await inWorkspace({ [name]: 'id\na1\n' }, async (workspace) => {
      chmodSync(join(workspace, name), 0o000)
      expect(await read({ files: [name], workspace })).toMatchObject({
        ids: [],
        problems: [
          {
            message: expect.stringMatching(
              /^list\.\w+: The file cannot be read: EACCES: permission denied, open .*\.$/,
            ),
            file: name,
          },
        ],
      })
    })
  },
)

describe('invalid entries', () => {
  it('of an inline list name the input', async () => {
    expect(await read({ inline: 'a1\nb_2' })).toMatchObject({
      ids: ['a1'],
      problems: [
        {
          message:
            'Input `identity-ids`: Invalid ID "b_2". An ISC ID has 1 to 64 letters, digits, and dashes. To list aliases, set `identify-by` to `alias`.',
        },
      ],
    })
  })

  it('of an inline array name the input', async () => {
    const reading = await read({ inline: '["a1", 7' })
    expect(messagesOf(reading).at(-1)).toMatch(/^Input `identity-ids`: This is not valid JSON\. .*\.$/)
    expect(reading.problems[0]).not.toHaveProperty('line')
  })

  it('of a file name the file and the line', async () => {
    const { ids, problems } = await readFileNamed('list.txt', 'a1\n\nb_2 c3\n')
    expect(ids).toEqual(['a1', 'c3'])
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^list\.txt: Invalid ID "b_2"/), file: 'list.txt', line: 3 },
    ])
  })

  it('of a JSON file name the line on which they begin', async () => {
    const linesOf = async (json: string): Promise<unknown[]> => {
      const { identities, problems } = await readFileNamed('list.json', json)
      return [identities.map(({ line }) => line), problems.map(({ line }) => line)]
    }
    expect(await linesOf('[\n"a1",\n"b_2"\n,\n"c3"]')).toEqual([[2, 5], [3]])
    expect(await linesOf('[7,\n8,\n  null,\n"a1", "b_2",\n{}]')).toEqual([[4], [1, 2, 3, 4, 5]])
    expect(await linesOf(`[${'\n'.repeat(11)}"a1" "b2"]`)).toEqual([[12], [12]])
  })

  it('are not counted as duplicates', async () => {
    expect(await read({ inline: 'b_2 b_2' })).toMatchObject({ duplicates: 0, problems: [{}, {}] })
  })
})

describe('an identifier', () => {
  const readEntry = (entry: string, identifyBy: IdentifyBy): Promise<Reading> =>
    readFileNamed('list.json', JSON.stringify([entry]), { identifyBy })

  it.each(['ann', 'ann smith', 'Ärm, "C" \\', '-', 'ann@example.com', '👩', 'y'.repeat(256)])(
    'may be the alias %j',
    async (entry) => {
      expect(await readEntry(entry, 'alias')).toMatchObject({ ids: [entry], problems: [] })
    },
  )

  it.each([
    ['alias', '', /^list\.json: An identifier is empty\./],
    ['alias', 'y'.repeat(257), /has more than 256 characters/],
    ['alias', '👩'.repeat(257), /has more than 256 characters/],
    ['alias', 'a\0b', /has no control characters/],
    ['alias', 'a\u0085', /has no control characters|cannot be seen/],
    ['alias', 'a\nb', /has no control characters/],
    ['alias', '\ud800', /has no control characters/],
    ['alias', 'J\ufffdrgen', /letters that were lost when the file was saved/],
    ['alias', 'us\u00ader', /has a character that cannot be seen/],
    ['alias', 'user\u200b', /has a character that cannot be seen/],
    ['alias', 'user\u00a0', /has a character that cannot be seen/],
    ['email', 'ann', /Invalid email address "ann"\. An address has one @/],
    ['email', 'a@b@c', /Invalid email address/],
    ['email', '@b', /Invalid email address/],
    ['email', 'a@', /Invalid email address/],
    ['email', 'a@b;c@d', /Invalid email address/],
    ['email', 'Ann <a@b>', /Use the address alone/],
    ['email', 'mailto:a@b', /Use the address alone/],
    ['email', `${'y'.repeat(256)}@b`, /has more than 256 characters/],
    ['id', 'x'.repeat(65), /Invalid ID/],
    ['id', '-a', /Invalid ID/],
    ['id', 'ann@example.com', /Set `identify-by` to `email`/],
    ['id', 'null', /where a value is missing/],
    ['id', 'identityId', /is the name of a column/],
    ['alias', 'Display Name', /is the name of a column/],
    ['alias', '########', /is what a spreadsheet writes for a formula that failed/],
    ['alias', '#N/A', /is what a spreadsheet writes/],
    ['alias', '#NV', /is what a spreadsheet writes/],
    ['alias', '#¡VALOR!', /is what a spreadsheet writes/],
    ['alias', '#DIV/0!', /is what a spreadsheet writes/],
    ['alias', 'Err:502', /is what a spreadsheet writes/],
    ['email', '2c9180835d2e5168015d32f890ca1581', /is an ISC ID, not an email address/],
  ] as const)('cannot be the %s %j', async (identifyBy, entry, reason) => {
    expect(await readEntry(entry, identifyBy)).toMatchObject({
      ids: [],
      problems: [{ message: expect.stringMatching(reason), line: 1 }],
    })
  })

  it.each([
    ['id', '\u200b2c91\u00ad80 ', '2c9180'],
    ['id', '\u00a0a1\u00a0', 'a1'],
    ['email', 'ann@example.com\u200b', 'ann@example.com'],
  ] as const)('%s %j is taken without what cannot be seen', async (identifyBy, entry, text) => {
    expect(await readEntry(entry, identifyBy)).toMatchObject({ ids: [text], problems: [] })
  })

  it('of 32 hexadecimal digits is the same with dashes', async () => {
    const inline = 'ef38f943-47e9-4562-b5bb-8424a56397d8 EF38F94347E94562B5BB8424A56397D8'
    expect(await read({ inline })).toMatchObject({ duplicates: 1, ids: [inline.split(' ')[0]] })
  })
})

describe('identity-id-column', () => {
  const UNUSED =
    'Input `identity-id-column` is set, but no list has columns or keys. Remove it, or use CSV, JSON, or YAML files.'

  it.each([
    ['an inline list', { inline: 'a1' }],
    ['an inline array', { inline: '["a1"]' }],
  ])('is a mistake with %s', async (_case, settings) => {
    expect(messagesOf(await read({ ...settings, idColumn: 'id' }))).toEqual([UNUSED])
  })

  it('is a mistake with text files only', async () => {
    const files = { 'a.txt': 'a1', 'b.TXT': 'b2' }
    expect(messagesOf(await readAll(files, { idColumn: 'id' }))).toEqual([UNUSED])
    expect(messagesOf(await readAll(files))).toEqual([])
  })

  it('is for the files that have columns or keys', async () => {
    const reading = await readAll(
      {
        'a.txt': 'a1',
        'b.csv': 'id,key\nno,b2',
        'c.json': '[{"id": "no", "key": "c3"}]',
        'd.yml': '- { id: no, key: d4 }',
      },
      { idColumn: 'key' },
    )
    expect(reading).toMatchObject({ ids: ['a1', 'b2', 'c3', 'd4'], problems: [] })
  })

  it('is no further mistake where no file is found', async () => {
    await inWorkspace({}, async (workspace) => {
      const reading = await read({ files: ['none.csv'], idColumn: 'key', workspace })
      expect(messagesOf(reading)).toEqual([
        expect.stringContaining('"none.csv" in `identity-ids-file`: it does not exist.'),
      ])
    })
  })
})

describe('max-identities', () => {
  it('is the length up to which a list is accepted', async () => {
    expect((await read({ inline: 'a1 b2 c3', maxIdentities: 3 })).problems).toEqual([])
    expect(messagesOf(await read({ inline: 'a1 b2 c3 d4', maxIdentities: 3 }))).toEqual([
      'The list is longer than `max-identities` (3), so reading stopped. Check the list, or increase `max-identities`.',
    ])
  })

  it('counts each identity once', async () => {
    expect((await read({ inline: 'a1 b2 a1 b2', maxIdentities: 2 })).problems).toEqual([])
  })

  it('counts the whole list, not a shard of it', async () => {
    const shard = { index: 1, count: 2 }
    const reading = await read({ inline: 'a1 b2 c3 d4', maxIdentities: 3, shard })
    expect(messagesOf(reading)).toEqual([expect.stringContaining('longer than `max-identities` (3)')])
  })
})

it('everything that is wrong with a list is reported at once', async () => {
  const files = { 'a.txt': 'a1\nb_2', 'b.csv': 'name\nAnn', 'c.json': '{', 'd.txt': 'd4' }
  await inWorkspace(files, async (workspace) => {
    const reading = await read({ files: ['../x.txt', '*.*', 'none.yml'], maxIdentities: 1, workspace })
    expect(messagesOf(reading).map((message) => message.split(':')[0])).toEqual([
      'Invalid path "../x.txt" in `identity-ids-file`',
      'Invalid path "none.yml" in `identity-ids-file`',
      'a.txt',
      'b.csv',
      'c.json',
      'The list is longer than `max-identities` (1), so reading stopped. Check the list, or increase `max-identities`.',
    ])
  })
})

it('a list says how many identities it has before its shard is taken, and what is worth a warning', async () => {
  await inWorkspace({ 'a.txt': 'a1 b2 c3' }, async (workspace) => {
    const { list } = await read({ files: ['a.txt', '*.csv'], workspace, shard: { index: 1, count: 3 } })
    expect(list).toMatchObject({
      listedCount: 3,
      identities: [{ id: 'a1' }],
      report: null,
      denyList: null,
      excluded: [],
    })
    expect(list.warnings).toEqual(['"*.csv" in `identity-ids-file` matches no file, so it is an empty list.'])
  })
})
