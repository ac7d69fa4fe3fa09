import type { Failure, Traffic } from '../failure.ts'
import type { ApiVersion, Credential } from '../settings.ts'
import { AccessTokens } from './access-tokens.ts'
import { Gate } from './answers/gate.ts'
import { Secrets } from './answers/secrets.ts'
import { createDeadline, type Clock, type Deadline } from './clock.ts'
import { ApiError, DeadlineError, RunEnd } from './errors.ts'
import { exchange, type ApiRequest, type Exchange, type ExchangeOptions, type Reply } from './exchange.ts'
import { isCertificateFault } from './network-error.ts'
import { Outage, type Silence } from './outage.ts'
import { Pace, type Hold } from './pace.ts'
import type { ProxyServer } from './proxy.ts'
import { backOffMs, retryDelay } from './retry.ts'
import { meaningOfFailure } from './status.ts'
import { createTransport } from './transport.ts'

/** ISC's gateway counts requests in windows of this length. */
const RATE_LIMIT_WINDOW_MS = 10_000

/** Why the run waits. */
export type WaitReason = Hold | 'back-off' | 'round' | 'outage'

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
  readonly onWait: (wait: WaitReason, ms: number, status?: number) => void
  /** A request is sent again, because of this. */
  readonly onRetry: (failure: Failure) => void
  /** ISC answers again, after so many milliseconds. */
  readonly onOutageEnd: (ms: number) => void
  /** From 0 to 1. */
  readonly random: () => number
  readonly clock: Clock
}

export interface ApiAnswer<T> extends Reply<T> {
  /** How many retries were used up. */
  readonly retries: number
}

/** Speaks with one tenant: authenticated, paced, retried, patient in an outage. Sends nothing until it is called. */
export class IscClient {
  readonly baseUrl: string
  readonly concurrency: number
  readonly #options: ClientOptions
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
  /** Since when any service does not respond, and for how long in all before that. */
  #downSince: number | null = null
  #pastOutagesMs = 0

  constructor(options: ClientOptions) {
    const { baseUrl, concurrency, rateLimit, credential, userAgent, proxy, clock, onToken, onExchange } =
      options
    this.baseUrl = baseUrl
    this.concurrency = concurrency
    this.#options = options
    const [halt, cut] = [this.#halt.signal, this.#cut.signal]
    onAbort(options.stop, () => this.#halt.abort(new RunEnd({ reason: 'cancelled' })))
    onAbort(options.kill, () => this.#cut.abort(new RunEnd({ reason: 'cancelled' })))
    const secrets = new Secrets()
    secrets.add(credential.kind === 'token' ? credential.token : credential.clientSecret)
    const windowMs = options.rateLimitWindowMs ?? RATE_LIMIT_WINDOW_MS
    this.#pace = new Pace({ concurrency, rateLimit, windowMs, clock, halt, onHold: options.onWait })
    this.#exchanging = {
      baseUrl,
      transport: createTransport({ userAgent, timeoutMs: options.requestTimeoutMs, proxy, cut }),
      gate: new Gate(secrets),
      clock,
      pauseFor: (ms, status) => this.#pace.pauseFor(ms, status),
      onExchange,
    }
    this.#outages = { api: this.#createOutage(), token: this.#createOutage() }
    this.#tokens = new AccessTokens(credential, {
      call: (request) => this.call(request),
      onToken: (token) => {
        onToken(token)
        secrets.add(token)
      },
      now: () => clock.now(),
    })
  }

  /** The path of a collection. In per-API versioning, the version follows the collection's name. */
  pathOf(collection: string, rest: string): string {
    const { apiVersion } = this.#options
    return apiVersion === 'v1' ? `/${collection}/v1${rest}` : `/${apiVersion}/${collection}${rest}`
  }

  /** Waits for that many milliseconds. @throws RunEnd, DeadlineError */
  async sleep(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.#halt.signal)
  }

