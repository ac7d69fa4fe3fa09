import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

import { createProxy, type ProxyServer } from 'proxy'

export interface RunningProxy {
  readonly port: number
  /** What CONNECT was asked for, one entry per tunnel. */
  readonly connects: string[]
  stop(): void
}

export interface ProxyOptions {
  /** `user:password` that it asks for. */
  readonly credentials?: string
  /** A loopback address. Default 127.0.0.1. */
  readonly host?: string
  /** Serve HTTPS with it. */
  readonly certificate?: { readonly cert: string; readonly key: string }
  /** The status with which it answers every CONNECT. */
  readonly answers?: number
}

/**
 * Starts a real CONNECT proxy on the loopback interface. It knows the host `isc.test` as this machine: no client goes
 * through a proxy to a loopback host.
 */
export async function startProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const { credentials, host = '127.0.0.1', certificate, answers } = options
  const connects: string[] = []
  const server: ProxyServer = createProxy(certificate ? createTlsServer(certificate) : createServer())
  if (credentials !== undefined) {
    const expected = `Basic ${Buffer.from(credentials).toString('base64')}`
    server.authenticate = (request) => request.headers['proxy-authorization'] === expected
  }
  if (answers !== undefined) server.removeAllListeners('connect')
  server.prependListener('connect', (request, socket: Duplex) => {
    connects.push(request.url ?? '')
    if (answers !== undefined) socket.end(`HTTP/1.1 ${answers} No\r\nContent-Length: 0\r\n\r\n`)
    request.url = request.url?.replace('isc.test', '127.0.0.1')
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connects,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
