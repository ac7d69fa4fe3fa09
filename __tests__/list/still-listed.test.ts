import { expect, it } from '@jest/globals'

import type { Identity } from '../../src/identity.ts'
import { jsonLines } from '../../src/report/file/report-file.ts'
import type { RunReport } from '../../src/report/run-report.ts'
import type { ListSettings } from '../../src/settings.ts'
import { inWorkspace, read, type Reading } from '../support/list-reading.ts'
import { failed, reportOf } from '../support/run-report.ts'

/** What is taken of a report of these identities, as far as these lists still have them. */
async function readStill(
  identities: readonly Identity[],
  files: Readonly<Record<string, string>>,
  settings: Partial<ListSettings> = {},
  changes: Partial<RunReport> = {},
): Promise<Reading> {
  const report = [...jsonLines(reportOf(identities, changes))].join('')
  return await inWorkspace({ ...files, 'r.json': report }, (workspace) =>
    read({ fromReport: 'r.json', stillListed: ['lists/*'], workspace, ...settings }),
  )
}

it('only identities are taken that the file in which the report found them still lists', async () => {
  const { ids, problems, list } = await readStill(
    [
      failed('a1', { file: 'lists/x.csv', line: 2 }),
      failed('b2', { file: 'lists/x.csv', line: 3 }),
      failed('c3', { file: 'lists/y.txt', line: 1 }),
      failed('d4', { file: 'lists/gone.txt', line: 1 }),
      failed('e5', { file: 'other/x.txt', line: 1 }),
      failed('f6', { file: null, line: null }),
    ],
    {
      'lists/x.csv': 'name,id\nAnn,A1\n',
      'lists/y.txt': 'b2 # in another list\nc3\nf6\nd4',
      'lists/z.csv': 'not,a,list\n',
      'other/x.txt': 'e5',
    },
  )
  expect(problems).toEqual([])
  expect(ids).toEqual(['a1', 'c3'])
  expect(list).toMatchObject({ listedCount: 6 })
  expect(list.excluded).toMatchObject([
    {
      id: 'b2',
      file: 'lists/x.csv',
      line: 3,
      by: 'not-listed',
      bySource: { file: 'lists/x.csv', line: null },
    },
    { id: 'd4', by: 'not-listed', bySource: { file: 'lists/gone.txt', line: null } },
    { id: 'e5', by: 'not-listed', bySource: { file: 'other/x.txt', line: null } },
    { id: 'f6', file: null, by: 'not-listed', bySource: null },
  ])
})

it('an edited report is detected by what ISC says about its IDs', async () => {
  const identities = [failed('b2', { identifier: 'ann', file: 'lists/x.csv' })]
  const settings = { idColumn: 'login', identifyBy: 'alias' } as const
  const { ids, list } = await readStill(identities, { 'lists/x.csv': 'login\nann\n' }, settings, {
    identifyBy: 'alias',
  })
  expect(ids).toEqual(['b2'].map(() => 'ann'))
  const [identity] = list.identities
  expect(identity).toBeDefined()
  const match = (texts: readonly string[]) => identity && list.stillListed?.match(identity, texts)
  expect(match(['b2', 'ann', 'ann@example.com'])).toBeNull()
  expect(match(['b2', 'bob', 'bob@example.com'])).toEqual({
    by: 'not-listed',
    bySource: { file: 'lists/x.csv', line: null },
  })
})

it('excluded identities are those of the shard', async () => {
  const identities = ['a1', 'b2', 'c3', 'd4'].map((id) => failed(id, { file: 'lists/x.txt' }))
  const shards = await Promise.all(
    [1, 2].map((index) => readStill(identities, { 'lists/x.txt': 'b2 c3' }, { shard: { index, count: 2 } })),
  )
  expect(shards.map(({ ids, list }) => [ids, list.excluded.map(({ id }) => id)])).toEqual([
    [['b2'], ['a1']],
    [['c3'], ['d4']],
  ])
})

it.each([
  ['a malformed list', { 'lists/x.txt': 'b_2' }, {}, /^lists\/x\.txt: Invalid ID "b_2"/],
  [
    'no list',
    { 'lists/x.txt': 'a1' },
    { stillListed: ['none.txt'] },
    /^Invalid path "none\.txt" in `still-listed`: /,
  ],
  [
    'another identify-by than the report’s',
    { 'lists/x.txt': 'a1' },
    { identifyBy: 'alias' },
    /^Invalid value "alias" for `identify-by`\./,
  ],
] as const)('%s is an error', async (_case, files, settings, reason) => {
  const { problems } = await readStill([failed('a1', { file: 'lists/x.txt' })], files, settings)
  expect(problems).toMatchObject([{ message: expect.stringMatching(reason) }])
})

it('an empty folder excludes all, with a warning', async () => {
  const { ids, problems, list } = await readStill(
    [failed('a1', { file: 'lists/x.txt' })],
    { 'lists/.keep': '' },
    {
      stillListed: ['lists/*.txt'],
    },
  )
  expect({ ids, problems }).toEqual({ ids: [], problems: [] })
  expect(list.warnings).toHaveLength(1)
  expect(list.excluded).toHaveLength(1)
})
