import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId, identityIds } from '../../dev/tenant/population.ts'
import { randomFaults, randomOutages } from '../../dev/tenant/random-faults.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { enableAll } from '../../src/enablement/enable.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import { trackingIdOf } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/thresholds.ts'
import { entry, idsWith, ledgerOf, clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

interface SendingRun {
  readonly ledger: Ledger
  readonly stopped: string | null
  /** How many identities each request held. */
  readonly sizes: readonly number[]
  /** How often progress was told of. */
  readonly progress: number
  /** How often it waited before sending again. */
  readonly waits: number
}

async function sendAll(
  tenant: Tenant,
  ids: readonly string[],
  {
    batchSize = 100,
    maxRetries = 5,
    failFast = false,
    concurrency = 8,
    thresholds = NO_THRESHOLDS,
    ledger = ledgerOf(ids, thresholds),
    cancelAfter = Infinity,
  } = {},
): Promise<SendingRun> {
  let waits = 0
  const random = (): number => {
    waits += 1
    return 0
  }
  const { client, stop } = clientWith(tenant, { maxRetries, concurrency, random })
  let progress = 0
  const onProgress = (): void => {
    progress += 1
    if (progress === cancelAfter) stop.abort()
  }
  const stopped = await enableAll(ledger, client, { batchSize, maxRetries, failFast, onProgress })
  const sizes = requestsTo(tenant, 'enable').map(({ ids: sent }) => sent.length)
  return { ledger, stopped, sizes, progress, waits }
}

/** A run of one request at a time, in batches of 10, without a second try. */
async function run(
  faults: readonly Fault[],
  ids: readonly string[],
  options: Parameters<typeof sendAll>[2] = {},
): Promise<SendingRun> {
  const tenant = await tenantWith({ faults, latencyMs: 5 })
  return sendAll(tenant, ids, { batchSize: 10, maxRetries: 0, concurrency: 1, ...options })
}

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
    const { ledger, stopped, sizes } = await sendAll(tenant, identityIds(20))
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(20))
    expect(stopped).toBeNull()
    expect(sizes).toHaveLength(requests)
  })

  test('an id is known from then on as ISC writes it', async () => {
    const tenant = await tenantWith({ answerIdsIn: 'lower' })
    const given = identityIds(2).map((id) => id.toUpperCase())
    const { ledger } = await sendAll(tenant, given)
    expect(ledger.identities.map(({ id, outcome }) => [id, outcome])).toEqual(
      identityIds(2).map((id) => [id.toLowerCase(), 'succeeded']),
    )
  })

  test('one answer without words is kept once for all who got it', async () => {
    const { ledger } = await sendAll(await tenantWith(), identityIds(2))
    const [first, second] = ledger.identities
    expect(first?.cause).toMatchObject({ statusCode: 202, message: null })
    expect(second?.cause).toBe(first?.cause)
  })

  test('only those put off are sent again, gathered into fresh batches, and their attempts counted', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'item-429', times: 3 }] })
    const { ledger, sizes } = await sendAll(tenant, identityIds(30), { batchSize: 10, concurrency: 1 })
    expect(sizes).toEqual([10, 10, 10, 10, 2])
    expect(ledger.identities.map(({ attempts }) => attempts).filter((n) => n === 2)).toHaveLength(12)
  })

  test('those that stay out or refused have failed, with the last reason', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'leave-out', ids: identityIds(1) }] })
    const { ledger } = await sendAll(tenant, identityIds(3), { maxRetries: 2 })
    expect(ledger.identities[0]).toMatchObject({
      outcome: 'failed',
      cause: { kind: 'missing' },
      attempts: 3,
    })
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(3).slice(1))
  })
})

