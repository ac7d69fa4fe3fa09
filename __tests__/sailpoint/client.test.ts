import { afterEach, describe, expect, jest, test } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId } from '../../dev/tenant/population.ts'
import { SYSTEM_CLOCK } from '../../src/sailpoint/clock.ts'
import { submitEnable, type BulkAnswer } from '../../src/sailpoint/bulk-enable.ts'
import type { IscClient } from '../../src/sailpoint/client.ts'
import { ApiError, RunEnd } from '../../src/sailpoint/errors.ts'
import { Rejected, serverThatAnswers } from '../support/answering-server.ts'
import { clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

const IDS = [identityId(0), identityId(1)]

const enable = (client: IscClient, onAttempt = (): void => undefined): Promise<BulkAnswer> =>
  submitEnable(client, IDS, { maxRetries: 20, onAttempt })

const inMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

afterEach(() => void jest.restoreAllMocks())

describe('a request is sent again after', () => {
  test.each<[string, Fault, number]>([
    ['a connection that is closed', { kind: 'refuse' }, 0],
    ['a reset before the answer', { kind: 'reset-before' }, 0],
    ['a reset within the body', { kind: 'reset-in-body' }, 0],
    ['truncated JSON', { kind: 'truncated-json' }, 2],
    ['invalid JSON', { kind: 'invalid-json' }, 2],
    ['HTML with status 200', { kind: 'html' }, 2],
    ['an empty body', { kind: 'empty-body' }, 2],
    ...[408, 425, 429, 500].map((status): [string, Fault, number] => [
      `status ${status}`,
      { kind: 'status', status },
      2,
    ]),
    ...[502, 503, 504].map((status): [string, Fault, number] => [
      `status ${status}`,
      { kind: 'status', status },
      0,
    ]),
  ])('%s', async (_, fault, retriesUsed) => {
    const tenant = await tenantWith({ faults: [{ ...fault, times: 2 }] })
    const credential = { kind: 'token', token: tenant.issueToken() } as const
    const { client, retried } = clientWith(tenant, { credential })
    let sent = 0
    const { itemOf, retries } = await enable(client, () => (sent += 1))
    expect(IDS.map((id) => itemOf(id)?.statusCode)).toEqual([202, 202])
    expect([sent, retries, retried.length]).toEqual([3, retriesUsed, 2])
    expect(client.traffic).toMatchObject({ requests: 3, retries: 2 })
  })
})

test.each([301, 400, 403, 404, 405, 409, 413, 422, 501])(
  'a request is not sent again after status %d, and what ISC said is kept',
  async (status) => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status, text: 'No.' }] })
    const { client, retried } = clientWith(tenant)
    await expect(enable(client)).rejects.toMatchObject({
      failure: { kind: 'status', operation: 'enable', status, said: 'No' },
    })
    expect(tenant.statuses).toEqual({ 200: 1, [status]: 1 })
    expect(retried).toEqual([])
  },
)

test('max-retries is the number of retries, a request may have fewer, and a part of a batch none after a 500', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500 }] })
  const { client } = clientWith(tenant, { maxRetries: 2 })
  const attemptsOf = async (options: { maxRetries: number; isPart?: boolean }): Promise<number> => {
    let attempts = 0
    const request = submitEnable(client, IDS, { ...options, onAttempt: () => (attempts += 1) })
    await expect(request).rejects.toMatchObject({ failure: { status: 500 } })
    return attempts
  }
  expect(await attemptsOf({ maxRetries: 20 })).toBe(3)
  expect(await attemptsOf({ maxRetries: 1 })).toBe(2)
  expect(await attemptsOf({ maxRetries: 20, isPart: true })).toBe(1)
})

test('a part of a batch is retried after a status that is about no identity', async () => {
  const tenant = await tenantWith({ faults: [{ kind: 'status', status: 429, times: 2 }] })
  const { client, retried } = clientWith(tenant)
  expect((await submitEnable(client, IDS, { isPart: true })).retries).toBe(2)
  expect(retried).toHaveLength(2)
})

