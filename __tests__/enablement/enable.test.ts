import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { Fault, StatusFault } from '../../dev/tenant/faults.ts'
import { identityId, identityIds } from '../../dev/tenant/population.ts'
import { randomFaults, randomOutages } from '../../dev/tenant/random-faults.ts'
import { seeded } from '../../dev/tenant/random.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { enableIdentities } from '../../src/enablement/enable.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import { trackingIdOf } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import type { ApiAnswer, ClientOptions } from '../../src/sailpoint/client.ts'
import { ApiError } from '../../src/sailpoint/errors.ts'
import type { ApiRequest } from '../../src/sailpoint/exchange.ts'
import type { Stop } from '../../src/failure.ts'
import { clientWith, entry, idsWith, ledgerOf, type TestClient } from '../support/client.ts'
import { runs } from '../support/runs.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

interface Enablement {
  readonly ledger: Ledger
  readonly stop: Stop | null
  /** How many identities each request held. */
  readonly sizes: readonly number[]
  readonly progress: number
}

interface Options extends Partial<ClientOptions> {
  readonly batchSize?: number
  readonly failFast?: boolean
  readonly thresholds?: typeof NO_THRESHOLDS
  readonly ledger?: Ledger
  /** Called after every answer. */
  readonly onProgress?: (made: TestClient) => void
  readonly maxRetries?: number
  /** Which identities are sampled. */
  readonly sampled?: () => number
}

/** Enables these, in batches of 100 with 5 retries, unless told otherwise. */
async function enable(tenant: Tenant, ids: readonly string[], options: Options = {}): Promise<Enablement> {
  const { batchSize = 100, failFast = false, thresholds = NO_THRESHOLDS, maxRetries = 5, ...rest } = options
  const { ledger = ledgerOf(ids, thresholds), onProgress, sampled = seeded(1), ...clientOptions } = rest
  const made = clientWith(tenant, { maxRetries, ...clientOptions })
  let progress = 0
  const stop = await enableIdentities(ledger, made.client, {
    batchSize,
    maxRetries,
    failFast,
    random: sampled,
    onProgress: () => {
      progress += 1
      onProgress?.(made)
    },
  })
  const sizes = requestsTo(tenant, 'enable').map(({ ids: sent }) => sent.length)
  expectAccountedFor(ledger, ids, stop)
  return { ledger, stop, sizes, progress }
}

/** Each identity is in exactly one list, and none is unprocessed without a reason. */
function expectAccountedFor(ledger: Ledger, ids: readonly string[], stop: Stop | null): void {
  const lists = (['succeeded', 'failed', 'unprocessed'] as const).map((outcome) => idsWith(ledger, outcome))
  if (ids.length > 0) expect(lists.flat().sort()).toEqual([...ids].sort())
  const [succeeded, failed, unprocessed] = lists.map(({ length }) => length)
  expect(ledger.counts).toMatchObject({ succeeded, failed, unprocessed })
  if (stop === null) expect(unprocessed).toBe(0)
}

/** One request at a time, in batches of 10 without retries, unless told otherwise. */
const enableInOrder = async (
  faults: readonly Fault[],
  ids: readonly string[],
  options: Options = {},
): Promise<Enablement> =>
  enable(await tenantWith({ faults }), ids, { batchSize: 10, maxRetries: 0, concurrency: 1, ...options })

const rejecting = (status: number, ids?: readonly string[]): StatusFault => ({
  kind: 'status',
  status,
  ...(ids && { ids }),
})

const allowing = (maxFailures: number): typeof NO_THRESHOLDS => ({ ...NO_THRESHOLDS, maxFailures })

/** The requests in which an identity was. */
const requestsWith = (tenant: Tenant, id: string): number =>
  requestsTo(tenant, 'enable').filter(({ ids }) => ids.includes(id)).length

