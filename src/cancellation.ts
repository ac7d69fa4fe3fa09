/** For how long requests in flight may still be answered after a cancel. */
const GRACE_MS = 1_000

/** When everything else has to have ended after a cancel: outputs and report want their share of 5 seconds. */
const OVERDUE_MS = 2_000

/** SIGBREAK is what the runner sends on Windows in place of SIGTERM (its ProcessInvoker.cs). */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const

/** Follows the runner's cancel: SIGINT, then SIGTERM after 7.5 s, killed 2.5 s later. */
export interface Cancellation {
  /** Aborted at once: nothing new starts, what sleeps wakes. */
  readonly stop: AbortSignal
  /** Aborted a little later: requests in flight end. */
  readonly kill: AbortSignal
  /** Rejects when the work has not ended in time after a cancel. */
  readonly overdue: Promise<never>
}

/**
 * Listens for the signals by which a runner cancels a step, for as long as the process lives: a second one must not
 * end it before its outputs have gone out.
 */
export function listenForCancel(): Cancellation {
  const stop = new AbortController()
  const kill = new AbortController()
  const overdue = Promise.withResolvers<never>()
  overdue.promise.catch(() => undefined) // nobody may be waiting for it
  const cancel = (): void => {
    if (stop.signal.aborted) return
    stop.abort(new Error('The run was cancelled.'))
    setTimeout(() => kill.abort(), GRACE_MS)
    setTimeout(() => overdue.reject(new Error('The run did not end in time after the cancel.')), OVERDUE_MS)
  }
  for (const signal of SIGNALS) process.on(signal, cancel)
  return {
    stop: stop.signal,
    kill: kill.signal,
    overdue: overdue.promise,
  }
}
