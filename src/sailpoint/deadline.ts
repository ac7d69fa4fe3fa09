import type { Clock } from './clock.ts'
import { DeadlineError } from './errors.ts'

/** While time is lost, the clock is read no more often. */
const SHORTEST_SLEEP_MS = 250

/** To be disposed of when it is no longer needed. */
export interface Deadline {
  /** Aborted with a DeadlineError when the time is over. */
  readonly signal: AbortSignal
  leftMs(): number
  dispose(): void
}

/** A deadline in so many milliseconds; `lostMs` are not counted: those so far in which ISC did not respond. */
export function createDeadline(ms: number, clock: Clock, lostMs: () => number): Deadline {
  const [deadline, disposed] = [new AbortController(), new AbortController()]
  const elapsed = (): number => clock.now() - lostMs()
  const end = elapsed() + ms
  const watch = async (): Promise<void> => {
    await clock.sleep(Math.max(0, ms), disposed.signal)
    // As long as time is lost, what is left does not get less.
    for (let left = end - elapsed(); left > 0; left = end - elapsed())
      await clock.sleep(Math.max(left, SHORTEST_SLEEP_MS), disposed.signal)
    deadline.abort(new DeadlineError())
  }
  watch().catch(() => undefined) // disposed of
  return { signal: deadline.signal, leftMs: () => end - elapsed(), dispose: () => disposed.abort() }
}
