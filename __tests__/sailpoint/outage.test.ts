import { describe, expect, test } from '@jest/globals'

import { identityId, identityIds } from '../../dev/tenant/population.ts'
import type { Fault } from '../../dev/tenant/faults.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { submitEnable } from '../../src/sailpoint/bulk-enable.ts'
import type { ClientOptions, IscClient } from '../../src/sailpoint/client.ts'
import { SYSTEM_CLOCK } from '../../src/sailpoint/clock.ts'
import { ApiError, DeadlineError, RunEnd } from '../../src/sailpoint/errors.ts'
import { findIdentities } from '../../src/sailpoint/identity-search.ts'
import { Outage, type Silence } from '../../src/sailpoint/outage.ts'
import { clientWith, fastClock, standingClock, type Sleep, type TestClient } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

const enable = (client: IscClient, ...ids: string[]): Promise<unknown> =>
  submitEnable(client, ids, { maxRetries: 20, onAttempt: () => undefined })

const read = (client: IscClient): Promise<unknown> =>
  findIdentities(client, 'id', [identityId(0)], () => undefined)

/** A client that waits 20 ms before the attempts of an outage. */
const patient = (tenant: Tenant, options: Partial<ClientOptions> = {}): TestClient =>
  clientWith(tenant, { maxRetries: 0, outageTimeoutMs: 60_000, random: () => 0.02, ...options })

/** The same, after ISC has answered. */
async function afterAnAnswer(tenant: Tenant, options: Partial<ClientOptions> = {}): Promise<TestClient> {
  const made = patient(tenant, options)
  await enable(made.client, identityId(99))
  return made
}

const inMs = (ms: number, act: () => void): void => void setTimeout(act, ms)

/**
 * Acts after so many attempts without an answer. An outage that ends while requests of its beginning are in flight would
 * answer them, which shows that ISC responds to others.
 */
function afterSilence(count: number, act: () => void): () => void {
  let silent = 0
  return () => {
    silent += 1
    if (silent === count) act()
  }
}

/** How each ended: `fulfilled`, or why the run ended for it. */
async function endsOf(requests: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(requests)
  return results.map((result): unknown => {
    if (result.status === 'fulfilled') return 'fulfilled'
    const reason: unknown = result.reason
    return reason instanceof RunEnd ? reason.stop.reason : reason
  })
}

describe('without a single retry, an outage is outlived', () => {
  test.each(['refuse', 'reset', 502, 503, 504] as const)('as %s, by eight requests', async (as) => {
    const tenant = await tenantWith()
    const { client, outages } = await afterAnAnswer(tenant, {
      onRetry: afterSilence(8, () => inMs(400, () => tenant.recover())),
    })
    tenant.outage(as)
    await Promise.all(identityIds(8).map((id) => enable(client, id)))
    expect(outages).toHaveLength(1)
    expect(client.traffic.outageMs).toBe(outages[0])
    expect(client.traffic.outageMs).toBeGreaterThan(300)
    // Those on a kept connection that is closed are sent again by the transport.
    if (typeof as === 'number') expect(client.traffic.requests).toBe(tenant.requests.length)
    expect(client.traffic.retries).toBe(client.traffic.requests - 10)
  })

  test('of 8 s in which connections are cut, by one batch', async () => {
    const tenant = await tenantWith()
    const { client, outages } = await afterAnAnswer(tenant, { clock: fastClock(10), random: () => 0.5 })
    tenant.outage('refuse')
    inMs(800, () => tenant.recover())
    await enable(client, ...identityIds(50))
    expect(outages).toHaveLength(1)
    expect(outages[0]).toBeGreaterThan(6_000)
  })

  test.each<[string, (client: IscClient) => Promise<unknown>]>([
    ['the first token request', (client) => enable(client, identityId(0))],
    ['a lone read', read],
  ])('that ISC begins with (503), by %s', async (_, request) => {
    const tenant = await tenantWith()
    tenant.outage(503)
    const credential = { kind: 'token', token: tenant.issueToken() } as const
    const onRetry = afterSilence(3, () => tenant.recover())
    const { client } = patient(tenant, { onRetry, ...(request === read && { credential }) })
    await request(client)
    expect(tenant.requests.filter(({ status }) => status === 503)).toHaveLength(3)
  })

  test('of the token endpoint alone, while the API answers', async () => {
    const faults = [2, 3, 4, 5].map((nth): Fault => ({ kind: 'status', status: 503, on: 'token', nth }))
    const tenant = await tenantWith({ tokenLifetimeSeconds: 100, latencyMs: 5, faults })
    let ahead = 0
    const clock = { ...SYSTEM_CLOCK, now: () => performance.now() + ahead }
    const { client, tokens, outages } = await afterAnAnswer(tenant, { clock })
    const slow = enable(client, identityId(98))
    ahead = 81_000
    await Promise.all([slow, ...identityIds(8).map((id) => enable(client, id))])
    expect(tokens).toHaveLength(2)
    expect(requestsTo(tenant, 'token')).toHaveLength(6)
    expect(outages).toHaveLength(1)
  })

  test('of everything, in which the token expires: that is one outage, not two', async () => {
    const tenant = await tenantWith({ tokenLifetimeSeconds: 100 })
    let ahead = 0
    const clock = { ...SYSTEM_CLOCK, now: () => performance.now() + ahead }
    const onRetry = afterSilence(8, () => {
      inMs(150, () => (ahead = 81_000))
      inMs(400, () => tenant.recover())
    })
    const { client, outages } = await afterAnAnswer(tenant, { clock, onRetry })
    tenant.outage(503)
    const began = clock.now()
    await Promise.all(identityIds(8).map((id) => enable(client, id)))
    expect(outages).toHaveLength(1)
    expect(client.traffic.outageMs).toBeLessThanOrEqual(clock.now() - began + 5)
  })
})

