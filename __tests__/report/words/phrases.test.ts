import { expect, it } from '@jest/globals'

import { durationText, identitiesText, percentOf, percentText } from '../../../src/report/words/phrases.ts'

it.each([
  [0, '0 s'],
  [449, '0.4 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [72_000, '1 min 12 s'],
  [3_599_499, '59 min 59 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

it.each([
  [0, 0, 0],
  [69, 10_000, 0.69],
  [1, 3, 33.33],
  [2, 3, 66.67],
  [7, 7, 100],
])('%i of %i are %d percent, without float dust', (part, total, percent) => {
  expect(percentOf(part, total)).toBe(percent)
})

it('never rounds to nothing or to all', () => {
  expect(percentText(1, 1_000_000)).toBe('< 0.01%')
  expect(percentText(999_999, 1_000_000)).toBe('> 99.99%')
  expect(percentText(7, 1_000)).toBe('0.7%')
})

it('counts identities', () => {
  expect([0, 1, 1_000].map(identitiesText)).toEqual(['0 identities', '1 identity', '1,000 identities'])
})