describe('a poisoned batch', () => {
  test.each([400, 413, 422, 500].flatMap((status) => [0, 37, 99].map((at) => [status, at] as const)))(
    'refused with %d for its id %d costs at most 14 further requests, and only that id',
    async (status, at) => {
      const culprit = identityId(at)
      const tenant = await tenantWith({ faults: [{ kind: 'status', status, ids: [culprit] }] })
      const { ledger, stopped, sizes } = await sendAll(tenant, identityIds(100), { maxRetries: 2 })
      expect(idsWith(ledger, 'failed')).toEqual([culprit])
      expect(idsWith(ledger, 'succeeded')).toHaveLength(99)
      expect(ledger.identities[at]).toMatchObject({ cause: { kind: 'answered', statusCode: status } })
      expect(stopped).toBeNull()
      // A 500 may be of the moment: the batch had three tries, and the culprit has three in each of two rounds.
      const tries = status === 500 ? 9 : 1
      expect(sizes.length - tries).toBeLessThanOrEqual(14)
    },
  )

  test.each<[string, number, number]>([
    ['eight bad ids before ninety-two good ones', 8, 92],
    ['thirty bad ids before seventy good ones', 30, 70],
  ])('%s: the good ones are enabled', async (_case, bad, good) => {
    const ids = identityIds(bad + good)
    const culprits = ids.slice(0, bad)
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400, ids: culprits }] })
    const { ledger, stopped } = await sendAll(tenant, ids, { batchSize: 10, maxRetries: 0 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(culprits)
    expect(ledger.counts).toMatchObject({ succeeded: good, unprocessed: 0 })
  })

  test.each([
    [16, 100],
    [40, 100],
    [100, 100],
    [250, 250],
    [250, 100],
  ])(
    'eight bad ids at the head of %d in batches of %d cost nobody else anything',
    async (count, batchSize) => {
      const culprits = identityIds(8)
      const tenant = await tenantWith({
        identities: { disabled: count },
        latencyMs: 5,
        faults: [{ kind: 'status', status: 400, ids: culprits }],
      })
      const { ledger, stopped, sizes } = await sendAll(tenant, identityIds(count), { batchSize })
      expect(stopped).toBeNull()
      expect(sizes).not.toContain(0)
      expect(idsWith(ledger, 'failed')).toEqual(culprits)
      expect(ledger.counts).toMatchObject({ succeeded: count - 8, unprocessed: 0 })
      const sent = tenant.enabled.map(({ id }) => id)
      expect(new Set(sent).size).toBe(sent.length)
    },
  )

  test('whoever is sampled is in no batch meanwhile', async () => {
    const ids = identityIds(120)
    const culprits = ids.slice(0, 80)
    const tenant = await tenantWith({
      identities: { disabled: 120 },
      faults: [
        { kind: 'status', status: 400, ids: culprits },
        // Once the last of the samples is accepted, these two of them are under way for long.
        { kind: 'slow', ms: 1_500, ids: [identityId(91), identityId(105)] },
      ],
    })
    const { ledger } = await sendAll(tenant, ids, { batchSize: 10 })
    expect(idsWith(ledger, 'failed')).toEqual(culprits)
    const slow = requestsTo(tenant, 'enable').filter(({ fault }) => fault === 'slow')
    expect(slow.map(({ ids: sent }) => sent)).toEqual([[identityId(105)], [identityId(91)]])
    expect(tenant.enabled.map(({ id }) => id).sort()).toEqual(ids.slice(80).sort())
  })

  test('a list that is bad to its end is tried to its end where the thresholds allow it', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400 }] })
    const thresholds = { ...NO_THRESHOLDS, maxFailures: 24 }
    const { ledger, stopped } = await sendAll(tenant, identityIds(24), { batchSize: 10, thresholds })
    expect(stopped).toBeNull()
    expect(ledger.counts).toMatchObject({ failed: 24, unprocessed: 0 })
  })

  test('a list that is bad to its end ends early where the rest would break the thresholds', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400 }] })
    const thresholds = { ...NO_THRESHOLDS, maxFailures: 20 }
    const { ledger, stopped } = await sendAll(tenant, identityIds(60), { batchSize: 10, thresholds })
    expect(stopped).toMatch(/refuses everything/)
    expect(ledger.counts).toMatchObject({ failed: 16, unprocessed: 44 })
  })

  test('eight bad ids with nothing left are no reason to say more than that they failed', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400 }] })
    const thresholds = { ...NO_THRESHOLDS, maxFailures: 8 }
    const { ledger, stopped } = await sendAll(tenant, identityIds(8), { batchSize: 10, thresholds })
    expect(stopped).toBeNull()
    expect(ledger.judgement.exceeded).toBe(false)
  })

  test('sixteen bad ids with nothing left are no reason to say more either', async () => {
    const { ledger, stopped } = await run([{ kind: 'status', status: 400 }], identityIds(16), {
      batchSize: 1,
    })
    expect(stopped).toBeNull()
    expect(ledger.counts).toMatchObject({ failed: 16 })
  })

  test('sixteen bad ids do not condemn one that was put off', async () => {
    const [first, ...bad] = identityIds(17)
    const faults: Fault[] = [
      { kind: 'item-429', ids: [first ?? ''], times: 2 },
      { kind: 'status', status: 400, ids: bad },
    ]
    const { ledger, stopped } = await run(faults, identityIds(17), { batchSize: 1, maxRetries: 2 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(bad)
    expect(idsWith(ledger, 'succeeded')).toEqual([first])
  })

  test('a culprit found alone with a status of 500 is tried again with those put off', async () => {
    const culprit = identityId(4)
    const faults: Fault[] = [{ kind: 'status', status: 500, ids: [culprit], times: 9 }]
    const { ledger, stopped } = await run(faults, identityIds(10), { maxRetries: 3 })
    expect(stopped).toBeNull()
    expect(ledger.counts).toMatchObject({ succeeded: 10 })
  })

  test.each([501, 505, 599])('and so is one with a status of %d of its own', async (status) => {
    const faults: Fault[] = [
      { kind: 'status', status: 400, ids: [identityId(0)], times: 1 },
      { kind: 'status', status, ids: [identityId(0)], times: 1 },
    ]
    const { ledger, stopped, sizes } = await run(faults, identityIds(2), { maxRetries: 1 })
    expect(stopped).toBeNull()
    expect(sizes).toEqual([2, 1, 1, 1])
    expect(ledger.counts).toMatchObject({ succeeded: 2 })
  })

  test('a culprit found alone with a status of 404 is its own matter, and the run goes on', async () => {
    const faults: Fault[] = [
      { kind: 'status', status: 400, times: 1 },
      { kind: 'status', status: 404, ids: identityIds(1) },
    ]
    const { ledger, stopped } = await run(faults, identityIds(6), { batchSize: 2 })
    expect(stopped).toBeNull()
    expect(ledger.identities[0]).toMatchObject({ cause: { kind: 'answered', statusCode: 404 } })
    expect(ledger.counts).toMatchObject({ succeeded: 5, failed: 1 })
  })

  test('what was found alone is nobody’s own once it is sent with others', async () => {
    const faults: Fault[] = [
      { kind: 'status', status: 500, ids: identityIds(1), times: 3 },
      { kind: 'item-429', times: 1 },
      { kind: 'status', status: 404 },
    ]
    const { ledger, stopped, sizes } = await run(faults, identityIds(2), { maxRetries: 1 })
    expect(sizes).toEqual([2, 2, 1, 1, 2])
    expect(stopped).toContain('status 404')
    const cause = { kind: 'request-failed', statusCode: 404 }
    expect(ledger.identities).toMatchObject([{ cause }, { cause }])
  })

  test('culprits at the head of every batch are no systemic refusal', async () => {
    const ids = identityIds(100)
    const culprits = ids.filter((_, n) => n % 10 === 0)
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400, ids: culprits }] })
    const { ledger, stopped } = await sendAll(tenant, ids, { batchSize: 10 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(culprits)
  })

  test('a systemic refusal ends the run after sixteen ids from all over the list, not one request an id', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400, text: 'No bulk here' }] })
    const ids = identityIds(100).concat(identityIds(2000).slice(1000))
    const { ledger, stopped, sizes } = await sendAll(tenant, ids)
    expect(stopped).toMatch(/refuses everything.*No bulk here/)
    const failed = idsWith(ledger, 'failed')
    expect(failed).toHaveLength(16)
    expect(failed.at(-1)).toBe(ids.at(-1))
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(1084)
    expect(sizes.length).toBeLessThan(40)
  })

  test('once something was accepted, refusals are about their identities', async () => {
    const bad = Array.from({ length: 12 }, (_, n) => `bad${n}`)
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 422, ids: bad }] })
    const { ledger, stopped } = await sendAll(tenant, [...identityIds(1), ...bad], {
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
    const ids = [...identityIds(10), 'x1', 'x2', ...identityIds(100).slice(10)]
    const ledger = ledgerOf(ids, { ...NO_THRESHOLDS, maxFailures: 1 })
    const { stopped } = await sendAll(tenant, ids, { batchSize: 6, failFast: true, concurrency: 1, ledger })
    expect(stopped).toMatch(/fail-fast/)
    expect(idsWith(ledger, 'failed')).toEqual(['x1', 'x2'])
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(10))
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(90)
  })

  test('without fail-fast the run goes on', async () => {
    const tenant = await tenantWith({ identities: { disabled: 10 } })
    const { ledger, stopped } = await sendAll(tenant, ['x1', ...identityIds(10)], {
      batchSize: 1,
      concurrency: 1,
    })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(10))
  })

  test.each([
    [401, 0],
    [403, 10],
  ])('%d: what was answered counts, %d have failed, the rest is unprocessed', async (status, failed) => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status, ids: [identityId(10)] }] })
    const { ledger, stopped } = await sendAll(tenant, identityIds(30), { batchSize: 10, concurrency: 1 })
    expect(stopped).toContain(`status ${status}`)
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(10))
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(30).slice(10, 10 + failed))
    expect(idsWith(ledger, 'unprocessed')).toEqual(identityIds(30).slice(10 + failed))
  })

  test('a token that cannot be had: nothing has failed, all is unprocessed', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500, on: 'token' }] })
    const { ledger, stopped } = await sendAll(tenant, identityIds(30), { batchSize: 10, maxRetries: 1 })
    expect(stopped).toMatch(/No access token/)
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(30)
  })
})

