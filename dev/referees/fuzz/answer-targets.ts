/** Targets of the fuzzer: what a server says beside its answer. */
import assert from 'node:assert/strict'

import { readRetryAfter, refusalOf } from '../../../src/sailpoint/refusal.ts'

const NOW = Date.UTC(2026, 0, 1)

export function retryAfter(data: Buffer): void {
  const waitMs = readRetryAfter(data.toString('latin1'), NOW)
  assert.ok(waitMs === null || (waitMs >= 0 && waitMs <= 5 * 60_000), `waits ${waitMs} ms`)
}

export function errorBody(data: Buffer): void {
  const status = 300 + (data[0] ?? 0)
  const body = data.subarray(1).toString()
  const error = refusalOf(
    { status, retryAfter: null, trackingId: null, body },
    { what: 'Enabling', needs: 'a scope' },
    NOW,
  )
  assert.equal(error.refusal.status, status)
  assert.ok(error.message.startsWith(`Enabling was refused with status ${status}: `), error.message)
}
