import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { isExceeded } from '../../src/policy/thresholds.ts'

const ignoreStatusCodes = new Set<number>()
const failures = (maxFailures: number) => ({ maxFailures, maxFailurePercent: null, ignoreStatusCodes })
const percent = (maxFailurePercent: number) => ({ maxFailures: null, maxFailurePercent, ignoreStatusCodes })
const none = { maxFailures: null, maxFailurePercent: null, ignoreStatusCodes }

test('7 of 1,000: the examples of the contract', () => {
  expect(isExceeded(7, 1000, none)).toBe(true)
  expect(isExceeded(7, 1000, failures(7))).toBe(false)
  expect(isExceeded(7, 1000, failures(6))).toBe(true)
  expect(isExceeded(7, 1000, percent(0.7))).toBe(false)
  expect(isExceeded(7, 1000, percent(0.69))).toBe(true)
})

test('no failure and an empty list exceed nothing', () => {
  expect(isExceeded(0, 0, none)).toBe(false)
  expect(isExceeded(0, 0, percent(0))).toBe(false)
  expect(isExceeded(0, 5, { ...failures(0), maxFailurePercent: 0 })).toBe(false)
})

test('both set: one that is exceeded is enough', () => {
  const both = { ...failures(10), maxFailurePercent: 1 }
  expect(isExceeded(10, 1000, both)).toBe(false)
  expect(isExceeded(11, 1100, both)).toBe(true)
  expect(isExceeded(10, 999, both)).toBe(true)
})

describe('properties', () => {
  test('a percentage is compared exactly, whatever its decimals', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 1_000_000 })
          .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total))),
        fc.integer({ min: 0, max: 100_000_000 }),
        ([failed, total], millionths) => {
          const exact = BigInt(failed) * 100n * 1_000_000n > BigInt(millionths) * BigInt(total)
          expect(isExceeded(failed, total, percent(Number((millionths / 1_000_000).toFixed(6))))).toBe(exact)
        },
      ),
    )
  })

  test('more failures never help', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(100), (failed, extra, limit) => {
        const total = failed + extra + 1
        for (const thresholds of [none, failures(limit), percent(limit)]) {
          if (isExceeded(failed, total, thresholds))
            expect(isExceeded(failed + 1, total, thresholds)).toBe(true)
        }
      }),
    )
  })
})