describe('each identity ends in one list with any answer', () => {
  test.each<[string, Fault, number]>([
    ['IDs that are missing', { kind: 'leave-out', times: 1 }, 2],
    ['IDs repeated', { kind: 'repeat' }, 1],
    ['IDs once accepted, once rejected', { kind: 'conflict', times: 1 }, 2],
    ['IDs that were not submitted', { kind: 'foreign' }, 1],
    ['another order', { kind: 'shuffle' }, 1],
    ['statuses as text', { kind: 'string-status' }, 1],
    ['per-identity 429', { kind: 'item-429', times: 2 }, 3],
    ['per-identity 500', { kind: 'item-500', times: 2 }, 3],
    ['an empty array', { kind: 'empty-array', times: 1 }, 2],
  ])('%s', async (_, fault, requests) => {
    const { ledger, stop, sizes } = await enable(await tenantWith({ faults: [fault] }), identityIds(20))
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(20))
    expect(stop).toBeNull()
    expect(sizes).toHaveLength(requests)
  })

  test('an ID is known from then on as ISC writes it', async () => {
    const tenant = await tenantWith({ answerIdsIn: 'lower' })
    const { ledger } = await enable(
      tenant,
      identityIds(2).map((id) => id.toUpperCase()),
    )
    expect(ledger.identities.map(({ id }) => id)).toEqual(identityIds(2).map((id) => id.toLowerCase()))
  })

  test('one answer without a message is kept once for all that have it', async () => {
    const [first, second] = (await enable(await tenantWith(), identityIds(2))).ledger.identities
    expect(first?.cause).toMatchObject({ statusCode: 202, message: null })
    expect(second?.cause).toBe(first?.cause)
  })

  test('those put off are submitted again in fresh batches, and fail with the last reason', async () => {
    const missing = identityId(0)
    const faults: Fault[] = [
      { kind: 'item-429', times: 3 },
      { kind: 'empty-array', ids: [missing], nth: 4 },
    ]
    const tenant = await tenantWith({ faults })
    const { ledger, sizes } = await enable(tenant, identityIds(30), {
      batchSize: 15,
      concurrency: 1,
      maxRetries: 2,
    })
    expect(sizes).toEqual([15, 15, 10, 4])
    expect(ledger.counts).toMatchObject({ succeeded: 26, failed: 4 })
    expect(ledger.identities[0]).toMatchObject({ cause: { kind: 'missing' }, attempts: 3 })
  })
})

describe('while nothing is accepted, no identity is part of more than max-retries + 1 requests', () => {
  test.each(
    [0, 5, 10, 20].flatMap((maxRetries) =>
      [
        { faults: [rejecting(429)] },
        { faults: [{ kind: 'item-429', ids: [identityId(0)] } as const] },
        { faults: [{ kind: 'empty-array' } as const] },
        { faults: [{ kind: 'html' } as const] },
        { faults: [{ ...rejecting(429), probability: 0.6 }, { kind: 'empty-array' } as const] },
      ].map(({ faults }) => [maxRetries, faults.map(({ kind }) => kind).join(), faults] as const),
    ),
  )('max-retries %i, always %s', async (maxRetries, _, faults) => {
    const tenant = await tenantWith({ faults })
    const { ledger } = await enable(tenant, [identityId(0)], { maxRetries, concurrency: 1 })
    expect(idsWith(ledger, 'failed')).toHaveLength(1)
    expect(requestsTo(tenant, 'enable')).toHaveLength(maxRetries + 1)
    expect(ledger.identities[0]?.attempts).toBe(maxRetries + 1)
  })

  test('100 identities always answered 500: at most 45 requests', async () => {
    const tenant = await tenantWith({ faults: [rejecting(500)] })
    const { ledger, stop } = await enable(tenant, identityIds(100))
    expect(requestsTo(tenant, 'enable').length).toBeLessThanOrEqual(45)
    expect(idsWith(ledger, 'failed')).toHaveLength(100)
    expect(stop).toBeNull()
  })

  test('one identity always answered 500 costs as many again once the others are accepted', async () => {
    const culprit = identityId(41)
    const tenant = await tenantWith({ faults: [rejecting(500, [culprit])] })
    const { ledger } = await enable(tenant, identityIds(100))
    expect(idsWith(ledger, 'failed')).toEqual([culprit])
    expect(requestsWith(tenant, culprit)).toBeLessThanOrEqual(6 + 8 + 6)
  })
})

