/**
 * Rejects with what ends a run without anybody having awaited it: uncaught exceptions and unhandled rejections, and,
 * as a net below everything, the moment when nothing is pending any more although the run has not come to its end:
 * an answer that never settles. Listens for as long as the process lives.
 */
export function crash(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined) // nobody may be waiting for it
  const unexpected = (error: unknown): void =>
    reject(new Error(`Unexpected error: ${String(error)}`, { cause: error }))
  process.on('uncaughtException', unexpected)
  process.on('unhandledRejection', unexpected)
  process.on('beforeExit', () =>
    reject(new Error('Unexpected end: nothing was pending any more, but not everything had been answered.')),
  )
  return promise
}
