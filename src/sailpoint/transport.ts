import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'

import { HttpClient } from '@actions/http-client'

import type { NetworkFault } from '../failure.ts'
import { reasonOf } from '../reason.ts'
import { AbortAll } from './connection/abort-all.ts'
import type { ProxyRoute } from './proxy.ts'

/** An answer is read up to this size; 250 identities with all their attributes stay well below it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Ends the exchange, with its reason. */
  readonly signal?: AbortSignal
}

/** An answer as it came, to be read through the gate only. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** One HTTP exchange. @throws ApiError or UnreachableError without an answer, the reason of `signal` or `cut` */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>

/**
 * Sends requests with keep-alive, through the proxy that the environment names (the agent is the Actions
 * toolkit's). Redirects are answers like any other. `timeoutMs` covers connecting, headers and body. `cut` ends all
 * exchanges, with its reason.
 */
export function createTransport({
  userAgent,
  timeoutMs,
  cut,
}: {
  userAgent: string
  timeoutMs: number
  proxy: ProxyRoute | null
  cut: AbortSignal
}): Transport {
  const client = new HttpClient(undefined, [], { keepAlive: true, maxSockets: 64 })
  const underWay = new AbortAll(cut)
  return async ({ method, url, headers, body, signal }) => {
    cut.throwIfAborted()
    signal?.throwIfAborted()
    const { host, protocol } = new URL(url)
    // The toolkit's own `request` is not used: the generator that it makes for each call keeps request and
    // answer in memory until a full collection, 60 MB on a million identities.
    const { request } = protocol === 'https:' ? https : http
    const end = Promise.withResolvers<HttpAnswer>()
    const fail = (error: unknown): void =>
      end.reject(
        error instanceof UnreadableAnswer ? error : new NetworkError('connection', host, reasonOf(error)),
      )
    const outgoing = request(url, {
      method,
      headers: { ...headers, 'user-agent': userAgent },
      agent: client.getAgent(url),
    })
    // Whatever comes first settles the exchange. A request that waits for a proxy's tunnel has no socket yet, and
    // destroying it emits nothing: so time-out and cancel reject by themselves.
    const timer = setTimeout(() => end.reject(timedOut(host, timeoutMs)), timeoutMs)
    const forget = underWay.add(end.reject)
    const abort = (): void => end.reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    outgoing
      .on('response', (answer) => {
        outgoing.off('close', closed) // from now on the answer itself says how it ends
        readBody(answer).then(
          (text) => end.resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
          fail,
        )
      })
      .on('upgrade', () => end.reject(upgraded(host)))
      .on('error', fail)
      .on('close', closed)
      .end(body)
    function closed(): void {
      fail(new Error('the connection was closed before an answer'))
    }
    try {
      return await end.promise
    } catch (error) {
      outgoing.destroy()
      throw error
    } finally {
      clearTimeout(timer)
      forget()
      signal?.removeEventListener('abort', abort)
    }
  }
}

export class NetworkError extends Error {
  readonly fault: NetworkFault
  readonly host: string
  readonly detail: string
  constructor(fault: NetworkFault, host: string, detail: string) {
    super(detail)
    this.fault = fault
    this.host = host
    this.detail = detail
  }
}
export class UnreadableAnswer extends Error {
  readonly status: number
  readonly fault: string
  constructor(status: number, fault: string) {
    super(fault)
    this.status = status
    this.fault = fault
  }
}
function timedOut(host: string, timeoutMs: number): NetworkError {
  return new NetworkError('timeout', host, String(timeoutMs))
}

function upgraded(host: string): UnreadableAnswer {
  return new UnreadableAnswer(101, host)
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw new UnreadableAnswer(answer.statusCode ?? 0, 'too large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}
