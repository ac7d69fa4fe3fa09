import { describe, expect, it } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId, identityIds, type PopulationOptions } from '../../dev/tenant/population.ts'
import type { Tenant, TenantOptions } from '../../dev/tenant/tenant.ts'
import type { Ledger } from '../../src/enablement/ledger.ts'
import { verifyIdentities } from '../../src/enablement/verify.ts'
import type { Clock } from '../../src/sailpoint/clock.ts'
import type { IscClient } from '../../src/sailpoint/client.ts'
import { ApiError } from '../../src/sailpoint/errors.ts'
import type { Failure, Stop } from '../../src/failure.ts'
import { ACCEPTED, fastClock, idsWith, ledgerOf, clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

/** A ledger in which all of these were accepted. */
function acceptedLedger(ids: readonly string[]): Ledger {
  const ledger = ledgerOf(ids)
  for (const identity of ledger.identities) ledger.succeed(identity, ACCEPTED)
  return ledger
}

interface Verification {
  readonly ledger: Ledger
  readonly stopped: Stop | null
  /** Milliseconds before each pass. */
  readonly pauses: readonly number[]
  readonly progress: readonly number[]
}

/** How many times as fast as usual time passes. */
const FAST = 100

/** Verifies in a time that passes fast; `onPass` is called before the n-th (1-based) pass. */
async function verify(
  tenant: Tenant,
  {
    ledger = acceptedLedger([...tenant.identities.keys()]),
    client = clientWith(tenant, { maxRetries: 0, clock: fastClock(FAST) }).client,
    timeoutMs = 60_000,
    onPass,
  }: { ledger?: Ledger; client?: IscClient; timeoutMs?: number; onPass?: (n: number) => void } = {},
): Promise<Verification> {
  const pauses: number[] = []
  const progress: number[] = []
  const sleep = client.sleep.bind(client)
  client.sleep = async (ms) => {
    if (ms > 0) {
      pauses.push(ms)
      onPass?.(pauses.length)
    }
    await sleep(ms)
  }
  const stopped = await verifyIdentities(ledger, client, {
    timeoutMs,
    showNames: false,
    onProgress: (confirmed) => progress.push(confirmed),
  })
  return { ledger, stopped, pauses, progress }
}

const tenantOf = (identities: PopulationOptions, options: TenantOptions = {}): Promise<Tenant> =>
  tenantWith({ ...options, identities })

/** ISC has carried the task out. */
function enabled(tenant: Tenant, ...ids: readonly string[]): void {
  for (const id of ids) {
    const identity = tenant.identities.get(id)
    if (identity !== undefined) identity.identityStatus = 'ACTIVE'
  }
}

describe('an identity that ISC reports as enabled', () => {
  it('is verified and stays a success', async () => {
    const { ledger, stopped, pauses, progress } = await verify(await tenantOf({ active: 3 }))
    expect(stopped).toBeNull()
    expect(ledger.identities).toMatchObject(
      identityIds(3).map(() => ({
        outcome: 'succeeded',
        verified: true,
        cause: ACCEPTED,
      })),
    )
    expect(pauses).toEqual([2_000])
    expect(progress).toEqual([3])
  })

  it.each(['LOCKED', 'ERROR', 'locked', 'PENDING'])('may have the status %s', async (identityStatus) => {
    const tenant = await tenantWith({ identities: {}, extra: [{ id: 'a1', identityStatus }] })
    const { ledger } = await verify(tenant)
    expect(ledger.identities).toMatchObject([
      { outcome: 'succeeded', verified: true, observed: { identityStatus } },
    ])
  })

  it('may have been disabled at first', async () => {
    const tenant = await tenantOf({ disabled: 3 })
    const [a = '', b = '', c = ''] = identityIds(3)
    const { ledger, stopped, progress } = await verify(tenant, {
      onPass: (n) => enabled(tenant, ...[[], [b], [], [a, c]].slice(0, n).flat()),
    })
    expect(stopped).toBeNull()
    expect(progress).toEqual([0, 1, 1, 3])
    expect(ledger.identities).toMatchObject(identityIds(3).map(() => ({ verified: true })))
    expect(ledger.counts).toMatchObject({ succeeded: 3, failed: 0 })
  })

  it('is not asked for again', async () => {
    const tenant = await tenantOf({ disabled: 2 })
    await verify(tenant, { onPass: (n) => enabled(tenant, identityId(2 - n)) })
    const asked = requestsTo(tenant, 'identities').map(({ url }) =>
      identityIds(2).filter((id) => url.includes(id)),
    )
    expect(asked).toEqual([identityIds(2), identityIds(1)])
  })
})

describe('an identity that is not enabled', () => {
  it('at the end of the time has failed, though ISC accepted it', async () => {
    const { ledger, stopped } = await verify(await tenantOf({ active: 1, never: 1 }))
    expect(stopped).toBeNull()
    expect(ledger.identities).toMatchObject([
      { outcome: 'succeeded', verified: true },
      {
        outcome: 'failed',
        verified: false,
        cause: { kind: 'unconfirmed', accepted: ACCEPTED, seen: { identityStatus: 'DISABLED' } },
      },
    ])
    expect(ledger.counts).toMatchObject({ succeeded: 1, failed: 1, unprocessed: 0 })
  })

  it('because it is gone has failed, once the time is over', async () => {
    const { ledger, progress } = await verify(await tenantOf({ active: 1 }), {
      ledger: acceptedLedger([identityId(0), 'gone']),
    })
    expect(ledger.identities).toMatchObject([
      { outcome: 'succeeded', verified: true },
      { outcome: 'failed', verified: false, cause: { kind: 'unconfirmed', seen: 'absent' } },
    ])
    expect(new Set(progress)).toEqual(new Set([1]))
  })

  it.each(['TERMINATED', 'DEACTIVATED', 'NOVEL', 'disabled', null])(
    'because its status is %s has failed',
    async (identityStatus) => {
      const tenant = await tenantWith({
        identities: {},
        extra: [{ id: 'a1', identityStatus, fate: 'never' }],
      })
      const { ledger } = await verify(tenant)
      expect(ledger.identities).toMatchObject([
        { outcome: 'failed', cause: { kind: 'unconfirmed', seen: { identityStatus } } },
      ])
    },
  )

  it('when it is first looked for, but there later, is confirmed', async () => {
    const tenant = await tenantOf(
      { active: 2 },
      { faults: [{ kind: 'empty-array', on: 'identities', times: 1 }] },
    )
    const { ledger } = await verify(tenant)
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(2))
  })
})

