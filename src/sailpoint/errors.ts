import type { Failure, Stop } from '../failure.ts'

/** A request that ISC rejected, or that got no answer that could be read. */
export class ApiError extends Error {
  readonly failure: Failure
  /** What `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs: number | null

  constructor(failure: Failure, retryAfterMs: number | null = null) {
    super(failure.kind === 'no-answer' ? failure.fault : `${failure.kind} ${failure.status}`)
    this.name = 'ApiError'
    this.failure = failure
    this.retryAfterMs = retryAfterMs
  }
}

/** No further request makes sense in this run. */
export class RunEnd extends Error {
  readonly stop: Stop

  constructor(stop: Stop) {
    super(`The run ends: ${stop.reason}.`)
    this.name = 'RunEnd'
    this.stop = stop
  }
}

/** The time that was given for a request, its retries and its waiting included, is over. */
export class DeadlineError extends Error {
  constructor() {
    super('The time is over.')
    this.name = 'DeadlineError'
  }
}

/** An answer to a reading of identities that cannot be used. `fault` never holds the server's own words. */
export function unreadableAnswer(fault: string): ApiError {
  return new ApiError({ kind: 'unreadable', operation: 'read', status: 200, fault, trackingId: null })
}
