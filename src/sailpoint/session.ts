import { setTimeout as sleep } from 'node:timers/promises'

import { safeParse, type GenericSchema } from 'valibot'

import type { ApiVersion, Credential } from '../settings.ts'
import { createTokens } from './access-tokens.ts'
import { ApiError, CancelledError } from './errors.ts'
import { Pace } from './pace.ts'
import { isRetryable, readRetryAfter, refusalOf } from './refusal.ts'
import { Secrets } from './secrets.ts'
import { createTransport, type HttpAnswer } from './transport.ts'

/** ISC's gateway counts requests in windows of this length. */
const RATE_LIMIT_WINDOW_MS = 10_000

const BACK_OFF_BASE_MS = 1_000
const BACK_OFF_CAP_MS = 30_000

/** A request of which the session takes care until it has a readable answer or a reason why there is none. */
export interface Request<T> {
  /** Names the request in messages: "Enabling", "Reading identities". */
  readonly what: string
  /** What a credential must have for it, for the message when it is refused with 403. */
  readonly needs?: string
  readonly method: 'GET' | 'POST'
  /** Path and query below the base URL. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What a 2xx answer must look like; another one counts as unreadable, and the request is sent again. */
  readonly answer: GenericSchema<unknown, T>
  /** Statuses that are not worth a further try of this request, although they are in general. */
  readonly final?: ReadonlySet<number>
  /** Called each time the request is put on the wire. */
  readonly onAttempt?: () => void
}

export interface Answer<T> {
  readonly value: T
  readonly trackingId: string | null
}

/** @throws ApiError without a usable answer, AuthenticationError without a token, CancelledError. */
export type Call = <T>(request: Request<T>) => Promise<Answer<T>>

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
  readonly maxRetries: number
  /** No new request once aborted; what sleeps or queues wakes. */
  readonly stop: AbortSignal
  /** Ends requests in flight. */
  readonly kill: AbortSignal
  readonly onToken: (token: string) => void
  readonly onExchange: (exchange: Exchange) => void
  readonly now?: () => number
  readonly random?: () => number
  readonly rateLimitWindowMs?: number
}

/** A session with one tenant: authenticated, paced, retried. */
export interface Session {
  readonly apiVersion: ApiVersion
  readonly baseUrl: string
  readonly concurrency: number
  /** Sends a request with an access token. */
  readonly call: Call
  /** Waits before the n-th (1-based) further try: full jitter. @throws CancelledError */
  backOff(n: number): Promise<void>
  /** Waits for that many milliseconds. @throws CancelledError */
  pause(ms: number): Promise<void>
  /** Takes the session's secrets out of text that an answer holds. */
  redact(text: string): string
  readonly traffic: {
    readonly requests: number
    readonly retries: number
    readonly tokensRenewed: number
    readonly waitedMs: number
    /** Milliseconds for which ISC did not answer at all, having answered before. */
    readonly outageMs: number
  }
}

