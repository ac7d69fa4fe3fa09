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