test('each exchange is told of', async () => {
  const tenant = await tenantWith({
    faults: [
      { kind: 'reset-before', nth: 1 },
      { kind: 'status', status: 503, nth: 2 },
    ],
  })
  const credential = { kind: 'token', token: tenant.issueToken() } as const
  const { client, exchanges } = clientWith(tenant, { credential })
  await enable(client)
  const path = '/v2025/identities-accounts/enable'
  const trackingId = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown
  const outcome = expect.stringMatching(/^connection: /) as unknown
  expect(exchanges).toMatchObject([
    { method: 'POST', path, outcome, attempt: 1, trackingId: null },
    { method: 'POST', path, outcome: '503', attempt: 2, trackingId },
    { method: 'POST', path, outcome: '207', attempt: 3, trackingId },
  ])
})

test('every request but the token’s has the token, and says that it knows experimental endpoints', async () => {
  const tenant = await tenantWith()
  await enable(clientWith(tenant).client)
  expect(tenant.requests.map(({ headers }) => headers)).toMatchObject([
    { accept: 'application/json', 'user-agent': 'test' },
    { authorization: expect.stringMatching(/^Bearer [^ ]+$/), 'x-sailpoint-experimental': 'true' },
  ])
  expect(tenant.requests[0]?.headers).not.toHaveProperty('authorization')
})

test.each([
  ['beta', '/beta/identities-accounts/enable'],
  ['v2026', '/v2026/identities-accounts/enable'],
  ['v1', '/identities-accounts/v1/enable'],
] as const)('API version %s has its own path', async (apiVersion, path) => {
  const tenant = await tenantWith()
  await enable(clientWith(tenant, { apiVersion }).client)
  expect(tenant.requests.at(-1)?.url).toBe(path)
})

describe('Retry-After', () => {
  test.each([false, true])('pauses all requests of the run (as a date: %s)', async (asDate) => {
    const seconds = asDate ? 2 : 1
    const tenant = await tenantWith({
      faults: [{ kind: 'status', status: 429, nth: 1, retryAfter: { seconds, asDate } }],
    })
    const { client, waits } = clientWith(tenant, { concurrency: 1 })
    await Promise.all([enable(client), enable(client)])
    const [, rejected, ...later] = tenant.requests
    // A date has whole seconds, so up to one of them may be missing.
    const atLeast = (seconds - (asDate ? 1 : 0)) * 1000 - 20
    expect(later).toHaveLength(2)
    for (const { at } of later) expect(at - (rejected?.at ?? 0)).toBeGreaterThanOrEqual(atLeast)
    expect(client.traffic.waitedMs).toBeGreaterThanOrEqual(atLeast)
    expect(waits[0]?.[0]).toBe('retry-after')
  })

  test('takes the place of the back-off', async () => {
    const retryAfter = { seconds: 7 }
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 429, nth: 1, retryAfter }] })
    const slept: number[] = []
    const sleep = (ms: number): Promise<void> => Promise.resolve(void slept.push(ms))
    const { client, waits } = clientWith(tenant, {
      random: () => 0.5,
      clock: { now: () => slept.length * 7_000, sleep },
    })
    await enable(client)
    expect(slept).toEqual([7_000])
    expect(waits).toEqual([['retry-after', 7_000]])
  })
})