describe('a batch that is rejected whole', () => {
  test.each([
    [101, 100, 100],
    [101, 100, 50],
    [5, 1, 2],
  ])('of %d identities, %d per request, gives the status to identity %d', async (count, batchSize, at) => {
    const tenant = await tenantWith({
      identities: { disabled: count },
      faults: [rejecting(422, [identityId(at)])],
    })
    const { ledger } = await enable(tenant, identityIds(count), { batchSize })
    expect(ledger.identities[at]).toMatchObject({ cause: { kind: 'answered', statusCode: 422 } })
  })

  test.each([400, 413, 422, 500].flatMap((status) => [0, 37, 99].map((at) => [status, at] as const)))(
    'with %d for its identity %d costs 14 requests more and that identity alone',
    async (status, at) => {
      const culprit = identityId(at)
      const tenant = await tenantWith({ faults: [rejecting(status, [culprit])] })
      const { ledger, stop, sizes } = await enable(tenant, identityIds(100), { maxRetries: 2 })
      expect(stop).toBeNull()
      expect(idsWith(ledger, 'failed')).toEqual([culprit])
      expect(ledger.identities[at]).toMatchObject({ cause: { kind: 'answered', statusCode: status } })
      const attempts = status === 500 ? 3 + 3 : 1
      // Halves, and samples until one is accepted.
      expect(sizes.length - attempts).toBeLessThanOrEqual(14 + 2)
    },
  )

  test('is halved, the first half first', async () => {
    const faults = [rejecting(400, [identityId(1)])]
    const { sizes } = await enableInOrder(faults, identityIds(9), { sampled: () => 0.99 })
    // The last of them is sampled, and accepted.
    expect(sizes).toEqual([9, 1, 5, 3, 2, 1, 1, 1, 2, 3])
  })

  test.each<[string, (n: number) => boolean, number]>([
    ['first', (n) => n < 16, 100],
    ['first, and more of them', (n) => n < 60, 100],
    ['last', (n) => n >= 84, 100],
    ['spread', (n) => n % 3 === 0, 100],
    ['in one batch of several', (n) => n < 100, 300],
    ['at the head of each of several', (n) => n % 10 === 0, 300],
  ])('stops no good identity where the bad ones are %s', async (_, isBad, count) => {
    const ids = identityIds(count)
    const culprits = ids.filter((_id, n) => isBad(n))
    const tenant = await tenantWith({
      identities: { disabled: count },
      latencyMs: 2,
      faults: [rejecting(400, culprits)],
    })
    const { ledger, stop } = await enable(tenant, ids, { thresholds: allowing(20) })
    expect(stop).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(culprits)
    const enabled = tenant.enabled.map(({ id }) => id)
    expect(new Set(enabled).size).toBe(enabled.length)
  })

  test.each([1, 10, 100])('for good ends the run early, in batches of %i', async (batchSize) => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 400, text: 'No bulk here' }] })
    const ids = identityIds(2_000)
    const { ledger, stop, sizes } = await enable(tenant, ids, { batchSize })
    expect(stop).toMatchObject({ reason: 'rejected', isEverything: true, failure: { said: 'No bulk here' } })
    expect(sizes.length).toBeLessThan(60)
    expect(ledger.counts.failed).toBeLessThanOrEqual(8 * batchSize + 15)
    expect(ledger.counts.unprocessed).toBeGreaterThan(1_000)
  })

  test.each([1, 10])('is submitted to its end where the thresholds allow it (%i)', async (batchSize) => {
    const tenant = await tenantWith({ faults: [rejecting(400)] })
    const { ledger, stop } = await enable(tenant, identityIds(60), { batchSize, thresholds: allowing(60) })
    expect(stop).toBeNull()
    expect(ledger.counts).toMatchObject({ failed: 60 })
  })

  test.each([1, 10])('with nothing after it says no more than that it failed (%i)', async (batchSize) => {
    const { ledger, stop } = await enableInOrder([rejecting(400)], identityIds(batchSize), { batchSize })
    expect(stop).toBeNull()
    expect(ledger.counts.failed).toBe(batchSize)
  })

  test('does not fail an identity of it that was only put off', async () => {
    const [first = '', ...bad] = identityIds(10)
    const faults: Fault[] = [{ kind: 'item-429', ids: [first], nth: 2 }, rejecting(400, bad)]
    const { ledger } = await enableInOrder(faults, [first, ...bad], { maxRetries: 2, sampled: () => 0 })
    expect(idsWith(ledger, 'succeeded')).toEqual([first])
  })

  test('with a status that is its own when it is alone fails one identity, which may be ignored', async () => {
    const faults: Fault[] = [
      { ...rejecting(400, [identityId(0)]), times: 1 },
      rejecting(404, [identityId(0)]),
    ]
    const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) }
    const { ledger, stop } = await enableInOrder(faults, identityIds(6), { thresholds, batchSize: 2 })
    expect(stop).toBeNull()
    expect(ledger.counts).toMatchObject({ succeeded: 5, failed: 1, ignored: 1 })
  })

  test('whose half is rejected with a status says nothing of an identity of it alone, so nothing is ignored', async () => {
    const bad = identityIds(2)
    const faults: Fault[] = [{ ...rejecting(400, bad), times: 1 }, rejecting(404, bad)]
    const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) }
    const options = { thresholds, batchSize: 4, sampled: () => 0.99 }
    const { ledger, stop } = await enableInOrder(faults, identityIds(4), options)
    expect(stop).toMatchObject({ reason: 'rejected', failure: { status: 404 } })
    expect(idsWith(ledger, 'failed')).toEqual(bad)
    expect(ledger.counts).toMatchObject({ failed: 2, ignored: 0 })
  })

  test.each([
    [429, 2],
    [501, 2],
    [404, 1],
    [405, 1],
    [409, 1],
    [451, 1],
  ])('with %d is not split, and %i batches are submitted', async (status, batches) => {
    const faults = [rejecting(status, identityIds(1))]
    const { ledger, stop, sizes } = await enableInOrder(faults, identityIds(20))
    expect(sizes).toEqual([10, 10].slice(0, batches))
    expect(stop?.reason ?? null).toBe(batches === 2 ? null : 'rejected')
    expect(idsWith(ledger, 'failed')).toEqual(identityIds(10))
    const [first] = ledger.identities
    expect(first).toMatchObject({ cause: { kind: 'request-failed', failure: { status } }, attempts: 1 })
    expect(trackingIdOf(first?.cause ?? null)).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('samples', () => {
  test('of the rest that are not settled by that are submitted later', async () => {
    const ids = identityIds(40)
    const faults: Fault[] = [
      rejecting(400, ids.slice(0, 10)),
      { ...rejecting(500, ids.slice(10)), times: 12 },
    ]
    const tenant = await tenantWith({ faults, latencyMs: 3 })
    const { ledger } = await enable(tenant, ids, { batchSize: 10, concurrency: 3, maxRetries: 4 })
    expect(idsWith(ledger, 'succeeded')).toEqual(ids.slice(10))
  })

  /** Enables a1, a2 | b1, b2 | c1, c2, two requests at a time; each request is answered as it is told: a status. */
  async function scripted(answer: (ids: string) => Promise<number>): Promise<Ledger> {
    const ledger = ledgerOf(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'], allowing(6))
    const { client } = clientWith(await tenantWith(), { concurrency: 2 })
    client.call = async <T>({ body = '' }: ApiRequest<T>): Promise<ApiAnswer<T>> => {
      const { identityIds: ids } = JSON.parse(body) as { identityIds: string[] }
      const status = await answer(ids.join())
      if (status !== 202)
        throw new ApiError({
          kind: 'status',
          operation: 'enable',
          status,
          said: null,
          isForeign: false,
          trackingId: null,
        })
      const value = ids.map((id) => ({ id, statusCode: 202 })) as T
      return { value, trackingId: null, totalCount: null, retries: 0 }
    }
    const options = { batchSize: 2, maxRetries: 2, failFast: false, onProgress: () => undefined }
    const stop = await enableIdentities(ledger, client, { ...options, random: () => 0 })
    expectAccountedFor(ledger, [], stop)
    return ledger
  }

  test('whose turn passes meanwhile get another', async () => {
    const [sampled, passed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    let attempts = 0
    const ledger = await scripted(async (ids) => {
      if (ids.includes('a')) return 400
      if (ids === 'b1,b2') await sampled.promise
      if (ids === 'c2') passed.resolve(undefined)
      if (ids !== 'c1') return 202
      attempts += 1
      if (attempts > 1) return 202
      sampled.resolve(undefined)
      await passed.promise
      return 500
    })
    expect(idsWith(ledger, 'succeeded')).toEqual(['b1', 'b2', 'c1', 'c2'])
    expect(attempts).toBe(2)
  })

  test('that are already submitted in a batch are submitted there alone', async () => {
    const seen: string[] = []
    const sampled = Promise.withResolvers<undefined>()
    const ledger = await scripted(async (ids) => {
      seen.push(ids)
      if (ids === 'b1,b2') await sampled.promise
      if (ids === 'a1') {
        sampled.resolve(undefined)
        while (!seen.includes('c1,c2')) await new Promise((resolve) => setImmediate(resolve))
      }
      if (ids === 'c1,c2') await new Promise((resolve) => setTimeout(resolve, 50))
      return ids.includes('c') ? 202 : ids.includes('a') ? 400 : 429
    })
    expect(seen.filter((ids) => ids.includes('c'))).toEqual(['c1,c2'])
    expect(idsWith(ledger, 'succeeded')).toEqual(['c1', 'c2'])
  })

  test('end the run where one is rejected with a status that every request would have', async () => {
    const faults: Fault[] = [{ ...rejecting(400), times: 1 }, rejecting(403)]
    const { stop, sizes } = await enableInOrder(faults, identityIds(30))
    expect(stop).toMatchObject({ reason: 'rejected', isEverything: false, failure: { status: 403 } })
    expect(sizes).toEqual([10, 1])
  })

  test('are no more once fail-fast is due', async () => {
    const { stop, sizes, ledger } = await enableInOrder([rejecting(400)], identityIds(30), { failFast: true })
    expect(stop).toEqual({ reason: 'fail-fast' })
    expect(sizes).toEqual([10, 1])
    expect(ledger.counts).toMatchObject({ failed: 1, unprocessed: 29 })
  })

  test('are in no other request meanwhile', async () => {
    const ids = identityIds(120)
    const faults: Fault[] = [
      rejecting(400, ids.slice(0, 80)),
      { kind: 'slow', ms: 100, ids: ids.slice(80, 100) },
    ]
    const tenant = await tenantWith({ identities: { disabled: 120 }, faults })
    const { ledger } = await enable(tenant, ids, { batchSize: 10, thresholds: allowing(100) })
    expect(idsWith(ledger, 'failed')).toEqual(ids.slice(0, 80))
    expect(tenant.enabled.map(({ id }) => id).sort()).toEqual(ids.slice(80).sort())
  })
})

describe('a run ends early', () => {
  test.each([
    [401, 'authentication', 0],
    [403, 'rejected', 10],
    [404, 'rejected', 10],
  ])('at %d: %s, its %i identities have failed, the rest is unprocessed', async (status, reason, failed) => {
    const ids = identityIds(30)
    const { ledger, stop } = await enableInOrder([rejecting(status, [identityId(10)])], ids)
    expect(stop?.reason).toBe(reason)
    expect(idsWith(ledger, 'succeeded')).toEqual(ids.slice(0, 10))
    expect(idsWith(ledger, 'failed')).toEqual(ids.slice(10, 10 + failed))
  })

  test('where no token can be had: nothing has failed', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 500, on: 'token' }]
    const { ledger, stop } = await enableInOrder(faults, identityIds(30))
    expect(stop?.reason).toBe('authentication')
    expect(ledger.counts).toMatchObject({ failed: 0, unprocessed: 30 })
  })

  test('by an outage that lasts too long: what was accepted counts, the rest is unprocessed', async () => {
    const tenant = await tenantWith()
    const { ledger, stop } = await enable(tenant, identityIds(30), {
      batchSize: 10,
      concurrency: 1,
      outageTimeoutMs: 200,
      onProgress: () => tenant.outage('refuse'),
    })
    expect(stop).toEqual({ reason: 'outage', timeoutMs: 200 })
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(10))
    expect(ledger.counts).toMatchObject({ failed: 0, unprocessed: 20 })
  })

  test('by fail-fast: nothing further starts once a threshold is exceeded', async () => {
    const ids = ['x1', ...identityIds(10), 'x2', ...identityIds(100).slice(10)]
    const options = { batchSize: 6, failFast: true, thresholds: allowing(1) }
    const { ledger, stop, sizes } = await enableInOrder([], ids, options)
    expect(stop).toEqual({ reason: 'fail-fast' })
    expect(sizes).toEqual([6, 6])
    expect(idsWith(ledger, 'failed')).toEqual(['x1', 'x2'])
  })

  test('by fail-fast, but not for failures that are ignored', async () => {
    const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) }
    const options = { batchSize: 1, failFast: true, thresholds }
    const { stop, ledger } = await enableInOrder([], ['x1', ...identityIds(3)], options)
    expect(stop).toBeNull()
    expect(ledger.counts).toMatchObject({ succeeded: 3, failed: 1, ignored: 1 })
  })

  test('by fail-fast before anything is submitted, where resolving failed too often', async () => {
    const ledger = new Ledger([entry('ann', null), ...identityIds(3).map((id) => entry(id))], NO_THRESHOLDS)
    for (const identity of ledger.identities.slice(0, 1)) ledger.fail(identity, { kind: 'absent' })
    const { stop, sizes } = await enableInOrder([], [], { ledger, failFast: true })
    expect(stop).toEqual({ reason: 'fail-fast' })
    expect(sizes).toEqual([])
  })
})

