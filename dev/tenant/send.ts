import type { ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { HTML, type Answer } from './answer.ts'
import type { Fault } from './faults.ts'

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }
const FLOOD = Buffer.alloc(1024 * 1024, '[')

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
  const half = body.subarray(0, body.length / 2)
  const whole = (text: string | Buffer): void => void head(Buffer.byteLength(text)).end(text)
  switch (fault?.kind) {
    case 'reset-before':
      return void socket?.resetAndDestroy()
    case 'reset-in-body':
      return void head(body.length).write(half, () => socket?.resetAndDestroy())
    case 'reset-after':
      head(body.length).end(body, () => setImmediate(() => socket?.resetAndDestroy()))
      return
    case 'hang':
      head(body.length).flushHeaders()
      return
    case 'drip':
      return drip(head(body.length), body)
    case 'slow':
      head(body.length).write(half)
      setTimeout(() => response.end(body.subarray(half.length)), fault.ms).unref()
      return
    case 'upgrade':
      socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tea\r\n\r\n')
      return
    case 'wrong-length':
      return void head(body.length + 10).end(body, () => socket?.destroySoon())
    case 'truncated-json':
      return whole(body.subarray(0, body.length - 5))
    case 'invalid-json':
      return whole(`{${answer.body}`)
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end(HTML)
      return
    case 'empty-body':
      return whole('')
    case 'empty-array':
      return whole('[]')
    case 'many-elements':
      return whole(`[${'{},'.repeat(fault.count - 1)}{}]`)
    case 'endless':
      return flood(response.writeHead(answer.status, { 'content-type': 'application/json' }))
    case 'unusual':
      return sendUnusual(response, fault.form, whole, body)
    case 'redirect':
      response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end()
      return
    default:
      return whole(body)
  }
}

type Form = Extract<Fault, { kind: 'unusual' }>['form']

function sendUnusual(
  response: ServerResponse,
  form: Form,
  whole: (body: Buffer) => void,
  body: Buffer,
): void {
  if (form === 'byte-order-mark') return whole(Buffer.concat([Buffer.from('\uFEFF'), body]))
  if (form === 'large-headers') {
    response.setHeader('content-security-policy', 'x'.repeat(40 * 1024))
    return whole(body)
  }
  response.setHeader('content-encoding', form)
  whole(ENCODERS[form](body))
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
  const more = (): void => {
    if (!response.destroyed) response.write(FLOOD, more)
  }
  more()
}
