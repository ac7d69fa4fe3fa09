import { describe, expect, it } from '@jest/globals'

import { SYSTEM_CLOCK } from '../../src/sailpoint/clock.ts'
import { Outage } from '../../src/sailpoint/outage.ts'
import { Pace, type PaceOptions } from '../../src/sailpoint/pace.ts'
import { standingClock, type Sleep } from '../support/client.ts'

interface Paced {
  readonly pace: Pace
  readonly time: { now: number }
  readonly sleeps: Sleep[]
  readonly halt: AbortController
  readonly holds: string[]
  /** An outage on the same clock. */
  readonly newOutage: () => Outage
}

/** A pace for one request at a time without a limit, on a clock that advances only when the test says so. */
function paced(options: Partial<PaceOptions> = {}): Paced {
  const halt = new AbortController()
  const { clock, time, sleeps } = standingClock(1_000)
  const holds: string[] = []
  const pace = new Pace({
    concurrency: 1,
    rateLimit: 0,
    windowMs: 200,
    clock,
    halt: halt.signal,
    onHold: (hold, ms) => holds.push(`${hold} ${Math.round(ms)}`),
    ...options,
  })
  const ignore = (): void => undefined
  const newOutage = (): Outage =>
    new Outage({
      ...{ timeoutMs: 0, clock, random: () => 0.5, halt: halt.signal },
      ...{ onWait: ignore, onBegin: ignore, onEnd: ignore, onTimeout: ignore },
    })
  return { pace, time, sleeps, halt, holds, newOutage }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Turn {
  hasCome: boolean
  leave: () => void
  reason: unknown
}

/** Asks for a turn, and notes when it has come, or why it does not. */
function turnOf(pace: Pace, outage: Outage): Turn {
  const turn: Turn = { hasCome: false, leave: () => undefined, reason: null }
  pace.enter(outage).then(
    (leave) => {
      turn.hasCome = true
      turn.leave = leave
    },
    (reason: unknown) => (turn.reason = reason),
  )
  return turn
}

describe('a pause', () => {
  it('lets nothing start until it is over, and counts as waiting', async () => {
    const { pace, time, sleeps, holds, newOutage } = paced()
    pace.pauseFor(300, 429)
    const turn = turnOf(pace, newOutage())
    time.now += 200
    await settled()
    expect(turn.hasCome).toBe(false)
    expect(pace.waitedMs).toBe(200)
    time.now += 100
    expect(sleeps.at(-1)?.ms).toBe(300)
    sleeps.at(-1)?.wake()
    await settled()
    expect(turn.hasCome).toBe(true)
    time.now += 1_000
    expect(pace.waitedMs).toBe(300)
    expect(holds).toEqual(['retry-after 300'])
  })

  it('replaces one that ends earlier, and is told of only then', async () => {
    const { pace, time, sleeps, holds, newOutage } = paced()
    pace.pauseFor(100, 429)
    const turn = turnOf(pace, newOutage())
    time.now += 50
    pace.pauseFor(50, 429)
    pace.pauseFor(100, 429)
    time.now += 50
    sleeps.at(-1)?.wake()
    await settled()
    expect(turn.hasCome).toBe(false)
    time.now += 50
    sleeps.at(-1)?.wake()
    await settled()
    expect(turn.hasCome).toBe(true)
    expect(holds).toEqual(['retry-after 100', 'retry-after 100'])
    expect(pace.waitedMs).toBe(150)
  })

  it('that the run does not live to see stops counting', async () => {
    const { pace, time, halt, newOutage } = paced()
    pace.pauseFor(1_000, 429)
    const turn = turnOf(pace, newOutage())
    time.now += 100
    halt.abort(new Error('over'))
    await settled()
    expect(turn.reason).toEqual(new Error('over'))
    time.now += 100
    expect(pace.waitedMs).toBe(100)
  })
})

describe('what waits for a turn', () => {
  it('gets it as soon as another leaves', async () => {
    const { pace, newOutage } = paced()
    const outage = newOutage()
    const [first, second] = [turnOf(pace, outage), turnOf(pace, outage)]
    await settled()
    expect([first.hasCome, second.hasCome]).toEqual([true, false])
    first.leave()
    await settled()
    expect(second.hasCome).toBe(true)
  })

  it('gives up at the end of the run, with its reason, and nothing starts after that', async () => {
    const { pace, halt, newOutage } = paced()
    const outage = newOutage()
    const turns = [turnOf(pace, outage), turnOf(pace, outage)]
    await settled()
    halt.abort(new Error('over'))
    turns.push(turnOf(pace, outage))
    await settled()
    expect(turns.map(({ reason }) => reason)).toEqual([null, new Error('over'), new Error('over')])
  })
})

describe('in an outage of one service', () => {
  it('its requests wait, those of another do not; one attempt at a time is made', async () => {
    const { pace, time, sleeps, newOutage } = paced({ concurrency: 8 })
    const [api, token] = [newOutage(), newOutage()]
    api.answered(0)
    api.silent(1_000)
    const ofApi = [turnOf(pace, api), turnOf(pace, api)]
    const ofToken = turnOf(pace, token)
    await settled()
    expect(ofToken.hasCome).toBe(true)
    expect(ofApi.map(({ hasCome }) => hasCome)).toEqual([false, false])
    time.now += 500
    sleeps.at(-1)?.wake()
    await settled()
    expect(ofApi.map(({ hasCome }) => hasCome)).toEqual([true, false])
    time.now += 60_000
    ofToken.leave()
    await settled()
    expect(ofApi[1]?.hasCome).toBe(false)
    api.answered(1_500)
    ofApi[0]?.leave()
    await settled()
    expect(ofApi[1]?.hasCome).toBe(true)
  })
})

describe('a limit', () => {
  it('holds in every window, whenever that begins, and counts as waiting', async () => {
    const { pace, holds, newOutage } = paced({
      concurrency: 10,
      rateLimit: 2,
      windowMs: 100,
      clock: SYSTEM_CLOCK,
    })
    const outage = newOutage()
    const starts: number[] = []
    const start = async (): Promise<void> => {
      await pace.enter(outage)
      starts.push(performance.now())
    }
    await start()
    await SYSTEM_CLOCK.sleep(150, new AbortController().signal)
    await Promise.all([start(), start(), start(), start()])
    for (const [index, at] of starts.entries())
      expect(at - (starts[index - 2] ?? -Infinity)).toBeGreaterThanOrEqual(100)
    const { waitedMs } = pace
    expect(waitedMs).toBeGreaterThanOrEqual(150)
    await SYSTEM_CLOCK.sleep(20, new AbortController().signal)
    expect(pace.waitedMs).toBe(waitedMs)
    expect(holds[0]).toMatch(/^rate-limit /)
  })

  it.each([
    ['ends within a pause', 100, 300, 300],
    ['outlasts a pause', 300, 100, 400],
  ])('that %s adds nothing to it twice', async (_, windowMs, pauseMs, heldMs) => {
    const { pace, time, sleeps, newOutage } = paced({ rateLimit: 1, windowMs, concurrency: 2 })
    const outage = newOutage()
    turnOf(pace, outage)
    await settled()
    pace.pauseFor(pauseMs, 429)
    const next = turnOf(pace, outage)
    await settled()
    time.now += heldMs
    sleeps.at(-1)?.wake()
    await settled()
    expect(next.hasCome).toBe(true)
    expect(pace.waitedMs).toBe(heldMs)
  })

  it('of 0 is none', async () => {
    const { pace, newOutage } = paced({ concurrency: 500 })
    const outage = newOutage()
    const turns = Array.from({ length: 500 }, () => turnOf(pace, outage))
    await settled()
    expect(turns.every(({ hasCome }) => hasCome)).toBe(true)
    expect(pace.waitedMs).toBe(0)
  })
})
