import { expect, test } from '@jest/globals'

import { createWaitLog } from '../../../src/report/log/wait-log.ts'
import { rejection } from '../../support/run-report.ts'

/** What is said of what happens at a time that stands still. */
function linesOf(happens: (waitLog: ReturnType<typeof createWaitLog>) => void): string[] {
  const lines: string[] = []
  happens(createWaitLog({ info: (line) => lines.push(line) }, 300_000, () => 0))
  return lines
}

test('a wait that an answer asks for names its status, also before the first retry', () => {
  const lines = linesOf(({ onWait, onRetry }) => {
    onWait('retry-after', 8_000, 429)
    onRetry(rejection(500, 'Busy'))
    onWait('back-off', 16_000)
    onRetry(rejection(503))
    onWait('rate-limit', 6_000)
  })
  expect(lines).toEqual([
    'ISC answered 429 and asks to wait. The run continues in 8 s (`Retry-After`).',
    'ISC answered a request with 500. The action retries it, and counts further retries in the summary.',
    'ISC answered 500. The request is retried in 16 s.',
    'The run waits 6 s for the rate limit (`rate-limit`).',
  ])
})

test('an outage is said once, with its time-out, and its end', () => {
  const lines = linesOf(({ onWait, onOutageEnd }) => {
    onWait('outage', 6_000, 503)
    onWait('outage', 20_000, 503)
    onOutageEnd(72_000)
    onOutageEnd(72_000)
  })
  expect(lines).toEqual([
    'ISC stopped responding (503). The run tries one request at a time for up to 5 min (`outage-timeout`).',
    'ISC responds again, after 1 min 12 s.',
  ])
})
