import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

import { codeOf, networkError, NetworkError } from './network-error.ts'
import type { ProxyServer } from './proxy.ts'

/** Node's default is 16 KiB; gateways add long cookies and policies. */
const MAX_HEADER_BYTES = 64 * 1024

/** An answer is read up to this size, before and after it is decompressed; 250 identities with all attributes are well below it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024

const TOO_LARGE = `its body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB`

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
}

/** An answer as it came, decoded, to be read through the gate only. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Why the body cannot be read, never in the server's own words; it is empty then. */
  readonly fault: string | null
}

/** One HTTP exchange. @throws NetworkError, the reason of `cut` */
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
  // One listener for all exchanges. Each one's own would do the same, but a removed listener still points to its
  // successors: in V8's old generation that keeps every later request and answer, 200 MB on a million identities.
  const underWay = new Set<(reason: unknown) => void>()
  cut.addEventListener('abort', () => underWay.forEach((end) => end(cut.reason)), { once: true })

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
    cut.throwIfAborted()
    const { host } = new URL(request.url)
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
          readAnswer(answer).then(end.resolve, fail)
        })
        .on('upgrade', ({ headers }) => {
          end.resolve({ status: 101, headers, body: '', fault: 'it switches to another protocol' })
          sent.destroy()
        })
        .on('error', fail)
        .on('close', closed)
        .end(request.body)
    }

    // The first event settles the exchange. A request that waits for a proxy's tunnel has no socket yet, and
    // destroying it emits nothing: so time-out and cancel reject by themselves.
    const timer = setTimeout(() => {
      end.reject(new NetworkError('timeout', host, `no complete answer within ${timeoutMs / 1000} s`))
    }, timeoutMs)
    underWay.add(end.reject)
    send()
    try {
      return await end.promise
    } catch (error) {
      outgoing.destroy()
      throw error
    } finally {
      isOver = true
      clearTimeout(timer)
      underWay.delete(end.reject)
    }
  }
}

/** @throws what ends the connection */
async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode: status = 0, headers } = answer
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = chunk as Buffer
    size += bytes.length
    // That ends the connection, too.
    if (size > MAX_BODY_BYTES) return { status, headers, body: '', fault: TOO_LARGE }
    chunks.push(bytes)
  }
  return { status, headers, ...(await decoded(Buffer.concat(chunks), headers['content-encoding'])) }
}

const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) }
const rawDeflate = promisify(inflateRaw)

/** Leaves a byte order mark out. One for all: each is native memory, until it is collected. */
const UTF8 = new TextDecoder()

/** The text of a body, decompressed, without a byte order mark. */
async function decoded(bytes: Buffer, contentEncoding = ''): Promise<Pick<HttpAnswer, 'body' | 'fault'>> {
  const coding = contentEncoding.trim().toLowerCase().replace(/^x-/, '')
  if (coding === '' || coding === 'identity' || bytes.length === 0)
    return { body: UTF8.decode(bytes), fault: null }
  if (!isKnown(coding)) return { body: '', fault: 'its body has an unknown content encoding' }
  // RFC 9110, 8.4.1.2: deflate has zlib's frame, but some servers send it without.
  const isRaw = coding === 'deflate' && ((bytes[0] ?? 0) & 0x0f) !== 8
  const decode = isRaw ? rawDeflate : DECODERS[coding]
  try {
    return { body: UTF8.decode(await decode(bytes, { maxOutputLength: MAX_BODY_BYTES })), fault: null }
  } catch (error) {
    const isTooLarge = codeOf(error) === 'ERR_BUFFER_TOO_LARGE'
    return { body: '', fault: isTooLarge ? TOO_LARGE : `its body is not valid ${coding}` }
  }
}

function isKnown(coding: string): coding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, coding)
}
