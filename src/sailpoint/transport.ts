import http, { type IncomingMessage } from 'node:http'
import https, { type RequestOptions } from 'node:https'

import { HttpClient } from '@actions/http-client'

import { ApiError, CancelledError, networkError } from './errors.ts'

/** An answer is read up to this size: the largest of ISC's, 250 identities, stay far below. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly retryAfter: string | null
  /** The request's id in ISC's logs, from the header `SLPT-Request-ID`. */
  readonly trackingId: string | null
  readonly body: string
}

/** One HTTP exchange. @throws ApiError without an answer, CancelledError when `kill` is aborted. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>

/**
 * Sends requests with keep-alive, through the proxy that the environment names (the agent is the Actions
 * toolkit's). Redirects are answers like any other. `timeoutMs` covers connecting, headers and body.
 */
export function createTransport(userAgent: string, timeoutMs: number, kill: AbortSignal): Transport {
  const client = new HttpClient(undefined, [], { keepAlive: true, maxSockets: 64 })
  // One listener for all requests; an AbortSignal.timeout for each would live on until its time.
  const underWay = new Set<AbortController>()
  kill.addEventListener('abort', () => underWay.forEach((end) => end.abort()))
  return async ({ method, url, headers, body }) => {
    const end = new AbortController()
    const timer = setTimeout(() => end.abort(), timeoutMs)
    underWay.add(end)
    try {
      const message = await send(url, body, {
        method,
        headers: { ...headers, 'user-agent': userAgent },
        agent: client.getAgent(url),
        signal: end.signal,
      })
      return {
        status: message.statusCode ?? 0,
        retryAfter: message.headers['retry-after'] ?? null,
        trackingId: message.headers['slpt-request-id']?.toString() ?? null,
        body: await readBody(message),
      }
    } catch (error) {
      if (kill.aborted) throw new CancelledError()
      if (error instanceof ApiError) throw error
      const { host } = new URL(url)
      if (!end.signal.aborted) throw networkError(error, host)
      throw new ApiError(`No complete answer from ${host} within ${timeoutMs / 1000} s (request-timeout).`, {
        retryable: true,
      })
    } finally {
      clearTimeout(timer)
      underWay.delete(end)
    }
  }
}

/**
 * Not the toolkit's own `request`: the generator that it makes for each call keeps request and answer in
 * memory until a full collection, 60 MB on a million identities.
 */
function send(url: string, body: string | undefined, options: RequestOptions): Promise<IncomingMessage> {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body)
  })
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) {
      message.destroy()
      throw new ApiError(`The answer is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`, {
        retryable: true,
      })
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}
