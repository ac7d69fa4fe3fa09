import { describe, expect, test } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId } from '../../dev/tenant/population.ts'
import { SYSTEM_CLOCK } from '../../src/sailpoint/clock.ts'
import { enableIdentities } from '../../src/sailpoint/bulk-enable.ts'
import { ApiError, AuthenticationError, CancelledError } from '../../src/sailpoint/errors.ts'
import { clientWith } from '../support/client.ts'
import { tenantWith } from '../support/tenant.ts'

const IDS = [identityId(0), identityId(1)]
const attempts = { onAttempt: () => undefined }

describe('a request is sent again after', () => {
  test.each<[string, Fault]>([
    ['a refused connection', { kind: 'refuse' }],
    ['a reset before the answer', { kind: 'reset-before' }],
    ['a reset within the body', { kind: 'reset-in-body' }],
    ['a body shorter than its length', { kind: 'wrong-length' }],
    ['truncated JSON', { kind: 'truncated-json' }],
    ['invalid JSON', { kind: 'invalid-json' }],
    ['HTML with status 200', { kind: 'html' }],
    ['an empty body', { kind: 'empty-body' }],
    ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Fault] => [
      `status ${status}`,
      { kind: 'status', status },
    ]),
  ])('%s', async (_, fault) => {
    const tenant = await tenantWith({ faults: [{ ...fault, times: 2 }] })
    const { client } = clientWith(tenant)
    let sent = 0
    const { itemOf } = await enableIdentities(client, IDS, { onAttempt: () => (sent += 1) })
    expect(IDS.map((id) => itemOf(id)?.status)).toEqual([202, 202])
    expect(sent).toBe(3)
    expect(client.traffic).toMatchObject({ requests: 4, retries: 2 })
  })
})

test.each([400, 403, 404, 413, 422])('a request is not sent again after status %d', async (status) => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status }] })
  const { client } = clientWith(tenant)
  await expect(enableIdentities(client, IDS, attempts)).rejects.toMatchObject({ refusal: { status } })
  expect(tenant.statuses).toEqual({ 200: 1, [status]: 1 })
})

test('max-retries is the number of further tries; ISC having answered before, the run goes on', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status: 503, times: 3 }] })
  const { client, outages } = clientWith(tenant, { maxRetries: 2 })
  const refused = enableIdentities(client, IDS, attempts)
  await expect(refused).rejects.toBeInstanceOf(ApiError)
  await expect(refused).rejects.toThrow(/status 503/)
  expect(tenant.statuses).toEqual({ 200: 1, 503: 3 })
  await enableIdentities(client, IDS, attempts)
  expect(outages).toEqual([])
})

test('each exchange is told of', async () => {
  const tenant = await tenantWith({
    faults: [
      { kind: 'status', status: 503, nth: 1 },
      { kind: 'reset-before', nth: 2 },
    ],
  })
  let now = 1_000
  const { client, exchanges } = clientWith(tenant, { clock: { ...SYSTEM_CLOCK, now: () => (now += 7) } })
  await enableIdentities(client, IDS, attempts)
  const path = '/v2025/identities-accounts/enable'
  const trackingId = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown
  expect(exchanges).toMatchObject([
    { method: 'POST', path: '/oauth/token', outcome: '200', attempt: 1 },
    { method: 'POST', path, outcome: '503', attempt: 1, trackingId },
    {
      method: 'POST',
      path,
      outcome: expect.stringMatching(/^No answer from /),
      attempt: 2,
      trackingId: null,
    },
    { method: 'POST', path, outcome: '207', attempt: 3, trackingId },
  ])
  for (const { durationMs } of exchanges) {
    expect(durationMs).toBeGreaterThan(0)
    expect(durationMs).toBeLessThan(1_000)
  }
})

test('a token is asked for without one', async () => {
  const tenant = await tenantWith()
  await enableIdentities(clientWith(tenant).client, IDS, attempts)
  const [token, batch] = tenant.requests
  expect(token?.headers['authorization']).toBeUndefined()
  expect(batch?.headers['authorization']).toMatch(/^Bearer [^ ]+$/)
})

test.each([
  ['beta', '/beta/identities-accounts/enable'],
  ['v2026', '/v2026/identities-accounts/enable'],
  ['v1', '/identities-accounts/v1/enable'],
] as const)('API version %s has its own path', async (apiVersion, path) => {
  const tenant = await tenantWith()
  await enableIdentities(clientWith(tenant, { apiVersion }).client, IDS, attempts)
  expect(tenant.requests.at(-1)?.url).toBe(path)
})

test('waits grow exponentially with full jitter, up to 30 s', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500 }] })
  const waits: number[] = []
  const { client } = clientWith(tenant, {
    maxRetries: 7,
    random: () => 0.5,
    clock: { ...SYSTEM_CLOCK, sleep: (ms) => Promise.resolve(void waits.push(ms)) },
  })
  await expect(enableIdentities(client, IDS, attempts)).rejects.toThrow(/status 500/)
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
})