describe('under random faults', () => {
  const REQUESTED = identityIds(30).toSpliced(7, 0, 'stranger-1').toSpliced(21, 0, 'stranger-2')

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
            // A token can be refused that often before ISC has answered at all.
            outages: randomOutages(seed, 2 + times),
            ...(seed % 3 > 0 && { answerIdsIn: seed % 3 === 1 ? 'lower' : 'upper' }),
          })
          // Ids come from the seed.
          const ids = [...tenant.identities.keys()].slice(0, 30)
          const list = REQUESTED.map((id) => (id.startsWith('stranger') ? id : (ids.shift() ?? id)))
          // As many tries as there are faults, and those by which an outage is noticed.
          const { ledger, stopped } = await sendAll(tenant, list, { batchSize: 3, maxRetries: times + 4 })
          await tenant.stop()
          const lists = (['succeeded', 'failed', 'unprocessed'] as const).map((outcome) =>
            idsWith(ledger, outcome),
          )
          expect(lists.flat().sort()).toEqual([...list].sort())
          expect(ledger.counts).toMatchObject({ succeeded: lists[0]?.length, failed: lists[1]?.length })
          // What the run reports as succeeded is what the tenant took on.
          for (const id of lists[0] ?? []) expect(tenant.identities.get(id)?.dueAt).not.toBeNull()
          // Two refused tokens in a row may end a run; nothing else in a plan may.
          if (!faults.some((fault) => fault.kind === 'status' && fault.status === 401))
            expect(stopped).toBeNull()
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
    const { ledger } = await sendAll(tenant, identityIds(2000), { batchSize: 20 })
    expect(ledger.counts).toMatchObject({ succeeded: 2000, failed: 0, unprocessed: 0 })
  })

  test.each([1, 2, 3])('one that answers half of them with 500 does too (seed %d)', async (seed) => {
    const faults: Fault[] = [{ kind: 'status', status: 500, probability: 0.5 }]
    const tenant = await tenantWith({ seed, identities: { disabled: 5_000 }, faults })
    const { ledger } = await sendAll(tenant, [...tenant.identities.keys()], { batchSize: 10 })
    expect(ledger.counts).toMatchObject({ succeeded: 5_000, failed: 0, unprocessed: 0 })
  })
})

