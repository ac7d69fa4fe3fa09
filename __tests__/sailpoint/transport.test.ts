import { getEventListeners } from 'node:events'
import {
  createServer,
  getDefaultAutoSelectFamilyAttemptTimeout,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'

import { afterEach, describe, expect, test } from '@jest/globals'

import { proxyWith } from '../support/proxy.ts'
import { makeCertificate } from '../../dev/tenant/certificate.ts'
import { UNUSUAL_FORMS } from '../../dev/tenant/faults.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { isCertificateFault, NetworkError } from '../../src/sailpoint/network-error.ts'
import { proxyFor, type ProxyServer } from '../../src/sailpoint/proxy.ts'
import {
  createTransport,
  MAX_BODY_BYTES,
  type HttpAnswer,
  type Transport,
  type TransportOptions,
} from '../../src/sailpoint/transport.ts'
import { misusedTenantWith } from '../support/tenant.ts'
import { trust } from '../support/trust.ts'

const servers: { server: Server; sockets: Socket[] }[] = []
afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
})

/** A server that hands each connection to this function. Returns its origin. */
async function serverThat(act: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined))
    act(socket)
  })
  servers.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that answers the first bytes of a request with this, and leaves the connection open unless told. */
const serverThatSays = (text: string, isClosed = false): Promise<string> =>
  serverThat((socket) =>
    socket.once('data', () => {
      socket.write(text)
      if (isClosed) socket.end()
    }),
  )

const transportWith = (options: Partial<TransportOptions> = {}): Transport =>
  createTransport({
    ...{ userAgent: 'test', timeoutMs: 10_000, cut: new AbortController().signal, proxy: null },
    ...options,
  })

const send = (url: string, options: Partial<TransportOptions> = {}): Promise<HttpAnswer> =>
  transportWith(options)({ method: 'POST', url, headers: {}, body: '{}' })

/** What a request without an answer is rejected with. */
async function errorOf(sending: Promise<unknown>): Promise<NetworkError> {
  const error = await sending.catch((error: unknown) => error)
  if (error instanceof NetworkError) return error
  throw new Error('It was not rejected with a NetworkError.', { cause: error })
}