describe('pace', () => {
  test('no window of the limit’s length sees more requests than it allows, the token’s included', async () => {
    const tenant = await tenantWith({ rateLimit: { requests: 10, windowMs: 300 } })
    const { client } = clientWith(tenant, { rateLimit: 10, rateLimitWindowMs: 300 })
    await Promise.all(Array.from({ length: 24 }, () => enable(client)))
    expect(tenant.statuses).toEqual({ 200: 1, 207: 24 })
    const starts = tenant.requests.map(({ at }) => at)
    for (const [index, at] of starts.entries())
      expect((starts[index + 10] ?? Infinity) - at).toBeGreaterThanOrEqual(300)
    expect(client.traffic.waitedMs).toBeGreaterThan(600)
  })

  test('a window is ten seconds long, as ISC’s is', async () => {
    const tenant = await tenantWith()
    const { client, stop, waits } = clientWith(tenant, { rateLimit: 1 })
    const waiting = enable(client)
    while (waits.length === 0) await inMs(5)
    expect(waits).toEqual([['rate-limit', expect.closeTo(10_100, -3)]])
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ stop: { reason: 'cancelled' } })
    expect(tenant.statuses).toEqual({ 200: 1 })
  })

  test.each([-1, 1])('a clock of the system that steps (%i h) has no effect', async (hours) => {
    const tenant = await tenantWith()
    const { client, tokens } = clientWith(tenant, { rateLimit: 4, rateLimitWindowMs: 200 })
    const { now } = Date
    await enable(client)
    const before = performance.now()
    jest.spyOn(Date, 'now').mockImplementation(() => now() + hours * 3_600_000)
    const credential = { kind: 'token', token: tenant.issueToken() } as const
    const other = clientWith(tenant, { credential, rateLimit: 4, rateLimitWindowMs: 200 })
    await Promise.all(Array.from({ length: 8 }, () => enable(other.client)))
    await other.client.backOff(1)
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(other.client.traffic.waitedMs).toBeLessThan(1_500)
    expect(tokens).toHaveLength(1)
  })
})

describe('tokens', () => {
  test('one serves all requests in flight', async () => {
    const tenant = await tenantWith()
    const { client, tokens } = clientWith(tenant)
    await Promise.all(Array.from({ length: 8 }, () => enable(client)))
    expect(tokens).toHaveLength(1)
    expect(client.traffic.tokensRenewed).toBe(0)
  })

  test('one that ISC rejects is replaced once for all requests in flight', async () => {
    const tenant = await tenantWith({ tokenLifetimeSeconds: 1, latencyMs: 20 })
    const { client, tokens } = clientWith(tenant, { clock: { ...SYSTEM_CLOCK, now: () => 0 } })
    await enable(client)
    await inMs(1_000)
    await Promise.all(Array.from({ length: 8 }, () => enable(client)))
    expect(tokens).toHaveLength(2)
    expect(tenant.statuses[401]).toBe(8)
    expect(client.traffic).toMatchObject({ retries: 8, tokensRenewed: 1 })
  })

  test.each<[string, Fault, number]>([
    ['a second rejection', { kind: 'status', status: 401 }, 401],
    ['a rejection by the token endpoint', { kind: 'status', status: 401, on: 'token' }, 401],
    ['its 500s', { kind: 'status', status: 500, on: 'token' }, 500],
  ])('%s ends the run', async (_, fault, status) => {
    const tenant = await tenantWith({ faults: [fault] })
    const { client } = clientWith(tenant, { maxRetries: 1 })
    await expect(enable(client)).rejects.toMatchObject({
      stop: { reason: 'authentication', failure: { status } },
    })
  })

  test('one that was given is ISC’s to judge, and its rejection ends the run', async () => {
    const tenant = await tenantWith()
    const credential = { kind: 'token', token: tenant.issueToken(-1) } as const
    await expect(enable(clientWith(tenant, { credential }).client)).rejects.toMatchObject({
      stop: { reason: 'authentication', failure: { operation: 'enable', status: 401 } },
    })
    expect(tenant.requests).toHaveLength(1)
  })

  test('an OAuth error with status 200 is final, and says why', async () => {
    const refusal = { error: 'invalid_client', error_description: 'Unknown client.' }
    const server = await serverThatAnswers(() => [], { token: refusal })
    const { client } = clientWith(server)
    await expect(enable(client)).rejects.toMatchObject({
      stop: {
        reason: 'authentication',
        failure: { kind: 'status', operation: 'token', status: 200, said: 'Unknown client' },
      },
    })
    expect(client.traffic.requests).toBe(1)
  })

  test('another answer of the token endpoint that has no token is asked for again', async () => {
    const server = await serverThatAnswers(() => [], { token: {} })
    const { client } = clientWith(server, { maxRetries: 2 })
    await expect(enable(client)).rejects.toMatchObject({
      stop: { reason: 'authentication', failure: { kind: 'unreadable', operation: 'token' } },
    })
    expect(client.traffic.requests).toBe(3)
  })
})

