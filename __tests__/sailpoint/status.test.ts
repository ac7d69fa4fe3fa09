import { expect, test } from '@jest/globals'

import { meaningOfStatus, type HttpMeaning } from '../../src/sailpoint/status.ts'

const ALL = Array.from({ length: 500 }, (_, n) => 100 + n)
const from = (first: number, last: number, ...but: number[]): number[] =>
  ALL.filter((status) => status >= first && status <= last && !but.includes(status))

test.each<[keyof HttpMeaning, readonly number[]]>([
  ['isSuccess', from(200, 299)],
  ['isRetryable', [408, 425, 429, 500, 502, 503, 504]],
  ['isSilence', [502, 503, 504]],
  ['isSplittable', [400, 413, 422, 500]],
  ['isOwn', from(400, 599, 401, 403, 408, 425, 429, 502, 503, 504)],
  ['isFatal', [...from(100, 199), ...from(300, 499, 400, 408, 413, 422, 425, 429)]],
  ['isPutOff', [429, ...from(500, 599)]],
  ['isTokenRejected', [401]],
  ['isFilterRejected', [400, 414]],
])('the statuses of which %s holds', (meaning, statuses) => {
  expect(ALL.filter((status) => meaningOfStatus(status)[meaning])).toEqual(statuses)
})