test('in an outage one attempt at a time is made', async () => {
  const tenant = await tenantWith({ latencyMs: 40 })
  const onRetry = afterSilence(12, () => tenant.recover())
  const { client } = await afterAnAnswer(tenant, { random: () => 0.001, onRetry })
  tenant.outage(503)
  await Promise.all(identityIds(8).map((id) => enable(client, id)))
  const silent = requestsTo(tenant, 'enable').filter(({ status }) => status === 503)
  const attempts = silent.slice(8) // those in flight when it began
  expect(attempts).toHaveLength(4)
  for (const [index, { at }] of attempts.entries())
    expect(at - (attempts[index - 1]?.at ?? -40)).toBeGreaterThanOrEqual(38)
})

describe('one request without an answer, while others are answered', () => {
  test.each<[string, Fault]>([
    ['for it always times out', { kind: 'hang', ids: [identityId(0)] }],
    ['for it always gets a 503', { kind: 'status', status: 503, ids: [identityId(0)] }],
  ])('%s, uses up its retries and ends no other', async (_, fault) => {
    const tenant = await tenantWith({ faults: [fault], latencyMs: 30 })
    const { client } = await afterAnAnswer(tenant, { maxRetries: 2, requestTimeoutMs: 250 })
    let isOver = false
    const others = async (id: string): Promise<void> => {
      for (let n = 0; n < 500 && !isOver; n += 1) await enable(client, id)
    }
    const end = enable(client, identityId(0)).finally(() => (isOver = true))
    const flow = identityIds(4)
      .slice(1)
      .map((id) => others(id))
    await expect(end).rejects.toBeInstanceOf(ApiError)
    await Promise.all(flow)
    const attempts = requestsTo(tenant, 'enable').filter(({ ids }) => ids[0] === identityId(0)).length
    // One more for each moment in which none of the others happened to be in flight.
    expect(attempts).toBeGreaterThanOrEqual(3)
    expect(attempts).toBeLessThanOrEqual(8)
  })
})

describe('an outage that lasts longer than outage-timeout', () => {
  test('ends the run for requests that wait, are sent or come later', async () => {
    const tenant = await tenantWith()
    const { client, outages } = await afterAnAnswer(tenant, { outageTimeoutMs: 600 })
    tenant.outage('refuse')
    inMs(200, () => tenant.outage('hang'))
    expect(new Set(await endsOf(identityIds(8).map((id) => enable(client, id))))).toEqual(new Set(['outage']))
    tenant.recover()
    const before = tenant.requests.length
    await expect(enable(client, identityId(0))).rejects.toMatchObject({
      stop: { reason: 'outage', timeoutMs: 600 },
    })
    expect(outages).toEqual([])
    expect(tenant.requests).toHaveLength(before)
  })

  test('is one of a single request that always times out', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'hang', ids: [identityId(0)] }] })
    const options = { maxRetries: 1, outageTimeoutMs: 500, requestTimeoutMs: 100 }
    const { client } = await afterAnAnswer(tenant, options)
    expect(await endsOf([enable(client, identityId(0))])).toEqual(['outage'])
    expect(client.traffic.retries).toBeGreaterThan(1)
  })

  test.each([
    [0, 1],
    [2, 3],
  ])('of 0 is decided by retries: %i of them', async (maxRetries, attempts) => {
    const tenant = await tenantWith()
    const { client } = await afterAnAnswer(tenant, { maxRetries, outageTimeoutMs: 0, random: () => 0.001 })
    tenant.outage(503)
    expect(await endsOf([enable(client, identityId(0))])).toEqual(['outage'])
    expect(requestsTo(tenant, 'enable')).toHaveLength(1 + attempts)
  })
})

