import type { Failure } from '../../failure.ts'
import type { Log } from './log.ts'
import { firstRetryText, outageEndedText, waitText, type Wait } from './phases.ts'

/** A shorter wait is not worth a line. */
const LONG_WAIT_MS = 5_000

/** The rate limit makes a long run wait again and again. */
const RATE_LIMIT_SILENCE_MS = 60_000

/** Tells the log of retries and waits. */
export interface WaitLog {
  /**
   * The run waits from now on for so many milliseconds; `outage`: counted from when ISC stopped responding. `status`: of
   * the answer that asked for it, if it is not that of the last retry.
   */
  readonly onWait: (reason: Wait['reason'], ms: number, status?: number) => void
  readonly onRetry: (failure: Failure) => void
  readonly onOutageEnd: (ms: number) => void
}

/**
 * A line for the first retry of the run, and for each wait of more than 5 s: once for all requests that wait together.
 * `now` is in milliseconds.
 */
export function createWaitLog(log: Pick<Log, 'info'>, outageTimeoutMs: number, now: () => number): WaitLog {
  const saidUntil = new Map<Wait['reason'], number>()
  let isRetrySaid = false
  let status: number | null = null
  return {
    onWait: (reason, ms, answered) => {
      if (ms <= LONG_WAIT_MS || now() < (saidUntil.get(reason) ?? -Infinity)) return
      const isOutage = reason === 'outage'
      saidUntil.set(
        reason,
        isOutage ? Infinity : now() + (reason === 'rate-limit' ? RATE_LIMIT_SILENCE_MS : ms),
      )
      log.info(waitText({ reason, ms: isOutage ? outageTimeoutMs : ms, status: answered ?? status }))
    },
    onRetry: (failure) => {
      status = failure.kind === 'no-answer' ? null : failure.status
      if (!isRetrySaid) log.info(firstRetryText(status))
      isRetrySaid = true
    },
    onOutageEnd: (ms) => {
      if (saidUntil.delete('outage')) log.info(outageEndedText(ms))
    },
  }
}
