import type { Failure } from '../failure.ts'
import { rejectionOf, type RawAnswer } from './answers/rejection.ts'
import type { Gate } from './answers/gate.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { UnreadableAnswer } from './body.ts'
import type { Clock } from './clock.ts'
import { ApiError } from './errors.ts'
import { NetworkError } from './network-error.ts'
import { readRetryAfter } from './retry.ts'
import { meaningOfStatus } from './status.ts'
import type { HttpAnswer, Transport } from './transport.ts'

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
  /** ISC asks the whole run to wait so many milliseconds. */
  readonly pauseFor: (ms: number) => void
  readonly onExchange: (exchange: Exchange) => void
}

/** The answer to one attempt. */
type Reply<T> = Omit<ApiAnswer<T>, 'retries'>

/** Sends a request once, and reads its answer through the gate. @throws ApiError, RunEnd, the reason of its signal */
export async function exchange<T>(
  request: ApiRequest<T>,
  { token, attempt }: { readonly token: string | null; readonly attempt: number },
  options: ExchangeOptions,
): Promise<Reply<T>> {
  const { operation, method, path, body, signal, onAttempt } = request
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
        ...(operation === 'token' ? {} : { 'x-sailpoint-experimental': 'true' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    }).catch(withoutBody)
    outcome = String(answer.status)
    trackingId = gate.header(answer.headers['slpt-request-id'])
    return read(request, { ...answer, trackingId }, options)
  } catch (error) {
    const failure = failureOf(error, operation, trackingId)
    if (failure === null) throw error
    outcome =
      failure.kind === 'no-answer'
        ? `${failure.fault}: ${failure.detail}`
        : `${failure.status}, ${failure.fault}`
    throw new ApiError(failure)
  } finally {
    const durationMs = Math.round(clock.now() - startedAt)
    onExchange({ method, path, outcome, durationMs, attempt, trackingId })
  }
}

/** A rejection whose body cannot be read: its status and its headers say enough. @throws what it was given, if it is none */
function withoutBody(error: unknown): HttpAnswer {
  if (!(error instanceof UnreadableAnswer) || error.status < 300) throw error
  const { status, headers } = error
  return { status, headers, body: '' }
}

/** Why no answer could be read; null for any other error. */
function failureOf(
  error: unknown,
  operation: ApiRequest<unknown>['operation'],
  trackingId: string | null,
): Extract<Failure, { kind: 'no-answer' | 'unreadable' }> | null {
  if (error instanceof NetworkError) {
    const { host, fault, detail } = error
    return { kind: 'no-answer', operation, host, fault, detail }
  }
  if (!(error instanceof UnreadableAnswer)) return null
  return { kind: 'unreadable', operation, status: error.status, fault: error.fault, trackingId }
}

/** @throws ApiError where it is no success, or cannot be read */
function read<T>(
  { operation, answer }: ApiRequest<T>,
  { status, headers, body, trackingId }: HttpAnswer & Pick<RawAnswer, 'trackingId'>,
  { gate, pauseFor }: ExchangeOptions,
): Reply<T> {
  const { isSuccess, isRetryable, isSilence } = meaningOfStatus(status)
  const rejection = (): Failure => rejectionOf({ status, body, trackingId }, operation, gate)
  if (isSuccess) {
    const reading = gate.read(body, answer(gate.answers))
    if ('value' in reading)
      return { value: reading.value, trackingId, totalCount: gate.count(headers['x-total-count']) }
    // Some servers report an OAuth error with status 200 (RFC 6749, section 5.2, says 400).
    const said = operation === 'token' ? rejection() : null
    if (said?.kind === 'status' && said.said !== null && !said.isForeign) throw new ApiError(said)
    throw new ApiError({ kind: 'unreadable', operation, status, fault: reading.fault, trackingId })
  }
  const retryAfterMs = readRetryAfter(headers)
  // Within the request's turn: the next one would start as soon as it ends.
  if (retryAfterMs !== null && (isRetryable || isSilence)) pauseFor(retryAfterMs)
  throw new ApiError(rejection(), retryAfterMs)
}