describe('the wait', () => {
  it('between passes doubles up to 15 s, and the last pass comes a second before the time-out', async () => {
    const tenant = await tenantOf({ never: 1 })
    const { client } = clientWith(tenant)
    // Passes take no time.
    let leftMs = 55_000
    client.endIn = () => ({ leftMs: () => leftMs, dispose: () => undefined })
    client.sleep = (ms) => Promise.resolve(void (leftMs -= ms))
    const { pauses, ledger } = await verify(tenant, { client })
    expect(pauses).toEqual([2_000, 4_000, 8_000, 15_000, 15_000, 10_000])
    expect(ledger.counts).toMatchObject({ failed: 1 })
  })

  it('leaves time for one pass, however short the time-out', async () => {
    const tenant = await tenantOf({ never: 1, active: 1 })
    const { client } = clientWith(tenant)
    const { pauses, ledger } = await verify(tenant, { timeoutMs: 1_000, client })
    expect(pauses).toHaveLength(1)
    expect(ledger.counts).toMatchObject({ succeeded: 1, failed: 1 })
  })

  it.each<[string, Fault]>([
    ['a pass takes', { kind: 'hang', on: 'identities' }],
    ['Retry-After says', { kind: 'status', status: 429, on: 'identities', retryAfter: { seconds: 120 } }],
  ])('is over when the time is, however long %s', async (_, fault) => {
    const tenant = await tenantOf({ active: 1 }, { faults: [fault] })
    const { client } = clientWith(tenant, { requestTimeoutMs: 120_000 })
    const { stopped, ledger } = await verify(tenant, { timeoutMs: 1_000, client })
    expect(stopped).toBeNull()
    expect(ledger.identities).toMatchObject([{ outcome: 'failed', cause: { seen: null } }])
  })

  it('is none where nothing was accepted', async () => {
    const tenant = await tenantOf({ disabled: 1 })
    const { stopped, pauses, progress } = await verify(tenant, { ledger: ledgerOf(identityIds(1)) })
    expect(stopped).toBeNull()
    expect(pauses).toEqual([])
    expect(progress).toEqual([])
    expect(tenant.requests).toEqual([])
  })
})

