import { describe, expect, test } from '@jest/globals'

import type { ActionRun } from '../../dev/run-action.ts'
import { identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { GitRepository, type Files } from '../../dev/git-repository.ts'
import { runAgainst, tenantWith } from '../support/tenant.ts'

const [A, B, C, D] = identityIds(4) as [string, string, string, string]
const FILES = 'identities/*'
const PUSH = { name: 'push' }

/** Runs the action in a clone with these commits; the event is the push of all but the first. */
async function runAfter(
  tenant: Tenant,
  commits: readonly Files[],
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  let before = ''
  let head = ''
  return await runAgainst(
    tenant,
    { 'identity-ids-file': FILES, 'added-since': 'HEAD^', ...inputs },
    {
      event: PUSH,
      onWorkspace: (workspace) => {
        const repository = new GitRepository(workspace)
        for (const files of commits) [before, head] = [head, repository.commit(files)]
        expect(before).not.toBe('')
      },
    },
  )
}

const csv = (...ids: readonly string[]): string =>
  ['name,id', ...ids.map((id) => `Ada Example,${id}`), ''].join('\n')

describe('only what a change adds is enabled', () => {
  test.each<[string, readonly Files[], readonly string[]]>([
    ['an addition to a list', [{ 'identities/a.csv': csv(A, B) }, { 'identities/a.csv': csv(A, B, C) }], [C]],
    ['a new list', [{ 'identities/a.csv': csv(A) }, { 'identities/b.csv': csv(B) }], [B]],
    ['an old entry in a new list', [{ 'identities/a.csv': csv(A) }, { 'identities/b.csv': csv(A) }], [A]],
    [
      'a rename',
      [{ 'identities/a.csv': csv(A, B) }, { 'identities/a.csv': null, 'identities/c.csv': csv(A, B) }],
      [],
    ],
    ['another order', [{ 'identities/a.csv': csv(A, B) }, { 'identities/a.csv': csv(B, A) }], []],
    [
      'another format',
      [{ 'identities/a.csv': csv(A, B) }, { 'identities/a.csv': null, 'identities/a.txt': `${B}\n${A}\n` }],
      [],
    ],
    ['another file beside the lists', [{ 'identities/a.csv': csv(A) }, { 'README.md': 'Read me' }], []],
  ])('%s', async (_, commits, enabled) => {
    const tenant = await tenantWith({ identities: { disabled: 4 } })
    const run = await runAfter(tenant, commits)
    expect(run.outputs).toMatchObject({ result: 'success' })
    expect(tenant.enabled.map(({ id }) => id)).toEqual(enabled)
  })

  test('an alias of now is one of then by the ID that ISC gives', async () => {
    const tenant = await tenantWith({ identities: { disabled: 4 } })
    const [first, second] = [...tenant.identities.values()]
    const list = (...aliases: readonly (string | undefined)[]): string => ['alias', ...aliases, ''].join('\n')
    const run = await runAfter(
      tenant,
      [{ 'identities/a.csv': csv(A) }, { 'identities/a.csv': list(first?.alias, second?.alias) }],
      { 'identify-by': 'alias' },
    )
    expect(run.outputs).toMatchObject({ result: 'success', 'excluded-count': '1' })
    expect(tenant.enabled.map(({ id }) => id)).toEqual([second?.id])
  })

  test.each<[string, Files]>([
    ['of addresses', { 'identities/a.csv': 'email\nada@example.com\n' }],
    ['that cannot be read', { 'identities/a.json': '[broken' }],
  ])('an older list %s can be deleted, which adds nothing', async (_, older) => {
    const tenant = await tenantWith({ identities: { disabled: 4 } })
    const gone = Object.fromEntries(Object.keys(older).map((name) => [name, null]))
    const run = await runAfter(tenant, [{ ...older, 'identities/b.csv': csv(A) }, gone])
    expect(run.outputs).toMatchObject({ result: 'success', 'total-count': '0' })
  })

  test('an ID that was corrected is added', async () => {
    const tenant = await tenantWith({ identities: { disabled: 4 } })
    const run = await runAfter(tenant, [
      { 'identities/a.csv': csv(A, B.slice(1)) },
      { 'identities/a.csv': csv(A, B) },
    ])
    expect(run.outputs).toMatchObject({ result: 'success', 'excluded-count': '1' })
    expect(tenant.enabled.map(({ id }) => id)).toEqual([B])
  })

  test('an entry that is listed again in a list that had it is named, with what to do', async () => {
    const tenant = await tenantWith({ identities: { disabled: 4 } })
    const run = await runAfter(tenant, [
      { 'identities/a.csv': csv(A, B) },
      { 'identities/a.csv': csv(A, B, A), 'identities/b.csv': csv(D) },
    ])
    expect(tenant.enabled.map(({ id }) => id)).toEqual([D])
    expect(run.summary).toMatch(/new file/)
    expect(run.stdout).toMatch(new RegExp(`::warning [^\\n]*identities/a.csv,line=4[^\\n]*${A}`))
    expect(JSON.parse(run.report ?? '')).toMatchObject({
      excluded: [
        {
          id: A,
          by: 'listed-again',
          source: { file: 'identities/a.csv', line: 4 },
          bySource: { file: 'identities/a.csv', line: 2 },
        },
      ],
    })
  })
})

describe('an error that says what to do, and nothing submitted', () => {
  test.each<[string, readonly Files[], Record<string, string>, RegExp]>([
    ['a branch', [{ 'identities/a.csv': csv(A) }, {}], { 'added-since': 'main' }, /added-since/],
    ['the first commit', [{}, { 'identities/a.csv': csv(A) }], { 'added-since': 'HEAD~7' }, /added-since/],
    [
      'addresses that became IDs',
      [{ 'identities/a.txt': 'ada@example.com\n' }, { 'identities/a.txt': `${A}\n` }],
      {},
      /email address.*current list holds IDs/,
    ],
    [
      'aliases that became IDs',
      [{ 'identities/a.csv': 'id\njdoe\nasmith\n' }, { 'identities/a.csv': csv(A) }],
      {},
      /"identities\/a.csv" as of commit.*no ISC ID/,
    ],
    [
      'aliases of another column that became IDs, in another file',
      [
        { 'identities/a.csv': 'alias,dept\njdoe,HR\n' },
        { 'identities/a.csv': null, 'identities/b.csv': csv(A) },
      ],
      {},
      /"identities\/a.csv" as of commit.*no ISC ID/,
    ],
    [
      'an older entry that is no ID',
      [{ 'identities/a.csv': csv(A, 'jane.doe') }, { 'identities/a.csv': csv(A, B) }],
      {},
      /"identities\/a.csv" as of commit.*line 3.*"jane.doe"/,
    ],
    [
      'an older entry that is no address',
      [
        { 'identities/a.csv': 'email\nAda <ada@example.com>\n' },
        { 'identities/a.csv': 'email\nada@example.com\n' },
      ],
      { 'identify-by': 'email' },
      /"identities\/a.csv" as of commit.*line 2.*email address/,
    ],
    [
      'an old version that cannot be read',
      [{ 'identities/a.json': '[broken' }, { 'identities/a.json': `["${A}"]` }],
      {},
      /as of commit/,
    ],
    [
      'the event of another commit',
      [{ 'identities/a.csv': csv(A) }, {}],
      { 'added-since': 'event' },
      /added-since/,
    ],
  ])('%s', async (_, commits, inputs, message) => {
    const tenant = await tenantWith({ identities: { disabled: 4 } })
    const run = await runAfter(tenant, commits, inputs)
    expect(run.outputs).toMatchObject({ result: 'failure', 'stop-reason': 'invalid-input' })
    expect(run.stdout).toMatch(message)
    expect(tenant.requests).toEqual([])
  })
})

test('a plan is applied to what is still listed, and to nothing else', async () => {
  const tenant = await tenantWith({ identities: { disabled: 4 } })
  const plan = await runAgainst(
    tenant,
    { 'identity-ids-file': FILES, 'dry-run': 'true' },
    { files: { 'identities/a.csv': csv(A, B, C) } },
  )
  const forged = (plan.report ?? '').replaceAll(C, D)
  const run = await runAgainst(
    tenant,
    { 'from-report': 'plan.json', 'still-listed': FILES },
    { files: { 'plan.json': forged, 'identities/a.csv': csv(A, C) } },
  )
  expect(tenant.enabled.map(({ id }) => id)).toEqual([A])
  expect(run.outputs).toMatchObject({ result: 'success', 'excluded-count': '2' })
  expect(run.summary).toMatch(/no longer listed/i)
})
