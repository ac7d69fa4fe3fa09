import { describe, expect, test } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId, identityIds } from '../../dev/tenant/population.ts'
import { listsOf, requestsTo, runAgainst, tenantWith } from '../support/tenant.ts'

const IDS = identityIds(100)
const LIST = { 'identity-ids': IDS.join('\n'), 'batch-size': '1', concurrency: '4', 'rate-limit': '0' }

describe('an outage in the middle', () => {
  test.each(['refuse', 503] as const)('as %s loses no identity, although no retry is left', async (as) => {
    const tenant = await tenantWith({ latencyMs: 20, outages: [{ from: 200, to: 2_200, as }] })
    const run = await runAgainst(tenant, { ...LIST, 'max-retries': '0', verify: 'true' })
    expect(run.exitCode).toBe(0)
    expect(listsOf(run)).toEqual({ succeeded: IDS, failed: [], unprocessed: [] })
    expect(run.summary).toMatch(/did not respond for/i)
  })

  test('that does not end leaves the rest for a later run', async () => {
    const tenant = await tenantWith({ latencyMs: 20, outages: [{ from: 200, to: Infinity, as: 'refuse' }] })
    const run = await runAgainst(tenant, { ...LIST, 'outage-timeout': '1' })
    expect(run.exitCode).toBe(1)
    const { succeeded, failed, unprocessed } = listsOf(run)
    expect(failed).toEqual([])
    expect(succeeded.length).toBeGreaterThan(0)
    expect([...succeeded, ...unprocessed]).toEqual(IDS)
    expect(run.outputs['stop-reason']).toBe('outage')

    tenant.recover()
    const later = await tenantWith({ identities: { disabled: 100 } })
    const report = (run.report ?? '').replace(tenant.baseUrl, later.baseUrl)
    const again = await runAgainst(
      later,
      { 'from-report': 'report.json' },
      { files: { 'report.json': report } },
    )
    expect(again.exitCode).toBe(0)
    expect(listsOf(again).succeeded).toEqual(unprocessed)
  })

  test('while states are read fails a plan, and submits nothing in a run', async () => {
    const outages = [{ from: 1, to: Infinity, as: 503 as const }]
    const inputs = { ...LIST, 'outage-timeout': '1', 'max-retries': '5' }
    const plan = await runAgainst(await tenantWith({ outages }), { ...inputs, 'dry-run': 'true' })
    expect(plan.exitCode).toBe(1)
    expect(plan.outputs['stop-reason']).toBe('outage')
    const tenant = await tenantWith({ outages })
    const run = await runAgainst(tenant, { ...inputs, 'skip-enabled': 'true' })
    expect(run.exitCode).toBe(1)
    expect(listsOf(run).unprocessed).toEqual(IDS)
    expect(requestsTo(tenant, 'enable')).toEqual([])
  })
})

test('an address that does not respond ends the run after max-retries, with everything unprocessed', async () => {
  const tenant = await tenantWith({ outages: [{ from: 0, to: Infinity, as: 'refuse' }] })
  const run = await runAgainst(tenant, { ...LIST, 'max-retries': '2' })
  expect(run.exitCode).toBe(1)
  expect(listsOf(run)).toEqual({ succeeded: [], failed: [], unprocessed: IDS })
  expect(tenant.requests).toHaveLength(3)
})

describe('the status of a whole request is never ignored', () => {
  test.each<[string, Fault]>([
    ['400', { kind: 'status', status: 400 }],
    ['a redirect', { kind: 'redirect' }],
    ['an empty answer', { kind: 'empty-body' }],
    ['an upgrade', { kind: 'upgrade' }],
    ['HTML', { kind: 'html' }],
  ])('%s', async (_, fault) => {
    const tenant = await tenantWith({ faults: [fault] })
    const run = await runAgainst(tenant, {
      'identity-ids': identityId(0),
      'max-retries': '0',
      'outage-timeout': '1',
      'ignore-status-codes': '400,404,500,503',
    })
    expect(run.exitCode).toBe(1)
    expect(run.outputs['result']).toBe('failure')
    expect(listsOf(run).succeeded).toEqual([])
  })
})

test('a status that one identity has alone, found by splitting, may be ignored', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status: 422, ids: [identityId(3)] }] })
  const run = await runAgainst(tenant, { ...LIST, 'batch-size': '100', 'ignore-status-codes': '422' })
  expect(run.exitCode).toBe(0)
  expect(listsOf(run).failed).toEqual([identityId(3)])
})

test.each(['lower', 'upper'] as const)(
  'IDs are matched although ISC answers in another case (%s)',
  async (answerIdsIn) => {
    const tenant = await tenantWith({ answerIdsIn })
    const given = IDS.map((id, n) => (n % 2 === 0 ? id.toUpperCase() : id))
    const run = await runAgainst(tenant, { ...LIST, 'identity-ids': given.join('\n'), verify: 'true' })
    expect(run.exitCode).toBe(0)
    const named = IDS.map((id) => (answerIdsIn === 'upper' ? id.toUpperCase() : id))
    expect(listsOf(run).succeeded).toEqual(named)
  },
)