test.each(['refuse', 'hang'] as const)('an outage (%s) is left at once by a cancel', async (as) => {
  const tenant = await tenantWith()
  const { client, stop, kill } = await afterAnAnswer(tenant, { random: () => 1 })
  tenant.outage(as)
  const ends = endsOf(identityIds(8).map((id) => enable(client, id)))
  inMs(150, () => stop.abort())
  inMs(250, () => kill.abort())
  const before = performance.now()
  expect(new Set(await ends)).toEqual(new Set(['cancelled']))
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('an outage stops the time of a deadline', async () => {
  const tenant = await tenantWith()
  const { client } = await afterAnAnswer(tenant)
  const deadline = client.endIn(300)
  tenant.outage('refuse')
  inMs(500, () => tenant.recover())
  await enable(client, identityId(0))
  expect(client.traffic.outageMs).toBeGreaterThan(300)
  await expect(client.sleep(5_000)).rejects.toThrow(DeadlineError)
  await expect(enable(client, identityId(0))).rejects.toThrow(DeadlineError)
  deadline.dispose()
})

test('500s and answers that cannot be read are no outage', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500, times: 2 }, { kind: 'html' }] })
  const { client, waits } = patient(tenant, { maxRetries: 3, random: () => 0 })
  await expect(enable(client, identityId(0))).rejects.toMatchObject({ failure: { kind: 'unreadable' } })
  expect(waits.map(([wait]) => wait)).not.toContain('outage')
})

describe('before ISC has answered once', () => {
  test.each([
    [0, 1],
    [2, 3],
  ])(
    'an address that accepts no connections ends the run: max-retries %i, %i attempts',
    async (maxRetries, attempts) => {
      const tenant = await tenantWith()
      tenant.outage('refuse')
      const { client } = patient(tenant, { maxRetries })
      expect(new Set(await endsOf(identityIds(8).map((id) => enable(client, id))))).toEqual(
        new Set(['unreachable']),
      )
      expect(tenant.requests).toHaveLength(attempts)
    },
  )

  test('a certificate that is not trusted ends the run at once', async () => {
    const tenant = await tenantWith({ tls: true })
    const { client } = patient(tenant, { maxRetries: 5 })
    const failure = { fault: 'certificate-issuer-unknown' }
    await expect(enable(client, identityId(0))).rejects.toMatchObject({
      stop: { reason: 'unreachable', failure },
    })
    expect(client.traffic.requests).toBe(1)
  })
})

