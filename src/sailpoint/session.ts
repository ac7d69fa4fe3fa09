import { reasonOf } from '../reason.ts'
import type { ApiVersion, Credential } from '../settings.ts'
import { createTokens, type Tokens } from './access-tokens.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { Gate } from './answers/gate.ts'
import { isRetryable, isSilent, refusalOf } from './answers/refusal.ts'
import { readRetryAfter } from './answers/retry-after.ts'
import { Secrets } from './answers/secrets.ts'
import { SYSTEM_CLOCK, type Clock } from './clock.ts'
import { Outage } from './connection/outage.ts'
import { Pace } from './connection/pace.ts'
import { createTransport, type Transport } from './connection/transport.ts'
import { ApiError, CancelledError, DeadlineError, UnreachableError, type SessionEnd } from './errors.ts'

/** ISC's gateway counts requests in windows of this length. */
const RATE_LIMIT_WINDOW_MS = 10_000

const BACK_OFF_BASE_MS = 1_000
const BACK_OFF_CAP_MS = 30_000

/** One request put on the wire, for the debug log. `outcome` is a status or the reason of its absence. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly outcome: string
  readonly durationMs: number
  /** 1 for the first try. */
  readonly attempt: number
  readonly trackingId: string | null
}

export interface SessionOptions {
  readonly baseUrl: string
  readonly apiVersion: ApiVersion
  readonly credential: Credential
  readonly userAgent: string
  readonly concurrency: number
  readonly rateLimit: number
  /** Seconds. */
  readonly requestTimeout: number
  /** Seconds. */
  readonly outageTimeout: number
  readonly maxRetries: number
  /** No new request once aborted; what sleeps or queues wakes. */
  readonly stop: AbortSignal
  /** Ends requests in flight. */
  readonly kill: AbortSignal
  readonly onToken: (token: string) => void
  readonly onExchange: (exchange: Exchange) => void
  /** An outage begins, or ends after so many milliseconds. */
  readonly onOutage: (endedAfterMs: number | null) => void
  readonly clock?: Clock
  readonly random?: () => number
  readonly rateLimitWindowMs?: number
}

/** To be disposed of when it is no longer needed. */
export interface Deadline {
  /** Aborted with a DeadlineError when the time is up. */
  readonly signal: AbortSignal
  leftMs(): number
  dispose(): void
}

/** A refused or accepted request, as far as it may be known outside of the gate. */
interface Heard {
  readonly status: number
  readonly retryAfterMs: number | null
  readonly trackingId: string | null
  /** As it came: to be read through the gate. */
  readonly body: string
}

/** A session with one tenant: authenticated, paced, retried, patient in an outage. Sends nothing until it is called. */
export class Session {
  readonly apiVersion: ApiVersion
  readonly baseUrl: string
  readonly concurrency: number
  /** What the endpoints may say. */
  readonly gate: Gate
  readonly #options: SessionOptions
  readonly #clock: Clock
  readonly #transport: Transport
  readonly #pace: Pace
  readonly #outage: Outage
  readonly #tokens: Tokens
  /** Aborted when nothing further is to be sent, with the reason. */
  readonly #halt = new AbortController()
  /** Aborted when what is in flight is to end too. */
  readonly #cut = new AbortController()
  #requests = 0
  #retries = 0

