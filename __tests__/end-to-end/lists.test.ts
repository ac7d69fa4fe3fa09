import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { describe, expect, test } from '@jest/globals'

import { FORMATS, listFile } from '../../dev/demo/demo-list.ts'
import { runAction } from '../../dev/run-action.ts'
import { identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { pageOf, readingOf } from '../../dev/rendered-markdown.ts'
import { listsOf, MAY_NOT_READ, requestsTo, runAgainst, tenantWith } from '../support/tenant.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'lists')
/** The identities in every fixture that holds IDs. */
const PEOPLE = [1, 2, 3, 4].map((n) => `2c9180835d2e5168015d32f890ca158${n}`)

interface Entry {
  readonly id: string | null
  readonly identifier: string
  readonly message: string | null
  readonly source: { file: string; line: number } | null
}

function entriesOf(report: string | null): Entry[] {
  return (JSON.parse(report ?? '') as { identities: Entry[] }).identities
}

describe('a file as a team keeps it', () => {
  const names = readdirSync(FIXTURES).filter((name) => !/^(aliases|emails)\./.test(name))
  test.each(names)('%s', async (name) => {
    const tenant = await tenantWith({ extra: PEOPLE.map((id) => ({ id })) })
    const content = readFileSync(join(FIXTURES, name))
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': `lists/${name}` },
      { files: { [`lists/${name}`]: content } },
    )
    expect(listsOf(run)).toEqual({ succeeded: PEOPLE, failed: [], unprocessed: [] })
    const lines = content.toString().split(/\r\n?|\n/)
    for (const { identifier, source } of entriesOf(run.report)) {
      expect(source?.file).toBe(`lists/${name}`)
      // In JSON and YAML, an entry's line is where it begins.
      const from = (source?.line ?? 0) - 1
      expect(lines.slice(from, from + 4).join('\n')).toContain(identifier)
    }
  })

  test.each(FORMATS)('in the format %s gives the same identities as in any other', async (format) => {
    const tenant = await tenantWith({ identities: { disabled: 30 } })
    const { inputs, files } = listFile(format, [...tenant.identities.values()], 0)
    expect(listsOf(await runAgainst(tenant, inputs, { files })).succeeded).toEqual(identityIds(30))
  })
})

test('several files, by path and by glob: in the order of the paths, globs sorted, without duplicates', async () => {
  const tenant = await tenantWith()
  const [a, b, c, d] = identityIds(4)
  const run = await runAgainst(
    tenant,
    { 'identity-ids-file': 'teams/**/*.txt\nextra.json\nteams/b.txt\n!teams/old/**' },
    {
      files: {
        'teams/b.txt': `${b}\r\n${a}\r\n`,
        'teams/a/more.txt': `${a}`,
        'teams/old/gone.txt': 'gone',
        'extra.json': JSON.stringify([d, c]),
      },
    },
  )
  expect(listsOf(run).succeeded).toEqual([a, b, d, c])
  expect(run.stdout).toMatch(/4 identities.*1 duplicate/)
})

describe('what is wrong with a list', () => {
  test('is reported all together, at its lines, and nothing is submitted', async () => {
    const tenant = await tenantWith()
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'a.txt\nb.csv\nc.yml\nd.xml\nmissing.txt\n../out.txt' },
      {
        files: {
          'a.txt': `good\n${Array.from({ length: 30 }, (_, n) => `b@d-${n}`).join('\n')}\n`,
          'b.csv': 'name\nAnn\n',
          'c.yml': 'id: 1\n',
          'd.xml': '<id/>',
        },
      },
    )
    expect(run.exitCode).toBe(1)
    expect(tenant.requests).toEqual([])
    expect(run.stdout).toMatch(/::error [^:]*file=a\.txt,line=2::Line 2 of a\.txt: "b@d-0" .*email/)
    const shown = readingOf(pageOf(run.summary))
    for (const text of ['b.csv', 'c.yml', 'd.xml', 'missing.txt', 'out.txt']) {
      expect(shown).toContain(text)
    }
    expect(listsOf(run).unprocessed).toEqual(['good'])
  })

  // Links need a privilege on Windows.
  const onPosix = process.platform === 'win32' ? test.skip : test
  onPosix('may be a file that leads out of the workspace by way of a symbolic link', async () => {
    const tenant = await tenantWith()
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'lists/*.txt' },
      {
        files: { 'lists/inside.txt': 'a1' },
        onWorkspace: (workspace) => {
          const outside = join(dirname(workspace), 'secret.txt')
          writeFileSync(outside, 'hunter2')
          symlinkSync(outside, join(workspace, 'lists', 'link.txt'))
        },
      },
    )
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/::error.*link\.txt.*symbolic link/)
    expect(run.stdout + run.summary).not.toContain('hunter2')
    expect(tenant.requests).toEqual([])
  })
})

