/** Errors that nobody awaited: they end the run, but not before it has been reported. */
export interface CrashListener {
  /** Rejects with the error. */
  readonly happened: Promise<never>
  /** Stops listening. */
  dispose(): void
}

/** Listens for uncaught exceptions and unhandled rejections. */
export function listenForCrash(): CrashListener {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined) // nobody may be waiting for it
  const crash = (error: unknown): void =>
    reject(new Error(`Unexpected error: ${String(error)}`, { cause: error }))
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  return {
    happened: promise,
    dispose: () => {
      process.off('uncaughtException', crash)
      process.off('unhandledRejection', crash)
    },
  }
}