describe('a run', () => {
  test('halves a batch that is refused whole, the first half first', async () => {
    const { sizes, stopped, ledger } = await run(
      [{ kind: 'status', status: 400, ids: identityIds(1) }],
      identityIds(9),
      {
        batchSize: 9,
      },
    )
    expect(sizes).toEqual([9, 5, 3, 2, 1, 1, 1, 2, 4])
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(1))
  })

  test('tells of its progress after every answer', async () => {
    const { sizes, progress } = await run([], identityIds(30))
    expect(sizes).toEqual([10, 10, 10])
    expect(progress).toBe(3)
  })

  test('goes on after seven identities refused for one reason', async () => {
    const bad = identityIds(7)
    const { ledger, stopped } = await run([{ kind: 'status', status: 400, ids: bad }], identityIds(10), {
      batchSize: 1,
    })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(bad)
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(10).slice(7))
  })

  test('is not misled by the id that a refusal names', async () => {
    const faults = identityIds(20).map((id): Fault => ({
      kind: 'status',
      status: 400,
      ids: [id],
      text: `Bad ${id}, no ${id}`,
    }))
    const { ledger, stopped } = await run(faults, identityIds(20), { batchSize: 1 })
    expect(stopped).toMatch(/^ISC refuses everything: nothing was accepted so far, and .* status 400/)
    expect(idsWith(ledger, 'failed')).toHaveLength(16)
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(4)
  })

  test('does not take different refusals for one', async () => {
    const faults = identityIds(20).map((id, n): Fault => ({
      kind: 'status',
      status: 400,
      ids: [id],
      text: `Reason ${n % 5}`,
    }))
    const { ledger, stopped } = await run(faults, identityIds(20), { batchSize: 1 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(20))
  })

  test('does not take an answer that cannot be read for a refusal', async () => {
    const { ledger, stopped } = await run([{ kind: 'html' }], identityIds(10), { batchSize: 1 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(10))
  })

  test('does not take batches for single identities', async () => {
    const { ledger, stopped, sizes } = await run([{ kind: 'status', status: 429 }], identityIds(24), {
      batchSize: 2,
    })
    expect(stopped).toBeNull()
    expect(sizes).toEqual(Array(12).fill(2))
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(24))
  })

  test.each([
    [429, 2],
    [503, 2],
    [404, 1],
    [405, 1],
    [409, 1],
    [410, 1],
    [451, 1],
  ])('does not halve a batch that was refused with %d, and sends %d requests', async (status, requests) => {
    const { ledger, stopped, sizes } = await run(
      [{ kind: 'status', status, ids: identityIds(1) }],
      identityIds(20),
    )
    expect(sizes).toEqual([10, 10].slice(0, requests))
    if (requests === 1) expect(stopped).toContain(`status ${status}`)
    expect(idsWith(ledger, 'unprocessed')).toHaveLength(requests === 1 ? 10 : 0)
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(10))
    expect(ledger.identities[9]).toMatchObject({
      cause: {
        kind: 'request-failed',
        statusCode: status,
        message: expect.stringContaining(`status ${status}`),
      },
      attempts: 1,
    })
    expect(trackingIdOf(ledger.identities[9]?.cause ?? null)).toMatch(/^[0-9a-f]{32}$/)
  })

  test('sends a refused part no second time, but its culprit in the next round', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 500, ids: identityIds(1) }]
    const { sizes } = await run(faults, identityIds(4), { batchSize: 4, maxRetries: 2 })
    expect(sizes).toEqual([4, 4, 4, 2, 1, 1, 2, ...Array<number>(6).fill(1)])
  })
})

