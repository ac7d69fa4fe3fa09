import { reasonOf } from '../../reason.ts'
import type { ApiRequest } from '../api-request.ts'
import type { Gate } from '../answers/gate.ts'
import type { HeardAnswer } from '../answers/refusal.ts'
import { readRetryAfter } from '../answers/retry-after.ts'
import { isRetryable, isSilent } from '../answers/status.ts'
import type { Clock } from '../clock.ts'
import { ApiError, CancelledError, type SessionEnd } from '../errors.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { Outage } from './outage.ts'
import { Pace } from './pace.ts'
import { createTransport, type HttpRequest, type Transport } from './transport.ts'

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

export interface WireOptions {
  readonly baseUrl: string
  readonly userAgent: string
  readonly concurrency: number
  readonly rateLimit: number
  readonly rateLimitWindowMs?: number
  readonly requestTimeoutMs: number
  readonly outageTimeoutMs: number
  /** No new request once aborted; what sleeps or queues wakes. */
  readonly stop: AbortSignal
  /** Ends requests in flight. */
  readonly kill: AbortSignal
  readonly onExchange: (exchange: Exchange) => void
  /** An outage begins, or ends after so many milliseconds. */
  readonly onOutage: (endedAfterMs: number | null) => void
  readonly random?: () => number
}

/** Puts single requests on the wire, each when its turn has come, until the run ends. */
export class Wire {
  readonly #options: WireOptions
  readonly #gate: Gate
  readonly #clock: Clock
  readonly #transport: Transport
  readonly #pace: Pace
  readonly #outage: Outage
  /** Aborted when nothing further is to be sent, with the reason. */
  readonly #halt = new AbortController()
  /** Aborted when what is in flight is to end too. */
  readonly #cut = new AbortController()
  #requests = 0

  constructor(options: WireOptions, gate: Gate, clock: Clock) {
    this.#options = options
    this.#gate = gate
    this.#clock = clock
    onAbort(options.stop, () => this.#halt.abort(new CancelledError()))
    onAbort(options.kill, () => this.#cut.abort(new CancelledError()))
    this.#transport = createTransport(options.userAgent, options.requestTimeoutMs, this.#cut.signal)
    this.#pace = new Pace({
      concurrency: options.concurrency,
      rateLimit: options.rateLimit,
      windowMs: options.rateLimitWindowMs ?? RATE_LIMIT_WINDOW_MS,
      clock,
      halt: this.#halt.signal,
    })
    this.#outage = new Outage({
      timeoutMs: options.outageTimeoutMs,
      clock,
      random: options.random ?? Math.random,
      halt: this.#halt.signal,
      onBegin: () => options.onOutage(null),
      onEnd: options.onOutage,
      onTimeout: (error) => this.end(error),
    })
  }

  /** Requests put on the wire so far. */
  get requests(): number {
    return this.#requests
  }

  /** Milliseconds in which requests were held back by the rate limit or a `Retry-After`. */
  get waitedMs(): number {
    return this.#pace.waitedMs
  }

  /** Whether ISC has answered in this run. */
  get hasBeenAnswered(): boolean {
    return this.#outage.hasAnswered
  }

  get isInOutage(): boolean {
    return this.#outage.isOn
  }

  /** Milliseconds for which ISC did not answer at all, having answered before. */
  get outageMs(): number {
    return this.#outage.lastedMs
  }

  /** Puts a request on the wire once. @throws ApiError without an answer, SessionEnd, the reason of its signal */
  async send(request: ApiRequest<unknown>, token: string | null, attempt: number): Promise<HeardAnswer> {
    const isProbe = await this.#outage.turn()
    try {
      return await this.#pace.run(() => this.#exchange(request, token, attempt), request.signal)
    } finally {
      if (isProbe) this.#outage.release()
    }
  }

  /** Waits for that many milliseconds. @throws SessionEnd, the reason of `signal` */
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    const { signal: halt } = this.#halt
    await this.#clock.sleep(ms, signal === undefined ? halt : AbortSignal.any([halt, signal]))
  }

  /** Waits before the n-th (1-based) further try: exponential, with full jitter. @throws as `pause` */
  async backOff(n: number, signal?: AbortSignal): Promise<void> {
    const { random = Math.random } = this.#options
    await this.pause(random() * Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** (n - 1)), signal)
  }

  /** A deadline in so many milliseconds, those of outages not counted. */
  deadline(ms: number): Deadline {
    return createDeadline(ms, this.#clock, () => this.outageMs)
  }

  /** Nothing further can be sent, and nothing that is in flight will come to an end. */
  end(error: SessionEnd): void {
    this.#halt.abort(error)
    this.#cut.abort(error)
  }

  async #exchange(request: ApiRequest<unknown>, token: string | null, attempt: number): Promise<HeardAnswer> {
    const { method, path, body, onAttempt } = request
    this.#requests += 1
    onAttempt?.()
    const startedAt = this.#clock.now()
    let outcome = 'no answer'
    let trackingId: string | null = null
    try {
      const heard = await this.#transfer({
        method,
        url: this.#options.baseUrl + path,
        headers: {
          accept: 'application/json',
          ...request.headers,
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      })
      outcome = String(heard.status)
      trackingId = heard.trackingId
      // Within the request's turn: the next one would start as soon as it ends.
      if (isRetryable(heard.status) && heard.retryAfterMs !== null) this.#pace.pauseFor(heard.retryAfterMs)
      return heard
    } catch (error) {
      outcome = reasonOf(error)
      throw error
    } finally {
      const durationMs = this.#clock.now() - startedAt
      this.#options.onExchange({ method, path, outcome, durationMs, attempt, trackingId })
    }
  }

  /** Sends, and tells the weather. */
  async #transfer(request: HttpRequest): Promise<HeardAnswer> {
    try {
      const { status, headers, body } = await this.#transport(request)
      if (isSilent(status)) this.#outage.silent()
      else this.#outage.answered()
      return {
        status,
        body,
        retryAfterMs: readRetryAfter(headers['retry-after'], this.#clock.now()),
        trackingId: this.#gate.header(headers['slpt-request-id']),
        totalCount: this.#gate.count(headers['x-total-count']),
      }
    } catch (error) {
      if (error instanceof ApiError && error.refusal.isSilence) this.#outage.silent()
      else if (error instanceof ApiError) this.#outage.answered()
      throw error
    }
  }
}

/** Calls back when the signal is aborted, at once where it is. */
function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}
