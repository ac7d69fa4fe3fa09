/** Targets of the fuzzer: what a server says. */
import assert from 'node:assert/strict'

import { Gate } from '../../../src/sailpoint/answers/gate.ts'
import { rejectionOf } from '../../../src/sailpoint/exchange.ts'
import { Secrets } from '../../../src/sailpoint/answers/secrets.ts'
import { readRetryAfter } from '../../../src/sailpoint/retry.ts'

const NOW = new Date(Date.UTC(2026, 0, 1)).toUTCString()

/** With characters that JSON, URLs and HTML write otherwise. */
export const SECRET = 's3cr3t/+x="Å>\\'

const secrets = new Secrets()
secrets.add(SECRET)

export function retryAfter(data: Buffer): void {
  const waitMs = readRetryAfter({ 'retry-after': data.toString('latin1'), date: NOW })
  assert.ok(waitMs === null || (waitMs >= 0 && waitMs <= 5 * 60_000), `waits ${waitMs} ms`)
}

export function errorBody(data: Buffer): void {
  const status = 300 + (data[0] ?? 0)
  const rejection = rejectionOf(
    { status, trackingId: null, body: data.subarray(1).toString() },
    'enable',
    new Gate(secrets),
  )
  assert.equal(rejection.status, status)
  assertClean(rejection.said ?? '')
  assertClean(rejection.trackingId ?? '')
}

export function answer(data: Buffer): void {
  const gate = new Gate(secrets)
  const body = data.toString()
  const { bulk, bulkEntry, page, pageRow, token } = gate.answers
  gate.read(body, bulk)
  gate.read(body, page)
  gate.read(body, token)
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return
  }
  for (const part of Array.isArray(json) ? (json as unknown[]) : [json]) {
    for (const accepted of [gate.accept(part, bulkEntry), gate.accept(part, pageRow)]) {
      for (const value of Object.values(accepted ?? {})) if (typeof value === 'string') assertClean(value)
    }
  }
}

function assertClean(text: string): void {
  assert.ok(!text.includes(SECRET), `a secret in ${JSON.stringify(text)}`)
  assert.ok(text.length < 3_000, `${text.length} characters`)
}