const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n['

describe('exactly one end settles a request', () => {
  test.each([
    ['nothing', ''],
    ['half a status line', 'HTTP/1.1 20'],
    ['headers without end', 'HTTP/1.1 200 OK\r\n'],
    ['half a body', HALF],
    ['100 for ever', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)],
  ])('its time: %s', async (_, said) => {
    const error = await errorOf(send(await serverThatSays(said), { timeoutMs: 300 }))
    expect(error).toMatchObject({ fault: 'timeout', detail: 'no complete answer within 0.3 s' })
    expect(error.host).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  test.each([
    ['nothing', '', true],
    ['half a body', HALF, true],
    ['another protocol', '220 smtp.example ESMTP\r\n', false],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', false],
    ['headers of more than 64 KiB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(66_000)}\r\n\r\n`, false],
  ])('the connection’s: %s', async (_, said, isClosed) => {
    const error = await errorOf(send(await serverThatSays(said, isClosed)))
    expect(error).toMatchObject({ fault: 'connection' })
    expect(error.detail).not.toBe('')
  })

  test.each([false, true])(
    'another protocol, which is an answer (the connection is closed: %s)',
    async (isClosed) => {
      const answer = await send(await serverThatSays(UPGRADE, isClosed))
      expect(answer).toMatchObject({ status: 101, fault: 'it switches to another protocol' })
    },
  )

  test('101 without a protocol is an answer like any other', async () => {
    const url = await serverThatSays('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await expect(send(url)).resolves.toMatchObject({ status: 101, body: '' })
  })

  test('a proxy that accepts the connection and never opens the tunnel', async () => {
    const url = await serverThat(() => undefined)
    const proxy: ProxyServer = { kind: 'proxy', url, name: new URL(url).host }
    const error = await errorOf(send('https://isc.test/', { timeoutMs: 300, proxy }))
    expect(error).toMatchObject({ fault: 'timeout', host: 'isc.test' })
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(new Error('cancelled')), 100)
    await expect(send('https://isc.test/', { cut: cancel.signal, proxy })).rejects.toThrow('cancelled')
  })

  test('a cut before it began', async () => {
    const over = AbortSignal.abort(new Error('over'))
    await expect(send(await serverThatSays(answerOf('[]')), { cut: over })).rejects.toThrow('over')
  })
})

const answerOf = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

describe('an exchange', () => {
  test('sends what it is told, says who it is, and keeps its connection for the next', async () => {
    const heard: string[] = []
    let connections = 0
    const url = await serverThat((socket) => {
      connections += 1
      socket.on('data', (data) => {
        heard.push(data.toString())
        socket.write(answerOf('[]'))
      })
    })
    const transport = transportWith({ userAgent: 'isc/1.0' })
    for (const body of ['{"n":1}', '{"n":2}']) {
      const answer = await transport({
        method: 'POST',
        url: `${url}/path?x=1`,
        headers: { accept: 'a/b' },
        body,
      })
      expect(answer).toMatchObject({ status: 200, body: '[]', headers: { 'content-length': '2' } })
    }
    expect(heard.join('')).toMatch(
      /^POST \/path\?x=1 HTTP\/1\.1\r\n[^]*accept: a\/b\r\n[^]*user-agent: isc\/1\.0\r\n[^]*\{"n":1\}[^]*\{"n":2\}$/i,
    )
    expect(connections).toBe(1)
  })

  test('ends with a cut, whose reason it throws, and closes the connection', async () => {
    const closed = Promise.withResolvers<unknown>()
    const url = await serverThat((socket) => socket.on('close', closed.resolve).resume())
    const end = new AbortController()
    const sending = send(url, { timeoutMs: 60_000, cut: end.signal })
    setTimeout(() => end.abort(new Error('Enough.')), 50)
    await expect(sending).rejects.toThrow('Enough.')
    await closed.promise
  })

  test('leaves one listener for all of them on the signal that cuts them', async () => {
    const url = await serverThatSays(answerOf('[]'), true)
    const { signal } = new AbortController()
    const transport = transportWith({ cut: signal })
    for (let n = 0; n < 3; n += 1) await transport({ method: 'GET', url, headers: {} })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  })

  test('gives each address of a host 2.5 s, but no more than half of its own time', () => {
    transportWith({ timeoutMs: 60_000 })
    expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBe(2_500)
    transportWith({ timeoutMs: 1_000 })
    expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBe(500)
  })
})

describe('a kept connection that the server had closed', () => {
  /** A server that answers so many requests per connection, and then does something else. */
  async function tiredServer(
    act: (socket: Socket) => void = (socket) => socket.destroy(),
    each = 1,
  ): Promise<{ url: string; requests: string[] }> {
    const requests: string[] = []
    let connections = 0
    const url = await serverThat((socket) => {
      connections += 1
      const name = String(connections)
      let answered = 0
      socket.on('data', () => {
        requests.push(name)
        if (answered < each) socket.write(answerOf('[]'))
        else act(socket)
        answered += 1
      })
    })
    return { url, requests }
  }

  test('is replaced at once, and the request sent again', async () => {
    const { url, requests } = await tiredServer()
    const transport = transportWith()
    for (let n = 0; n < 3; n += 1) {
      await expect(transport({ method: 'POST', url, headers: {}, body: '{}' })).resolves.toMatchObject({
        status: 200,
      })
    }
    expect(requests).toEqual(['1', '1', '2', '2', '3'])
  })

  test('is replaced so often as there are such connections, and no more', async () => {
    const { url, requests } = await tiredServer()
    const transport = transportWith()
    const post = (): Promise<HttpAnswer> => transport({ method: 'POST', url, headers: {}, body: '{}' })
    await Promise.all(Array.from({ length: 5 }, post))
    expect(await post()).toMatchObject({ body: '[]' })
    expect(requests).toHaveLength(5 + 5 + 1)
  })

  test('is told apart from a new one, which is not replaced', async () => {
    const { url, requests } = await tiredServer(undefined, 0)
    expect(await errorOf(send(url))).toMatchObject({ fault: 'connection' })
    expect(requests).toEqual(['1'])
  })

  test.each([
    ['half a status line', 'HTTP/1.1 20'],
    ['half a body', HALF],
  ])('is told apart from one that ends within an answer: %s', async (_, text) => {
    const { url, requests } = await tiredServer((socket) => socket.end(text))
    const transport = transportWith()
    const post = (): Promise<HttpAnswer> => transport({ method: 'POST', url, headers: {}, body: '{}' })
    await post()
    expect(await errorOf(post())).toMatchObject({ fault: 'connection' })
    expect(requests).toEqual(['1', '1'])
  })

  test('costs no more than the time of its request', async () => {
    const { url, requests } = await tiredServer(() => undefined)
    const transport = transportWith({ timeoutMs: 300 })
    const post = (): Promise<HttpAnswer> => transport({ method: 'POST', url, headers: {}, body: '{}' })
    await post()
    expect(await errorOf(post())).toMatchObject({ fault: 'timeout' })
    expect(requests).toEqual(['1', '1'])
  })

  test.each([false, true])('is replaced over TLS too (through a proxy: %s)', async (isProxied) => {
    const tenant = await misusedTenantWith({ tls: true, answersPerConnection: 1 })
    trust(tenant.certificate)
    const proxy = isProxied ? proxyAt(await proxyWith()) : null
    const transport = transportWith({ proxy })
    for (let n = 0; n < 3; n += 1) expect(await transport(askFor(tenant))).toMatchObject({ status: 404 })
    expect(tenant.requests).toHaveLength(3)
  })
})

describe('an answer', () => {
  test.each(UNUSUAL_FORMS)('is read with %s', async (form) => {
    const tenant = await misusedTenantWith({ faults: [{ kind: 'unusual', form, on: 'token' }] })
    const body = 'grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await transportWith()({
      ...{ method: 'POST', url: `${tenant.baseUrl}/oauth/token`, headers, body },
    })
    expect(answer.headers).toHaveProperty('date')
    expect(JSON.parse(answer.body)).toMatchObject({ token_type: 'bearer' })
  })

  const encoded = (coding: string, bytes: Buffer): Promise<string> =>
    serverThat((socket) =>
      socket.once('data', () => {
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
        )
        socket.write(bytes)
      }),
    )

  test.each([
    ['deflate without a frame', 'deflate', deflateRawSync('[]')],
    ['gzip by its old name', 'X-GZIP', gzipSync('[]')],
    ['no coding, by name', 'identity', Buffer.from('[]')],
  ])('is read with %s', async (_, coding, bytes) => {
    expect(await send(await encoded(coding, bytes))).toMatchObject({ body: '[]' })
  })

  test('without a body may say that it is compressed', async () => {
    expect(await send(await encoded('gzip', Buffer.alloc(0)))).toMatchObject({ body: '' })
  })

  test.each([
    ['gzip that ends too early', 'gzip', gzipSync('[1,2,3]').subarray(0, 20), 'its body is not valid gzip'],
    ['what is not gzip', 'gzip', Buffer.from('[1,2,3]'), 'its body is not valid gzip'],
    ['what is not brotli', 'br', Buffer.from('[1,2,3]'), 'its body is not valid br'],
    ['a coding that is unknown', '::error::', Buffer.from('x'), 'its body has an unknown content encoding'],
    [
      'a name of Object.prototype',
      'constructor',
      Buffer.from('x'),
      'its body has an unknown content encoding',
    ],
    ['a gzip bomb', 'gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024)), 'its body is larger than 4 MiB'],
    [
      'a brotli bomb',
      'br',
      brotliCompressSync(Buffer.alloc(8 * 1024 * 1024)),
      'its body is larger than 4 MiB',
    ],
  ])('is not read with %s', async (_, coding, bytes, fault) => {
    const answer = await send(await encoded(coding, bytes))
    expect(answer).toMatchObject({ status: 200, body: '', fault })
    expect(answer.headers['content-encoding']).toBe(coding)
  })

  test('is read up to 4 MiB', async () => {
    const largest = 'x'.repeat(MAX_BODY_BYTES)
    expect(MAX_BODY_BYTES).toBe(4 * 1024 * 1024)
    expect(await send(await serverThatSays(answerOf(largest)))).toMatchObject({ body: largest })
    const answer = await send(await serverThatSays(answerOf(`${largest}y`)))
    expect(answer).toMatchObject({ status: 200, body: '', fault: 'its body is larger than 4 MiB' })
  })
})

const askFor = ({ baseUrl }: Pick<Tenant, 'baseUrl'>, host = 'localhost') => ({
  method: 'GET' as const,
  url: `${baseUrl.replace('localhost', host)}/nothing`,
  headers: {},
})

describe('TLS', () => {
  test.each([
    ['alert', 'tls', false],
    ['expired', 'certificate-expired', true],
    ['not-yet-valid', 'certificate-not-yet-valid', true],
    ['another-host', 'certificate-for-another-host', true],
  ] as const)(
    '%s on the first of two connections is an error of that one',
    async (kind, fault, isCertificate) => {
      const tenant = await misusedTenantWith({ tls: { kind, handshakes: [1] } })
      trust(tenant.certificate)
      const transport = transportWith()
      const error = await errorOf(transport(askFor(tenant)))
      expect(error).toMatchObject({ fault, host: new URL(tenant.baseUrl).host })
      expect(isCertificateFault(error.fault)).toBe(isCertificate)
      expect(error.detail).not.toMatch(/\n/)
      expect(await transport(askFor(tenant))).toMatchObject({ status: 404 })
    },
  )

  test('a certificate without a trusted issuer', async () => {
    const tenant = await misusedTenantWith({ tls: true })
    const error = await errorOf(transportWith()(askFor(tenant)))
    expect(error).toMatchObject({ fault: 'certificate-issuer-unknown' })
  })

  test('a server that does not speak it', async () => {
    const url = await serverThatSays('HTTP/1.1 400 Bad Request\r\n\r\n', true)
    expect(await errorOf(send(url.replace('http:', 'https:')))).toMatchObject({ fault: 'tls' })
  })
})

/** The proxy as the environment names it. */
function proxyAt({ port }: { port: number }, origin = 'http://127.0.0.1'): ProxyServer {
  const proxy = proxyFor({ https_proxy: `${origin}:${port}` }, 'https://isc.test')
  if (proxy?.kind === 'proxy') return proxy
  throw new Error('It is no proxy.', { cause: proxy })
}

describe('a proxy', () => {
  test('keeps its tunnels: 40 requests, 4 at once, take no more than 8', async () => {
    const tenant = await misusedTenantWith({ tls: true, latencyMs: 2 })
    trust(tenant.certificate)
    const proxy = await proxyWith()
    const transport = transportWith({ proxy: proxyAt(proxy) })
    let left = 40
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while (left-- > 0) expect(await transport(askFor(tenant, 'isc.test'))).toMatchObject({ status: 404 })
      }),
    )
    expect(tenant.requests).toHaveLength(40)
    expect(proxy.connects.length).toBeLessThanOrEqual(8)
    expect(proxy.connects[0]).toBe(`isc.test:${new URL(tenant.baseUrl).port}`)
  })

  test('is reached at an IPv6 address, with the credentials of its URL, decoded', async () => {
    const tenant = await misusedTenantWith({ tls: true })
    trust(tenant.certificate)
    const proxy = await proxyWith({ host: '::1', credentials: 'DOMAIN\\me:p@ss%#' })
    const transport = transportWith({ proxy: proxyAt(proxy, 'http://DOMAIN%5Cme:p%40ss%25%23@[::1]') })
    expect(await transport(askFor(tenant, 'isc.test'))).toMatchObject({ status: 404 })
  })

  test('is reached over TLS, with a private certificate authority', async () => {
    const [tenant, certificate] = [await misusedTenantWith({ tls: true }), await makeCertificate()]
    const proxy = proxyAt(await proxyWith({ certificate }), 'https://localhost')
    trust(tenant.certificate)
    const untrusted = await errorOf(transportWith({ proxy })(askFor(tenant, 'isc.test')))
    expect(untrusted).toMatchObject({ fault: 'certificate-issuer-unknown' })
    expect(untrusted.host).toContain(proxy.name)
    trust(tenant.certificate, certificate.cert)
    expect(await transportWith({ proxy })(askFor(tenant, 'isc.test'))).toMatchObject({ status: 404 })
  })

  test('is not blamed for the certificate of the API', async () => {
    const tenant = await misusedTenantWith({ tls: { kind: 'expired' } })
    const proxy = proxyAt(await proxyWith())
    const error = await errorOf(transportWith({ proxy })(askFor(tenant, 'isc.test')))
    const { port } = new URL(tenant.baseUrl)
    expect(error).toMatchObject({ fault: 'certificate-expired', host: `isc.test:${port}` })
  })

  test.each([
    [407, 'proxy-authentication', true],
    [403, 'proxy-rejected', true],
    [503, 'connection', false],
  ] as const)('that answers %i is asked once', async (answers, fault, isItsFault) => {
    const running = await proxyWith({ answers })
    const proxy = proxyAt(running, 'http://me:s3cret@127.0.0.1')
    const error = await errorOf(send('https://isc.test/', { proxy }))
    expect(error).toMatchObject({ fault, host: isItsFault ? proxy.name : 'isc.test' })
    expect(error.detail).toMatch(String(answers))
    expect(inspect(error, { depth: null })).not.toContain('s3cret')
    expect(running.connects).toHaveLength(1)
  })

  test('that is not there is named', async () => {
    const url = await serverThat((socket) => socket.destroy())
    for (const origin of ['http://proxy.invalid', 'http://127.0.0.1']) {
      const proxy = proxyAt({ port: Number(new URL(url).port) }, origin)
      const error = await errorOf(send('https://isc.test/', { proxy }))
      expect(error).toMatchObject({ fault: 'proxy-unreachable', host: proxy.name })
    }
  })
})
