import type { GenericSchema } from 'valibot'

import type { Failure, Operation } from '../failure.ts'
import type { Answers, Gate } from './answers/gate.ts'
import type { Clock } from './clock.ts'
import { ApiError } from './errors.ts'
import { NetworkError } from './network-error.ts'
import { readRetryAfter } from './retry.ts'
import { meaningOfStatus } from './status.ts'
import type { HttpAnswer, Transport } from './transport.ts'

/** A request of which the client takes care until it has a readable answer or a reason why there is none. */
export interface ApiRequest<T> {
  readonly operation: Operation
  readonly method: 'GET' | 'POST'
  /** Path and query below the base URL. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What a 2xx answer must look like; another one counts as unreadable, and the request is sent again. */
  readonly answer: (answers: Answers) => GenericSchema<unknown, T>
  /** At most so many retries, where that is fewer than the client's. */
  readonly maxRetries?: number
  /** Part of a batch that was retried, and rejected with a status that one identity can cause: such a status is final. */
  readonly isPart?: boolean
  /** Called each time the request is sent. */
  readonly onAttempt?: () => void
}

/** The answer to one attempt. */
export interface Reply<T> {
  readonly value: T
  readonly trackingId: string | null
  /** How many there are in all, where `count=true` asked for it and ISC says so. */
  readonly totalCount: number | null
}

/** One attempt of a request, for the debug log. `outcome` is a status or the reason of its absence. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly outcome: string
  readonly durationMs: number
  /** 1 for the first. */
  readonly attempt: number
  readonly trackingId: string | null
}

export interface ExchangeOptions {
  readonly baseUrl: string
  readonly transport: Transport
  readonly gate: Gate
  readonly clock: Clock
  /** ISC asks the whole run to wait so many milliseconds, by an answer with this status. */
  readonly pauseFor: (ms: number, status: number) => void
  readonly onExchange: (exchange: Exchange) => void
}

/** Sends a request once, and reads its answer through the gate. @throws ApiError, the reason why the client ended */
export async function exchange<T>(
  request: ApiRequest<T>,
  { token, attempt }: { readonly token: string | null; readonly attempt: number },
  options: ExchangeOptions,
): Promise<Reply<T>> {
  const { operation, method, path, body, onAttempt } = request
  const { baseUrl, transport, gate, clock, onExchange } = options
  onAttempt?.()
  const startedAt = clock.now()
  let outcome = 'no answer'
  let trackingId: string | null = null
  try {
    const answer = await transport({
      method,
      url: baseUrl + path,
      headers: {
        accept: 'application/json',
        ...request.headers,
        ...(token === null ? {} : { 'x-sailpoint-experimental': 'true', authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body }),
    })
    outcome = answer.fault === null ? `${answer.status}` : `${answer.status}, ${answer.fault}`
    trackingId = gate.header(answer.headers['slpt-request-id'])
    return read(request, answer, trackingId, options)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    const { host, fault, detail } = error
    outcome = `${fault}: ${detail}`
    throw new ApiError({ kind: 'no-answer', operation, host, fault, detail })
  } finally {
    const durationMs = Math.round(clock.now() - startedAt)
    onExchange({ method, path, outcome, durationMs, attempt, trackingId })
  }
}

/** @throws ApiError where it is no success, or cannot be read */
function read<T>(
  { operation, answer }: ApiRequest<T>,
  { status, headers, body, fault }: HttpAnswer,
  trackingId: string | null,
  { gate, pauseFor }: ExchangeOptions,
): Reply<T> {
  const { isSuccess, isRetryable } = meaningOfStatus(status)
  const rejection = () => rejectionOf({ status, body, trackingId }, operation, gate)
  if (isSuccess || (fault !== null && status < 300)) {
    const reading = fault === null ? gate.read(body, answer(gate.answers)) : { fault }
    if ('value' in reading)
      return { value: reading.value, trackingId, totalCount: gate.count(headers['x-total-count']) }
    // Some servers report an OAuth error with status 200 (RFC 6749, section 5.2, says 400).
    const said = operation === 'token' ? rejection() : null
    if (said?.isForeign === false && said.said !== null) throw new ApiError(said)
    throw new ApiError({ kind: 'unreadable', operation, status, fault: reading.fault, trackingId })
  }
  const retryAfterMs = readRetryAfter(headers)
  // Within the request's turn: the next one would start as soon as it ends.
  if (retryAfterMs !== null && isRetryable) pauseFor(retryAfterMs, status)
  throw new ApiError(rejection(), retryAfterMs)
}

/** What a rejected request (any status but 2xx) says. A body that is not JSON is a page of something else than ISC. */
export function rejectionOf(
  { status, trackingId, body }: Pick<HttpAnswer, 'status' | 'body'> & { readonly trackingId: string | null },
  operation: Operation,
  gate: Gate,
): Extract<Failure, { kind: 'status' }> {
  const reading = gate.read(body, gate.answers.error)
  const error = 'value' in reading ? reading.value : null
  const isForeign = error === null && body.trim() !== ''
  const said =
    error?.messages.find(({ text }) => text)?.text ??
    error?.error_description ??
    error?.error ??
    error?.message ??
    error?.detailCode ??
    (isForeign && !/^\s*</.test(body) ? gate.beginning(body) : '')
  return {
    kind: 'status',
    operation,
    status,
    said: said.trim().replace(/\.$/, '') || null,
    isForeign,
    trackingId: error?.trackingId ?? trackingId,
  }
}
