import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { randomFaults, type Fault } from '../../dev/tenant/faults.ts'
import { identityId } from '../../dev/tenant/population.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { enableAll } from '../../src/enable/campaign.ts'
import type { Ledger } from '../../src/enable/ledger.ts'
import { idsWith, ledgerOf, NO_THRESHOLDS, sessionWith } from '../support/session.ts'
import { tenantWith } from '../support/tenant.ts'

const known = (count: number): string[] => Array.from({ length: count }, (_, n) => identityId(n))

interface CampaignRun {
  readonly ledger: Ledger
  readonly stopped: string | null
}

async function campaign(
  tenant: Tenant,
  ids: readonly string[],
  { batchSize = 100, maxRetries = 5, failFast = false, concurrency = 8, ledger = ledgerOf(ids) } = {},
): Promise<CampaignRun> {
  const { session } = sessionWith(tenant, { maxRetries, concurrency })
  const options = { batchSize, maxRetries, failFast, onProgress: () => undefined }
  const stopped = await enableAll(ledger, session, options)
  return { ledger, stopped }
}

const enableRequests = (tenant: Tenant): number =>
  tenant.requests.filter(({ endpoint }) => endpoint === 'enable').length

describe('whatever the answer says, each id ends in exactly one list', () => {
  test.each<[string, Fault, number]>([
    ['ids left out', { kind: 'leave-out', times: 1 }, 2],
    ['ids repeated', { kind: 'repeat' }, 1],
    ['ids once accepted, once refused', { kind: 'conflict', times: 1 }, 2],
    ['strangers', { kind: 'foreign' }, 1],
    ['another order', { kind: 'shuffle' }, 1],
    ['statuses as text', { kind: 'string-status' }, 1],
    ['per-identity 429', { kind: 'item-429', times: 2 }, 3],
    ['per-identity 500', { kind: 'item-500', times: 2 }, 3],
    ['an empty array', { kind: 'empty-array', times: 1 }, 2],
  ])('%s', async (_, fault, requests) => {
    const tenant = await tenantWith({ faults: [fault] })
    const { ledger, stopped } = await campaign(tenant, known(20))
    expect(idsWith(ledger, 'succeeded')).toEqual(known(20))
    expect(stopped).toBeNull()
    expect(enableRequests(tenant)).toBe(requests)
  })

  test('only those put off are sent again, gathered into fresh batches, and their attempts counted', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'item-429', times: 3 }] })
    const { ledger } = await campaign(tenant, known(30), { batchSize: 10, concurrency: 1 })
    const sizes = tenant.requests.filter(({ endpoint }) => endpoint === 'enable').map(({ ids }) => ids.length)
    expect(sizes).toEqual([10, 10, 10, 10, 2])
    expect(ledger.identities.map(({ attempts }) => attempts).filter((n) => n === 2)).toHaveLength(12)
  })

  test('those that stay out or refused have failed, with the last reason', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'leave-out', ids: known(1) }] })
    const { ledger } = await campaign(tenant, known(3), { maxRetries: 2 })
    expect(ledger.identities[0]).toMatchObject({
      outcome: 'failed',
      statusCode: null,
      message: 'ISC left this identity out of its answer.',
      attempts: 3,
    })
    expect(idsWith(ledger, 'succeeded')).toEqual(known(3).slice(1))
  })
})

describe('a poisoned batch', () => {
  test.each([400, 413, 422, 500].flatMap((status) => [0, 37, 99].map((at) => [status, at] as const)))(
    'refused with %d for its id %d costs at most 14 further requests, and only that id',
    async (status, at) => {
      const culprit = identityId(at)
      const tenant = await tenantWith({ faults: [{ kind: 'status', status, ids: [culprit] }] })
      const { ledger, stopped } = await campaign(tenant, known(100), { maxRetries: 2 })
      expect(idsWith(ledger, 'failed')).toEqual([culprit])
      expect(idsWith(ledger, 'succeeded')).toHaveLength(99)
      expect(ledger.identities[at]).toMatchObject({ statusCode: status })
      expect(stopped).toBeNull()
      const first = status === 500 ? 3 : 1
      expect(enableRequests(tenant) - first).toBeLessThanOrEqual(14)
    },
  )

  test('culprits at the head of every batch are no systemic refusal', async () => {
    const ids = known(100)
    const culprits = ids.filter((_, n) => n % 10 === 0)
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400, ids: culprits }] })
    const { ledger, stopped } = await campaign(tenant, ids, { batchSize: 10 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(culprits)
  })

  test('a systemic refusal ends the run after eight ids, not one request an id', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400, text: 'No bulk here' }] })
    const { ledger, stopped } = await campaign(tenant, known(100).concat(known(2000).slice(1000)))
    expect(stopped).toMatch(/refuses everything.*No bulk here/)
    expect(idsWith(ledger, 'failed')).toHaveLength(8)
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(1092)
    expect(enableRequests(tenant)).toBeLessThan(40)
  })

  test('once something was accepted, refusals are about their identities', async () => {
    const bad = Array.from({ length: 12 }, (_, n) => `bad${n}`)
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 422, ids: bad }] })
    const { ledger, stopped } = await campaign(tenant, [...known(1), ...bad], {
      batchSize: 1,
      concurrency: 1,
    })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(bad)
  })
})

