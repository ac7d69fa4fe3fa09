import type { Failure } from '../../failure.ts'
import { durationText } from '../words/phrases.ts'
import type { Log } from './log.ts'

/** A shorter wait is not worth a line. */
const LONG_WAIT_MS = 5_000
/** The rate limit makes a long run wait again and again. */
const RATE_LIMIT_SILENCE_MS = 60_000

/** Why a run waits. `status`: ISC's answer that led to it; null for none. */
const WAIT_TEXTS = {
  'retry-after': (time: string, status: number | null) =>
    `${answerText(status)} and asks to wait. The run continues in ${time} (\`Retry-After\`).`,
  'rate-limit': (time: string) => `The run waits ${time} for the rate limit (\`rate-limit\`).`,
  'back-off': (time: string, status: number | null) =>
    `${answerText(status)}. The request is retried in ${time}.`,
  outage: (time: string, status: number | null) =>
    `ISC stopped responding${status === null ? '' : ` (${status})`}. The run tries one request at a time for up to ${time} (\`outage-timeout\`).`,
}

function answerText(status: number | null): string {
  return status === null ? 'ISC did not respond' : `ISC answered ${status}`
}

/**
 * Tells the log of retries and waits: a line for the first retry of the run, and for each wait of more than 5 s, once for
 * all requests that wait together. `now` is in milliseconds.
 */
export function createWaitLog(log: Pick<Log, 'info'>, outageTimeoutMs: number, now: () => number) {
  const saidUntil = new Map<string, number>()
  let isRetrySaid = false
  let lastStatus: number | null = null
  return {
    /**
     * The run waits from now on for so many milliseconds; `outage`: counted from when ISC stopped responding. `status`: of
     * the answer that asked for it, if it is not that of the last retry.
     */
    onWait: (reason: keyof typeof WAIT_TEXTS, ms: number, status = lastStatus): void => {
      if (ms <= LONG_WAIT_MS || now() < (saidUntil.get(reason) ?? -Infinity)) return
      const silence = reason === 'outage' ? Infinity : reason === 'rate-limit' ? RATE_LIMIT_SILENCE_MS : ms
      saidUntil.set(reason, now() + silence)
      log.info(WAIT_TEXTS[reason](durationText(reason === 'outage' ? outageTimeoutMs : ms), status))
    },
    onRetry: (failure: Failure): void => {
      lastStatus = failure.kind === 'no-answer' ? null : failure.status
      const answered =
        lastStatus === null ? 'A request got no answer' : `ISC answered a request with ${lastStatus}`
      if (!isRetrySaid)
        log.info(`${answered}. The action retries it, and counts further retries in the summary.`)
      isRetrySaid = true
    },
    onOutageEnd: (ms: number): void => {
      if (saidUntil.delete('outage')) log.info(`ISC responds again, after ${durationText(ms)}.`)
    },
  }
}
