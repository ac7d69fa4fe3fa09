import { describe, expect, test } from '@jest/globals'

import { identityId, identityIds } from '../../dev/tenant/population.ts'
import { cancelledAt, listsOf, meddling, preloading, runAgainst, tenantWith } from '../support/tenant.ts'

const isWindows = process.platform === 'win32'

/** Windows ends a process without a signal handler's guarantee (RUNNER.md). */
const testSignals = isWindows ? test.skip : test

describe('a cancel', () => {
  testSignals.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s while requests are under way',
    async (signal) => {
      const tenant = await tenantWith({ identities: { disabled: 100 }, latencyMs: 400 })
      const run = await runAgainst(
        tenant,
        { 'identity-ids': identityIds(100).join('\n'), 'batch-size': '10', concurrency: '2' },
        cancelledAt(/→ 207 /, signal),
      )
      expect(run.exitCode).toBe(1)
      expect(run.outputs['result']).toBe('cancelled')
      const { succeeded, failed, unprocessed } = listsOf(run)
      expect(failed).toEqual([])
      expect([...succeeded, ...unprocessed]).toEqual(identityIds(100))
      // What ISC answered is reported, to the last request in flight.
      const enabled = tenant.requests.filter(({ status }) => status === 207).flatMap(({ ids }) => ids)
      expect([...succeeded].sort()).toEqual(enabled.sort())
      expect(succeeded.length).toBeGreaterThan(0)
      expect(unprocessed.length).toBeGreaterThan(0)
      expect(run.summary).toContain('Cancelled')
      expect(run.outputs['stop-reason']).toBe('cancelled')
      expect(JSON.parse(run.report ?? '')).toMatchObject({ result: 'cancelled', stopReason: 'cancelled' })
    },
  )

  testSignals('wakes a wait of minutes, and ends a request that hangs', async () => {
    const tenant = await tenantWith({
      faults: [
        { kind: 'hang', nth: 1 },
        { kind: 'status', status: 429, retryAfter: { seconds: 240 } },
      ],
    })
    const run = await runAgainst(
      tenant,
      { 'identity-ids': identityIds(3).join('\n'), 'batch-size': '1', concurrency: '2' },
      cancelledAt(/→ 429 /),
    )
    expect(run.outputs['result']).toBe('cancelled')
    expect(listsOf(run).unprocessed).toEqual(identityIds(3))
  })
})

describe('the job fails in any case', () => {
  test('when nothing is pending: the server hangs up in the middle of every answer', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'reset-in-body' }] })
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0), 'outage-timeout': '1' })
    expect(run.exitCode).toBe(1)
    expect(listsOf(run).unprocessed).toEqual([identityId(0)])
  })

  test('when an error is not caught', async () => {
    const tenant = await tenantWith({ latencyMs: 3_000 })
    const env = meddling(`throw new Error('out of the blue')`)
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0) }, { env })
    expect(run.exitCode).toBe(1)
    expect(run.outputs['result']).toBe('failure')
    expect(listsOf(run).unprocessed).toEqual([identityId(0)])
    expect(run.stdout).toMatch(/::error.*out of the blue/)
    expect(run.report).not.toBeNull()
  })

  test('when the result cannot be shown, and says so', async () => {
    const tenant = await tenantWith()
    const env = preloading(`Map.groupBy = () => { throw new Error('out of the blue') }`)
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0) }, { env })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/^::error::Unexpected error: out of the blue\. .* open an issue/m)
    expect(listsOf(run).succeeded).toEqual([identityId(0)])
    expect(run.report).not.toBeNull()
  })

  test('when a promise that no code awaits is rejected', async () => {
    const tenant = await tenantWith({ latencyMs: 3_000 })
    const env = meddling(`Promise.reject(new Error('out of the blue'))`)
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0), verify: 'true' }, { env })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/::error.*out of the blue/)
    expect(listsOf(run).succeeded).toEqual([])
  })
})
