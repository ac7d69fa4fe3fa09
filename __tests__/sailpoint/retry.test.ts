import { describe, expect, test } from '@jest/globals'

import type { Failure, NetworkFault } from '../../src/failure.ts'
import { readRetryAfter, retryDelay } from '../../src/sailpoint/retry.ts'
import { meaningOfFailure } from '../../src/sailpoint/status.ts'

const status = (code: number): Failure => ({
  kind: 'status',
  operation: 'enable',
  status: code,
  said: null,
  isForeign: false,
  trackingId: null,
})
const network = (fault: NetworkFault): Failure => ({
  kind: 'no-answer',
  operation: 'enable',
  host: 'acme',
  fault,
  detail: '',
})
const UNREADABLE: Failure = {
  kind: 'unreadable',
  operation: 'enable',
  status: 200,
  fault: 'its body is empty',
  trackingId: null,
}

describe('the retry policy', () => {
  const options = { maxRetries: 7, random: () => 0.5 }

  test('waits exponentially with full jitter, up to 30 s, and no more often than max-retries', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((retry) => retryDelay(retry, status(500), null, options))
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, null])
    expect(retryDelay(7, status(500), null, { ...options, random: () => 1 })).toBe(30_000)
    expect(retryDelay(1, status(500), null, { ...options, random: () => 0 })).toBe(0)
  })

  test('lets Retry-After decide how long, but not how often', () => {
    expect(retryDelay(1, status(429), 7_000, options)).toBe(7_000)
    expect(retryDelay(8, status(429), 7_000, options)).toBeNull()
    expect(retryDelay(1, status(400), 7_000, options)).toBeNull()
  })

  test.each<[string, Failure, boolean, boolean]>([
    ...[408, 425, 429, 500].map((code): [string, Failure, boolean, boolean] => [
      String(code),
      status(code),
      true,
      false,
    ]),
    ...[502, 503, 504].map((code): [string, Failure, boolean, boolean] => [
      String(code),
      status(code),
      true,
      true,
    ]),
    ...[200, 302, 400, 401, 403, 404, 413, 422, 501].map((code): [string, Failure, boolean, boolean] => [
      String(code),
      status(code),
      false,
      false,
    ]),
    ['an unreadable answer', UNREADABLE, true, false],
    ...(
      [
        'timeout',
        'connection',
        'no-such-host',
        'tls',
        'certificate-expired',
        'certificate-issuer-unknown',
        'proxy-unreachable',
      ] as const
    ).map((fault): [string, Failure, boolean, boolean] => [fault, network(fault), true, true]),
    ['a proxy’s 407', network('proxy-authentication'), false, false],
    ['a proxy’s 403', network('proxy-rejected'), false, false],
  ])('says of %s whether it may succeed later', (_, failure, mayRetry, isSilent) => {
    expect(meaningOfFailure(failure)).toMatchObject({ isRetryable: mayRetry, isSilence: isSilent })
    expect(retryDelay(1, failure, null, options) !== null).toBe(mayRetry)
  })
})

test.each<[string | undefined, number | null]>([
  [undefined, null],
  ['0', 0],
  ['7', 7_000],
  [' 1.5 ', 1_500],
  ['300', 300_000],
  ['301', 300_000],
  ['99999999999999999999', 300_000],
  ['-1', 0], // read as a date, which is past
  ['soon', null],
  ['', null],
  ['Wed, 25 Nov 2026 12:00:10 GMT', 10_000],
  ['Wed, 25 Nov 2026 11:59:00 GMT', 0],
  ['Wed, 25 Nov 2026 13:00:00 GMT', 300_000],
  ['7 s', null],
])('Retry-After %j is obeyed for %j ms', (header, ms) => {
  expect(readRetryAfter({ 'retry-after': header, date: 'Wed, 25 Nov 2026 12:00:00 GMT' })).toBe(ms)
})

test('a date in Retry-After says nothing where the answer has none to compare it with', () => {
  expect(readRetryAfter({ 'retry-after': 'Wed, 25 Nov 2026 12:00:10 GMT' })).toBeNull()
})
