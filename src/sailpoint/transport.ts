import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'

import { AbortAll } from './abort-all.ts'
import { decodeBody, MAX_BODY_BYTES, TOO_LARGE, UnreadableAnswer } from './body.ts'
import { networkError, NetworkError } from './network-error.ts'
import type { ProxyServer } from './proxy.ts'

/** Node's default is 16 KiB; gateways add long cookies and policies. */
const MAX_HEADER_BYTES = 64 * 1024

/**
 * How long one address of a host is tried before the next one is. Node's 250 ms are too short for links by satellite
 * or VPN, where every address fails. A lost packet is sent again after 1 s: 2.5 s leave time for that too.
 */
const ADDRESS_TIMEOUT_MS = 2_500

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Ends the exchange, with its reason. */
  readonly signal?: AbortSignal
}

/** An answer as it came, decoded, to be read through the gate only. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One HTTP exchange. @throws NetworkError, UnreadableAnswer, the reason of `signal` or `cut` */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>

export interface TransportOptions {
  readonly userAgent: string
  /** For connecting, headers and body together. */
  readonly timeoutMs: number
  /** Ends all exchanges, with its reason. */
  readonly cut: AbortSignal
  readonly proxy: ProxyServer | null
}

/**
 * Sends requests with keep-alive. Redirects are answers like any other. A kept connection that the server had closed
 * is not the request's fault: it is sent again at once, until a connection is new.
 */
export function createTransport({ userAgent, timeoutMs, cut, proxy }: TransportOptions): Transport {
  setDefaultAutoSelectFamilyAttemptTimeout(Math.min(ADDRESS_TIMEOUT_MS, timeoutMs / 2))
  const pool = { keepAlive: true, maxSockets: 64 }
  const agents = {
    'http:': new http.Agent(pool),
    'https:': new https.Agent(proxy === null ? pool : { ...pool, proxyEnv: { https_proxy: proxy.url } }),
  }
  const underWay = new AbortAll(cut)

  function open({ method, url, headers }: HttpRequest): ClientRequest {
    const isTls = url.startsWith('https:')
    return (isTls ? https : http).request(url, {
      method,
      headers: { ...headers, 'accept-encoding': 'gzip, deflate, br', 'user-agent': userAgent },
      agent: agents[isTls ? 'https:' : 'http:'],
      maxHeaderSize: MAX_HEADER_BYTES,
    })
  }

  return async (request) => {
    const { url, body, signal } = request
    cut.throwIfAborted()
    signal?.throwIfAborted()
    const { host } = new URL(url)
    const end = Promise.withResolvers<HttpAnswer>()
    let isOver = false
    let outgoing = open(request)

    function send(): void {
      const sent = outgoing
      let isAnswered = false
      const closed = (): void => fail(new Error('the connection was closed before an answer'))
      function fail(error: unknown): void {
        if (isOver || sent !== outgoing) return
        if (sent.reusedSocket && !isAnswered) {
          outgoing = open(request)
          return send()
        }
        end.reject(networkError(error, host, proxy))
      }
      sent
        .on('socket', (socket) => socket.once('data', () => (isAnswered = true)))
        .on('response', (answer) => {
          sent.off('close', closed) // from now on the answer itself says how it ends
          readAnswer(answer).then(end.resolve, (error: unknown) =>
            error instanceof UnreadableAnswer ? end.reject(error) : fail(error),
          )
        })
        .on('upgrade', ({ headers }) => {
          end.reject(new UnreadableAnswer(101, headers, 'it switches to another protocol'))
        })
        .on('error', fail)
        .on('close', closed)
        .end(body)
    }

    // Whatever comes first settles the exchange. A request that waits for a proxy's tunnel has no socket yet, and
    // destroying it emits nothing: so time-out and cancel reject by themselves.
    const timer = setTimeout(() => {
      end.reject(new NetworkError('timeout', host, `no complete answer within ${timeoutMs / 1000} s`))
    }, timeoutMs)
    const forget = underWay.add(end.reject)
    const abort = (): void => end.reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    send()
    try {
      return await end.promise
    } catch (error) {
      outgoing.destroy()
      throw error
    } finally {
      isOver = true
      clearTimeout(timer)
      forget()
      signal?.removeEventListener('abort', abort)
    }
  }
}

/** @throws UnreadableAnswer, and what ends the connection */
async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode: status = 0, headers } = answer
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw new UnreadableAnswer(status, headers, TOO_LARGE)
    chunks.push(bytes)
  }
  return { status, headers, body: await decodeBody(Buffer.concat(chunks), status, headers) }
}