/** Opens a session; sends nothing yet. */
export function createSession(options: SessionOptions): Session {
  const { baseUrl, stop, maxRetries, onExchange, now = Date.now, random = Math.random } = options
  const transport = createTransport(options.userAgent, options.requestTimeout * 1000, options.kill)
  const pace = new Pace({
    concurrency: options.concurrency,
    rateLimit: options.rateLimit,
    windowMs: options.rateLimitWindowMs ?? RATE_LIMIT_WINDOW_MS,
    stop,
  })
  const { credential } = options
  const secrets = new Secrets()
  secrets.add(credential.kind === 'token' ? credential.token : credential.clientSecret)
  const onToken = (token: string): void => {
    options.onToken(token)
    secrets.add(token)
  }
  const tokens = createTokens(credential, call, onToken, now)
  let requests = 0
  let retries = 0

  /** Puts a request on the wire once, when its turn has come. */
  async function exchange<T>(
    request: Request<T>,
    token: string | null,
    attempt: number,
  ): Promise<HttpAnswer> {
    return await pace.run(async () => {
      requests += 1
      request.onAttempt?.()
      const startedAt = now()
      let outcome = 'no answer'
      let trackingId: string | null = null
      try {
        const answer = redacted(
          await transport({
            method: request.method,
            url: baseUrl + request.path,
            headers: {
              accept: 'application/json',
              ...request.headers,
              ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            },
            ...(request.body === undefined ? {} : { body: request.body }),
          }),
          secrets,
        )
        outcome = String(answer.status)
        trackingId = answer.trackingId
        // Within the request's turn: the next one would start as soon as it ends.
        const pauseMs = isRetryable(answer.status) ? readRetryAfter(answer.retryAfter, now()) : null
        if (pauseMs !== null) pace.pauseFor(pauseMs)
        return answer
      } catch (error) {
        if (error instanceof Error) outcome = error.message
        throw error
      } finally {
        const { method, path } = request
        onExchange({ method, path, outcome, durationMs: now() - startedAt, attempt, trackingId })
      }
    })
  }

  /** Sends a request until it is answered, its tries are used up, or a further one makes no sense. */
  async function call<T>(request: Request<T>, authorize?: () => Promise<string>): Promise<Answer<T>> {
    for (let retry = 0; ; retry += 1) {
      try {
        const token = (await authorize?.()) ?? null
        return read(request, await exchange(request, token, retry + 1), now())
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const { status, retryable, retryAfterMs } = error.refusal
        const final = status !== null && request.final?.has(status)
        if (!retryable || final || retry >= maxRetries) throw error
        retries += 1
        // A Retry-After has paused the whole run already.
        if (!retryAfterMs) await backOff(retry + 1)
      }
    }
  }

  /** Like `call`, with an access token: a refused one is replaced, once. */
  async function authorizedCall<T>(request: Request<T>): Promise<Answer<T>> {
    let used = ''
    const authorize = async (): Promise<string> => (used = await tokens.current())
    try {
      return await call(request, authorize)
    } catch (error) {
      if (!(error instanceof ApiError) || error.refusal.status !== 401 || !tokens.reject(used)) throw error
      retries += 1
      return await call(request, authorize)
    }
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stop }).catch((error: unknown) => {
      throw stop.aborted ? new CancelledError() : error
    })
  }

  async function backOff(n: number): Promise<void> {
    await pause(random() * Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** (n - 1)))
  }

  return {
    apiVersion: options.apiVersion,
    baseUrl,
    concurrency: options.concurrency,
    call: authorizedCall,
    backOff,
    pause,
    redact: (text) => secrets.redact(text),
    get traffic() {
      const tokensRenewed = Math.max(0, tokens.obtained - 1)
      return { requests, retries, tokensRenewed, waitedMs: pace.waitedMs, outageMs: 0 }
    },
  }
}

/** Without secrets that the server echoes; a success keeps its body, of which only messages are shown. */
function redacted(answer: HttpAnswer, secrets: Secrets): HttpAnswer {
  const trackingId = secrets.redact(answer.trackingId)
  return { ...answer, trackingId, body: isSuccess(answer.status) ? answer.body : secrets.redact(answer.body) }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}

function read<T>(request: Request<T>, answer: HttpAnswer, now: number): Answer<T> {
  const { status, trackingId, body } = answer
  if (!isSuccess(status)) throw refusalOf(answer, request, now)
  const unreadable = (reason: string): ApiError =>
    new ApiError(`${request.what}: the answer (status ${status}) could not be read: ${reason}.`, {
      status,
      trackingId,
      retryable: true,
    })
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    throw unreadable(body.trim() === '' ? 'its body is empty' : 'its body is not JSON')
  }
  const parsed = safeParse(request.answer, json)
  if (!parsed.success) throw unreadable(parsed.issues[0].message)
  return { value: parsed.output, trackingId }
}
