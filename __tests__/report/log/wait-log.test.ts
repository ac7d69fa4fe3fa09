import { expect, test } from '@jest/globals'

import { createWaitLog } from '../../../src/report/log/wait-log.ts'
import { rejection } from '../../support/run-report.ts'

test('a wait that an answer asks for names its status, also before the first retry', () => {
  const lines: string[] = []
  const { onWait, onRetry } = createWaitLog({ info: (line) => lines.push(line) }, 300_000, () => 0)
  onWait('retry-after', 6_000, 429)
  onRetry(rejection(429, 'Busy'))
  onWait('back-off', 7_000)
  expect(lines).toEqual([
    'ISC answered 429 and asks to wait. The run continues in 6 s (`Retry-After`).',
    'ISC answered a request with 429. The action retries it, and counts further retries in the summary.',
    'ISC answered 429. The request is retried in 7 s.',
  ])
})