describe('a run that is cancelled', () => {
  test('keeps what was answered, and leaves the rest unprocessed', async () => {
    const { ledger, stopped, sizes } = await run([], identityIds(30), { cancelAfter: 1 })
    expect(stopped).toBe('The run was cancelled.')
    expect(sizes).toEqual([10])
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(10))
    expect(idsWith(ledger, 'unprocessed')).toEqual(identityIds(30).slice(10))
    expect(ledger.identities.map(({ attempts }) => attempts)).toEqual(
      identityIds(30).map((_, n) => (n < 10 ? 1 : 0)),
    )
  })

  test('while it waits to send again leaves those put off unprocessed', async () => {
    const faults: Fault[] = [{ kind: 'item-429' }]
    const { ledger, stopped, sizes } = await run(faults, identityIds(3), { maxRetries: 5, cancelAfter: 1 })
    expect(stopped).toBe('The run was cancelled.')
    expect(sizes).toEqual([3])
    expect(ledger.identities).toMatchObject([
      { outcome: 'unprocessed', cause: null, attempts: 1 },
      { outcome: 'succeeded' },
      { outcome: 'succeeded' },
    ])
  })
})

describe('a run with fail-fast', () => {
  test('sends nothing where the look-up failed too often', async () => {
    const ledger = new Ledger(
      [entry('nobody', null), ...identityIds(3).map((id) => entry(id))],
      NO_THRESHOLDS,
    )
    for (const identity of ledger.identities.slice(0, 1)) ledger.fail(identity, { kind: 'absent' })
    const { stopped, sizes } = await run([], [], { ledger, failFast: true, maxRetries: 1 })
    expect(stopped).toBe('More identities failed than the thresholds allow, and fail-fast is set.')
    expect(sizes).toEqual([])
    expect(idsWith(ledger, 'unprocessed')).toEqual(identityIds(3))
  })

  test('sends nothing a second time once a threshold is exceeded', async () => {
    const faults: Fault[] = [
      { kind: 'item-429', nth: 1 },
      { kind: 'text', text: 'Never.', nth: 2 },
    ]
    const { ledger, stopped, sizes, waits } = await run(faults, identityIds(4), {
      batchSize: 3,
      maxRetries: 3,
      failFast: true,
    })
    expect(stopped).toMatch(/fail-fast/)
    expect(sizes).toEqual([3, 1])
    expect(waits).toBe(0)
    expect(ledger.identities).toMatchObject([
      { outcome: 'unprocessed', attempts: 1 },
      { outcome: 'succeeded' },
      { outcome: 'succeeded' },
      { outcome: 'failed', cause: { statusCode: 400 } },
    ])
  })

  test.each([
    [0, 1],
    [1, 4],
    [2, 7],
  ])(
    'heeds those put off once their tries are used up: %d further, %d requests',
    async (maxRetries, requests) => {
      const faults: Fault[] = [{ kind: 'item-500' }]
      const { ledger, stopped, sizes } = await run(faults, identityIds(3), {
        batchSize: 1,
        maxRetries,
        failFast: true,
      })
      expect(stopped).toMatch(/fail-fast/)
      expect(sizes).toHaveLength(requests)
      expect(ledger.identities[0]).toMatchObject({ outcome: 'failed', attempts: maxRetries + 1 })
    },
  )

  test('does not heed failures that are ignored', async () => {
    const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) }
    const { stopped, ledger } = await run([], ['x1', ...identityIds(3)], {
      batchSize: 1,
      failFast: true,
      thresholds,
    })
    expect(stopped).toBeNull()
    expect(ledger.counts).toMatchObject({ succeeded: 3, failed: 1, ignored: 1 })
  })

  test('names what ended it first', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 403 }]
    const { stopped } = await run(faults, identityIds(3), { batchSize: 1, failFast: true })
    expect(stopped).toContain('status 403')
  })
})