  /** Waits before the n-th (1-based) further round. @throws RunEnd, DeadlineError */
  async backOff(n: number): Promise<void> {
    const ms = backOffMs(n, this.#options.random)
    this.#options.onWait('round', ms)
    await this.sleep(ms)
  }

  /**
   * Sets a deadline for all further work with this client. The time of outages does not count. After the deadline,
   * every request that waits, is in flight or comes later is rejected with a DeadlineError.
   */
  endIn(ms: number): Deadline {
    return createDeadline(
      ms,
      this.#options.clock,
      () => this.#outageMs,
      () => this.#end(new DeadlineError()),
    )
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

  /** Whether a service does not respond now. */
  get isDown(): boolean {
    return this.#downSince !== null
  }

  get #outageMs(): number {
    return this.#pastOutagesMs + (this.#downSince === null ? 0 : this.#options.clock.now() - this.#downSince)
  }

  #createOutage(): Outage {
    const { outageTimeoutMs: timeoutMs, clock, random, onWait, onOutageEnd } = this.#options
    return new Outage({
      timeoutMs,
      clock,
      random,
      halt: this.#halt.signal,
      onWait: (ms, lastedMs) => onWait('outage', lastedMs + ms),
      onBegin: (since) => (this.#downSince ??= since),
      onEnd: () => {
        if (this.#outages.api.isOn || this.#outages.token.isOn) return
        const before = this.#pastOutagesMs
        this.#pastOutagesMs = this.#outageMs
        this.#downSince = null
        onOutageEnd(this.#pastOutagesMs - before)
      },
      onTimeout: () => this.#end(new RunEnd({ reason: 'outage', timeoutMs })),
    })
  }

  /** No further request makes sense, and none that is in flight will end otherwise. */
  #end(end: Error): Error {
    this.#halt.abort(end)
    this.#cut.abort(end)
    return end
  }

  /**
   * Sends a request until it is answered, its retries are used up, or a further attempt makes no sense. All but those for
   * a token are sent with one; a token that ISC rejects is replaced, once.
   * @throws ApiError without a usable answer, RunEnd, DeadlineError
   */
  async call<T>(request: ApiRequest<T>): Promise<ApiAnswer<T>> {
    const isForToken = request.operation === 'token'
    const outage = isForToken ? this.#outages.token : this.#outages.api
    const { onRetry, onWait } = this.#options
    const maxRetries = Math.min(this.#options.maxRetries, request.maxRetries ?? Infinity)
    let retries = 0
    const useUpARetry = async ({ failure, retryAfterMs }: ApiError): Promise<void> => {
      retries += 1
      const isFinal = request.isPart === true && meaningOfFailure(failure).isSplittable
      const delay = isFinal
        ? null
        : retryDelay(retries, failure, retryAfterMs, { maxRetries, random: this.#options.random })
      if (delay === null) throw this.#finalError(failure, outage)
      if (!meaningOfFailure(failure).isSilence) onRetry(failure)
      if (retryAfterMs === null) onWait('back-off', delay)
      await this.sleep(delay)
    }
    let isTokenReplaced = false
    /** An attempt without an answer. Whether that uses up a retry is known when the next one may start. */
    let unexplained: { readonly failure: Failure; readonly silence: Silence } | null = null
    for (let attempt = 1; ;) {
      const token = isForToken ? null : await this.#tokens.current()
      const leave = await this.#pace.enter(outage, unexplained?.silence)
      if (unexplained !== null && this.#usesUpARetry(unexplained.silence)) {
        leave()
        const { failure } = unexplained
        unexplained = null
        await useUpARetry(new ApiError(failure))
        continue
      }
      const startedAt = this.#options.clock.now()
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
        const { failure } = error
        unexplained = meaningOfFailure(failure).isSilence
          ? { failure, silence: outage.silent(startedAt) }
          : null
        if (unexplained === null) outage.answered(startedAt)
      } finally {
        leave()
      }
      attempt += 1
      const { failure } = error
      if (unexplained !== null) {
        this.#throwIfUnreachable(failure, outage)
        onRetry(failure)
      } else if (token !== null && meaningOfFailure(failure).isTokenRejected) {
        // Without a token that ISC accepts, no further request makes sense.
        if (isTokenReplaced || !this.#tokens.replace(token))
          throw new RunEnd({ reason: 'authentication', failure })
        isTokenReplaced = true
      } else await useUpARetry(error)
    }
  }

  /** In an outage, no retries are used up: the run waits, as long as it may. */
  #usesUpARetry({ othersWereAnswered }: Silence): boolean {
    return othersWereAnswered || this.#options.outageTimeoutMs === 0
  }

  /** An address that has never answered ends the run after `maxRetries`, one that is not to be trusted at once. */
  #throwIfUnreachable(failure: Failure, { attempts }: Outage): void {
    const { api, token } = this.#outages
    if (api.hasAnswered || token.hasAnswered || failure.kind !== 'no-answer') return
    if (isCertificateFault(failure.fault) || attempts >= this.#options.maxRetries)
      throw this.#end(new RunEnd({ reason: 'unreachable', failure }))
  }

  #finalError(failure: Failure, outage: Outage): Error {
    const { outageTimeoutMs } = this.#options
    if (!meaningOfFailure(failure).isSilence && failure.kind === 'no-answer')
      return this.#end(new RunEnd({ reason: 'unreachable', failure }))
    return meaningOfFailure(failure).isSilence && outageTimeoutMs === 0 && outage.isOn
      ? this.#end(new RunEnd({ reason: 'outage', timeoutMs: outageTimeoutMs }))
      : new ApiError(failure)
  }
}

/** Calls back when the signal is aborted, at once where it is. */
function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}
