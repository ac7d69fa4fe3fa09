import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { ActionRun } from '../../dev/run-action.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { parseWorkflowCommands } from '../../dev/workflow-commands.ts'
import { hostileText } from '../../dev/hostile-text.ts'
import { linksOf, pageOf, pagesOf, readingOf, resolvedIn } from '../../dev/rendered-markdown.ts'
import { runAgainst, tenantWith } from '../support/tenant.ts'

const read = (markdown: string | null): string => readingOf(pageOf(markdown ?? ''))

/** The lines of the log that are no commands. */
const logOf = ({ stdout }: ActionRun): string[] =>
  stdout.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('::'))

const ADA = { id: 'ada', name: 'Ada Lovelace', stateName: 'prehire' }
const BOB = { id: 'bob', name: 'Bob Roe', stateName: 'leaver' }

function tenantOfTwo(): Promise<Tenant> {
  const extra = [ADA, BOB].map(({ id, name, stateName }) => ({
    id,
    name,
    lifecycleState: { stateName, manuallyUpdated: false },
  }))
  return tenantWith({ identities: {}, extra })
}

const LIST = { 'identity-ids-file': 'lists/*.txt' }
const FILES = { files: { 'lists/new.txt': 'ada\nbob\n' } }

describe('show-names', () => {
  test.each([
    ['a plan', { 'dry-run': 'true' }],
    ['a run', {}],
    ['a verified run', { verify: 'true' }],
  ])('puts name and lifecycle state beside the ID, wherever people look: %s', async (_, inputs) => {
    const run = await runAgainst(await tenantOfTwo(), { ...LIST, ...inputs, 'show-names': 'true' }, FILES)
    for (const text of [read(run.summary), read(run.comment)]) {
      expect(text).toMatch(/Ada Lovelace prehire new\.txt:1 ada Bob Roe leaver new\.txt:2 bob/)
    }
    expect(logOf(run).join('\n')).toMatch(
      /^ {2}ada \(Ada Lovelace, prehire\).*\n {2}bob \(Bob Roe, leaver\)/m,
    )
    expect(JSON.parse(run.report ?? '')).toMatchObject({
      identities: [ADA, BOB].map(({ name, stateName }) => ({ name, lifecycleState: stateName })),
    })
  })

  test('names in the annotations what a guard blocks', async () => {
    const inputs = { ...LIST, 'refuse-states': 'leaver', 'show-names': 'true' }
    const run = await runAgainst(await tenantOfTwo(), inputs, FILES)
    expect(run.stdout).toMatch(/::error [^\n]*file=lists\/new\.txt,line=2::bob \(Bob Roe, leaver\): Blocked/)
  })

  test.each([
    ['a plan', { 'dry-run': 'true' }],
    ['a run', { 'skip-enabled': 'true' }],
    ['a verified run', { verify: 'true' }],
    ['a plan as CSV', { 'dry-run': 'true', 'results-file': 'report.csv' }],
  ])('where it is not set, names are nowhere, and states beside no ID: %s', async (_, inputs) => {
    const run = await runAgainst(
      await tenantOfTwo(),
      { ...LIST, ...inputs },
      { ...FILES, env: { RUNNER_DEBUG: '1' } },
    )
    const sinks = [run.summary, run.comment, run.stdout, run.report, ...Object.values(run.outputs)]
    for (const sink of sinks) expect(sink).not.toMatch(/Lovelace|Roe/)
    for (const sink of [run.summary, run.comment, run.stdout])
      expect(sink).not.toMatch(/^(?=.*\b(ada|bob)\b).*(prehire|leaver)/m)
    expect(run.report).toContain('prehire')
  })
})

test('names, states and IDs of a tenant are nothing but text in a comment, and form no command', async () => {
  for (const text of fc.sample(hostileText, { numRuns: 12, seed: 11 })) {
    const extra = [
      {
        id: 'ada',
        name: text,
        identityStatus: text,
        lifecycleState: { stateName: text, manuallyUpdated: false },
      },
    ]
    const tenant = await tenantWith({ identities: {}, extra })
    for (const inputs of [{ 'dry-run': 'true' }, { 'refuse-states': 'x' }]) {
      const run = await runAgainst(tenant, { 'identity-ids': 'ada', 'show-names': 'true', ...inputs })
      for (const page of [...pagesOf(run.summary), ...pagesOf(run.comment ?? '')]) {
        expect(resolvedIn(page)).toEqual([])
        expect(linksOf(page)).toEqual([])
      }
      for (const { name } of parseWorkflowCommands(run.stdout))
        expect(['add-mask', 'endgroup', 'error', 'group', 'notice', 'warning']).toContain(name)
    }
  }
})

