import { expect, test } from '@jest/globals'

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

test('a change is noticed in whatever case ISC writes IDs', async () => {
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
