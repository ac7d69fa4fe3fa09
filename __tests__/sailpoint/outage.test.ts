import { describe, expect, test } from '@jest/globals'

import { identityId, identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { enableIdentities } from '../../src/sailpoint/bulk-enable.ts'
import { SYSTEM_CLOCK } from '../../src/sailpoint/clock.ts'
import { CancelledError, DeadlineError, OutageError, UnreachableError } from '../../src/sailpoint/errors.ts'
import { Outage } from '../../src/sailpoint/outage.ts'
import type { IscClient, ClientOptions } from '../../src/sailpoint/client.ts'
import { clientWith, standingClock, type Sleep, type TestClient } from '../../support/client.ts'
import { requestsTo, tenantWith } from '../../support/tenant.ts'

const enable = (client: IscClient, id: string): Promise<unknown> =>
  enableIdentities(client, [id], { onAttempt: () => undefined })

/** A client that ISC has answered already, and that waits 20, 40, 80 … ms before its probes. */
async function afterAnAnswer(tenant: Tenant, options: Partial<ClientOptions> = {}): Promise<TestClient> {
  const made = clientWith(tenant, { outageTimeoutMs: 60_000, random: () => 0.02, ...options })
  await enable(made.client, identityId(99))
  return made
}

const inMs = (ms: number, act: () => void): void => void setTimeout(act, ms)

describe('an outage', () => {
  test.each(['refuse', 'reset', 502, 503, 504] as const)(
    'as %s is outlived, however few retries there are',
    async (as) => {
      const tenant = await tenantWith()
      const { client, outages } = await afterAnAnswer(tenant, { maxRetries: 1 })
      tenant.outage(as)
      inMs(700, () => tenant.recover())
      await Promise.all(identityIds(8).map((id) => enable(client, id)))
      expect(outages).toEqual([null, expect.any(Number)])
      expect(client.traffic.outageMs).toBeGreaterThan(300)
      expect(client.traffic.outageMs).toBe(outages[1])
      expect(client.traffic.retries).toBeLessThanOrEqual(8)
      expect(tenant.enabled.length).toBeGreaterThanOrEqual(9)
    },
  )

  test('has one probe at a time, and everything else waits', async () => {
    const tenant = await tenantWith({ latencyMs: 60 })
    const { client } = await afterAnAnswer(tenant, { random: () => 0.001 })
    tenant.outage(503)
    inMs(1_500, () => tenant.recover())
    await Promise.all(identityIds(8).map((id) => enable(client, id)))
    const silent = requestsTo(tenant, 'enable').filter(({ status }) => status === 503)
    const probes = silent.slice(8 + 5) // those in flight when it began, and retries before it was one
    expect(probes.length).toBeGreaterThan(3)
    for (const [index, { at }] of probes.entries()) {
      const before = probes[index - 1]
      if (before !== undefined) expect(at - before.at).toBeGreaterThanOrEqual(55)
    }
  })

  test('is none while ISC answers now and then', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 503, probability: 0.5 }] })
    const { client, outages } = await afterAnAnswer(tenant, { maxRetries: 20, concurrency: 1 })
    for (const id of identityIds(4)) await enable(client, id).catch(() => undefined)
    tenant.outage(503)
    const four = clientWith(tenant, { maxRetries: 3, outageTimeoutMs: 60_000 })
    await expect(enable(four.client, identityId(0))).rejects.toThrow(UnreachableError)
    expect([...outages, ...four.outages].filter((ms) => ms !== null).every((ms) => ms < 10_000)).toBe(true)
  })

  test('does not begin with 500s, which ISC itself gives', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 500, nth: 2 }] })
    const { client, outages } = await afterAnAnswer(tenant)
    const failing = await tenantWith({ faults: [{ kind: 'status', status: 500 }] })
    await expect(enable(clientWith(failing, { maxRetries: 8 }).client, identityId(0))).rejects.toThrow(/500/)
    await enable(client, identityId(0))
    expect(outages).toEqual([])
  })

  test('that lasts too long ends the run, for whatever waits, sends or comes later', async () => {
    const tenant = await tenantWith()
    const { client, outages } = await afterAnAnswer(tenant, {
      outageTimeoutMs: 1_000,
      requestTimeoutMs: 60_000,
    })
    tenant.outage('refuse')
    inMs(300, () => tenant.outage('hang'))
    const results = await Promise.allSettled(identityIds(8).map((id) => enable(client, id)))
    for (const result of results) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(OutageError)
    }
    tenant.recover()
    const before = tenant.requests.length
    await expect(enable(client, identityId(0))).rejects.toThrow(/not answered for 1 s \(outage-timeout\)/)
    expect(outages).toEqual([null])
    expect(tenant.requests).toHaveLength(before)
  })

  test('holds a token request back as well', async () => {
    const tenant = await tenantWith({ tokenLifetimeSeconds: 100 })
    let ahead = 0
    const clock = { ...SYSTEM_CLOCK, now: () => Date.now() + ahead }
    const { client, outages, tokens } = await afterAnAnswer(tenant, { clock })
    ahead = 99_000
    tenant.outage(503)
    inMs(500, () => tenant.recover())
    await Promise.all(identityIds(8).map((id) => enable(client, id)))
    expect(outages).toHaveLength(2)
    expect(tokens).toHaveLength(2)
  })

  test('is left at once by a cancel', async () => {
    const tenant = await tenantWith()
    const { client, stop } = await afterAnAnswer(tenant, { random: () => 1 })
    tenant.outage('refuse')
    const settled = Promise.allSettled(identityIds(8).map((id) => enable(client, id)))
    inMs(300, () => stop.abort())
    for (const result of await settled) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(CancelledError)
    }
  })

  test('stops the clock of a deadline', async () => {
    const tenant = await tenantWith()
    const { client } = await afterAnAnswer(tenant)
    const deadline = client.deadline(600)
    tenant.outage('refuse')
    inMs(900, () => tenant.recover())
    await Promise.all(identityIds(8).map((id) => enable(client, id)))
    expect(client.traffic.outageMs).toBeGreaterThan(600)
    expect(deadline.signal.aborted).toBe(false)
    await expect(client.pause(5_000, deadline.signal)).rejects.toThrow(DeadlineError)
    deadline.dispose()
  })
})