describe('a long list', () => {
  const SIZE = 60 * 1024 * 1024

  test.each([
    ['one entry', 'list.txt', 'a1\n', 'x'.repeat(SIZE), /list\.txt: Invalid ID "x{40}…"/],
    [
      'one cell',
      'list.csv',
      'id\na1\n',
      'x'.repeat(SIZE),
      /list\.csv: The row has more than 4 million characters/,
    ],
    [
      'one id',
      'list.txt',
      '',
      Buffer.alloc(33 * 1_900_000, `${identityIds(1).join()} `),
      /On the list: 1 identity/,
    ],
    ['many ids', 'list.txt', '', manyIds('\n'), /longer than `max-identities` \(10\)/],
    ['many ids', 'list.csv', 'id,\n', manyIds(',\n'), /longer than `max-identities` \(10\)/],
  ])('of %s is never held: %s', async (_case, name, head, rest, words) => {
    const run = await runAction({
      inputs: { 'identity-ids-file': name, 'max-identities': '10', 'dry-run': 'true' },
      env: { NODE_OPTIONS: '--max-old-space-size=48' },
      files: { [name]: Buffer.concat([Buffer.from(head), Buffer.from(rest)]) },
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toMatch(words)
    expect(run.outputs['result']).toBeDefined()
  })

  const onPosix = process.platform === 'win32' ? test.skip : test // signals end a process at once there
  onPosix.each([
    ['list.json', manyIds('",\n"').subarray(0, 30 * 1024 * 1024), '["'],
    ['list.txt', Buffer.alloc(SIZE, 'a1 '), ''],
  ])('does not hold up a cancel, after which no identity is known: %s', async (name, content, head) => {
    const run = await runAction({
      inputs: { 'identity-ids-file': name, 'dry-run': 'true' },
      files: { [name]: Buffer.concat([Buffer.from(head), content]) },
      onStart: (child) => {
        child.stdout?.once('data', () => child.kill('SIGINT'))
      },
    })
    expect(run.outputs).toMatchObject({ result: 'cancelled', 'unprocessed-ids': '[]' })
    expect(JSON.parse(run.report ?? '')).toMatchObject({ stopped: 'The run was cancelled.' })
  })

  /** As many IDs, each of its own, as a file of that size holds. */
  function manyIds(separator: string): Buffer {
    const BLOCK = 0x1000
    const ends = Array.from({ length: BLOCK }, (_, n) => n.toString(16).padStart(3, '0'))
    const blocks = Array.from({ length: SIZE / (32 + separator.length) / BLOCK }, (_, n) => {
      const beginning = n.toString(16).padStart(29, 'a')
      return beginning + ends.join(separator + beginning)
    })
    return Buffer.from(blocks.join(separator))
  }
})

describe('a results-file that is one of the lists', () => {
  test.each([
    ['right', {}],
    ['wrong elsewhere', { 'batch-size': '0' }],
    ['contradictory', { 'identity-ids': 'b2', 'identify-by': 'name' }],
  ])('is an error and not overwritten, where the other inputs are %s', async (_case, inputs) => {
    const tenant = await tenantWith()
    const content = '["a1"]'
    let path = ''
    let after = ''
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'lists/*.json', 'results-file': './lists/a.json', ...inputs },
      {
        files: { 'lists/a.json': content },
        onWorkspace: (workspace) => (path = join(workspace, 'lists', 'a.json')),
        onLine: () => (after = readFileSync(path, 'utf8')),
      },
    )
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/::error.*results-file.*files that are read/)
    expect(after).toBe(content)
    expect(run.outputs['results-file']).not.toBe(path)
    expect(JSON.parse(run.report ?? '')).toMatchObject({ result: 'failure' })
    expect(tenant.requests).toEqual([])
  })
})

