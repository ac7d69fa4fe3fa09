import { expect, test } from '@jest/globals'

import { readRetryAfter } from '../../src/sailpoint/retry.ts'

const NOW = Date.parse('2026-11-25T12:00:00Z')

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
  expect(readRetryAfter(header, NOW)).toBe(ms)
})
