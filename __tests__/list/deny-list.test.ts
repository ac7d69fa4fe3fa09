import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../src/identity.ts'
import { excludedFrom } from '../../src/list/exclusion.ts'
import type { ListSettings } from '../../src/settings.ts'
import { inWorkspace, read, type Reading } from '../support/list-reading.ts'
import { identity } from '../support/run-report.ts'

/** Reads an inline list, and from these files who is left out. */
async function readExcluding(
  files: Readonly<Record<string, string>>,
  excludeFiles: readonly string[] = Object.keys(files),
  settings: Partial<ListSettings> = {},
): Promise<Reading> {
  return await inWorkspace(files, (workspace) => read({ inline: 'a1', excludeFiles, workspace, ...settings }))
}

const messagesOf = ({ problems }: Reading): string[] => problems.map(({ message }) => message)

describe('who is left out', () => {
  it('stands in lists of any format, by any name, folded to one case', async () => {
    const files = {
      'deny.txt': 'A1 # no\nann@Example.com',
      'leavers/b.csv': 'id,name\nB2,Bob\n',
      'leavers/c.json': '["Smith, Cleo", {"id": "C3"}]',
      'leavers/d.yml': '- Dee\n',
    }
    const { list, problems } = await readExcluding(files, Object.keys(files), { identifyBy: 'email' })
    expect(problems).toEqual([])
    expect(list.excluded).toEqual(new Set(['a1', 'ann@example.com', 'b2', 'smith, cleo', 'c3', 'dee']))
  })

  it('may be nobody', async () => {
    const files = { 'a.txt': '', 'b.csv': 'id\n', 'c.json': '[]', 'd.yml': '# nobody\n' }
    const { list, ids, problems } = await readExcluding(files)
    expect(problems).toEqual([])
    expect(list.excluded).toEqual(new Set())
    expect(ids).toEqual(['a1'])
  })

  it('is nobody where no list is named', async () => {
    expect((await read({ inline: 'a1' })).list.excluded).toBeNull()
  })

  it('is found in the column that is named', async () => {
    const { list, problems } = await readExcluding({ 'b.csv': 'id,login\nx,bob\n' }, ['b.csv'], {
      idColumn: 'login',
      identifyBy: 'alias',
    })
    expect(problems).toEqual([])
    expect(list.excluded).toEqual(new Set(['bob']))
  })
})

describe('a list of who is left out cannot get lost', () => {
  it('by names that no list of ids holds', async () => {
    const reading = await readExcluding({ 'deny.csv': 'id\nA1\nann@example.com\n' })
    expect(reading.problems).toEqual([
      {
        message: expect.stringMatching(/^deny\.csv: "ann@example\.com" is not an identity id.*nobody out\.$/),
        file: 'deny.csv',
        line: 3,
      },
    ])
  })

  it.each(['none.txt', 'none/*.csv', '../deny.txt', 'team', '# deny.txt'])('by %j', async (line) => {
    const reading = await readExcluding({ 'team/deny.txt': 'a1' }, [line])
    expect(messagesOf(reading)).toEqual([expect.stringMatching(/^Input exclude-ids-file: /)])
  })

  it.each([
    ['a.json', '["user.1 ", " user.2", "user.3\\u00a0", "user.4\\u200b", "\\ufeffuser.5", "us\\u00ader.6"]'],
    [
      'b.yml',
      '- "user.1 "\n- " user.2"\n- "user.3\\u00a0"\n- user.4\u200b\n- \ufeffuser.5\n- us\u00ader.6\n',
    ],
    ['c.csv', 'id\n"user.1 "\n" user.2"\n"user.3\u00a0"\nuser.4\u200b\n"\ufeffuser.5"\nus\u00ader.6\n'],
    ['d.txt', 'user.1\nuser.2\nuser.3\u00a0\nuser.4\u200b\n\ufeffuser.5\nus\u00ader.6\n'],
  ])('by what nobody sees in it: %s', async (name, text) => {
    const aliases = [1, 2, 3, 4, 5, 6].map((n) => `user.${n}`)
    const { list, problems } = await readExcluding({ [name]: text }, [name], { identifyBy: 'alias' })
    expect(problems).toEqual([])
    const listed = aliases.map((identifier, n) => identity(`a${n}`, { identifier }))
    expect(excludedFrom(listed, list.excluded ?? new Set()).size).toBe(6)
    const hidden = aliases.map((alias, n) => identity(`a${n}`, { identifier: ` ${alias}\u200d` }))
    expect(excludedFrom(hidden, list.excluded ?? new Set()).size).toBe(6)
  })

  it.each([
    ['a.txt', '"user.1"', 1],
    ['a.txt', "'user.1'", 1],
    ['a.txt', 'user.0\nuser.1;\n', 2],
    ['b.csv', 'id\nuser.1;left\n', 2],
    ['b.csv', 'id,why\nuser.1;left\n', 2],
    ['c.json', '["\\u200b"]', 1],
  ])('by pieces of another format: %s with %j', async (name, text, line) => {
    const { problems } = await readExcluding({ [name]: text }, [name], { identifyBy: 'alias' })
    expect(problems).toEqual([
      {
        message: expect.stringMatching(
          /looks like a piece of another format, which would leave nobody out; .* by its id\.$/,
        ),
        file: name,
        line,
      },
    ])
  })

  it('but may hold an apostrophe, and what its format keeps apart', async () => {
    const files = {
      'a.json': '["Bob \\"B\\"; jr"]',
      'b.yml': '- "\'t Hooft"\n',
      'c.csv': "id\nO'Brien\n't Hooft\n",
    }
    const { list, problems } = await readExcluding(files, Object.keys(files), { identifyBy: 'alias' })
    expect(problems).toEqual([])
    expect(list.excluded?.size).toBe(3)
  })

  it.each([
    ['a.txt', 'a\u0000b', 1],
    ['b.csv', 'id,name\nb2,Bob,x\n', 2],
    ['c.csv', 'name\nBob\n', 1],
    ['d.json', '["a1"', 1],
    ['e.yml', '- a1\n- !!binary YjI=\n', 2],
    ['f.json', '[""]', 1],
    ['g.xml', '<id/>', undefined],
  ])('by being malformed: %s', async (name, text, line) => {
    const { problems } = await readExcluding({ [name]: text })
    expect(problems).toEqual([
      {
        message: expect.stringMatching(new RegExp(`^${name.replace('.', '\\.')}: `)),
        file: name,
        ...(line === undefined ? {} : { line }),
      },
    ])
  })
})

it('people are left out by their id or by the text given, in any case', () => {
  const excluded = new Set(['a1', 'bob', 'c3'])
  const listed: Identity[] = [
    identity('A1'),
    identity('b2', { identifier: 'Bob' }),
    identity('C3', { identifier: 'cleo' }),
    identity('d4', { identifier: 'dee' }),
    identity('e5', { identifier: 'a10', id: null }),
  ]
  expect([...excludedFrom(listed, excluded)].map(({ identifier }) => identifier)).toEqual([
    'A1',
    'Bob',
    'cleo',
  ])
})
