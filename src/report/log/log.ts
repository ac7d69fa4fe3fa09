import * as core from '@actions/core'

import type { Failure } from '../../failure.ts'
import { forAnnotation, forLog } from '../words/harmless.ts'
import { countText, durationText, percentText } from '../words/phrases.ts'

export type Log = ReturnType<typeof createLog>

/** Where every line goes that people read while the run goes on. Any text may be given: it is made harmless. */
export function createLog(isDebug: boolean) {
  let isOpen = false
  const endGroup = (): void => {
    if (isOpen) core.endGroup()
    isOpen = false
  }
  return {
    info: (line: string): void => core.info(forLog(line)),
    /** Written only when the workflow was started with debug logging. */
    debug: (line: string): void => {
      if (isDebug) core.debug(forLog(line))
    },
    /** Also an annotation of the run. */
    warning: (message: string): void => core.warning(forAnnotation(message)),
    /** Begins a folded group, and ends the one before: the runner does not nest them. */
    group: (name: string): void => {
      endGroup()
      core.startGroup(forLog(name))
      isOpen = true
    },
    endGroup,
  }
}

/** No two lines of a progress are nearer than this. */
const SHORTEST_SILENCE_MS = 5_000
/** A line comes after this time even when no further tenth is done. */
const LONGEST_SILENCE_MS = 30_000

/**
 * Tells the log how far a run is: a line for every tenth, or every 30 s where a tenth takes longer, but never within
 * 5 s of another. Short runs have none. `what` becomes of an identity: "submitted", "confirmed"; `now`: milliseconds.
 * `isDown`: ISC does not respond, so that no time can be promised.
 */
export function createProgress(
  log: Pick<Log, 'info'>,
  what: string,
  total: number,
  now: () => number,
  isDown = (): boolean => false,
) {
  const start = now()
  let lastAt = start
  let lastTenth = 0
  return {
    /** To be called after every step, with how many are done so far, and how many of them failed. */
    update: (done: number, failed = 0): void => {
      const tenth = Math.floor((done * 10) / total)
      const silence = now() - lastAt
      if (done >= total || silence < SHORTEST_SILENCE_MS) return
      if (tenth <= lastTenth && silence < LONGEST_SILENCE_MS) return
      lastAt = now()
      lastTenth = tenth
      const rate = (done * 1000) / Math.max(1, now() - start)
      const perSecond = countText(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))
      const bad = failed === 0 ? '' : `, ${countText(failed)} failed`
      const left = rate === 0 ? '' : `, about ${durationText(((total - done) * 1000) / rate)} left`
      const pace = isDown() ? '' : `, ${perSecond} per second${left}`
      log.info(
        `${countText(done)} of ${countText(total)} ${what} (${percentText(done, total)})${bad}${pace}.`,
      )
    },
    /** Milliseconds since the start. */
    elapsed: (): number => now() - start,
  }
}

/** A shorter wait is not worth a line. */
const LONG_WAIT_MS = 5_000
/** The rate limit makes a long run wait again and again. */
const RATE_LIMIT_SILENCE_MS = 60_000

/** Why a run waits. `status`: of ISC's answer that led to it; null for none. `last`: why a request was last retried. */
const WAIT_TEXTS = {
  'retry-after': (time: string, status: number | null) =>
    `ISC answered ${status} and asks to wait. The run continues in ${time} (\`Retry-After\`).`,
  'rate-limit': (time: string) => `The run waits ${time} for the rate limit (\`rate-limit\`).`,
  'back-off': (time: string, _status: number | null, last: Failure | null) =>
    `${answerText(last)}. The request is retried in ${time}.`,
  round: (time: string) =>
    `ISC did not accept some identities yet. The action submits them again in ${time}.`,
  outage: (time: string, status: number | null) =>
    `ISC stopped responding${status === null ? '' : ` (${status})`}. The run tries one request at a time for up to ${time} (\`outage-timeout\`).${status === null ? ' If ISC never responded in this run, the run ends after `max-retries` retries.' : ''}`,
}

function statusOf(failure: Failure | null): number | null {
  return failure === null || failure.kind === 'no-answer' ? null : failure.status
}

function answerText(failure: Failure | null): string {
  if (failure === null || failure.kind === 'no-answer') return 'ISC did not respond'
  return failure.kind === 'unreadable'
    ? `ISC's answer (${failure.status}) cannot be read: ${failure.fault}`
    : `ISC answered ${failure.status}`
}

/**
 * Tells the log of retries and waits: a line for the first retry of the run, and for each wait of more than 5 s, once for
 * all requests that wait together. `now` is in milliseconds.
 */
export function createWaitLog(log: Pick<Log, 'info'>, outageTimeoutMs: number, now: () => number) {
  const saidUntil = new Map<string, number>()
  let isRetrySaid = false
  let last: Failure | null = null
  let announcedStatus: number | null = null
  return {
    /**
     * The run waits from now on for so many milliseconds; `outage`: counted from when ISC stopped responding. `status`: of
     * the answer that asked for it, if it is not that of the last retry.
     */
    onWait: (reason: keyof typeof WAIT_TEXTS, ms: number, status = statusOf(last)): void => {
      if (ms <= LONG_WAIT_MS || now() < (saidUntil.get(reason) ?? -Infinity)) return
      const silence = reason === 'outage' ? Infinity : reason === 'rate-limit' ? RATE_LIMIT_SILENCE_MS : ms
      saidUntil.set(reason, now() + silence)
      if (reason === 'retry-after') announcedStatus = status
      log.info(WAIT_TEXTS[reason](durationText(reason === 'outage' ? outageTimeoutMs : ms), status, last))
    },
    onRetry: (failure: Failure): void => {
      last = failure
      const status = statusOf(failure)
      if (isRetrySaid || (status !== null && status === announcedStatus)) return
      isRetrySaid = true
      log.info(
        status === null
          ? 'A request got no answer. The action checks whether ISC responds.'
          : `${answerText(failure)}. The action retries the request. The summary counts all retries.`,
      )
    },
    onOutageEnd: (ms: number): void => {
      if (saidUntil.delete('outage')) log.info(`ISC responds again, after ${durationText(ms)}.`)
    },
  }
}
