import type { ApiVersion, Credential } from '../settings.ts'
import type { Traffic } from '../totals.ts'
import { createTokens, type Tokens } from './access-tokens.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { Gate } from './answers/gate.ts'
import { refusalOf, type HeardAnswer } from './answers/refusal.ts'
import { Secrets } from './answers/secrets.ts'
import { isSuccess } from './answers/status.ts'
import { SYSTEM_CLOCK, type Clock } from './clock.ts'
import type { Deadline } from './connection/deadline.ts'
import { Wire, type WireOptions } from './connection/wire.ts'
import { ApiError, AuthenticationError, UnreachableError } from './errors.ts'

export interface SessionOptions extends WireOptions {
  readonly apiVersion: ApiVersion
  readonly credential: Credential
  readonly maxRetries: number
  /** Gets every access token obtained before anything else does. */
  readonly onToken: (token: string) => void
  readonly clock?: Clock
}

/** A session with one tenant: authenticated, paced, retried, patient in an outage. Sends nothing until it is called. */
export class Session {
  readonly apiVersion: ApiVersion
  readonly baseUrl: string
  readonly concurrency: number
  /** What the endpoints may say. */
  readonly gate: Gate
  readonly #wire: Wire
  readonly #tokens: Tokens
  readonly #maxRetries: number
  #retries = 0

  constructor(options: SessionOptions) {
    const { credential, clock = SYSTEM_CLOCK } = options
    this.apiVersion = options.apiVersion
    this.baseUrl = options.baseUrl
    this.concurrency = options.concurrency
    this.#maxRetries = options.maxRetries
    const secrets = new Secrets()
    secrets.add(credential.kind === 'token' ? credential.token : credential.clientSecret)
    this.gate = new Gate(secrets)
    this.#wire = new Wire(options, this.gate, clock)
    this.#tokens = createTokens(credential, {
      call: (request) => this.#persist(request),
      onToken: (token) => {
        options.onToken(token)
        secrets.add(token)
      },
      now: () => clock.now(),
    })
  }

  /**
   * Sends a request with an access token; a refused one is replaced, once.
   * @throws ApiError without a usable answer, SessionEnd, the reason of the request's signal
   */
  async call<T>(request: ApiRequest<T>): Promise<ApiAnswer<T>> {
    let used = ''
    const authorize = async (): Promise<string> => (used = await this.#tokens.current())
    try {
      return await this.#persist(request, authorize)
    } catch (error) {
      if (!isUnauthorized(error) || !this.#tokens.reject(used)) throw lost(error)
      this.#retries += 1
      return await this.#persist(request, authorize).catch((again: unknown) => {
        throw lost(again)
      })
    }
  }

  /** Waits for that many milliseconds. @throws SessionEnd, the reason of `signal` */
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#wire.pause(ms, signal)
  }

  /** Waits before the n-th (1-based) further try. @throws SessionEnd, the reason of `signal` */
  async backOff(n: number, signal?: AbortSignal): Promise<void> {
    await this.#wire.backOff(n, signal)
  }

  /** A deadline in so many milliseconds, those of outages not counted. */
  deadline(ms: number): Deadline {
    return this.#wire.deadline(ms)
  }

  /** What was asked of ISC so far. */
  get traffic(): Traffic {
    const { requests, waitedMs, outageMs } = this.#wire
    const tokensRenewed = Math.max(0, this.#tokens.obtained - 1)
    return { requests, retries: this.#retries, tokensRenewed, waitedMs, outageMs }
  }

  /** Sends a request until it is answered, its tries are used up, or a further one makes no sense. */
  async #persist<T>(request: ApiRequest<T>, authorize?: () => Promise<string>): Promise<ApiAnswer<T>> {
    for (let retry = 0; ;) {
      const token = (await authorize?.()) ?? null
      try {
        return this.#read(request, await this.#wire.send(request, token, retry + 1))
      } catch (error) {
        if (error instanceof UnreachableError) this.#wire.end(error)
        if (!(error instanceof ApiError)) throw error
        const { status, retryable, isSilence, retryAfterMs } = error.refusal
        // Nothing is used up in an outage: the wire waits for the next turn.
        if (isSilence && this.#wire.isInOutage) continue
        const isFinal = !retryable || (status !== null && request.final?.has(status))
        if (isFinal || retry >= this.#maxRetries) throw this.#finalError(error)
        retry += 1
        this.#retries += 1
        // A Retry-After has paused the whole run already.
        if (!retryAfterMs) await this.backOff(retry, request.signal)
      }
    }
  }

  /** Whoever has never answered will not do so for the next request either: that ends the run. */
  #finalError(error: ApiError): Error {
    if (!error.refusal.isSilence || this.#wire.hasBeenAnswered) return error
    const end = new UnreachableError(error.message, error)
    this.#wire.end(end)
    return end
  }

  #read<T>(request: ApiRequest<T>, heard: HeardAnswer): ApiAnswer<T> {
    const { status, trackingId, totalCount, body } = heard
    if (!isSuccess(status)) throw refusalOf(heard, request, this.gate)
    const reading = this.gate.read(body, request.answer(this.gate.answers))
    if ('value' in reading) return { value: reading.value, trackingId, totalCount }
    throw new ApiError(
      `${request.what}: the answer (status ${status}) could not be read: ${reading.fault}.`,
      {
        status,
        trackingId,
        retryable: true,
      },
    )
  }
}

function isUnauthorized(error: unknown): error is ApiError {
  return error instanceof ApiError && error.refusal.status === 401
}

/** Without a token that ISC takes, nothing further can be sent. */
function lost(error: unknown): unknown {
  return isUnauthorized(error) ? new AuthenticationError(error.message, error) : error
}