describe('a cancel leaves each identity in one list', () => {
  test.each<[string, readonly Fault[], string, number]>([
    ['between batches', [], 'progress', 10],
    ['in a pause', [{ ...rejecting(429), retryAfter: { seconds: 60 }, nth: 2 }], 'retry-after', 10],
    ['in the back-off of a request', [{ ...rejecting(429), nth: 2 }], 'back-off', 10],
    ['in the back-off between rounds', [{ kind: 'item-429', ids: identityIds(1) }], 'round', 26],
    ['in an outage', [{ ...rejecting(503), nth: 2 }], 'outage', 10],
    ['among samples', [rejecting(400)], 'progress', 0],
  ])('%s', async (_, faults, at, succeeded) => {
    const stopping = new AbortController()
    const { ledger, stop } = await enableInOrder(faults, identityIds(30), {
      maxRetries: 5,
      random: () => 1,
      stop: stopping.signal,
      onWait: (wait) => {
        if (wait === at) setImmediate(() => stopping.abort())
      },
      onProgress: () => {
        if (at === 'progress') stopping.abort()
      },
    })
    expect(stop).toEqual({ reason: 'cancelled' })
    expect(ledger.counts.succeeded).toBe(succeeded)
    expect(ledger.counts.unprocessed).toBeGreaterThan(0)
  })
})

