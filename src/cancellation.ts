/** For how long requests in flight may still be answered after a cancel. */
const GRACE_MS = 1_000

/**
 * After a cancel, everything else must end within this time, because outputs and report need a part of the 5 seconds.
 */
const OVERDUE_MS = 2_000

/**
 * On Windows, the runner sends SIGBREAK in place of SIGTERM (its ProcessInvoker.cs). A terminal or a Windows console
 * sends SIGHUP when it is closed.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const

/** Follows the runner's cancel: SIGINT, then SIGTERM after 7.5 s, killed 2.5 s later. */
export interface Cancellation {
  /** Aborted at once: nothing new starts, what sleeps wakes. */
  readonly stop: AbortSignal
  /** Aborted a little later: requests in flight end. */
  readonly kill: AbortSignal
  /**
   * Rejects with the reason to end the run while its work is unfinished. There are three: the run did not end in time
   * after a cancel, no code awaited an error, or nothing is pending because an answer never settles.
   */
  readonly forcedEnd: Promise<never>
}

/**
 * Listens for the signals by which a runner cancels a step, and for errors that no code awaits. It does so as long as
 * the process lives, because a second signal or error must not end the process before its outputs are written.
 */
export function listenForCancel(): Cancellation {
  const stop = new AbortController()
  const kill = new AbortController()
  const forcedEnd = Promise.withResolvers<never>()
  forcedEnd.promise.catch(() => undefined) // there may be no code that waits for it
  const end = (message: string, options?: ErrorOptions): void => forcedEnd.reject(new Error(message, options))
  const cancel = (): void => {
    if (stop.signal.aborted) return
    stop.abort(new Error('The run was cancelled.'))
    setTimeout(() => kill.abort(), GRACE_MS)
    setTimeout(() => end('The run did not end in time after the cancel.'), OVERDUE_MS)
  }
  for (const signal of SIGNALS) process.on(signal, cancel)
  for (const event of ['uncaughtException', 'unhandledRejection'])
    process.on(event, (error: unknown) => end(`Unexpected error: ${String(error)}`, { cause: error }))
  process.on('beforeExit', () =>
    end('Unexpected end: the process had nothing left to wait for before all requests were answered.'),
  )
  return { stop: stop.signal, kill: kill.signal, forcedEnd: forcedEnd.promise }
}