describe('on a clock that stands still', () => {
  /** What is noticed of silences and answers, where ISC has answered once at 0. */
  function watched(): {
    outage: Outage
    time: { now: number }
    sleeps: Sleep[]
    seen: string[]
    silences: (at: number[]) => void
  } {
    const { clock, time, sleeps } = standingClock()
    const seen: string[] = []
    const outage = new Outage({
      timeoutMs: 300_000,
      random: () => 0.5,
      halt: new AbortController().signal,
      onBegin: () => seen.push(`began at ${time.now}`),
      onEnd: (ms) => seen.push(`ended after ${ms}`),
      onTimeout: ({ message }) => seen.push(message),
      clock,
    })
    outage.answered()
    const silences = (at: number[]): void => {
      for (const now of at) {
        time.now = now
        outage.silent()
      }
    }
    return { outage, time, sleeps, seen, silences }
  }

  test('it has lasted since the first of five silences in a row', () => {
    const { outage, time, seen, silences } = watched()
    silences([100, 200, 300, 400])
    outage.answered()
    silences([1_000, 2_000, 3_000, 4_000])
    expect(seen).toEqual([])
    silences([5_000, 6_000])
    expect(seen).toEqual(['began at 5000'])
    time.now = 7_000
    expect(outage.lastedMs).toBe(6_000)
    outage.answered()
    expect(seen).toEqual(['began at 5000', 'ended after 6000'])
    time.now = 8_000
    expect(outage.lastedMs).toBe(6_000)
    silences([10_000, 10_000, 10_000, 10_000, 10_000])
    time.now = 11_000
    expect(outage.lastedMs).toBe(7_000)
  })

  test.each([
    [0, 500],
    [4_000, 500],
    [40_000, 5_000],
    [120_000, 15_000],
    [240_000, 15_000],
  ])(
    'having lasted %i ms, its probe waits up to a quarter of that, from 1 s to 30 s: here %i ms',
    (age, ms) => {
      const { outage, time, sleeps, silences } = watched()
      silences([7, 7, 7, 7, 7])
      time.now = 7 + age
      void outage.turn()
      expect(sleeps.slice(1)).toMatchObject([{ ms }])
    },
  )

  test('it is watched until its time is up, and no longer than it lasts', async () => {
    const { outage, sleeps, seen, silences } = watched()
    silences([0, 1_000, 2_000, 3_000, 4_000])
    expect(sleeps).toMatchObject([{ ms: 296_000 }])
    outage.answered()
    expect(sleeps[0]?.signal.aborted).toBe(true)
    silences([0, 0, 0, 0, 0])
    sleeps[1]?.wake()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.at(-1)).toMatch(
      /^ISC has not answered for 300 s \(outage-timeout\), having answered before\. Run again/,
    )
  })
})

test('an answer that nobody can use ends a row of silences all the same', async () => {
  const tenant = await tenantWith({
    faults: [
      { kind: 'status', status: 503, times: 4 },
      { kind: 'upgrade', times: 1 },
      { kind: 'status', status: 503, times: 4 },
    ],
  })
  const { client, outages } = clientWith(tenant, { maxRetries: 3 })
  for (const id of identityIds(3)) await enable(client, id).catch(() => undefined)
  expect(outages).toEqual([])
  await enable(client, identityId(0))
})

describe('before ISC has answered once', () => {
  test.each(['refuse', 502] as const)('%s ends the run after max-retries', async (as) => {
    const tenant = await tenantWith()
    tenant.outage(as)
    const { client } = clientWith(tenant, { maxRetries: 2 })
    const results = await Promise.allSettled(identityIds(8).map((id) => enable(client, id)))
    for (const result of results) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(UnreachableError)
    }
    expect(tenant.requests).toHaveLength(3)
  })

  test('a certificate that is not trusted ends the run at once', async () => {
    const tenant = await tenantWith({ tls: true })
    const { client } = clientWith(tenant)
    await expect(enable(client, identityId(0))).rejects.toThrow(/NODE_EXTRA_CA_CERTS/)
    await expect(enable(client, identityId(0))).rejects.toThrow(UnreachableError)
    expect(client.traffic.requests).toBe(1)
  })
})
