import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { LARGE, TOKEN, type Bend, type Delivery, type Lie } from './lie.ts'

/** The answers of each endpoint, in order; after the last the first comes again. */
export interface Script {
  readonly token: readonly Lie[]
  readonly enable: readonly Lie[]
  readonly identities: readonly Lie[]
}

export interface LyingServer {
  readonly baseUrl: string
  /** IDs in lower case that an answer said to be accepted (2xx), or listed with a status that is enabled. */
  readonly accepted: ReadonlySet<string>
  readonly listedAsEnabled: ReadonlySet<string>
  stop(): Promise<void>
}

type Row = Record<string, unknown>

const STATUSES = ['DISABLED', 'ACTIVE', 'DISABLED', 'TERMINATED', 'LOCKED']
const ENABLED: readonly unknown[] = [
  'ACTIVE',
  'REGISTERED',
  'UNREGISTERED',
  'PENDING',
  'WARNING',
  'LOCKED',
  'ERROR',
]

/** Starts a server that answers as its script says; what it sends need not be HTTP. */
export async function startLyingServer(script: Script): Promise<LyingServer> {
  const accepted = new Set<string>()
  const listedAsEnabled = new Set<string>()
  const counts = { token: 0, enable: 0, identities: 0 }
  const sockets = new Set<Socket>()

  function next(endpoint: keyof Script): Lie {
    const lies = script[endpoint]
    const lie = lies[counts[endpoint] % lies.length]
    if (lie === undefined) throw new Error(`The script has nothing for ${endpoint}.`)
    counts[endpoint] += 1
    return lie
  }

  async function answer(request: IncomingMessage): Promise<void> {
    let asked = ''
    for await (const chunk of request.setEncoding('utf8')) asked += chunk as string
    const endpoint = endpointOf(request)
    const { status: givenStatus, headers, body, delivery } = next(endpoint)
    const status = givenStatus ?? (endpoint === 'enable' ? 207 : 200)
    const rows = honestRows(endpoint, request, asked)
    const bytes = ((): Buffer => {
      switch (body.kind) {
        case 'honest':
          return jsonOf(endpoint, rows)
        case 'bent':
          return jsonOf(endpoint, bent(rows, body.bends))
        case 'text':
          return Buffer.from(body.text)
        case 'bytes':
          return Buffer.from(body.bytes)
        case 'large':
          return Buffer.from(LARGE[body.of]())
      }
    })()
    if (endpoint === 'enable') noteAccepted(bytes, accepted)
    if (endpoint === 'identities') noteEnabled(bytes, listedAsEnabled)
    await deliver(request.socket, status, headers, bytes, delivery)
  }

  const server = createServer((request) => {
    // A client that goes away is no fault of the server's.
    answer(request).catch(() => request.socket.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ baseUrl: `http://127.0.0.1:${port}`, accepted, listedAsEnabled },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function endpointOf({ url = '' }: IncomingMessage): keyof Script {
  if (url.startsWith('/oauth/')) return 'token'
  return url.includes('/enable') ? 'enable' : 'identities'
}

function honestRows(endpoint: keyof Script, { url = '' }: IncomingMessage, body: string): Row[] {
  switch (endpoint) {
    case 'token':
      return [{ access_token: TOKEN, token_type: 'bearer', expires_in: 700 }]
    case 'enable':
      return (JSON.parse(body) as { identityIds: string[] }).identityIds.map((id) => ({
        id,
        statusCode: 202,
        message: null,
      }))
    case 'identities': {
      const filter = new URL(url, 'http://server').searchParams.get('filters') ?? ''
      return [...filter.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, asked = ''], n) => ({
        id: filter.startsWith('id ') ? asked : `found-${asked}`,
        alias: asked,
        name: `User ${n}`,
        emailAddress: `${asked}@example.com`,
        identityStatus: STATUSES[n % STATUSES.length],
        lifecycleState: { stateName: 'active', manuallyUpdated: false },
      }))
    }
  }
}

function jsonOf(endpoint: keyof Script, rows: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify(endpoint === 'token' ? (rows[0] ?? null) : rows))
}

function bent(rows: readonly Row[], bends: readonly Bend[]): unknown[] {
  const made: unknown[] = rows.map((row) => ({ ...row }))
  for (const { at, field, how, value } of bends) {
    const index = made.length === 0 ? 0 : at % made.length
    const row = made[index]
    if (typeof row !== 'object' || row === null) {
      made.push(value)
      continue
    }
    const entries = row as Row
    const keys = Object.keys(entries)
    const key = keys[field % keys.length] ?? 'id'
    const other = made[(index + 1) % made.length] as Row | null
    if (how === 'set') entries[key] = value
    else if (how === 'drop field')
      made[index] = Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key))
    else if (how === 'drop entry') made.splice(index, 1)
    else if (how === 'repeat entry') made.push({ ...entries, [key]: value })
    else if (how === 'upper case') entries['id'] = String(entries['id']).toUpperCase()
    else entries[key] = other?.[key] ?? value
  }
  return made
}

async function deliver(
  socket: Socket,
  status: number,
  headers: Lie['headers'],
  body: Buffer,
  { delayMs, framing, cutAt, silent }: Delivery,
): Promise<void> {
  if (silent) return
  if (delayMs > 0) await sleep(delayMs)
  const framed = frame(framing, body)
  const lines = [
    `HTTP/1.1 ${status} Status`,
    ...[...headers, ...framed.headers].map(([name, text]) => `${name}: ${text}`),
  ]
  const head = framing === 'garbage' ? 'HTTP/9 what?\r\n\r\n' : `${lines.join('\r\n')}\r\n\r\n`
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), framed.body])
  if (cutAt !== null) socket.write(bytes.subarray(0, bytes.length * cutAt), () => socket.resetAndDestroy())
  else if (framing === 'until close' || framing === 'garbage') socket.end(bytes)
  else socket.write(bytes)
}

function frame(framing: Delivery['framing'], body: Buffer): { headers: [string, string][]; body: Buffer } {
  switch (framing) {
    case 'length':
      return { headers: [['content-length', String(body.length)]], body }
    case 'short':
      return { headers: [['content-length', String(Math.floor(body.length / 2))]], body }
    case 'long':
      return { headers: [['content-length', String(body.length + 5)]], body }
    case 'chunked': {
      const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')])
      const chunks = body.length === 0 ? [] : [chunk]
      return {
        headers: [['transfer-encoding', 'chunked']],
        body: Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]),
      }
    }
    default:
      return { headers: [], body }
  }
}

/** What may count as accepted of an answer; more rather than less. */
function noteAccepted(bytes: Buffer, accepted: Set<string>): void {
  for (const { id, statusCode } of rowsOf(bytes)) {
    if (typeof id === 'string' && /^2\d\d$/.test(String(statusCode))) accepted.add(id.toLowerCase())
  }
}

function noteEnabled(bytes: Buffer, enabled: Set<string>): void {
  for (const { id, identityStatus } of rowsOf(bytes)) {
    if (typeof id === 'string' && ENABLED.includes(identityStatus)) enabled.add(id.toLowerCase())
  }
}

function rowsOf(bytes: Buffer): Row[] {
  if (bytes.length > 1_000_000) return []
  let json: unknown
  try {
    json = JSON.parse(bytes.toString())
  } catch {
    return [] // as the client finds it
  }
  if (!Array.isArray(json)) return []
  return (json as unknown[]).filter((row): row is Row => typeof row === 'object' && row !== null)
}
