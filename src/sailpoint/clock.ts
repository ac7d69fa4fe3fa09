import { setTimeout as sleep } from 'node:timers/promises'

/** Time as the client knows it; tests give their own. */
export interface Clock {
  /** Milliseconds since some moment, by a clock that cannot be set. */
  now(): number
  /** Resolves after so many milliseconds. @throws the reason of `signal`, as soon as it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error
    })
  },
}

/** While time is lost, the clock is read no more often. */
const SHORTEST_SLEEP_MS = 250

/** To be disposed of when it is no longer needed. */
export interface Deadline {
  leftMs(): number
  dispose(): void
}

/** Calls `onOver` in so many milliseconds; `lostMs` are not counted: those so far in which ISC did not respond. */
export function createDeadline(ms: number, clock: Clock, lostMs: () => number, onOver: () => void): Deadline {
  const disposed = new AbortController()
  const elapsed = (): number => clock.now() - lostMs()
  const end = elapsed() + ms
  const watch = async (): Promise<void> => {
    await clock.sleep(Math.max(0, ms), disposed.signal)
    // As long as time is lost, what is left does not get less.
    for (let left = end - elapsed(); left > 0; left = end - elapsed())
      await clock.sleep(Math.max(left, SHORTEST_SLEEP_MS), disposed.signal)
    onOver()
  }
  watch().catch(() => undefined) // disposed of
  return { leftMs: () => end - elapsed(), dispose: () => disposed.abort() }
}
