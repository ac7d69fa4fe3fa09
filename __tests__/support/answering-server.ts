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

/** An answer with this status, without a body unless it is given one. */
export class Rejected {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  constructor(status: number, headers: Readonly<Record<string, string>> = {}, body = '') {
    this.status = status
    this.headers = headers
    this.body = body
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
      if (answer instanceof Rejected) response.writeHead(answer.status, answer.headers).end(answer.body)
      else response.end(JSON.stringify(answer))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
