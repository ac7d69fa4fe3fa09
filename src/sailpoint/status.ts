import type { Failure } from '../failure.ts'

/** What the status of an answer means: the one table, for whole requests and for single identities. */
export interface HttpMeaning {
  readonly isSuccess: boolean
  /** The same request may succeed when it is sent again. */
  readonly isRetryable: boolean
  /** A gateway answered, because ISC did not. */
  readonly isSilence: boolean
  /** One identity can cause it for a whole batch, so splitting the batch can find that identity. */
  readonly isSplittable: boolean
  /** As the answer to a request for one identity, found alone by splitting, it is about that identity. */
  readonly isOwn: boolean
  /** Every further request would be rejected in the same way. */
  readonly isFatal: boolean
  /** An identity that has it inside an answer is submitted again. */
  readonly isPutOff: boolean
  /** A new access token may be accepted. */
  readonly isTokenRejected: boolean
  /** A shorter filter may be accepted. */
  readonly isFilterRejected: boolean
}

const NO: HttpMeaning = {
  isSuccess: false,
  isRetryable: false,
  isSilence: false,
  isSplittable: false,
  isOwn: false,
  isFatal: false,
  isPutOff: false,
  isTokenRejected: false,
  isFilterRejected: false,
}
const SUCCESS = { ...NO, isSuccess: true }
const MOMENTARY = { ...NO, isRetryable: true }
const SILENCE = { ...MOMENTARY, isSilence: true, isPutOff: true }
const POISON = { ...NO, isSplittable: true, isOwn: true }
const FATAL = { ...NO, isFatal: true }

const MEANINGS: Readonly<Record<number, HttpMeaning>> = {
  400: { ...POISON, isFilterRejected: true },
  401: { ...FATAL, isTokenRejected: true },
  403: FATAL,
  408: MOMENTARY,
  413: POISON,
  414: { ...FATAL, isOwn: true, isFilterRejected: true },
  422: POISON,
  425: MOMENTARY,
  429: { ...MOMENTARY, isPutOff: true },
  500: { ...POISON, isRetryable: true, isPutOff: true },
  502: SILENCE,
  503: SILENCE,
  504: SILENCE,
}

/** The meaning of a status, 100 to 599. */
export function meaningOfStatus(status: number): HttpMeaning {
  const known = MEANINGS[status]
  if (known !== undefined) return known
  if (status >= 200 && status <= 299) return SUCCESS
  if (status >= 500) return { ...NO, isOwn: true, isPutOff: true }
  return { ...FATAL, isOwn: status >= 400 }
}

/** The meaning of a failure, with a status or without one. */
export function meaningOfFailure(failure: Failure): HttpMeaning {
  if (failure.kind === 'status') return meaningOfStatus(failure.status)
  if (failure.kind === 'unreadable') return MOMENTARY
  // What a proxy rejects stays rejected; asking again can lock an account.
  const isRejected = failure.fault === 'proxy-authentication' || failure.fault === 'proxy-rejected'
  return isRejected ? NO : SILENCE
}
