/** What ends a run without anybody having awaited it. */
export interface CrashListener {
  /** Rejects with the error. */
  readonly happened: Promise<never>
  /** Stops listening. */
  dispose(): void
}

/**
 * Listens for uncaught exceptions and unhandled rejections, and, as a net below everything, for the moment when
 * nothing is pending any more although the run has not come to its end: an answer that never settles.
 */
export function listenForCrash(): CrashListener {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined) // nobody may be waiting for it
  const crash = (error: unknown): void =>
    reject(new Error(`Unexpected error: ${String(error)}`, { cause: error }))
  const runDry = (): void =>
    reject(new Error('Unexpected end: nothing was pending any more, but not everything had been answered.'))
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  process.on('beforeExit', runDry)
  return {
    happened: promise,
    dispose: () => {
      process.off('uncaughtException', crash)
      process.off('unhandledRejection', crash)
      process.off('beforeExit', runDry)
    },
  }
}