describe('on a clock that the test advances', () => {
  /** An outage's doings in a service that answered at 1,000, and what is said of them. */
  function watched(options: { readonly answeredAt?: number | null } = {}): {
    outage: Outage
    time: { now: number }
    sleeps: Sleep[]
    seen: string[]
    silentAt: (startedAt: number, now: number) => Silence
  } {
    const { answeredAt = 1_000 } = options
    const { clock, time, sleeps } = standingClock()
    const seen: string[] = []
    const outage = new Outage({
      timeoutMs: 300_000,
      random: () => 0.5,
      halt: new AbortController().signal,
      onWait: (ms) => seen.push(`wait ${ms}`),
      onBegin: (since) => seen.push(`since ${since}`),
      onEnd: () => seen.push('end'),
      onTimeout: () => seen.push('time-out'),
      clock,
    })
    if (answeredAt !== null) {
      time.now = answeredAt
      outage.answered(0)
    }
    const silentAt = (startedAt: number, now: number): Silence => {
      time.now = now
      return outage.silent(startedAt)
    }
    return { outage, time, sleeps, seen, silentAt }
  }

  test.each([
    ['the last answer', 500, 1_000],
    ['the start of the first silent attempt, after a pause', 7_000, 7_000],
  ])('it lasts since %s, and its time is counted from there', async (_, startedAt, since) => {
    const { sleeps, seen, silentAt } = watched()
    silentAt(startedAt, 8_000)
    expect(seen[0]).toBe(`since ${since}`)
    expect(sleeps).toMatchObject([{ ms: 300_000 - (8_000 - since) }])
    sleeps[0]?.wake()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.at(-1)).toBe('time-out')
  })

  test('an answer ends it, and its watch; the next one is another', () => {
    const { outage, sleeps, seen, silentAt, time } = watched()
    silentAt(1_000, 2_000)
    expect(outage.isOn).toBe(true)
    time.now = 3_000
    outage.answered(2_500)
    expect(outage.isOn).toBe(false)
    expect(outage.waitMs(null)).toBe(0)
    expect(sleeps[0]?.signal.aborted).toBe(true)
    silentAt(4_000, 5_000)
    expect(seen.filter((one) => !one.startsWith('wait'))).toEqual(['since 1000', 'end', 'since 4000'])
  })

  test.each([
    [500, 500],
    [4_000, 500],
    [40_000, 5_000],
    [120_000, 15_000],
    [240_000, 15_000],
  ])('after %i ms, the next attempt waits up to a quarter of that, here %i ms', (age, ms) => {
    const { seen, silentAt, outage } = watched()
    silentAt(1_000, 1_000)
    silentAt(1_000, 1_000 + age)
    expect(seen.at(-1)).toBe(`wait ${ms}`)
    expect(outage.waitMs(null)).toBe(ms)
  })

  test('while an attempt is in flight there is no other; what was in flight before holds it 30 s at most', () => {
    const { silentAt, outage, time } = watched()
    const [first, second] = [outage.enter(), outage.enter()]
    silentAt(1_000, 2_000)
    first()
    expect(outage.waitMs(null)).toBe(30_000)
    time.now += 30_000
    expect(outage.waitMs(null)).toBe(0)
    const attempt = outage.enter()
    expect(outage.waitMs(null)).toBe(Infinity)
    second()
    expect(outage.waitMs(null)).toBe(Infinity)
    silentAt(32_000, 40_000)
    attempt()
    expect(outage.waitMs(null)).toBeLessThan(30_000)
  })

  test('where nothing has answered yet, waits double', () => {
    const { seen, silentAt, outage } = watched({ answeredAt: null })
    for (const at of [0, 1, 2, 3, 4, 5, 6]) silentAt(at, at)
    expect(seen.slice(1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000].map((ms) => `wait ${ms}`))
    expect(outage.attempts).toBe(6)
  })

  describe('ISC responds to others, but not to this request', () => {
    /** What others meet after a request had no answer at 2,000: `answered` or `silent`, and when they started. */
    test.each<[string, readonly (readonly ['answered' | 'silent', number])[], boolean]>([
      [
        'one in flight then is answered, and one that started later',
        [
          ['answered', 1_500],
          ['answered', 2_500],
        ],
        true,
      ],
      ['only one in flight then is answered', [['answered', 1_500]], false],
      ['only one that started later is answered: the end of an outage', [['answered', 2_500]], false],
      [
        'one in flight then is answered, the next is not: the beginning of an outage',
        [
          ['answered', 1_500],
          ['silent', 2_500],
          ['answered', 3_500],
        ],
        false,
      ],
    ])('where %s: %s', (_, others, isExplained) => {
      const { outage, silentAt, time } = watched()
      const silence = silentAt(1_200, 2_000)
      for (const [index, [kind, startedAt]] of others.entries()) {
        time.now = 3_000 + index
        if (kind === 'answered') outage.answered(startedAt)
        else silentAt(startedAt, time.now)
      }
      expect(silence.othersWereAnswered).toBe(isExplained)
    })

    test('it waits for what is in flight, for 30 s at most', () => {
      const { outage, silentAt, time } = watched()
      const leave = outage.enter()
      const silence = silentAt(1_200, 2_000)
      outage.answered(1_500)
      expect([outage.waitMs(null), outage.waitMs(silence)]).toEqual([0, 30_000])
      time.now = 32_000
      expect(outage.waitMs(silence)).toBe(0)
      time.now = 2_000
      leave()
      expect(outage.waitMs(silence)).toBe(0)
    })
  })
})
