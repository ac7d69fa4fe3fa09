import { expect, it } from '@jest/globals'

import { createDeadline, type Deadline } from '../../src/sailpoint/clock.ts'
import { standingClock } from '../support/client.ts'

interface Passing {
  readonly deadline: Deadline
  readonly isOver: () => boolean
  readonly time: { now: number }
  readonly lost: { ms: number }
  /** What was slept for so far. */
  readonly slept: () => number[]
  /** Ends the last sleep. */
  readonly wake: () => Promise<void>
}

/** A deadline in a second, on a clock that advances only when the test says so. */
function inASecond(): Passing {
  const { clock, time, sleeps } = standingClock(5_000)
  const lost = { ms: 300 }
  let isOver = false
  const deadline = createDeadline(
    1_000,
    clock,
    () => lost.ms,
    () => (isOver = true),
  )
  const wake = async (): Promise<void> => {
    sleeps.at(-1)?.wake()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { deadline, isOver: () => isOver, time, lost, slept: () => sleeps.map(({ ms }) => ms), wake }
}

it('is over when its time is up', async () => {
  const { deadline, isOver, slept, time, wake } = inASecond()
  time.now += 400
  expect(deadline.leftMs()).toBe(600)
  expect(isOver()).toBe(false)
  time.now += 600
  await wake()
  expect(isOver()).toBe(true)
  expect(deadline.leftMs()).toBe(0)
  expect(slept()).toEqual([1_000])
})

it('has so much more time as was lost meanwhile', async () => {
  const { deadline, isOver, slept, time, lost, wake } = inASecond()
  lost.ms += 250
  time.now += 1_000
  await wake()
  expect(isOver()).toBe(false)
  expect(deadline.leftMs()).toBe(250)
  time.now += 250
  await wake()
  expect(isOver()).toBe(true)
  expect(slept()).toEqual([1_000, 250])
})

it('is never over when it was disposed of', async () => {
  const { deadline, isOver, slept, time, wake } = inASecond()
  deadline.dispose()
  time.now += 2_000
  await wake()
  expect(isOver()).toBe(false)
  expect(slept()).toEqual([1_000])
})

it('does not look at the clock all the time while time is lost just before its end', async () => {
  const { isOver, slept, time, lost, wake } = inASecond()
  time.now += 1_000
  lost.ms += 1
  await wake()
  expect(slept()).toEqual([1_000, 250])
  time.now += 250
  lost.ms += 250
  await wake()
  expect(slept()).toEqual([1_000, 250, 250])
  expect(isOver()).toBe(false)
  time.now += 250
  await wake()
  expect(isOver()).toBe(true)
})
