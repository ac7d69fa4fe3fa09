import type { ServerResponse } from 'node:http'

import type { Fault } from './faults.ts'
import { seeded } from './random.ts'

/** One entry of the answer to a bulk request. */
export interface Entry {
  readonly id: string
  readonly statusCode: number | string
  readonly message: string | null
}

/** What the tenant means to answer, before a fault has its way with it. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const HTML = '<html><head><title>Gateway</title></head><body><h1>Something went wrong</h1></body></html>'

/** ISC's error envelope. */
export function envelope(status: number, text: string, trackingId: string): Answer {
  const messages = [{ locale: 'en-US', localeOrigin: 'DEFAULT', text }]
  const detailCode = `${status}.0`
  return { status, body: JSON.stringify({ detailCode, trackingId, messages, causes: messages }) }
}

/** The refusal that a fault of the kind `status` asks for, in the form that ISC or its gateway gives it. */
export function refusal({ status = 500, retryAfter, text }: Fault, trackingId: string): Answer {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfterText(retryAfter) }
  if (status === 401) return { status, body: '{"error":"JWT validation failed: JWT is expired"}' }
  if (status === 429) return { status, headers, body: '{"message":" Rate Limit Exceeded "}' }
  if (status === 502 || status === 503 || status === 504) return { status, headers, body: HTML }
  return { ...envelope(status, text ?? 'The request was refused.', trackingId), headers }
}

function retryAfterText({ seconds, asDate = false }: { seconds: number; asDate?: boolean }): string {
  return asDate ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds)
}

/** The entries of an enable answer, as a fault leaves them. */
export function distorted(entries: readonly Entry[], fault: Fault | null): readonly Entry[] {
  const some = (_: unknown, index: number): boolean => index % 3 === 0
  const withStatus = (statusCode: number): Entry[] =>
    entries.map((entry, index) =>
      some(entry, index) ? { ...entry, statusCode, message: 'Try again.' } : entry,
    )
  switch (fault?.kind) {
    case 'leave-out':
      return entries.filter((entry, index) => !some(entry, index))
    case 'repeat':
      return [...entries, ...entries.filter(some)]
    case 'conflict':
      return [...entries, ...entries.filter(some).map((entry) => ({ ...entry, statusCode: 500 }))]
    case 'foreign':
      return [{ id: 'f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0', statusCode: 202, message: null }, ...entries]
    case 'shuffle': {
      const random = seeded(entries.length)
      return entries
        .map((entry) => ({ entry, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ entry }) => entry)
    }
    case 'string-status':
      return entries.map((entry) => ({ ...entry, statusCode: String(entry.statusCode) }))
    case 'item-429':
      return withStatus(429)
    case 'item-500':
      return withStatus(500)
    case 'text':
      return entries.map((entry) => ({ ...entry, statusCode: 400, message: fault.text ?? '' }))
    case 'empty-array':
      return []
    default:
      return entries
  }
}

/** Sends an answer, as a fault of the connection or of the body leaves it. */
export function send(response: ServerResponse, answer: Answer, fault: Fault | null): void {
  const { socket } = response
  const head = (length: number): ServerResponse =>
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...answer.headers,
      'content-length': length,
    })
  const body = Buffer.from(answer.body)
  const whole = (bytes: Buffer): void => void head(bytes.length).end(bytes)
  switch (fault?.kind) {
    case 'reset-before':
      return void socket?.resetAndDestroy()
    case 'reset-in-body':
      return void head(body.length).write(body.subarray(0, body.length / 2), () => socket?.resetAndDestroy())
    case 'reset-after':
      head(body.length).end(body, () => setImmediate(() => socket?.resetAndDestroy()))
      return
    case 'hang':
      head(body.length).flushHeaders()
      return
    case 'drip':
      return drip(head(body.length), body)
    case 'wrong-length':
      return void head(body.length + 10).end(body, () => socket?.destroySoon())
    case 'truncated-json':
      return whole(body.subarray(0, body.length - 5))
    case 'invalid-json':
      return whole(Buffer.from(`{${answer.body}`))
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end(HTML)
      return
    case 'empty-body':
      return whole(Buffer.alloc(0))
    case 'endless':
      return flood(response.writeHead(answer.status, { 'content-type': 'application/json' }))
    case 'redirect':
      response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end()
      return
    default:
      return whole(body)
  }
}

function drip(response: ServerResponse, body: Buffer): void {
  let at = 0
  const timer = setInterval(() => {
    if (response.destroyed || at >= body.length) clearInterval(timer)
    else response.write(body.subarray(at, (at += 1)))
  }, 1_000)
  timer.unref()
}

function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(1024 * 1024, '[')
  const more = (): void => {
    if (!response.destroyed) response.write(chunk, more)
  }
  more()
}
