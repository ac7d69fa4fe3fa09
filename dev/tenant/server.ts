import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { createSecureContext, type TlsOptions } from 'node:tls'

import { makeCertificate, type CertificateFault } from './certificate.ts'

/** A TLS server that is not as it should be. */
export interface TlsFault {
  /** `alert`: it ends handshakes with an alert; else, what is wrong with its certificate. */
  readonly kind: 'alert' | CertificateFault
  /** The handshakes (from 1) that meet it, as with one node among many. Default: all. */
  readonly handshakes?: readonly number[]
}

export interface ServerOptions {
  readonly tls: boolean | TlsFault
  readonly host: string
  readonly port: number
}

export interface Server {
  readonly baseUrl: string
  /** The certificates (PEM) to trust; null without TLS. */
  readonly certificate: string | null
  stop(): Promise<void>
}

/** Listens on a loopback address, with TLS if wanted. */
export async function serve(
  { tls, host, port }: ServerOptions,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const certificate = tls === false ? null : await makeCertificate()
  const bad = typeof tls === 'object' ? await badHandshakes(tls) : null
  const server =
    certificate === null
      ? createHttpServer(listener)
      : createHttpsServer({ ...certificate, ...bad?.options }, listener)
  bad?.prepare(server)
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve))
  const address = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return {
    baseUrl: certificate !== null ? `https://localhost:${address.port}` : `http://${name}:${address.port}`,
    certificate: certificate && [certificate.cert, bad?.certificate ?? ''].join('\n'),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** A fatal alert, `handshake_failure` (RFC 8446, 6.2). */
const ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])

/** Ends some handshakes with an alert, or goes on with another certificate. */
async function badHandshakes({ kind, handshakes }: TlsFault): Promise<{
  readonly certificate: string | null
  readonly options: TlsOptions
  readonly prepare: (server: NetServer) => void
}> {
  let n = 0
  const isBad = (): boolean => handshakes?.includes((n += 1)) ?? true
  if (kind === 'alert') {
    const prepare = (server: NetServer): void => {
      const listeners = server.listeners('connection')
      server.removeAllListeners('connection').on('connection', (socket) => {
        if (isBad())
          socket
            .on('error', () => undefined)
            .resume()
            .end(ALERT)
        else for (const listener of listeners) listener.call(server, socket)
      })
    }
    return { certificate: null, options: {}, prepare }
  }
  const made = await makeCertificate(kind)
  const context = createSecureContext(made)
  const choose: TlsOptions['SNICallback'] = (_, go) => (isBad() ? go(null, context) : go(null))
  return { certificate: made.cert, options: { SNICallback: choose }, prepare: () => undefined }
}