test('a whole request refused with the status that an identity was put off with is nobody’s own', async () => {
  const faults: Fault[] = [
    { kind: 'item-500', times: 1 },
    { kind: 'status', status: 500 },
  ]
  const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([500]) }
  const { ledger } = await run(faults, identityIds(1), { maxRetries: 1, thresholds })
  expect(ledger.identities[0]).toMatchObject({ outcome: 'failed', ignored: false })
})

describe('an identity that ISC puts off', () => {
  test('has failed at once where nothing is to be sent again', async () => {
    const { ledger, sizes } = await run([{ kind: 'item-500' }], identityIds(2))
    expect(sizes).toEqual([2])
    expect(ledger.identities).toMatchObject([
      { outcome: 'failed', cause: { kind: 'answered', statusCode: 500, message: 'Try again.' }, attempts: 1 },
      { outcome: 'succeeded', attempts: 1 },
    ])
    expect(trackingIdOf(ledger.identities[0]?.cause ?? null)).toMatch(/^[0-9a-f]{32}$/)
  })

  test('is sent again max-retries times', async () => {
    const { ledger, sizes, waits } = await run([{ kind: 'item-429' }], identityIds(1), { maxRetries: 2 })
    expect(sizes).toEqual([1, 1, 1])
    expect(waits).toBe(2)
    expect(ledger.identities).toMatchObject([{ outcome: 'failed', cause: { statusCode: 429 }, attempts: 3 }])
  })

  test('because its request had no readable answer is sent again with others like it', async () => {
    const faults: Fault[] = [{ kind: 'html', ids: identityIds(1), times: 2 }]
    const { ledger, sizes } = await run(faults, identityIds(20), { maxRetries: 1 })
    expect(sizes).toEqual([10, 10, 10, 10])
    expect(ledger.counts).toMatchObject({ succeeded: 20 })
  })

  test('is not one that ISC refuses', async () => {
    const faults: Fault[] = [{ kind: 'text', text: 'Never.' }]
    const { ledger, sizes, waits } = await run(faults, identityIds(1), { maxRetries: 2 })
    expect(sizes).toEqual([1])
    expect(waits).toBe(0)
    expect(ledger.identities).toMatchObject([
      { outcome: 'failed', cause: { statusCode: 400, message: 'Never.' } },
    ])
  })
})

test('a batch refused with a status that no further try can mend is not sent again', async () => {
  const { ledger, stopped, sizes } = await run([{ kind: 'status', status: 501 }], identityIds(2), {
    maxRetries: 2,
  })
  expect(sizes).toEqual([2])
  expect(stopped).toBeNull()
  const cause = { kind: 'request-failed', statusCode: 501 }
  expect(ledger.identities).toMatchObject([{ cause }, { cause }])
})

test('an identity without an id is never sent', async () => {
  const ledger = new Ledger([entry('ann', null)], NO_THRESHOLDS)
  await expect(run([], [], { ledger })).rejects.toThrow('ann has no id.')
})

test('an error of the program ends a run as what it is', async () => {
  const { client } = clientWith(await tenantWith())
  client.call = () => Promise.reject(new TypeError('A mistake.'))
  const options = { batchSize: 1, maxRetries: 0, failFast: false, onProgress: () => undefined }
  await expect(enableAll(ledgerOf(identityIds(1)), client, options)).rejects.toThrow(
    new TypeError('A mistake.'),
  )
})
