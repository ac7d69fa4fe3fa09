import { getEventListeners } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'

import { createTransport, MAX_BODY_BYTES } from '../../../src/sailpoint/connection/transport.ts'
import { ApiError } from '../../../src/sailpoint/errors.ts'

const servers: { server: Server; sockets: Socket[] }[] = []
afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
})

/** A server that does with a connection whatever it is told. Returns its origin. */
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

const send = (url: string, timeoutMs = 10_000, cut = new AbortController().signal): Promise<unknown> =>
  createTransport('test', timeoutMs, cut)({ method: 'POST', url, headers: {}, body: '{}' })

/** What became of a request that is refused. */
async function refusalOf(sending: Promise<unknown>): Promise<ApiError> {
  const error = await sending.catch((error: unknown) => error)
  if (error instanceof ApiError) return error
  throw new Error('It was not refused.', { cause: error })
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
  ])('its time, which is a silence: %s', async (_, said) => {
    const { message, refusal } = await refusalOf(send(await serverThatSays(said), 300))
    expect(message).toMatch(/^No complete answer from 127\.0\.0\.1:\d+ within 0\.3 s \(request-timeout\)\.$/)
    expect(refusal).toMatchObject({ status: null, retryable: true, isSilence: true })
  })

  test.each([
    ['nothing', '', true],
    ['half a body', HALF, true],
    ['another protocol', '220 smtp.example ESMTP\r\n', false],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', false],
  ])('the connection’s, which is a silence: %s', async (_, said, isClosed) => {
    const { message, refusal } = await refusalOf(send(await serverThatSays(said, isClosed)))
    expect(message).toMatch(/^No answer from 127\.0\.0\.1:\d+: /)
    expect(refusal).toMatchObject({ status: null, retryable: true, isSilence: true })
  })

  test.each([false, true])(
    'another protocol, which is an answer (the connection is closed: %s)',
    async (isClosed) => {
      const { message, refusal } = await refusalOf(send(await serverThatSays(UPGRADE, isClosed)))
      expect(message).toMatch(/another protocol/)
      expect(refusal).toMatchObject({ status: 101, retryable: false, isSilence: false })
    },
  )

  test('101 without a protocol is an answer like any other', async () => {
    const url = await serverThatSays('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await expect(send(url)).resolves.toMatchObject({ status: 101, body: '' })
  })

  test('a proxy that accepts the connection and never opens the tunnel', async () => {
    const proxy = await serverThat(() => undefined)
    const before = process.env['https_proxy']
    process.env['https_proxy'] = proxy // the toolkit reads its proxy from nowhere else
    try {
      await expect(send('https://isc.test/', 300)).rejects.toThrow(/request-timeout/)
      const cancel = new AbortController()
      setTimeout(() => cancel.abort(new Error('cancelled')), 100)
      await expect(send('https://isc.test/', 60_000, cancel.signal)).rejects.toThrow('cancelled')
    } finally {
      if (before === undefined) delete process.env['https_proxy']
      else process.env['https_proxy'] = before
    }
  })

  test('a signal that was aborted before, the run’s or its own', async () => {
    const over = AbortSignal.abort(new Error('over'))
    const url = await serverThatSays(answerOf('[]'))
    await expect(send(url, 10_000, over)).rejects.toThrow('over')
    const transport = createTransport('test', 10_000, new AbortController().signal)
    await expect(transport({ method: 'GET', url, headers: {}, signal: over })).rejects.toThrow('over')
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
    const transport = createTransport('isc/1.0', 10_000, new AbortController().signal)
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

  test('ends with its own signal, whose reason it throws, and closes the connection', async () => {
    const closed = Promise.withResolvers<unknown>()
    const url = await serverThat((socket) => socket.on('close', closed.resolve).resume())
    const end = new AbortController()
    const transport = createTransport('test', 60_000, new AbortController().signal)
    const sending = transport({ method: 'GET', url, headers: {}, signal: end.signal })
    setTimeout(() => end.abort(new Error('Enough.')), 50)
    await expect(sending).rejects.toThrow('Enough.')
    await closed.promise
  })

  test('leaves nothing on its signal once it has ended', async () => {
    const url = await serverThatSays(answerOf('[]'), true)
    const { signal } = new AbortController()
    const transport = createTransport('test', 10_000, new AbortController().signal)
    await transport({ method: 'GET', url, headers: {}, signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('reads an answer up to 4 MiB, and refuses a larger one as one that may be shorter next time', async () => {
    const largest = 'x'.repeat(MAX_BODY_BYTES)
    expect(MAX_BODY_BYTES).toBe(4 * 1024 * 1024)
    expect(await send(await serverThatSays(answerOf(largest)))).toMatchObject({ body: largest })
    const error = await refusalOf(send(await serverThatSays(answerOf(`${largest}y`))))
    expect(error.message).toBe('The answer is larger than 4 MiB.')
    expect(error.refusal).toMatchObject({ status: 200, retryable: true, isSilence: false })
  })
})
