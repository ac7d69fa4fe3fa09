import { expect, test } from '@jest/globals'

import {
  isBeyondMending,
  isOwnStatus,
  isPoison,
  isRetryable,
  isSilent,
  isSuccess,
} from '../../src/sailpoint/status.ts'

const ALL = Array.from({ length: 500 }, (_, n) => 100 + n)
const from = (first: number, last: number): number[] => ALL.filter((s) => s >= first && s <= last)

test.each<[string, (status: number) => boolean, readonly number[]]>([
  ['is a success', isSuccess, from(200, 299)],
  [
    'may be followed by another when the same is sent again',
    isRetryable,
    [408, 425, 429, 500, 502, 503, 504],
  ],
  ['says that nobody stands behind the gateway', isSilent, [502, 503, 504]],
  ['may be the fault of one id among many', isPoison, [400, 413, 422, 500]],
  [
    'is that of the one identity that was sent alone',
    isOwnStatus,
    from(400, 599).filter((s) => ![401, 403, 408, 425, 429, 502, 503, 504].includes(s)),
  ],
  [
    'ends the run, for the next request would have it too',
    isBeyondMending,
    [...from(100, 199), ...from(300, 499).filter((s) => ![400, 408, 413, 422, 425, 429].includes(s))],
  ],
])('a status %s', (_, is, statuses) => {
  expect(ALL.filter(is)).toEqual(statuses)
})

test('no status at all is none of these', () => {
  expect([isPoison(null), isOwnStatus(null), isBeyondMending(null)]).toEqual([false, false, false])
})
