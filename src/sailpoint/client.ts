import type { Failure, Traffic } from '../failure.ts'
import type { ApiVersion, Credential } from '../settings.ts'
import { AccessTokens } from './access-tokens.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { Gate } from './answers/gate.ts'
import { Secrets } from './answers/secrets.ts'
import { SYSTEM_CLOCK, type Clock } from './clock.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { ApiError, RunEnd } from './errors.ts'
import { exchange, type Exchange, type ExchangeOptions } from './exchange.ts'
import { isCertificateFault } from './network-error.ts'
import { Outage, type Silence } from './outage.ts'
import { Pace, type Hold } from './pace.ts'
import type { ProxyServer } from './proxy.ts'
import { backOffMs, isSilence, retryDelay } from './retry.ts'
import { createTransport } from './transport.ts'

/** ISC's gateway counts requests in windows of this length. */
const RATE_LIMIT_WINDOW_MS = 10_000

/** Why the run waits. */
export type WaitReason = Hold | 'back-off' | 'outage'

export interface ClientOptions {
  readonly baseUrl: string
  readonly apiVersion: ApiVersion
  readonly credential: Credential
  readonly userAgent: string
  /** The proxy to go through; null: none. */
  readonly proxy: ProxyServer | null
  readonly concurrency: number
  readonly rateLimit: number
  readonly rateLimitWindowMs?: number
  readonly requestTimeoutMs: number
  readonly outageTimeoutMs: number
  readonly maxRetries: number
  /** No new request once aborted; what sleeps or waits wakes. */
  readonly stop: AbortSignal
  /** Ends requests in flight. */
  readonly kill: AbortSignal
  /** Gets every access token obtained before anything else does. */
  readonly onToken: (token: string) => void
  readonly onExchange: (exchange: Exchange) => void
  /** The run waits from now on, for so many milliseconds. */
  readonly onWait: (wait: WaitReason, ms: number) => void
  /** A request is sent again, because of this. */
  readonly onRetry: (failure: Failure) => void
  /** ISC answers again, after so many milliseconds. */
  readonly onOutageEnd: (ms: number) => void
  readonly random?: () => number
  readonly clock?: Clock
}

/** Speaks with one tenant: authenticated, paced, retried, patient in an outage. Sends nothing until it is called. */
export class IscClient {
  readonly apiVersion: ApiVersion
  readonly baseUrl: string
  readonly concurrency: number
  /** What the endpoints may say. */
  readonly gate: Gate
  readonly #options: ClientOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #exchanging: ExchangeOptions
  readonly #pace: Pace
  readonly #outages: { readonly api: Outage; readonly token: Outage }
  readonly #tokens: AccessTokens
  /** Aborted when no further request makes sense, with the reason. */
  readonly #halt = new AbortController()
  /** Aborted when what is in flight is to end too. */
  readonly #cut = new AbortController()
  #requests = 0
  #retries = 0
  /** Services that do not respond now, since when any does not, and for how long in all before that. */
  readonly #down = { services: 0, since: 0, pastMs: 0 }