describe('Retry-After', () => {
  test.each([false, true])('pauses all requests of the run (as a date: %s)', async (asDate) => {
    const seconds = asDate ? 3 : 1
    const tenant = await tenantWith({
      faults: [{ kind: 'status', status: 429, nth: 1, retryAfter: { seconds, asDate } }],
    })
    const { client } = clientWith(tenant, { concurrency: 1 })
    await Promise.all(IDS.map((id) => enableIdentities(client, [id], attempts)))
    const [, refused, ...later] = tenant.requests
    // A date has whole seconds, so up to one of them may be missing.
    const atLeast = (seconds - (asDate ? 1 : 0)) * 1000 - 20
    expect(later).toHaveLength(2)
    for (const { at } of later) expect(at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(atLeast)
    expect(client.traffic.waitedMs).toBeGreaterThanOrEqual(atLeast)
  })

  test('takes the place of the usual wait', async () => {
    const tenant = await tenantWith({
      faults: [{ kind: 'status', status: 429, nth: 1, retryAfter: { seconds: 7 } }],
    })
    const waits: number[] = []
    const sleep = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms))
    const { client } = clientWith(tenant, { random: () => 0.5, clock: { ...SYSTEM_CLOCK, sleep } })
    await enableIdentities(client, IDS, attempts)
    expect(waits).toEqual([7_000])
  })
})

describe('pace', () => {
  test('no window of the limit’s length sees more requests than it allows, the token’s included', async () => {
    const tenant = await tenantWith({ rateLimit: { requests: 10, windowMs: 500 } })
    const { client } = clientWith(tenant, { rateLimit: 10, rateLimitWindowMs: 500 })
    await Promise.all(Array.from({ length: 34 }, () => enableIdentities(client, IDS, attempts)))
    const starts = tenant.requests.map(({ at }) => at)
    expect(starts).toHaveLength(35)
    for (const [index, at] of starts.entries()) {
      const tenLater = starts[index + 10]
      if (tenLater !== undefined) expect(tenLater - at).toBeGreaterThanOrEqual(500)
    }
    expect(tenant.statuses).toEqual({ 200: 1, 207: 34 })
    expect(client.traffic.waitedMs).toBeGreaterThan(1000)
  })

  test('a window is ten seconds long, as ISC’s is', async () => {
    const tenant = await tenantWith()
    const { client, stop } = clientWith(tenant, { rateLimit: 1 })
    const waiting = enableIdentities(client, IDS, attempts)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(tenant.statuses).toEqual({ 200: 1 })
    stop.abort()
    await expect(waiting).rejects.toThrow(CancelledError)
  })

  test('no more are in flight than concurrency allows', async () => {
    const tenant = await tenantWith({ latencyMs: 50 })
    const { client } = clientWith(tenant, { concurrency: 3 })
    await Promise.all(Array.from({ length: 12 }, () => enableIdentities(client, IDS, attempts)))
    const starts = tenant.requests.slice(1).map(({ at }) => at)
    for (const [index, at] of starts.entries()) {
      const threeLater = starts[index + 3]
      if (threeLater !== undefined) expect(threeLater - at).toBeGreaterThanOrEqual(45)
    }
  })
})

describe('tokens', () => {
  test('one serves all requests in flight', async () => {
    const tenant = await tenantWith()
    const { client, tokens } = clientWith(tenant)
    await Promise.all(Array.from({ length: 8 }, () => enableIdentities(client, IDS, attempts)))
    expect(tokens).toHaveLength(1)
    expect(client.traffic.tokensRenewed).toBe(0)
  })

  test('one is renewed before it expires', async () => {
    const tenant = await tenantWith({ tokenLifetimeSeconds: 100 })
    let clock = Date.now()
    const { client, tokens } = clientWith(tenant, { clock: { ...SYSTEM_CLOCK, now: () => clock } })
    await enableIdentities(client, IDS, attempts)
    clock += 79_000
    await enableIdentities(client, IDS, attempts)
    expect(tokens).toHaveLength(1)
    clock += 2_000
    await enableIdentities(client, IDS, attempts)
    expect(tokens).toHaveLength(2)
    expect(tenant.statuses).toEqual({ 200: 2, 207: 3 })
    expect(client.traffic.tokensRenewed).toBe(1)
  })

  test('a refused one is renewed once for all requests in flight', async () => {
    const tenant = await tenantWith({ tokenLifetimeSeconds: 1, latencyMs: 20 })
    const { client, tokens } = clientWith(tenant, { clock: { ...SYSTEM_CLOCK, now: () => 0 } })
    await enableIdentities(client, IDS, attempts)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await Promise.all(Array.from({ length: 8 }, () => enableIdentities(client, IDS, attempts)))
    expect(tokens).toHaveLength(2)
    expect(tenant.statuses[401]).toBe(8)
    expect(client.traffic.retries).toBe(8)
  })

  test('a second refusal is final', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 401 }] })
    const { client, tokens } = clientWith(tenant)
    const refused = enableIdentities(client, IDS, attempts)
    await expect(refused).rejects.toThrow(AuthenticationError)
    await expect(refused).rejects.toThrow(/status 401/)
    expect(tokens).toHaveLength(2)
  })

  test('the token endpoint may fail twice', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500, on: 'token', times: 2 }] })
    const { client } = clientWith(tenant)
    await enableIdentities(client, IDS, attempts)
    expect(tenant.statuses).toEqual({ 500: 2, 200: 1, 207: 1 })
  })

  test('a static one that expires during the run ends it', async () => {
    const tenant = await tenantWith()
    let clock = Date.now()
    const credential = { kind: 'token', token: tenant.issueToken(60) } as const
    const { client } = clientWith(tenant, {
      credential,
      clock: { ...SYSTEM_CLOCK, now: () => clock },
    })
    await enableIdentities(client, IDS, attempts)
    clock += 61_000
    await expect(enableIdentities(client, IDS, attempts)).rejects.toThrow(AuthenticationError)
    expect(tenant.requests).toHaveLength(1)
  })
})

