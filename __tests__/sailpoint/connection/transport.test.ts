import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'

import { createTransport } from '../../../src/sailpoint/connection/transport.ts'
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

const send = (url: string, timeoutMs = 300, cut = new AbortController().signal): Promise<unknown> =>
  createTransport('test', timeoutMs, cut)({ method: 'POST', url, headers: {}, body: '{}' })

describe('exactly one end settles a request, within its time', () => {
  test.each<[string, string, boolean, RegExp]>([
    [
      '101, and the connection stays open',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      false,
      /another protocol/,
    ],
    [
      '101, and the connection is closed',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      true,
      /another protocol/,
    ],
    ['nothing, and the connection is closed', '', true, /No answer/],
    ['nothing', '', false, /request-timeout/],
    ['half a status line', 'HTTP/1.1 20', false, /request-timeout/],
    ['another protocol', '220 smtp.example ESMTP\r\n', false, /No answer/],
    ['headers without end', 'HTTP/1.1 200 OK\r\n', false, /request-timeout/],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[', false, /request-timeout/],
    [
      'half a body, and the connection is closed',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[',
      true,
      /No answer/,
    ],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', false, /No answer/],
    ['100 for ever', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), false, /request-timeout/],
  ])('%s', async (_, said, isClosed, expected) => {
    const url = await serverThatSays(said, isClosed)
    const error = await send(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ApiError)
    expect(String(error)).toMatch(expected)
  })

  test('101 without a protocol is an answer like any other', async () => {
    const url = await serverThatSays('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await expect(send(url)).resolves.toMatchObject({ status: 101, body: '' })
  })

  test('a proxy that accepts the connection and never opens the tunnel', async () => {
    const proxy = await serverThat(() => undefined)
    const before = process.env['https_proxy']
    process.env['https_proxy'] = proxy // the toolkit reads its proxy from nowhere else
    try {
      await expect(send('https://isc.test/')).rejects.toThrow(/request-timeout/)
      const cancel = new AbortController()
      setTimeout(() => cancel.abort(new Error('cancelled')), 100)
      await expect(send('https://isc.test/', 60_000, cancel.signal)).rejects.toThrow('cancelled')
    } finally {
      if (before === undefined) delete process.env['https_proxy']
      else process.env['https_proxy'] = before
    }
  })

  test('a signal that was aborted before', async () => {
    await expect(send('http://127.0.0.1:9/', 300, AbortSignal.abort(new Error('over')))).rejects.toThrow(
      'over',
    )
  })
})