  constructor(options: ClientOptions) {
    const { credential, clock = SYSTEM_CLOCK, random = Math.random, onWait, onToken } = options
    this.apiVersion = options.apiVersion
    this.baseUrl = options.baseUrl
    this.concurrency = options.concurrency
    this.#options = options
    this.#clock = clock
    this.#random = random
    onAbort(options.stop, () => this.#halt.abort(new RunEnd({ reason: 'cancelled' })))
    onAbort(options.kill, () => this.#cut.abort(new RunEnd({ reason: 'cancelled' })))
    const secrets = new Secrets()
    secrets.add(credential.kind === 'token' ? credential.token : credential.clientSecret)
    this.gate = new Gate(secrets)
    this.#pace = new Pace({
      concurrency: options.concurrency,
      rateLimit: options.rateLimit,
      windowMs: options.rateLimitWindowMs ?? RATE_LIMIT_WINDOW_MS,
      clock,
      halt: this.#halt.signal,
      onHold: onWait,
    })
    this.#exchanging = {
      baseUrl: options.baseUrl,
      transport: createTransport({
        userAgent: options.userAgent,
        timeoutMs: options.requestTimeoutMs,
        proxy: options.proxy,
        cut: this.#cut.signal,
      }),
      gate: this.gate,
      clock,
      pauseFor: (ms) => this.#pace.pauseFor(ms),
      onExchange: options.onExchange,
    }
    this.#outages = { api: this.#createOutage(), token: this.#createOutage() }
    this.#tokens = new AccessTokens(credential, {
      call: (request) => this.#persist(request),
      onToken: (token) => {
        onToken(token)
        secrets.add(token)
      },
      now: () => clock.now(),
    })
  }

  /**
   * Sends a request with an access token; a rejected token is replaced, once.
   * @throws ApiError without a usable answer, RunEnd, the reason of the request's signal
   */
  async call<T>(request: ApiRequest<T>): Promise<ApiAnswer<T>> {
    let used = ''
    const authorize = async (): Promise<string> => (used = await this.#tokens.current())
    try {
      return await this.#persist(request, authorize)
    } catch (error) {
      if (!isUnauthorized(error) || !this.#tokens.replace(used)) throw withoutToken(error)
      this.#retries += 1
      return await this.#persist(request, authorize).catch((again: unknown) => {
        throw withoutToken(again)
      })
    }
  }

  /** Waits for that many milliseconds. @throws RunEnd, the reason of `signal` */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { signal: halt } = this.#halt
    await this.#clock.sleep(ms, signal === undefined ? halt : AbortSignal.any([halt, signal]))
  }

  /** Waits before the n-th (1-based) retry of whatever it is. @throws RunEnd, the reason of `signal` */
  async backOff(n: number, signal?: AbortSignal): Promise<void> {
    const ms = backOffMs(n, this.#random)
    this.#options.onWait('back-off', ms)
    await this.sleep(ms, signal)
  }

  /** A deadline in so many milliseconds, those of outages not counted. */
  deadline(ms: number): Deadline {
    return createDeadline(ms, this.#clock, () => this.#outageMs)
  }

  /** What was asked of ISC so far. */
  get traffic(): Traffic {
    return {
      requests: this.#requests,
      retries: this.#retries,
      tokensRenewed: Math.max(0, this.#tokens.obtained - 1),
      waitedMs: this.#pace.waitedMs,
      outageMs: this.#outageMs,
    }
  }

  get #outageMs(): number {
    const { services, since, pastMs } = this.#down
    return pastMs + (services === 0 ? 0 : this.#clock.now() - since)
  }

  get #hasAnswered(): boolean {
    return this.#outages.api.hasAnswered || this.#outages.token.hasAnswered
  }

  #createOutage(): Outage {
    const { outageTimeoutMs: timeoutMs, onWait, onOutageEnd } = this.#options
    return new Outage({
      timeoutMs,
      clock: this.#clock,
      random: this.#random,
      halt: this.#halt.signal,
      onWait: (ms, lastedMs) => onWait('outage', lastedMs + ms),
      onBegin: (since) => {
        if (this.#down.services === 0) this.#down.since = since
        this.#down.services += 1
      },
      onEnd: () => {
        this.#down.services -= 1
        if (this.#down.services > 0) return
        const ms = this.#clock.now() - this.#down.since
        this.#down.pastMs += ms
        onOutageEnd(ms)
      },
      onTimeout: () => this.#end(new RunEnd({ reason: 'outage', timeoutMs })),
    })
  }

  /** No further request makes sense, and none that is in flight will end otherwise. */
  #end(end: RunEnd): RunEnd {
    this.#halt.abort(end)
    this.#cut.abort(end)
    return end
  }

  /** Sends a request until it is answered, its retries are used up, or a further attempt makes no sense. */
  async #persist<T>(request: ApiRequest<T>, authorize?: () => Promise<string>): Promise<ApiAnswer<T>> {
    const outage = request.operation === 'token' ? this.#outages.token : this.#outages.api
    const { onRetry, onWait } = this.#options
    const maxRetries = Math.min(this.#options.maxRetries, request.maxRetries ?? Infinity)
    let retries = 0
    const useUpARetry = async (failure: Failure, retryAfterMs: number | null): Promise<void> => {
      retries += 1
      const isFinal = failure.kind === 'status' && failure.status === request.finalStatus
      const delay = isFinal
        ? null
        : retryDelay(retries, failure, retryAfterMs, { maxRetries, random: this.#random })
      if (delay === null) throw this.#finalError(failure, outage)
      if (!isSilence(failure)) onRetry(failure)
      if (retryAfterMs === null) onWait('back-off', delay)
      await this.sleep(delay, request.signal)
    }
    /** An attempt without an answer. Whether that uses up a retry is known when the next one may start. */
    let unexplained: { readonly failure: Failure; readonly silence: Silence } | null = null
    for (let attempt = 1; ;) {
      const token = (await authorize?.()) ?? null
      const turn = await this.#pace.enter({ outage, silence: unexplained?.silence ?? null }, request.signal)
      if (unexplained !== null && this.#usesUpARetry(unexplained.silence)) {
        turn.leave()
        const { failure } = unexplained
        unexplained = null
        await useUpARetry(failure, null)
        continue
      }
      const startedAt = this.#clock.now()
      let error: ApiError
      try {
        this.#requests += 1
        if (attempt > 1) this.#retries += 1
        const answer = await exchange(request, { token, attempt }, this.#exchanging)
        outage.answered(startedAt)
        return { ...answer, retries }
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown
        error = thrown
        unexplained = isSilence(error.failure)
          ? { failure: error.failure, silence: outage.silent(startedAt) }
          : null
        if (unexplained === null) outage.answered(startedAt)
      } finally {
        turn.leave()
      }
      attempt += 1
      if (unexplained === null) await useUpARetry(error.failure, error.retryAfterMs)
      else {
        this.#throwIfUnreachable(error.failure, outage)
        onRetry(error.failure)
      }
    }
  }

  /** In an outage, no retries are used up: the run waits, as long as it may. */
  #usesUpARetry({ othersWereAnswered }: Silence): boolean {
    return othersWereAnswered || this.#options.outageTimeoutMs === 0
  }

  /** An address that has never answered ends the run after `maxRetries`, one that is not to be trusted at once. */
  #throwIfUnreachable(failure: Failure, { attempts }: Outage): void {
    if (this.#hasAnswered || failure.kind !== 'no-answer') return
    if (isCertificateFault(failure.fault) || attempts >= this.#options.maxRetries)
      throw this.#end(new RunEnd({ reason: 'unreachable', failure }))
  }

  #finalError(failure: Failure, outage: Outage): Error {
    const { outageTimeoutMs } = this.#options
    if (!isSilence(failure) && failure.kind === 'no-answer')
      return this.#end(new RunEnd({ reason: 'unreachable', failure }))
    return isSilence(failure) && outageTimeoutMs === 0 && outage.isOn
      ? this.#end(new RunEnd({ reason: 'outage', timeoutMs: outageTimeoutMs }))
      : new ApiError(failure)
  }
}

function isUnauthorized(error: unknown): error is ApiError {
  return error instanceof ApiError && error.failure.kind === 'status' && error.failure.status === 401
}

/** Without a token that ISC accepts, no further request makes sense. */
function withoutToken(error: unknown): unknown {
  return isUnauthorized(error) ? new RunEnd({ reason: 'authentication', failure: error.failure }) : error
}

/** Calls back when the signal is aborted, at once where it is. */
function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}
