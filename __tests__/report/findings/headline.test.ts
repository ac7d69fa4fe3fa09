import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { verdictOf } from '../../../src/report/findings/headline.ts'
import { failed, identity, range, reportOf, unprocessed } from '../../support/run-report.ts'

const many = (ok: number, bad: number, left = 0, ignored = 0): Identity[] => [
  ...range(ok, (index) => identity(`ok-${index}`)),
  ...range(bad, (index) => failed(`bad-${index}`, { ignored: index < ignored })),
  ...range(left, (index) => unprocessed(`left-${index}`)),
]
const planned = (plan: Identity['plan'], count: number): Identity[] =>
  range(count, (index) => unprocessed(`${plan ?? 'unknown'}-${index}`, { plan }))

describe('verdictOf', () => {
  it.each<[string, RunReport]>([
    ['✅ ISC accepted all 1,000 identities.', reportOf(many(1_000, 0))],
    ['✅ ISC accepted 1 identity.', reportOf(many(1, 0))],
    ['✅ ISC reports all 20 identities as enabled.', reportOf(many(20, 0), { verify: true })],
    [
      '✅ ISC accepted all 20 identities; 5 of 20 were enabled already.',
      reportOf(many(20, 0), { skipEnabled: true, toEnableCount: 15 }),
    ],
    [
      '✅ Nothing to do: all 20 identities enabled already.',
      reportOf(many(20, 0), { skipEnabled: true, toEnableCount: 0 }),
    ],
    ['✅ Nothing to do: the list is empty.', reportOf([])],
    ['✅ Nothing to do: shard 2/3 of the list is empty.', reportOf([], { shard: '2/3' })],
    ['❌ 7 of 1,000 identities failed (0.7 %).', reportOf(many(993, 7))],
    [
      '❌ 7 of 1,000 identities failed (0.7 %): more than max-failures 6.',
      reportOf(many(993, 7), { maxFailures: 6, maxFailurePercent: 50 }),
    ],
    [
      '❌ 7 of 1,000 identities failed (0.7 %): more than max-failures 6 and max-failure-percent 0.5 %.',
      reportOf(many(993, 7), { maxFailures: 6, maxFailurePercent: 0.5 }),
    ],
    [
      '❌ 9 of 1,000 identities failed, 2 of them ignored; 7 count (0.7 %): more than max-failure-percent 0.6 %.',
      reportOf(many(991, 9, 0, 2), { maxFailures: 10, maxFailurePercent: 0.6 }),
    ],
    [
      '🟡 7 of 1,000 identities failed (0.7 %), within max-failures 10 and max-failure-percent 1 %; 993 succeeded.',
      reportOf(many(993, 7), { maxFailures: 10, maxFailurePercent: 1 }),
    ],
    [
      '🟡 2 of 1,000 identities failed, all with an ignored status code; 998 succeeded.',
      reportOf(many(998, 2, 0, 2), { maxFailures: 0 }),
    ],
    [
      '❌ The run ended early: 3 of 10 identities succeeded, 2 failed, 5 not processed. The token was refused.',
      reportOf(many(3, 2, 5), { stopped: 'The token was refused.' }),
    ],
    [
      '❌ The run ended early: nothing was sent. Out of memory',
      reportOf([], { result: 'failure', stopped: 'Out of memory' }),
    ],
    [
      '❌ 2 of 5 identities failed (40 %). The verification ended early.',
      reportOf(many(3, 2), { stopped: 'The verification ended early.' }),
    ],
    [
      '🚫 Cancelled: 3 of 10 identities succeeded, 2 failed, 5 not processed.',
      reportOf(many(3, 2, 5), { result: 'cancelled', stopped: 'The run was cancelled.' }),
    ],
    [
      '❌ Bad input, nothing was sent: The input token is empty. (and 2 more)',
      reportOf([], {
        result: 'failure',
        problems: ['The input token is empty.', 'b', 'c'].map((message) => ({ message })),
      }),
    ],
    [
      '📋 Plan: would enable 12 of 20 identities, 5 already enabled, 2 not found, 1 of unknown state.',
      reportOf(
        [
          ...planned('enable', 12),
          ...planned('already-enabled', 5),
          ...planned('not-found', 2),
          ...planned(null, 1),
        ],
        { dryRun: true, maxFailures: 2 },
      ),
    ],
    [
      '📋 Plan: would enable 1 of 2 identities, 1 without a match.',
      reportOf([...planned('enable', 1), unprocessed('jane', { id: null, plan: 'not-found' })], {
        dryRun: true,
        maxFailures: 1,
      }),
    ],
    [
      '📋 Plan: would enable 20 identities; their states are not known.',
      reportOf(planned(null, 20), { dryRun: true }),
    ],
    [
      '❌ The plan could not be made. The token was refused.',
      reportOf(planned(null, 2), { dryRun: true, result: 'failure', stopped: 'The token was refused.' }),
    ],
  ])('%s', (line, report) => {
    const { icon, text } = verdictOf(report)
    expect(`${icon} ${text}`).toBe(line)
  })

  it('stays one short line when the reason is a megabyte of lines', () => {
    const { text } = verdictOf(reportOf(many(0, 0, 1), { stopped: 'x\n'.repeat(500_000) }))
    expect(text.length).toBeLessThan(700)
    expect(text).not.toContain('\n')
  })
})
