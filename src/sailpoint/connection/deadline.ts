import type { Clock } from '../clock.ts'
import { DeadlineError } from '../errors.ts'

/** To be disposed of when it is no longer needed. */
export interface Deadline {
  /** Aborted with a DeadlineError when the time is up. */
  readonly signal: AbortSignal
  leftMs(): number
  dispose(): void
}

/** A deadline in so many milliseconds; `lostMs` are not counted: those so far that the run could do nothing with. */
export function createDeadline(ms: number, clock: Clock, lostMs: () => number): Deadline {
  const [deadline, disposed] = [new AbortController(), new AbortController()]
  const elapsed = (): number => clock.now() - lostMs()
  const end = elapsed() + ms
  const watch = async (): Promise<void> => {
    for (let left = ms; left > 0; left = end - elapsed()) await clock.sleep(left, disposed.signal)
    deadline.abort(new DeadlineError())
  }
  watch().catch(() => undefined) // disposed of
  return { signal: deadline.signal, leftMs: () => end - elapsed(), dispose: () => disposed.abort() }
}