describe('time-outs cover', () => {
  test.each<[string, Fault]>([
    ['a server that never answers', { kind: 'hang' }],
    ['a server that sends a byte a second', { kind: 'drip' }],
  ])('%s', async (_, fault) => {
    const tenant = await tenantWith({ faults: [fault] })
    const { client } = clientWith(tenant, { requestTimeoutMs: 1_000, maxRetries: 0 })
    await expect(enableIdentities(client, IDS, attempts)).rejects.toThrow(/request-timeout/)
  })
})

test('an answer without end is read no further than 4 MiB', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'endless' }] })
  const { client } = clientWith(tenant, { maxRetries: 0 })
  await expect(enableIdentities(client, IDS, attempts)).rejects.toThrow(/larger than 4 MiB/)
})

describe('a cancel', () => {
  test('wakes what queues, pauses and waits, and starts nothing new', async () => {
    const tenant = await tenantWith({
      faults: [{ kind: 'status', status: 429, retryAfter: { seconds: 60 } }],
    })
    const { client, stop } = clientWith(tenant, { concurrency: 1 })
    const calls = IDS.map((id) => enableIdentities(client, [id], attempts))
    const settled = Promise.allSettled([...calls, client.pause(60_000)])
    await new Promise((resolve) => setTimeout(resolve, 300))
    stop.abort()
    for (const result of await settled) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(CancelledError)
    }
    expect(tenant.statuses).toEqual({ 200: 1, 429: 1 })
    await expect(enableIdentities(client, IDS, attempts)).rejects.toThrow(CancelledError)
  })

  test('that came before anything was sent lets nothing start', async () => {
    const tenant = await tenantWith()
    const { client } = clientWith(tenant, { stop: AbortSignal.abort() })
    await expect(enableIdentities(client, IDS, attempts)).rejects.toThrow(CancelledError)
    expect(tenant.requests).toEqual([])
  })

  test('lets a request in flight be answered, and ends it when told', async () => {
    const tenant = await tenantWith({ latencyMs: 200 })
    const { client, stop, kill } = clientWith(tenant)
    const first = enableIdentities(client, IDS, attempts)
    await new Promise((resolve) => setTimeout(resolve, 300))
    stop.abort()
    const { itemOf } = await first
    expect(IDS.map((id) => itemOf(id)?.status)).toEqual([202, 202])

    const hanging = await tenantWith({ faults: [{ kind: 'hang' }] })
    const other = clientWith(hanging)
    const second = enableIdentities(other.client, IDS, attempts)
    const ended = expect(second).rejects.toThrow(CancelledError)
    await new Promise((resolve) => setTimeout(resolve, 300))
    other.kill.abort()
    await ended
    kill.abort()
  })
})

describe('secrets that a server echoes are taken out of', () => {
  test.each([
    ['a refusal', { kind: 'status', status: 400, text: 'You sent demo-secret' } as const],
    [
      'the message of an identity',
      { kind: 'text', text: `You sent demo-secret, ${encodeURIComponent('demo-secret')}` } as const,
    ],
  ])('%s', async (_, fault) => {
    const tenant = await tenantWith({ faults: [fault] })
    const { client } = clientWith(tenant)
    const result = await enableIdentities(client, IDS, attempts).then(
      ({ itemOf }) => JSON.stringify(IDS.map(itemOf)),
      (error: unknown) => String(error),
    )
    expect(result).toContain('You sent ***')
    expect(result).not.toContain('demo-secret')
  })
})