describe('under random faults', () => {
  const REQUESTED = identityIds(30).toSpliced(7, 0, 'stranger-1').toSpliced(21, 0, 'stranger-2')

  test('every identity is in one list, and every one that exists is enabled', async () => {
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
            outages: randomOutages(seed, 2 + times),
            ...(seed % 3 > 0 && { answerIdsIn: seed % 3 === 1 ? 'lower' : 'upper' }),
          })
          try {
            // IDs come from the seed.
            const ids = [...tenant.identities.keys()].slice(0, 30)
            const list = REQUESTED.map((id) => (id.startsWith('stranger') ? id : (ids.shift() ?? id)))
            const options = { batchSize: 3, maxRetries: times + 1, random: () => 0.001 }
            const { ledger, stop } = await enable(tenant, list, options)
            // What the run reports as succeeded is what the tenant took on.
            for (const id of idsWith(ledger, 'succeeded'))
              expect(tenant.identities.get(id)?.dueAt).not.toBeNull()
            // Two rejected tokens in a row may end a run; nothing else in a plan may.
            if (!faults.some((fault) => fault.kind === 'status' && fault.status === 401))
              expect(stop).toBeNull()
            if (stop === null) expect(idsWith(ledger, 'failed')).toEqual(['stranger-1', 'stranger-2'])
            expect(tenant.violations).toEqual([])
          } finally {
            await tenant.stop()
          }
        },
      ),
      { numRuns: runs(20, 250), seed: 20261123 },
    )
  }, 300_000)

  test.each([1, 2, 3])('half of them 500: no identity is lost (seed %d)', async (seed) => {
    const faults: Fault[] = [{ ...rejecting(500), probability: 0.5 }]
    const tenant = await tenantWith({ seed, identities: { disabled: 2_000 }, faults })
    const { ledger } = await enable(tenant, [...tenant.identities.keys()], { batchSize: 10 })
    expect(ledger.counts).toMatchObject({ succeeded: 2_000, failed: 0, unprocessed: 0 })
  })

  test('30 % of all kinds: no identity is lost', async () => {
    const faults = (['refuse', 'reset-in-body', 'html'] as const).map((kind): Fault => ({
      kind,
      probability: 0.05,
    }))
    const statuses = [500, 503, 429].map((status): Fault => ({ ...rejecting(status), probability: 0.05 }))
    const tenant = await tenantWith({
      identities: { disabled: 2_000 },
      faults: [...faults, ...statuses, { kind: 'status', status: 502, on: 'token', probability: 0.3 }],
    })
    const { ledger } = await enable(tenant, identityIds(2_000), { batchSize: 20 })
    expect(ledger.counts).toMatchObject({ succeeded: 2_000, failed: 0, unprocessed: 0 })
  })
})

test('progress is told of after every answer', async () => {
  const { sizes, progress } = await enableInOrder([], identityIds(30))
  expect(sizes).toEqual([10, 10, 10])
  expect(progress).toBe(3)
})

test('an identity without an ID is never submitted', async () => {
  const ledger = new Ledger([entry('ann', null)], NO_THRESHOLDS)
  await expect(enableInOrder([], [], { ledger })).rejects.toThrow('ann has no ID.')
})

test('an error of the program ends a run as what it is', async () => {
  const { client } = clientWith(await tenantWith())
  client.call = () => Promise.reject(new TypeError('A mistake.'))
  const options = {
    batchSize: 1,
    maxRetries: 0,
    failFast: false,
    random: () => 0,
    onProgress: () => undefined,
  }
  await expect(enableIdentities(ledgerOf(identityIds(1)), client, options)).rejects.toThrow(
    new TypeError('A mistake.'),
  )
})
