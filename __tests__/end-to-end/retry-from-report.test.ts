import { describe, expect, test } from '@jest/globals'

import type { ActionRun } from '../../dev/run-action.ts'
import { identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { listsOf, requestsTo, runAgainst, tenantWith } from '../support/tenant.ts'

const IDS = identityIds(40)
const LIST = { 'identity-ids': IDS.join('\n') }

/** A run that takes what it does from the report of another. */
function runFrom(
  tenant: Tenant,
  { report }: ActionRun,
  inputs: Record<string, string> = {},
): Promise<ActionRun> {
  const files = { 'report.json': report ?? '' }
  return runAgainst(tenant, { 'from-report': 'report.json', ...inputs }, { files })
}

const GONE = { 'outage-timeout': '1', 'max-retries': '5', concurrency: '8' }

test('an identity that changed after an approved run was cut off is blocked in the retry', async () => {
  const tenant = await tenantWith({ identities: { disabled: 40 } })
  const plan = await runAgainst(tenant, { ...LIST, 'dry-run': 'true' })
  for (const as of ['reading', 'sending'] as const) {
    const before = requestsTo(tenant, 'identities').length
    // The states are read in one request; what comes after it is sending.
    const cut = runFrom(tenant, plan, { ...GONE, 'batch-size': '1' })
    while (as === 'sending' && requestsTo(tenant, 'identities').length === before)
      await new Promise((resolve) => setImmediate(resolve))
    tenant.outage('refuse')
    const first = await cut
    tenant.recover()
    const left = listsOf(first).unprocessed
    expect(left.length).toBeGreaterThan(0)
    const leaver = left.at(-1) ?? ''
    tenant.change(leaver, { lifecycleState: 'leaver' })
    const second = await runFrom(tenant, first)
    expect(listsOf(second).failed).toEqual([leaver])
    expect(tenant.enabled.map(({ id }) => id)).not.toContain(leaver)
    tenant.change(leaver, { lifecycleState: null })
    for (const id of IDS) tenant.change(id, { identityStatus: 'DISABLED' })
  }
})

test('a change is noticed although ISC writes IDs in another case', async () => {
  const upper = await tenantWith({ identities: { disabled: 2 }, answerIdsIn: 'upper' })
  const plan = await runAgainst(upper, { 'identity-ids': identityIds(2).join(' '), 'dry-run': 'true' })
  const lower = await tenantWith({ identities: { disabled: 2 } })
  lower.change(identityIds(2)[1] ?? '', { lifecycleState: 'terminated' })
  const report = (plan.report ?? '').replace(upper.baseUrl, lower.baseUrl)
  const run = await runFrom(lower, { ...plan, report })
  expect(run.exitCode).toBe(1)
  expect(lower.enabled.map(({ id }) => id)).toEqual(identityIds(1))
})

test('the report of a run for the wrong tenant is not taken for an empty list', async () => {
  const tenant = await tenantWith({ identities: { disabled: 1 } })
  const inputs = { 'ignore-status-codes': '404' }
  const first = await runAgainst(tenant, { 'identity-ids': 'dead1 dead2 dead3', ...inputs })
  expect(first.exitCode).toBe(1)
  const second = await runFrom(tenant, first, inputs)
  expect(second.exitCode).toBe(1)
  expect(second.stdout).toMatch(/::error.*no identity is left to retry/)
})

describe('what was approved counts through any number of runs', () => {
  const [ADA = '', BOB = ''] = IDS
  const inState = (stateName: string) => ({ stateName, manuallyUpdated: false })
  const both = (state = 'active') => [
    { id: ADA, fate: 'never' as const, lifecycleState: inState('active') },
    { id: BOB, fate: 'never' as const, lifecycleState: inState(state) },
  ]
  const TWO = { 'identity-ids': `${ADA} ${BOB}` }

  /** A tenant in which only Ada exists, as it were for one run. */
  async function runWithoutBob(earlier: ActionRun, tenant: Tenant): Promise<ActionRun> {
    const other = await tenantWith({ identities: {}, extra: both().slice(0, 1) })
    const report = (earlier.report ?? '').replace(tenant.baseUrl, other.baseUrl)
    const run = await runFrom(other, { ...earlier, report })
    return { ...run, report: (run.report ?? '').replace(other.baseUrl, tenant.baseUrl) }
  }

  async function runCutOff(earlier: ActionRun, tenant: Tenant): Promise<ActionRun> {
    tenant.outage('refuse')
    const run = await runFrom(tenant, earlier, { 'max-retries': '0' })
    tenant.recover()
    expect(listsOf(run).unprocessed).toContain(BOB)
    return run
  }

  const enabledBob = (tenant: Tenant): boolean => tenant.enabled.some(({ id }) => id === BOB)

  test('although the verification of a run saw another state', async () => {
    const tenant = await tenantWith({ identities: {}, extra: both() })
    const plan = await runAgainst(tenant, { ...TWO, 'dry-run': 'true' })
    const files = { 'report.json': plan.report ?? '' }
    const first = await runAgainst(
      tenant,
      { 'from-report': 'report.json', verify: 'true', 'verify-timeout': '2' },
      {
        files,
        onLine: (line) => {
          if (line.startsWith('Waiting until')) tenant.change(BOB, { lifecycleState: 'leave' })
        },
      },
    )
    expect(listsOf(first).failed).toEqual([ADA, BOB])
    expect(JSON.parse(first.report ?? '')).toMatchObject({
      identities: [{}, { lifecycleState: 'leave', plannedLifecycleState: 'active' }],
    })
    let run = first
    for (const retry of ['second', 'third']) {
      const before = tenant.enabled.length
      run = await runFrom(tenant, run, { 'max-failures': retry === 'second' ? '9' : '' })
      expect(listsOf(run).failed).toContain(BOB)
      expect(tenant.enabled.slice(before).map(({ id }) => id)).not.toContain(BOB)
    }
  })

  test.each([
    ['did not find it', runWithoutBob],
    ['was cut off', runCutOff],
  ])('although a run %s', async (_, interrupted) => {
    const tenant = await tenantWith({ identities: {}, extra: both() })
    const plan = await runAgainst(tenant, { ...TWO, 'dry-run': 'true' })
    const first = await interrupted(plan, tenant)
    tenant.change(BOB, { lifecycleState: 'leave' })
    const second = await runFrom(tenant, await interrupted(first, tenant))
    expect(listsOf(second).failed).toEqual([BOB])
    expect(enabledBob(tenant)).toBe(false)
  })

  test.each([
    ['did not find it', runWithoutBob],
    ['was cut off', runCutOff],
  ])('an identity that was blocked stays blocked, although a run %s', async (_, interrupted) => {
    const tenant = await tenantWith({ identities: {}, extra: both('leave') })
    const first = await runAgainst(tenant, { ...TWO, 'refuse-states': 'leave' })
    expect(listsOf(first).failed).toEqual([BOB])
    const second = await interrupted(first, tenant)
    tenant.change(BOB, { lifecycleState: 'active' })
    const third = await runFrom(tenant, await interrupted(second, tenant))
    expect(listsOf(third).failed).toEqual([BOB])
    expect(enabledBob(tenant)).toBe(false)
  })
})

test('a report from which the list was edited enables nothing that is no longer listed, and says so', async () => {
  const tenant = await tenantWith({ identities: { disabled: 3 } })
  const [a = '', b = '', c = ''] = IDS
  const plan = await runAgainst(
    tenant,
    { 'identity-ids-file': 'lists/*.txt', 'dry-run': 'true' },
    { files: { 'lists/a.txt': `${a}\n${b}\n`, 'lists/b.txt': c } },
  )
  const run = await runAgainst(
    tenant,
    { 'from-report': 'plan.json', 'still-listed': 'lists/*.txt' },
    { files: { 'plan.json': plan.report ?? '', 'lists/a.txt': a, 'lists/c.txt': `${b}\n${c}` } },
  )
  expect(run.exitCode).toBe(0)
  expect(run.outputs['excluded-count']).toBe('2')
  expect(tenant.enabled.map(({ id }) => id)).toEqual([a])
  expect(JSON.parse(run.report ?? '')).toMatchObject({
    counts: { excluded: 2 },
    excluded: [
      { id: b, by: 'not-listed', source: { file: 'lists/a.txt', line: 2 } },
      { id: c, by: 'not-listed', source: { file: 'lists/b.txt', line: 1 } },
    ],
  })
  expect(run.stdout).toMatch(new RegExp(`^ {2}${b} .*no longer listed`, 'm'))
})

test('an edited report enables no identity that a deny list or the lists do not have by another name', async () => {
  const extra = [
    { id: 'a1', alias: 'ann', emailAddress: 'ann@example.com' },
    { id: 'b2', alias: 'bob', emailAddress: 'bob@example.com' },
  ]
  const tenant = await tenantWith({ identities: {}, extra })
  const inputs = { 'identity-ids-file': 'list.txt', 'identify-by': 'alias', 'dry-run': 'true' }
  const plan = await runAgainst(tenant, inputs, { files: { 'list.txt': 'ann' } })
  const edited = { ...plan, report: (plan.report ?? '').replace('"id":"a1"', '"id":"b2"') }
  for (const guard of [{ 'exclude-ids-file': 'deny.txt' }, { 'still-listed': 'list.txt' }]) {
    const files = { 'report.json': edited.report, 'deny.txt': 'bob@example.com', 'list.txt': 'ann' }
    const run = await runAgainst(tenant, { 'from-report': 'report.json', ...guard }, { files })
    expect(run.outputs).toMatchObject({ 'excluded-count': '1', 'total-count': '0' })
  }
  expect(tenant.enabled).toEqual([])
})
