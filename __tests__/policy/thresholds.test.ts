import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { judge } from '../../src/policy/guards.ts'

const ignoreStatusCodes = new Set<number>()
const failures = (maxFailures: number) => ({ maxFailures, maxFailurePercent: null, ignoreStatusCodes })
const percent = (maxFailurePercent: number) => ({ maxFailures: null, maxFailurePercent, ignoreStatusCodes })
const none = { maxFailures: null, maxFailurePercent: null, ignoreStatusCodes }

test('7 of 1,000: the examples of the contract', () => {
  expect(judge(7, 1000, none).exceeded).toBe(true)
  expect(judge(7, 1000, failures(7)).exceeded).toBe(false)
  expect(judge(7, 1000, failures(6)).exceeded).toBe(true)
  expect(judge(7, 1000, percent(0.7)).exceeded).toBe(false)
  expect(judge(7, 1000, percent(0.69)).exceeded).toBe(true)
})

test('no failure and an empty list exceed nothing', () => {
  expect(judge(0, 0, none).exceeded).toBe(false)
  expect(judge(0, 0, percent(0)).exceeded).toBe(false)
  expect(judge(0, 5, { ...failures(0), maxFailurePercent: 0 }).exceeded).toBe(false)
})

test('both set: one that is exceeded is enough', () => {
  const both = { ...failures(10), maxFailurePercent: 1 }
  expect(judge(10, 1000, both).exceeded).toBe(false)
  expect(judge(11, 1100, both).exceeded).toBe(true)
  expect(judge(10, 999, both).exceeded).toBe(true)
})

test('says which of them is exceeded, exactly at the edge', () => {
  const both = { ...failures(50), maxFailurePercent: 0.57 }
  expect(judge(57, 10_000, both)).toEqual({
    maxFailures: 50,
    maxFailurePercent: 0.57,
    failing: 57,
    exceeded: true,
    exceededBy: ['max-failures'],
  })
  expect(judge(58, 10_000, both).exceededBy).toEqual(['max-failures', 'max-failure-percent'])
  expect(judge(1, 10, none).exceededBy).toEqual([])
})

describe('properties', () => {
  test('a percentage is compared exactly, with any decimals', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 1_000_000 })
          .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total))),
        fc.integer({ min: 0, max: 100_000_000 }),
        ([failed, total], millionths) => {
          const exact = BigInt(failed) * 100n * 1_000_000n > BigInt(millionths) * BigInt(total)
          expect(judge(failed, total, percent(Number((millionths / 1_000_000).toFixed(6)))).exceeded).toBe(
            exact,
          )
        },
      ),
    )
  })

  test('more failures never help', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(100), (failed, extra, limit) => {
        const total = failed + extra + 1
        for (const thresholds of [none, failures(limit), percent(limit)]) {
          if (judge(failed, total, thresholds).exceeded)
            expect(judge(failed + 1, total, thresholds).exceeded).toBe(true)
        }
      }),
    )
  })
})
