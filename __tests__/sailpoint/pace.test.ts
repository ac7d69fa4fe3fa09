import { describe, expect, it } from '@jest/globals'

import { Pace, type PaceOptions } from '../../src/sailpoint/pace.ts'
import { SYSTEM_CLOCK } from '../../src/sailpoint/clock.ts'
import { standingClock, type Sleep } from '../../support/client.ts'

/** A pace on a clock that stands still until it is told. */
function paceWith(options: Partial<PaceOptions> = {}): {
  pace: Pace
  time: { now: number }
  sleeps: Sleep[]
  halt: AbortController
} {
  const halt = new AbortController()
  const { clock, time, sleeps } = standingClock(1_000)
  const pace = new Pace({
    concurrency: 1,
    rateLimit: 0,
    windowMs: 200,
    clock,
    halt: halt.signal,
    ...options,
  })
  return { pace, time, sleeps, halt }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const never = (): Promise<never> => new Promise(() => undefined)

/** Asks for a turn, and notes when it has come. */
function turnOf(pace: Pace): { readonly hasCome: boolean } {
  const turn = { hasCome: false }
  void pace.run(() => Promise.resolve((turn.hasCome = true)))
  return turn
}

describe('a pause', () => {
  it('lets nothing start until it is over, and counts as waiting', async () => {
    const { pace, time, sleeps, halt } = paceWith()
    pace.pauseFor(300)
    const turn = turnOf(pace)
    time.now += 200
    await settled()
    expect(turn.hasCome).toBe(false)
    expect(pace.waitedMs).toBe(200)
    time.now += 100
    expect(sleeps).toMatchObject([{ ms: 300, signal: halt.signal }])
    sleeps[0]?.wake()
    await settled()
    expect(turn.hasCome).toBe(true)
    time.now += 1_000
    expect(pace.waitedMs).toBe(300)
  })

  it('that ends later replaces one that ends earlier', async () => {
    const { pace, time, sleeps } = paceWith()
    pace.pauseFor(100)
    time.now += 50
    pace.pauseFor(100)
    time.now += 50
    sleeps[0]?.wake()
    const turn = turnOf(pace)
    await settled()
    expect(turn.hasCome).toBe(false)
    time.now += 50
    sleeps[1]?.wake()
    await settled()
    expect(turn.hasCome).toBe(true)
    expect(pace.waitedMs).toBe(150)
  })

  it('that ends no later is nothing new', async () => {
    const { pace, time, sleeps } = paceWith()
    pace.pauseFor(100)
    time.now += 50
    pace.pauseFor(50)
    pace.pauseFor(20)
    expect(sleeps).toHaveLength(1)
    time.now += 50
    sleeps[0]?.wake()
    const turn = turnOf(pace)
    await settled()
    expect(turn.hasCome).toBe(true)
  })

  it('adds to those before', async () => {
    const { pace, time, sleeps } = paceWith()
    for (const ms of [100, 30]) {
      pace.pauseFor(ms)
      time.now += ms
      sleeps.at(-1)?.wake()
      await settled()
      time.now += 1_000
    }
    expect(pace.waitedMs).toBe(130)
  })

  it('after the end is none', async () => {
    const { pace, sleeps, halt } = paceWith()
    halt.abort(new Error('over'))
    pace.pauseFor(100)
    await settled()
    expect(sleeps).toEqual([])
    expect(pace.waitedMs).toBe(0)
  })

  it('is no reason to fail when the end comes within it', async () => {
    const { pace, halt } = paceWith()
    pace.pauseFor(100)
    const turn = pace.run(() => Promise.resolve('sent'))
    halt.abort(new Error('over'))
    await expect(turn).rejects.toThrow('over')
    await settled()
  })
})

describe('who waits for a turn', () => {
  it('gives up at the end of the run, with its reason', async () => {
    const { pace, halt } = paceWith()
    void pace.run(never)
    const waiting = pace.run(() => Promise.reject(new Error('it was sent')))
    halt.abort(new Error('over'))
    await expect(waiting).rejects.toThrow('over')
    await expect(pace.run(() => Promise.reject(new Error('it was sent')))).rejects.toThrow('over')
  })

  it('gives up at a signal of its own, with its reason, and nobody else does', async () => {
    const { pace } = paceWith()
    const first = Promise.withResolvers<string>()
    const own = new AbortController()
    const sent = pace.run(() => first.promise)
    const waiting = pace.run(() => Promise.reject(new Error('it was sent')), own.signal)
    const next = pace.run(() => Promise.resolve('next'))
    own.abort(new Error('late'))
    await expect(waiting).rejects.toThrow('late')
    await expect(pace.run(() => Promise.reject(new Error('it was sent')), own.signal)).rejects.toThrow('late')
    first.resolve('first')
    expect(await Promise.all([sent, next])).toEqual(['first', 'next'])
  })

  it('and was let through is not stopped any more', async () => {
    const { pace, halt } = paceWith()
    const first = Promise.withResolvers<string>()
    const own = new AbortController()
    const sent = pace.run(() => first.promise, own.signal)
    own.abort(new Error('late'))
    halt.abort(new Error('over'))
    await settled()
    first.resolve('answered')
    expect(await sent).toBe('answered')
  })
})

describe('a limit', () => {
  it('holds back what is beyond it, and counts as waiting while it does', async () => {
    const { pace } = paceWith({ concurrency: 10, rateLimit: 2, windowMs: 50, clock: SYSTEM_CLOCK })
    const starts: number[] = []
    const start = (): Promise<void> => Promise.resolve(void starts.push(performance.now()))
    await Promise.all([1, 2, 3, 4, 5].map(() => pace.run(start)))
    for (const [index, at] of starts.entries())
      if (index >= 2) expect(at - (starts[index - 2] ?? 0)).toBeGreaterThanOrEqual(50)
    expect(starts).toHaveLength(5)
    const { waitedMs } = pace
    expect(waitedMs).toBeGreaterThanOrEqual(100)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(pace.waitedMs).toBe(waitedMs)
  })

  it('holds in every window, whenever that begins', async () => {
    const { pace } = paceWith({ concurrency: 10, rateLimit: 2, windowMs: 200, clock: SYSTEM_CLOCK })
    const starts: number[] = []
    const start = (): Promise<void> => Promise.resolve(void starts.push(performance.now()))
    await pace.run(start)
    await new Promise((resolve) => setTimeout(resolve, 250))
    await Promise.all([1, 2, 3].map(() => pace.run(start)))
    for (const [index, at] of starts.entries())
      if (index >= 2) expect(at - (starts[index - 2] ?? 0)).toBeGreaterThanOrEqual(200)
  })

  it.each([
    ['ends within a pause', 100, 600],
    ['outlasts a pause', 600, 100],
  ])('that %s adds nothing to it twice, and takes nothing from it', async (_, windowMs, pauseMs) => {
    const { pace } = paceWith({ rateLimit: 1, windowMs, clock: SYSTEM_CLOCK })
    await pace.run(() => Promise.resolve())
    const before = performance.now()
    const next = pace.run(() => Promise.resolve(performance.now() - before))
    pace.pauseFor(pauseMs)
    const heldMs = await next
    expect(heldMs).toBeGreaterThan(500)
    expect(Math.abs(pace.waitedMs - heldMs)).toBeLessThan(250)
  })

  it('of 0 is none', async () => {
    const { pace } = paceWith({ concurrency: 500 })
    let started = 0
    for (let n = 0; n < 500; n += 1) void pace.run(() => ((started += 1), never()))
    await settled()
    expect(started).toBe(500)
    expect(pace.waitedMs).toBe(0)
  })
})