describe('identify-by', () => {
  const extra = [
    { id: 'a1', alias: 'ann.smith', emailAddress: 'ann@example.com' },
    { id: 'b2', alias: 'Smith, Bob', emailAddress: 'Bob@example.com' },
    { id: 'c3', alias: 'Cléo "C" \\ Ärm', emailAddress: 'shared@example.com' },
    { id: 'd4', alias: 'dee', emailAddress: 'shared@example.com' },
  ]

  test('alias: resolved without regard to case, each of one identity', async () => {
    const tenant = await tenantWith({ extra })
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'list.csv', 'identity-id-column': 'alias', 'identify-by': 'alias' },
      {
        files: {
          'list.csv': 'alias\nANN.Smith\n"smith, bob"\n"Cléo ""C"" \\ Ärm"\nmissing\nann.smith\n',
        },
      },
    )
    expect(listsOf(run)).toEqual({ succeeded: ['a1', 'b2', 'c3'], failed: ['missing'], unprocessed: [] })
    expect(entriesOf(run.report)).toMatchObject([
      { id: 'a1', identifier: 'ANN.Smith', source: { file: 'list.csv', line: 2 } },
      { id: 'b2', identifier: 'smith, bob' },
      { id: 'c3', identifier: 'Cléo "C" \\ Ärm' },
      { id: null, identifier: 'missing', statusCode: 404, message: 'No identity has the alias "missing".' },
    ])
    expect(tenant.requests.map(({ endpoint }) => endpoint)).toEqual(['token', 'identities', 'enable'])
  })

  test('email: several matches are that entry’s failure, which says so', async () => {
    const tenant = await tenantWith({ extra })
    const run = await runAgainst(tenant, {
      'identity-ids': 'bob@EXAMPLE.com; shared@example.com',
      'identify-by': 'email',
    })
    expect(listsOf(run)).toEqual({ succeeded: ['b2'], failed: ['shared@example.com'], unprocessed: [] })
    expect(entriesOf(run.report)[1]?.message).toMatch(
      /^2 identities have the email address "shared@example\.com" \(c3, d4\)/,
    )
  })

  test('many to a request, in URLs under 8 KB', async () => {
    const tenant = await tenantWith({ identities: { disabled: 1_000 } })
    const aliases = Array.from({ length: 1_000 }, (_, n) => `user.${n}`)
    const run = await runAgainst(tenant, { 'identity-ids': aliases.join(', '), 'identify-by': 'alias' })
    expect(listsOf(run).succeeded).toEqual(identityIds(1_000))
    const reads = requestsTo(tenant, 'identities')
    expect(reads.length).toBeLessThanOrEqual(5)
  })

  test('that ISC does not let the action resolve ends the run with everything unprocessed', async () => {
    const tenant = await tenantWith({
      extra,
      clients: [MAY_NOT_READ],
    })
    const run = await runAgainst(tenant, { 'identity-ids': 'dee', 'identify-by': 'alias' })
    expect(run.exitCode).toBe(1)
    expect(listsOf(run).unprocessed).toEqual(['dee'])
    expect(run.stdout).toMatch(/::error.*403.*idn:identity:read/)
  })
})

describe('the report of a plan by alias', () => {
  const extra = [
    { id: 'a1', alias: 'ann' },
    { id: 'b2', alias: 'bob' },
  ]
  const inputs = { 'identity-ids': 'ann, bob', 'identify-by': 'alias', 'dry-run': 'true' }
  const searches = (tenant: Tenant): number =>
    requestsTo(tenant, 'identities').filter(({ url }) => url.includes('alias%20eq')).length

  test('pins the identities that it names: they are not resolved again', async () => {
    const tenant = await tenantWith({ extra })
    const plan = await runAgainst(tenant, inputs)
    const before = searches(tenant)
    const files = { 'plan.json': plan.report ?? '' }
    const run = await runAgainst(tenant, { 'from-report': 'plan.json' }, { files })
    expect(listsOf(run)).toEqual({ succeeded: ['a1', 'b2'], failed: [], unprocessed: [] })
    expect(before).toBeGreaterThan(0)
    expect(searches(tenant)).toBe(before)
  })
})

test('shards are disjoint, together the whole, and differ by at most one in size', async () => {
  const tenant = await tenantWith()
  const list = identityIds(20)
  const shards = await Promise.all(
    ['1/3', '2/3', '3/3'].map(async (shard) => {
      const run = await runAgainst(tenant, { 'identity-ids': [...list, ...list].join(' '), shard })
      expect(JSON.parse(run.report ?? '')).toMatchObject({ shard })
      return listsOf(run).succeeded
    }),
  )
  expect(shards.flat()).toEqual(list)
  expect(shards.map(({ length }) => length).sort()).toEqual([6, 7, 7])
})
