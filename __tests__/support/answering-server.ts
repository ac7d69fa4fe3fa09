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

/** A request as a server sees it. */
export interface Asked {
  readonly url: string
  readonly body: string
}

/** A server that gives a token to everybody, and to any other request the JSON that `answerTo` makes of it. */
export async function serverThatAnswers(answerTo: (asked: Asked) => unknown): Promise<{ baseUrl: string }> {
  const server = createServer((request, response) => {
    const { url = '' } = request
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      const isToken = url === '/oauth/token'
      response.end(
        JSON.stringify(isToken ? { access_token: 'a.b.c', expires_in: 749 } : answerTo({ url, body })),
      )
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