test.each<[string, Fault]>([
  ['an answer without end', { kind: 'endless' }],
  ['HTML', { kind: 'html' }],
])('%s is unreadable', async (_, fault) => {
  const tenant = await tenantWith({ faults: [fault] })
  const { client } = clientWith(tenant, { maxRetries: 0 })
  await expect(enable(client)).rejects.toMatchObject({ failure: { kind: 'unreadable', operation: 'enable' } })
})

describe('a rejection whose body cannot be read', () => {
  const rejected = (status: number) =>
    serverThatAnswers(
      () => new Rejected(status, { 'content-encoding': 'gzip', 'retry-after': '7' }, 'not gzip'),
    )

  test('is still what its status says', async () => {
    const { client } = clientWith(await rejected(400), { maxRetries: 3 })
    await expect(enable(client)).rejects.toMatchObject({
      failure: { kind: 'status', status: 400, said: null },
    })
    expect(client.traffic.requests).toBe(2)
  })

  test('still says how long to wait', async () => {
    const { client, waits } = clientWith(await rejected(429), { maxRetries: 1 })
    await expect(
      submitEnable(client, IDS, { maxRetries: 1, onAttempt: () => undefined }),
    ).rejects.toMatchObject({
      failure: { kind: 'status', status: 429 },
    })
    expect(waits).toContainEqual(['retry-after', 7_000])
  })
})

describe('a cancel', () => {
  test('wakes what queues, pauses and waits, and starts nothing new', async () => {
    const retryAfter = { seconds: 60 }
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 429, retryAfter }] })
    const { client, stop, waits } = clientWith(tenant, { concurrency: 1 })
    const settled = Promise.allSettled([enable(client), enable(client), client.sleep(60_000)])
    while (waits.length === 0) await inMs(5)
    stop.abort()
    for (const result of await settled)
      expect(result.status === 'rejected' && result.reason).toMatchObject({ stop: { reason: 'cancelled' } })
    expect(tenant.statuses).toEqual({ 200: 1, 429: 1 })
    await expect(enable(client)).rejects.toBeInstanceOf(RunEnd)
    const { waitedMs } = client.traffic
    await inMs(30)
    expect(client.traffic.waitedMs).toBe(waitedMs)
  })

  test('that came before anything was sent lets nothing start', async () => {
    const tenant = await tenantWith()
    const { client } = clientWith(tenant, { stop: AbortSignal.abort() })
    await expect(enable(client)).rejects.toMatchObject({ stop: { reason: 'cancelled' } })
    expect(tenant.requests).toEqual([])
  })

  test('lets a request in flight be answered, and ends it when told', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'slow', ms: 200, nth: 1 }, { kind: 'hang' }] })
    const { client, stop } = clientWith(tenant)
    const answered = enable(client)
    while (requestsTo(tenant, 'enable').length === 0) await inMs(5)
    stop.abort()
    expect((await answered).itemOf(identityId(0))?.statusCode).toBe(202)

    const other = clientWith(tenant)
    const hanging = expect(enable(other.client)).rejects.toMatchObject({ stop: { reason: 'cancelled' } })
    while (requestsTo(tenant, 'enable').length === 1) await inMs(5)
    other.stop.abort()
    other.kill.abort()
    await hanging
  })
})

describe('secrets that a server repeats are taken out of', () => {
  const words = `You sent demo-secret, ${encodeURIComponent('demo-secret')}`
  test.each<[string, Fault]>([
    ['a rejection', { kind: 'status', status: 400, text: words }],
    ['the message of an identity', { kind: 'text', text: words }],
  ])('%s', async (_, fault) => {
    const tenant = await tenantWith({ faults: [fault] })
    const result = await enable(clientWith(tenant).client).then(
      ({ itemOf }) => IDS.map(itemOf),
      (error: unknown) => (error instanceof ApiError ? error.failure : error),
    )
    expect(JSON.stringify(result)).toContain('You sent ***')
    expect(JSON.stringify(result)).not.toContain('demo-secret')
  })
})