  constructor(options: SessionOptions) {
    const { credential, stop, kill, clock = SYSTEM_CLOCK } = options
    this.#options = options
    this.#clock = clock
    this.apiVersion = options.apiVersion
    this.baseUrl = options.baseUrl
    this.concurrency = options.concurrency
    onAbort(stop, () => this.#halt.abort(new CancelledError()))
    onAbort(kill, () => this.#cut.abort(new CancelledError()))

    const secrets = new Secrets()
    secrets.add(credential.kind === 'token' ? credential.token : credential.clientSecret)
    this.gate = new Gate(secrets)
    this.#transport = createTransport(options.userAgent, options.requestTimeout * 1000)
    this.#pace = new Pace({
      concurrency: options.concurrency,
      rateLimit: options.rateLimit,
      windowMs: options.rateLimitWindowMs ?? RATE_LIMIT_WINDOW_MS,
      clock,
      halt: this.#halt.signal,
    })
    this.#outage = new Outage({
      timeoutMs: options.outageTimeout * 1000,
      clock,
      backOff: (n) => this.backOff(n),
      halt: this.#halt.signal,
      onBegin: () => options.onOutage(null),
      onEnd: options.onOutage,
      onTimeout: (error) => this.#end(error),
    })
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
      const isRefused = error instanceof ApiError && error.refusal.status === 401
      if (!isRefused || !this.#tokens.reject(used)) throw error
      this.#retries += 1
      return await this.#persist(request, authorize)
    }
  }

  /** Waits for that many milliseconds. @throws SessionEnd, the reason of `signal` */
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, either(this.#halt.signal, signal))
  }

  /** Waits before the n-th (1-based) further try: exponential, with full jitter. @throws SessionEnd, the reason of `signal` */
  async backOff(n: number, signal?: AbortSignal): Promise<void> {
    const { random = Math.random } = this.#options
    await this.pause(random() * Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** (n - 1)), signal)
  }

  /** A deadline in so many milliseconds, those of outages not counted. */
  deadline(ms: number): Deadline {
    const [deadline, disposed] = [new AbortController(), new AbortController()]
    const elapsed = (): number => this.#clock.now() - this.#outage.lastedMs
    const end = elapsed() + ms
    const watch = async (): Promise<void> => {
      for (let left = ms; left > 0; left = end - elapsed()) await this.#clock.sleep(left, disposed.signal)
      deadline.abort(new DeadlineError())
    }
    watch().catch(() => undefined) // disposed of
    return { signal: deadline.signal, leftMs: () => end - elapsed(), dispose: () => disposed.abort() }
  }

  get traffic() {
    return {
      requests: this.#requests,
      retries: this.#retries,
      tokensRenewed: Math.max(0, this.#tokens.obtained - 1),
      /** Milliseconds in which requests were held back by the rate limit or a `Retry-After`. */
      waitedMs: this.#pace.waitedMs,
      /** Milliseconds for which ISC did not answer at all, having answered before. */
      outageMs: this.#outage.lastedMs,
    }
  }

  /** Sends a request until it is answered, its tries are used up, or a further one makes no sense. */
  async #persist<T>(request: ApiRequest<T>, authorize?: () => Promise<string>): Promise<ApiAnswer<T>> {
    for (let retry = 0; ;) {
      const token = (await authorize?.()) ?? null
      const isProbe = await this.#outage.turn()
      try {
        return this.#read(request, await this.#exchange(request, token, retry + 1))
      } catch (error) {
        if (error instanceof UnreachableError) this.#end(error)
        if (!(error instanceof ApiError)) throw error
        const { status, retryable, isSilence, retryAfterMs } = error.refusal
        if (isSilence && this.#outage.isOn) continue
        const isFinal = !retryable || (status !== null && request.final?.has(status))
        if (isFinal || retry >= this.#options.maxRetries) throw this.#finalError(error)
        retry += 1
        this.#retries += 1
        // A Retry-After has paused the whole run already.
        if (!retryAfterMs) await this.backOff(retry, request.signal)
      } finally {
        if (isProbe) this.#outage.release()
      }
    }
  }

  /** Whoever has never answered will not do so for the next request either: that ends the run. */
  #finalError(error: ApiError): Error {
    if (!error.refusal.isSilence || this.#outage.hasAnswered) return error
    const end = new UnreachableError(error.message, error)
    this.#end(end)
    return end
  }

  /** Puts a request on the wire once, when its turn has come. */
  async #exchange<T>(request: ApiRequest<T>, token: string | null, attempt: number): Promise<Heard> {
    const { method, path, body, onAttempt } = request
    return await this.#pace.run(
      async () => {
        this.#requests += 1
        onAttempt?.()
        const startedAt = this.#clock.now()
        let outcome = 'no answer'
        let trackingId: string | null = null
        try {
          const heard = await this.#transfer({
            method,
            url: this.baseUrl + path,
            headers: {
              accept: 'application/json',
              ...request.headers,
              ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            },
            ...(body === undefined ? {} : { body }),
            signal: either(this.#cut.signal, request.signal),
          })
          outcome = String(heard.status)
          trackingId = heard.trackingId
          // Within the request's turn: the next one would start as soon as it ends.
          if (isRetryable(heard.status) && heard.retryAfterMs !== null)
            this.#pace.pauseFor(heard.retryAfterMs)
          return heard
        } catch (error) {
          outcome = reasonOf(error)
          throw error
        } finally {
          const durationMs = this.#clock.now() - startedAt
          this.#options.onExchange({ method, path, outcome, durationMs, attempt, trackingId })
        }
      },
      either(this.#halt.signal, request.signal),
    )
  }

  /** Sends, and tells the weather. */
  async #transfer(request: Parameters<Transport>[0]): Promise<Heard> {
    try {
      const { status, headers, body } = await this.#transport(request)
      if (isSilent(status)) this.#outage.silent()
      else this.#outage.answered()
      return {
        status,
        body,
        retryAfterMs: readRetryAfter(headers['retry-after'], this.#clock.now()),
        trackingId: this.gate.header(headers['slpt-request-id']),
      }
    } catch (error) {
      if (error instanceof ApiError && error.refusal.isSilence) this.#outage.silent()
      else if (error instanceof ApiError) this.#outage.answered()
      throw error
    }
  }

  #read<T>(request: ApiRequest<T>, heard: Heard): ApiAnswer<T> {
    const { status, trackingId, body } = heard
    if (status < 200 || status > 299) throw refusalOf(heard, request, this.gate)
    const reading = this.gate.read(body, request.answer(this.gate.answers))
    if ('value' in reading) return { value: reading.value, trackingId }
    throw new ApiError(
      `${request.what}: the answer (status ${status}) could not be read: ${reading.fault}.`,
      {
        status,
        trackingId,
        retryable: true,
      },
    )
  }

  /** Nothing further can be sent, and nothing that is in flight will come to an end. */
  #end(error: SessionEnd): void {
    this.#halt.abort(error)
    this.#cut.abort(error)
  }
}

/** Calls back when the signal is aborted, at once where it is. */
function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}

function either(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? signal : AbortSignal.any([signal, other])
}