describe('an end', () => {
  test('fail-fast: nothing further starts once a threshold is exceeded', async () => {
    const tenant = await tenantWith({ identities: { disabled: 100 } })
    const ids = [...known(10), 'x1', 'x2', ...known(100).slice(10)]
    const ledger = ledgerOf(ids, { ...NO_THRESHOLDS, maxFailures: 1 })
    const { stopped } = await campaign(tenant, ids, { batchSize: 6, failFast: true, concurrency: 1, ledger })
    expect(stopped).toMatch(/fail-fast/)
    expect(idsWith(ledger, 'failed')).toEqual(['x1', 'x2'])
    expect(idsWith(ledger, 'succeeded')).toEqual(known(10))
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(90)
  })

  test('without fail-fast the run goes on', async () => {
    const tenant = await tenantWith({ identities: { disabled: 10 } })
    const { ledger, stopped } = await campaign(tenant, ['x1', ...known(10)], { batchSize: 1, concurrency: 1 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'succeeded')).toEqual(known(10))
  })

  test.each([401, 403])('%d: what was answered counts, the rest is unprocessed', async (status) => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status, ids: [identityId(10)] }] })
    const { ledger, stopped } = await campaign(tenant, known(30), { batchSize: 10, concurrency: 1 })
    expect(stopped).toContain(`status ${status}`)
    expect(idsWith(ledger, 'succeeded')).toEqual(known(10))
    expect(idsWith(ledger, 'failed')).toEqual(known(20).slice(10))
    expect(idsWith(ledger, 'unprocessed')).toEqual(known(30).slice(20))
  })

  test('a token that cannot be had: nothing has failed, all is unprocessed', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500, on: 'token' }] })
    const { ledger, stopped } = await campaign(tenant, known(30), { batchSize: 10, maxRetries: 1 })
    expect(stopped).toMatch(/No access token/)
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(30)
  })
})

describe('under random faults', () => {
  const REQUESTED = known(30).toSpliced(7, 0, 'stranger-1').toSpliced(21, 0, 'stranger-2')

  test('every id is in exactly one list, and every one that exists is enabled (250 plans)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 5 }),
        async (seed, times) => {
          const faults = randomFaults(seed, times)
          const tenant = await startTenant({
            seed,
            identities: { disabled: 100 },
            faults,
            tokenLifetimeSeconds: 749,
          })
          // Ids come from the seed.
          const ids = [...tenant.identities.keys()].slice(0, 30)
          const list = REQUESTED.map((id) => (id.startsWith('stranger') ? id : (ids.shift() ?? id)))
          const { ledger, stopped } = await campaign(tenant, list, { batchSize: 7 })
          await tenant.stop()
          const lists = (['succeeded', 'failed', 'unprocessed'] as const).map((outcome) =>
            idsWith(ledger, outcome),
          )
          expect(lists.flat().sort()).toEqual([...list].sort())
          expect(ledger.counts).toMatchObject({ succeeded: lists[0]?.length, failed: lists[1]?.length })
          // What the tenant saw enabled is what the run says; nothing else was ever accepted.
          for (const id of lists[0] ?? []) expect(tenant.identities.has(id)).toBe(true)
          // Two refused tokens in a row may end a run; nothing else in a plan may.
          if (!faults.some(({ status }) => status === 401)) expect(stopped).toBeNull()
          if (stopped === null) expect(lists[1]).toEqual(['stranger-1', 'stranger-2'])
          expect(tenant.violations).toEqual([])
        },
      ),
      { numRuns: 'QUICK' in globalThis ? 12 : 250, seed: 20261123 },
    )
  }, 120_000)

  test('a tenant that fails 30 % of all requests still enables every valid id', async () => {
    const faults = (['refuse', 'reset-in-body', 'html'] as const).map((kind): Fault => ({
      kind,
      probability: 0.05,
    }))
    const statuses = [500, 503, 429].map((status): Fault => ({ kind: 'status', status, probability: 0.05 }))
    const tenant = await tenantWith({
      identities: { disabled: 2000 },
      faults: [...faults, ...statuses, { kind: 'status', status: 502, on: 'token', probability: 0.3 }],
    })
    const { ledger } = await campaign(tenant, known(2000), { batchSize: 20 })
    expect(ledger.counts).toMatchObject({ succeeded: 2000, failed: 0, unprocessed: 0 })
  })
})