describe('states that cannot be read', () => {
  it('are read again', async () => {
    const tenant = await tenantOf(
      { active: 1 },
      { faults: [{ kind: 'status', status: 500, on: 'identities', times: 2 }] },
    )
    const { ledger, stopped, pauses, progress } = await verify(tenant)
    expect(stopped).toBeNull()
    expect(pauses).toEqual([2_000, 4_000, 8_000])
    expect(progress).toEqual([0, 0, 1])
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(1))
  })

  it('keep no others from being read', async () => {
    const tenant = await tenantOf({ active: 3_000 })
    const { client } = clientWith(tenant, { maxRetries: 0, concurrency: 1, clock: fastClock(FAST) })
    const [poison = ''] = tenant.identities.keys()
    const failure: Failure = {
      ...{ kind: 'status', operation: 'read', status: 500, said: null, isForeign: false, trackingId: null },
    }
    const call = client.call.bind(client)
    client.call = (request) =>
      request.path.includes(poison) ? Promise.reject(new ApiError(failure)) : call(request)
    const { ledger } = await verify(tenant, { client, timeoutMs: 120_000 })
    expect(idsWith(ledger, 'failed')).toContain(poison)
    expect(ledger.counts.failed).toBeLessThan(500)
  })

  it('because ISC does not respond are waited for, and that time is not counted', async () => {
    const tenant = await tenantOf({ active: 1 })
    const { client } = clientWith(tenant, { maxRetries: 0, clock: fastClock(FAST), outageTimeoutMs: 600_000 })
    const { ledger, stopped } = await verify(tenant, {
      client,
      timeoutMs: 5_000,
      onPass: () => {
        tenant.outage(503)
        setTimeout(() => tenant.recover(), 150)
      },
    })
    expect(stopped).toBeNull()
    expect(client.traffic.outageMs).toBeGreaterThan(5_000)
    expect(idsWith(ledger, 'succeeded')).toEqual(identityIds(1))
  })

  it('because ISC does not respond for too long leave an accepted identity unprocessed, and keep its 202', async () => {
    const tenant = await tenantOf({ active: 1 })
    const { client } = clientWith(tenant, { maxRetries: 0, clock: fastClock(FAST), outageTimeoutMs: 10_000 })
    const { ledger, stopped } = await verify(tenant, { client, onPass: () => tenant.outage(503) })
    expect(stopped).toEqual({ reason: 'outage', timeoutMs: 10_000 })
    expect(ledger.identities).toMatchObject([{ outcome: 'unprocessed', cause: ACCEPTED, verified: null }])
  })

  it('until the time is over confirm nothing', async () => {
    const tenant = await tenantOf({ active: 1 }, { faults: [{ kind: 'invalid-json', on: 'identities' }] })
    const { ledger, stopped } = await verify(tenant)
    expect(stopped).toBeNull()
    expect(ledger.identities).toMatchObject([
      {
        outcome: 'failed',
        verified: false,
        cause: { kind: 'unconfirmed', seen: null },
      },
    ])
  })

  it.each([401, 403])('because ISC answers %d end it', async (status) => {
    const tenant = await tenantOf(
      { active: 1, never: 1 },
      { faults: [{ kind: 'status', status, on: 'identities' }] },
    )
    const { ledger, stopped, pauses } = await verify(tenant)
    expect(stopped).toMatchObject({
      reason: status === 401 ? 'authentication' : 'rejected',
      failure: { status },
    })
    expect(pauses).toHaveLength(1)
    expect(ledger.counts).toMatchObject({ succeeded: 0, failed: 0, unprocessed: 2 })
  })

  it('because no token can be had end it', async () => {
    const tenant = await tenantOf({ active: 1 }, { faults: [{ kind: 'status', status: 401, on: 'token' }] })
    const { stopped, ledger } = await verify(tenant)
    expect(stopped?.reason).toBe('authentication')
    expect(idsWith(ledger, 'unprocessed')).toEqual(identityIds(1))
  })

  it('because the run is cancelled end it; what was confirmed before stays so', async () => {
    const tenant = await tenantOf({ active: 1, never: 1 })
    const { client, stop } = clientWith(tenant, { clock: fastClock(FAST) })
    const { ledger, stopped } = await verify(tenant, {
      client,
      onPass: (n) => (n === 2 ? stop.abort() : undefined),
    })
    expect(stopped).toEqual({ reason: 'cancelled' })
    expect(idsWith(ledger, 'succeeded')).toEqual([identityId(0)])
    expect(ledger.identities[1]).toMatchObject({
      outcome: 'unprocessed',
      observed: { identityStatus: 'DISABLED' },
    })
  })

  it('because of an error of the program are not passed over', async () => {
    const tenant = await tenantOf({ active: 1 })
    const onPass = (): never => {
      throw new TypeError('A mistake.')
    }
    await expect(verify(tenant, { onPass })).rejects.toThrow(new TypeError('A mistake.'))
  })
})

it.each([
  ['all are confirmed', {}, 0],
  ['the states may not be read', { faults: [{ kind: 'status', status: 403, on: 'identities' } as const] }, 1],
])('leaves nothing that would keep the process alive when %s', async (_case, options, left) => {
  const tenant = await tenantOf({ active: 1 }, options)
  const clock = fastClock(FAST)
  let asleep = 0
  const sleep: Clock['sleep'] = async (ms, signal) => {
    asleep += 1
    await clock.sleep(ms, signal).finally(() => (asleep -= 1))
  }
  const { client } = clientWith(tenant, { maxRetries: 0, clock: { ...clock, sleep } })
  const { ledger } = await verify(tenant, { client })
  await new Promise((resolve) => setImmediate(resolve))
  expect(idsWith(ledger, 'unprocessed')).toHaveLength(left)
  expect(asleep).toBe(0)
})
