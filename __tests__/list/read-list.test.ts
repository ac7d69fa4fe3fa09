import { chmodSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import type { ListSettings } from '../../src/settings.ts'
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

  it('of ids needs no look-up', async () => {
    const { identities } = await read({ inline: 'a1' })
    expect(identities).toMatchObject([{ identifier: 'a1', id: 'a1', file: null, line: null }])
  })

  it.each(['alias', 'email'] as const)('of another sort (%s) has no ids yet', async (identifyBy) => {
    const { identities } = await read({ inline: 'a1', identifyBy })
    expect(identities).toMatchObject([{ identifier: 'a1', id: null }])
  })

  it('may be an inline array of strings, and of nothing else', async () => {
    expect(await read({ inline: '["b2", "a1", "b2"]' })).toMatchObject({
      ids: ['b2', 'a1'],
      duplicates: 1,
      problems: [],
    })
    expect(await read({ inline: '["b2", {"id": "a1"}]' })).toMatchObject({
      ids: ['b2'],
      problems: [{ message: 'Input identity-ids: entry 2 is an object, not a string.' }],
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
        { message: `${name}: its extension is not one of .txt, .csv, .json, .yml, .yaml.`, file: name },
      ],
    })
  })
})

describe('a file that is not UTF-8', () => {
  const utf16 = Buffer.from('\ufeffid\na1\n', 'utf16le')
  it.each(['list.txt', 'list.csv', 'list.json', 'list.yml'])('is named: %s', async (name) => {
    const { ids, problems } = await readFileNamed(name, utf16)
    expect(ids).toEqual([])
    expect(problems).toEqual([
      {
        message: `${name}: it cannot be read: it is not UTF-8 text (UTF-16, as some spreadsheets save it, is not accepted).`,
        file: name,
      },
    ])
  })

  it('does not keep the others from being read', async () => {
    await inWorkspace({ 'a.txt': utf16, 'b.txt': 'b2' }, async (workspace) => {
      expect(await read({ files: ['*.txt'], workspace })).toMatchObject({ ids: ['b2'], problems: [{}] })
    })
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
              /^list\.\w+: it cannot be read: EACCES: permission denied, open .*\.$/,
            ),
            file: name,
          },
        ],
      })
    })
  },
)

describe('malformed entries', () => {
  it('of an inline list name the input', async () => {
    expect(await read({ inline: 'a1\nb_2' })).toMatchObject({
      ids: ['a1'],
      problems: [
        {
          message:
            'Input identity-ids: "b_2" is not an identity id; an id has 1 to 64 letters, digits and dashes and begins with a letter or digit.',
        },
      ],
    })
  })

  it('of an inline array name the input', async () => {
    const reading = await read({ inline: '["a1", 7' })
    expect(messagesOf(reading).at(-1)).toMatch(/^Input identity-ids: it is not JSON: .*\.$/)
    expect(reading.problems[0]).not.toHaveProperty('line')
  })

  it('of a file name the file and the line', async () => {
    const { ids, problems } = await readFileNamed('list.txt', 'a1\n\nb_2 c3\n')
    expect(ids).toEqual(['a1', 'c3'])
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^list\.txt: "b_2" is not/), file: 'list.txt', line: 3 },
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

describe('an alias or e-mail address', () => {
  const readEntry = (entry: string, identifyBy: 'alias' | 'email'): Promise<Reading> =>
    readFileNamed('list.json', JSON.stringify([entry]), { identifyBy })

  it.each(['ann', 'ann smith', 'Ärm, "C" \\', '-', 'ann@example.com', '👩'])('may be %j', async (entry) => {
    for (const identifyBy of ['alias', 'email'] as const) {
      expect(await readEntry(entry, identifyBy)).toMatchObject({ ids: [entry], problems: [] })
    }
  })

  it('has 1 to 256 characters', async () => {
    const longest = 'y'.repeat(256)
    expect(await readEntry(longest, 'alias')).toMatchObject({ ids: [longest], problems: [] })
    expect(await readEntry(longest, 'email')).toMatchObject({ ids: [longest], problems: [] })
    expect(messagesOf(await readEntry('', 'alias'))).toEqual([
      'list.json: "" has 0 characters; an alias has 1 to 256.',
    ])
    expect(messagesOf(await readEntry('y'.repeat(257), 'email'))).toEqual([
      `list.json: "${'y'.repeat(60)}…" has more than 256 characters; an e-mail address has 1 to 256.`,
    ])
  })

  it.each(['a\0b', 'a\u0007', '\u007f', 'a\u0085', 'a\nb', '\ud800', 'a\udc00b'])(
    'has no control characters and no halves of characters: %j',
    async (entry) => {
      expect(messagesOf(await readEntry(entry, 'alias'))).toEqual([
        `list.json: ${JSON.stringify(entry)} holds control characters or halves of characters, which no alias has.`,
      ])
      expect(messagesOf(await readEntry(entry, 'email'))).toEqual([
        `list.json: ${JSON.stringify(entry)} holds control characters or halves of characters, which no e-mail address has.`,
      ])
    },
  )

  it('is shown whole up to 60 characters', async () => {
    const long = `${'y'.repeat(59)}\0`
    expect(messagesOf(await readEntry(long, 'alias'))[0]).toContain(`${'y'.repeat(59)}\\u0000"`)
  })

  it('may not be what an id may not be, and the reverse', async () => {
    expect((await readEntry('ann smith', 'alias')).problems).toEqual([])
    expect((await readFileNamed('list.json', '["ann smith"]')).problems).toHaveLength(1)
  })
})

describe('identity-id-column', () => {
  const UNUSED =
    'Input identity-id-column is given, but nothing in this list has columns or keys; it is for CSV, JSON and YAML files.'

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
      expect(messagesOf(reading)).toEqual([expect.stringContaining('"none.csv" matches no file')])
    })
  })
})

describe('max-identities', () => {
  it('is the length up to which a list is accepted', async () => {
    expect((await read({ inline: 'a1 b2 c3', maxIdentities: 3 })).problems).toEqual([])
    expect(messagesOf(await read({ inline: 'a1 b2 c3 d4', maxIdentities: 3 }))).toEqual([
      'Input max-identities: the list is longer than 3, the most that is accepted; it was read no further.',
    ])
  })

  it('counts each identity once', async () => {
    expect((await read({ inline: 'a1 b2 a1 b2', maxIdentities: 2 })).problems).toEqual([])
  })

  it('counts the whole list, not a shard of it', async () => {
    const shard = { index: 1, count: 2 }
    const reading = await read({ inline: 'a1 b2 c3 d4', maxIdentities: 3, shard })
    expect(messagesOf(reading)).toEqual([expect.stringContaining('the list is longer than 3,')])
  })
})

it('everything that is wrong with a list is reported at once', async () => {
  const files = { 'a.txt': 'a1\nb_2', 'b.csv': 'name\nAnn', 'c.json': '{', 'd.txt': 'd4' }
  await inWorkspace(files, async (workspace) => {
    const reading = await read({ files: ['../x.txt', '*.*', 'none.yml'], maxIdentities: 1, workspace })
    expect(messagesOf(reading).map((message) => message.split(/[:;]/)[0])).toEqual([
      'Input identity-ids-file',
      'Input identity-ids-file',
      'a.txt',
      'b.csv',
      'c.json',
      'Input max-identities',
    ])
  })
})