describe('the log says what happened', () => {
  test('in a plan', async () => {
    const tenant = await tenantWith({ identities: { disabled: 35, active: 4 } })
    const ids = [...tenant.identities.keys(), 'dead']
    const run = await runAgainst(tenant, {
      'identity-ids': ids.join(' '),
      'dry-run': 'true',
      'max-failures': '1',
    })
    const log = logOf(run)
    expect(log[0]).toMatch(/^On the list: 40 identities/)
    expect(log).toContainEqual(
      expect.stringMatching(
        /^Read lifecycle states and identity statuses: 35 to enable, 4 already.*1 not found/,
      ),
    )
    expect(log).toContainEqual(expect.stringMatching(/^Not found: 1 identity/))
    expect(log).toContain('  dead')
    expect(log.at(-1)).toMatch(/^📋 Plan .*would enable 35 of 40 identities.*1 not found.*4 already enabled/)
  })

  test('in a run whose verification runs out of time', async () => {
    const tenant = await tenantWith({ identities: { disabled: 2, never: 1 } })
    const ids = [...tenant.identities.keys()].join(' ')
    const run = await runAgainst(tenant, { 'identity-ids': ids, verify: 'true', 'verify-timeout': '1' })
    const log = logOf(run).join('\n')
    for (const words of [
      /^Submitting 3 identities/m,
      /^After [\d.]+ s, ISC accepted 3 of 3 identities/m,
      /^Waiting .*3 identities.*for at most 1 s/m,
      /^After [\d.]+ s, 2 of 3 identities are enabled/m,
      /^Failed: 1 identity.*still disabled/m,
    ])
      expect(log).toMatch(words)
    expect(run.stdout.match(/1 of 3 identities failed/g)).toHaveLength(1)
  })

  test('without an address, and when no identity of the list is known', async () => {
    const nowhere = await runAgainst(await tenantWith(), {
      'identity-ids': 'a b',
      'dry-run': 'true',
      'base-url': '',
      'client-id': '',
      'client-secret': '',
    })
    expect(logOf(nowhere).join('\n')).toMatch(/^No tenant is set/m)
    const strangers = await runAgainst(await tenantWith(), { 'identity-ids': 'a b', 'skip-enabled': 'true' })
    expect(logOf(strangers).join('\n')).toMatch(
      /^Read lifecycle states and identity statuses: 0 to enable, 2 not found/m,
    )
  })
})

test('links of a retry lead to the original list', async () => {
  const tenant = await tenantWith({ identities: { disabled: 1 } })
  const [id = ''] = tenant.identities.keys()
  const first = await runAgainst(tenant, LIST, { files: { 'lists/new.txt': `# new\n${id}\nboth\n` } })
  const second = await runAgainst(
    tenant,
    { 'from-report': 'first.json' },
    { files: { 'first.json': first.report ?? '' } },
  )
  expect(linksOf(pageOf(second.summary))).toEqual([expect.stringMatching(/\/lists\/new\.txt\?plain=1#L3$/)])
  expect(second.stdout).toMatch(/::error [^\n]*file=lists\/new\.txt,line=3::both: 404/)
})

/** Windows ends a process without a signal handler's guarantee. */
const testSignals = process.platform === 'win32' ? test.skip : test

testSignals(
  'a cancelled run leaves a summary for the comment, too, when no job summary is wanted',
  async () => {
    const tenant = await tenantWith({ latencyMs: 2_000 })
    let cancel = (): void => undefined
    const run = await runAgainst(
      tenant,
      { 'identity-ids': [...tenant.identities.keys()].join(' '), 'job-summary': 'false' },
      {
        onStart: (child) => (cancel = () => void child.kill('SIGINT')),
        onLine: (line) => {
          if (line.startsWith('Submitting')) cancel()
        },
      },
    )
    expect(run.outputs['result']).toBe('cancelled')
    expect(run.summary).toBe('')
    expect(read(run.comment)).toMatch(
      /^🚫 Cancelled (?:on|in) 127\.0\.0\.1:\d+ : 0 of 100 identities succeeded/,
    )
  },
)
