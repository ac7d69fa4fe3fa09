import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import { generate } from 'selfsigned'

export interface ServerOptions {
  readonly tls: boolean
  readonly host: string
  readonly port: number
}

export interface Server {
  readonly baseUrl: string
  /** The certificate (PEM) to trust; null without TLS. */
  readonly certificate: string | null
  stop(): Promise<void>
}

/** Listens on a loopback address, with TLS if wanted. */
export async function serve(
  { tls, host, port }: ServerOptions,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const certificate = tls ? await makeCertificate() : null
  const server = certificate === null ? createHttpServer(listener) : createHttpsServer(certificate, listener)
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve))
  const address = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return {
    baseUrl: tls ? `https://localhost:${address.port}` : `http://${name}:${address.port}`,
    certificate: certificate?.cert ?? null,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function makeCertificate(): Promise<{ cert: string; key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'isc.test' }, // reached by way of a proxy, which loopback hosts are not
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { cert, key }
}
