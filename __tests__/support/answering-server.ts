import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach } from '@jest/globals'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** An answer with this status, without a body. */
export class Rejected {
  readonly status: number
  constructor(status: number) {
    this.status = status
  }
}

/** A request as a server sees it. */
export interface Asked {
  readonly url: string
  readonly body: string
}

/** A server that answers every token request with `token`, and any other one with what `answerTo` makes of it. */
export async function serverThatAnswers(
  answerTo: (asked: Asked) => unknown,
  { token = { access_token: 'a.b.c', expires_in: 749 } }: { readonly token?: object } = {},
): Promise<{ baseUrl: string }> {
  const server = createServer((request, response) => {
    const { url = '' } = request
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      const isToken = url === '/oauth/token'
      const answer = isToken ? token : answerTo({ url, body })
      if (answer instanceof Rejected) response.writeHead(answer.status).end()
      else response.end(JSON.stringify(answer))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
