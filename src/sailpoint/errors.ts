/** What is known of a request that got no usable answer. */
export interface Refusal {
  /** HTTP status; null where no answer arrived. */
  readonly status: number | null
  readonly trackingId: string | null
  /** Whether the same request may succeed when sent again. */
  readonly retryable: boolean
  /** Nobody answered for ISC: a connection error, a time-out, or a gateway's 502, 503 or 504. */
  readonly isSilence: boolean
  /** What `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs: number | null
  /** What two refusals have in common that have the same cause: status and ISC's own words. */
  readonly reason: string
}

/** A request that ISC refused, or that got no answer that could be read. */
export class ApiError extends Error {
  readonly refusal: Refusal

  constructor(message: string, refusal: Partial<Refusal>, cause?: unknown) {
    super(message, { cause })
    this.name = 'ApiError'
    this.refusal = {
      status: null,
      trackingId: null,
      retryable: false,
      isSilence: false,
      retryAfterMs: null,
      reason: message,
      ...refusal,
    }
  }
}

/** Nothing further can be sent in this run. */
export class SessionEnd extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = new.target.name
  }
}

/** No valid access token can be had any more. */
export class AuthenticationError extends SessionEnd {}

/** ISC has not answered once, or is not who it should be (its certificate). */
export class UnreachableError extends SessionEnd {}

/** ISC has stopped answering for longer than `outage-timeout`. */
export class OutageError extends SessionEnd {}

/** The run was cancelled before this request had an answer. */
export class CancelledError extends SessionEnd {
  constructor() {
    super('The run was cancelled.')
  }
}

/** The time that was given for a request, its retries and its waiting included, is up. */
export class DeadlineError extends Error {
  constructor() {
    super('The time is up.')
    this.name = 'DeadlineError'
  }
}
