import type { IncomingMessage, RequestOptions } from 'node:http'

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
 * Sends requests with keep-alive, through the proxy that the environment names (as the Actions toolkit
 * reads it). Redirects are answers like any other. `timeoutMs` covers connecting, headers and body.
 */
export function createTransport(userAgent: string, timeoutMs: number, kill: AbortSignal): Transport {
  let signal = kill
  const client = new HttpClient(
    userAgent,
    [
      {
        // The client calls this synchronously within request(), which is how each request gets its own signal.
        prepareRequest: (options: RequestOptions) => {
          options.signal = signal
          // The client hands on a URL's hostname, where an IPv6 address stands in brackets.
          options.host = options.host?.replace(/^\[(.*)\]$/, '$1') ?? null
        },
        canHandleAuthentication: () => false,
        handleAuthentication: () => Promise.reject(new Error('not used')),
      },
    ],
    // The client's own time-out is an idle one; the signal comes first.
    { allowRedirects: false, keepAlive: true, maxSockets: 64, socketTimeout: timeoutMs + 5_000 },
  )
  return async ({ method, url, headers, body }) => {
    // Not AbortSignal.timeout: each would live on until its time, with the request that it was for.
    const end = new AbortController()
    const endNow = (): void => end.abort()
    const timer = setTimeout(endNow, timeoutMs)
    kill.addEventListener('abort', endNow, { once: true })
    try {
      signal = end.signal
      const { message } = await client.request(method, url, body ?? null, { ...headers })
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
      kill.removeEventListener('abort', endNow)
    }
  }
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
