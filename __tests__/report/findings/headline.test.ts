import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import { verdictLine, verdictOf } from '../../../src/report/findings/headline.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { answered, failed, identity, range, reportOf, unprocessed } from '../../support/run-report.ts'

const many = (ok: number, bad: number, left = 0, ignored = 0): Identity[] => [
  ...range(ok, (index) => identity(`ok-${index}`)),
  ...range(bad, (index) => failed(`bad-${index}`, { ignored: index < ignored })),
  ...range(left, (index) => unprocessed(`left-${index}`)),
]
const already = (count: number): Identity[] =>
  range(count, (index) => identity(`old-${index}`, { cause: { kind: 'already-enabled' }, attempts: 0 }))
const planned = (plan: Identity['plan'], count: number): Identity[] =>
  range(count, (index) => unprocessed(`${plan ?? 'unknown'}-${index}`, { plan }))
const planOf = (identities: Identity[], changes: Parameters<typeof reportOf>[1] = {}): RunReport =>
  reportOf(identities, { dryRun: true, statesRead: true, ...changes })

describe('the verdict', () => {
  it.each<[string, RunReport]>([
    ['✅ ISC accepted all 1,000 identities on HOST.', reportOf(many(1_000, 0))],
    ['✅ ISC accepted 1 identity on HOST.', reportOf(many(1, 0))],
    ['✅ ISC reports all 20 identities as enabled on HOST.', reportOf(many(20, 0), { verify: true })],
    [
      '✅ ISC accepted 15 identities on HOST; 5 of 20 were enabled already.',
      reportOf([...many(15, 0), ...already(5)]),
    ],
    [
      '✅ ISC reports 1 identity as enabled on HOST; 19 of 20 were enabled already.',
      reportOf([...many(1, 0), ...already(19)], { verify: true }),
    ],
    ['✅ Nothing to do on HOST: all 20 identities were enabled already.', reportOf(already(20))],
    ['✅ Nothing to do on HOST: 1 identity was enabled already.', reportOf(already(1))],
    ['✅ Nothing to do on HOST: the list is empty.', reportOf([])],
    ['✅ Nothing to do on HOST: shard 2/3 of the list is empty.', reportOf([], { shard: '2/3' })],
    [
      '✅ Nothing to do on HOST: everyone on the list is excluded.',
      reportOf([], {
        counts: { total: 0, succeeded: 0, failed: 0, ignored: 0, unprocessed: 0, excluded: 3 },
      }),
    ],
    ['❌ 7 of 1,000 identities failed (0.7 %) on HOST.', reportOf(many(993, 7))],
    [
      '❌ 7 of 1,000 identities failed (0.7 %) on HOST: more than max-failures 6.',
      reportOf(many(993, 7), { maxFailures: 6, maxFailurePercent: 50 }),
    ],
    [
      '❌ 7 of 1,000 identities failed (0.7 %) on HOST: more than max-failures 6 and max-failure-percent 0.5 %.',
      reportOf(many(993, 7), { maxFailures: 6, maxFailurePercent: 0.5 }),
    ],
    [
      '❌ 57 of 10,000 identities failed (0.57 %) on HOST: more than max-failures 50.',
      reportOf(many(9_943, 57), { maxFailures: 50, maxFailurePercent: 0.57 }),
    ],
    [
      '❌ 9 of 1,000 identities failed on HOST, 2 of them ignored; 7 count (0.7 %): more than max-failure-percent 0.6 %.',
      reportOf(many(991, 9, 0, 2), { maxFailures: 10, maxFailurePercent: 0.6 }),
    ],
    [
      '🟡 7 of 1,000 identities failed (0.7 %) on HOST, within max-failures 10 and max-failure-percent 1 %; 993 succeeded.',
      reportOf(many(993, 7), { maxFailures: 10, maxFailurePercent: 1 }),
    ],
    [
      '🟡 2 of 1,000 identities failed on HOST, all with an ignored status code; 998 succeeded.',
      reportOf(many(998, 2, 0, 2), { maxFailures: 0 }),
    ],
    [
      '❌ The run ended early on HOST: 3 of 10 identities succeeded, 2 failed, 5 not processed. The token was refused.',
      reportOf(many(3, 2, 5), { stopped: 'The token was refused.' }),
    ],
    [
      '❌ Nothing was sent. Out of memory',
      reportOf([], { result: 'failure', stopped: 'Out of memory', baseUrl: '' }),
    ],
    [
      '❌ 2 of 2 identities failed on HOST, all with an ignored status code. It is the wrong tenant.',
      reportOf(many(0, 2, 0, 2), { result: 'failure', stopped: 'It is the wrong tenant.' }),
    ],
    [
      '❌ Nothing was sent on HOST. At most 1 is accepted.',
      reportOf([...already(1), failed('gone', { attempts: 0 }), ...many(0, 0, 2)], {
        stopped: 'At most 1 is accepted.',
      }),
    ],
    [
      '❌ 2 of 5 identities failed (40 %) on HOST. The verification ended early.',
      reportOf(many(3, 2), { stopped: 'The verification ended early.' }),
    ],
    [
      '🚫 Cancelled on HOST: 3 of 10 identities succeeded, 2 failed, 5 not processed.',
      reportOf(many(3, 2, 5), { result: 'cancelled', stopped: 'The run was cancelled.' }),
    ],
    [
      '🚫 Cancelled on HOST: the plan is not complete.',
      planOf(planned(null, 5), { result: 'cancelled', stopped: 'The run was cancelled.' }),
    ],
    [
      '❌ Bad input, nothing was sent: The input token is empty. (and 2 more)',
      reportOf([], {
        result: 'failure',
        problems: ['The input token is empty.', 'b', 'c'].map((message) => ({ message })),
      }),
    ],
    [
      '📋 Plan on HOST: would enable 12 of 21 identities, 5 already enabled, 1 refused, 2 not found, 1 of unknown state.',
      planOf(
        [
          ...planned('enable', 12),
          ...planned('already-enabled', 5),
          ...planned('refused', 1),
          ...planned('not-found', 2),
          ...planned(null, 1),
        ],
        { maxFailures: 3 },
      ),
    ],
    [
      '📋 Plan on HOST: would enable 1 of 2 identities, 1 without a match.',
      planOf([...planned('enable', 1), unprocessed('jane', { id: null, plan: 'not-found' })], {
        maxFailures: 1,
      }),
    ],
    [
      '📋 Plan, from the list alone: would send 20 identities, whose states are not known.',
      planOf(planned(null, 20), { statesRead: false, baseUrl: '' }),
    ],
    [
      '❌ Plan on HOST: would enable 1 of 3 identities, 1 refused, 1 not found. A run would fail: 2 failures, where none is allowed.',
      planOf([...planned('enable', 1), ...planned('refused', 1), ...planned('not-found', 1)]),
    ],
    [
      '❌ Plan on HOST: would enable 1 of 3 identities, 2 not found. A run would fail: 2 failures, more than max-failures 1.',
      planOf([...planned('enable', 1), ...planned('not-found', 2)], { maxFailures: 1 }),
    ],
    [
      '❌ Plan on HOST: would enable 2 of 2 identities. A run would send nothing. At most 1 is accepted.',
      planOf(planned('enable', 2), { result: 'failure', stopped: 'At most 1 is accepted.' }),
    ],
    [
      '❌ Plan on HOST: would enable 0 of 2 identities, 2 not found. A run would send nothing. It is the wrong tenant.',
      planOf(planned('not-found', 2), { stopped: 'It is the wrong tenant.' }),
    ],
    [
      '❌ The plan could not be made on HOST. The token was refused.',
      planOf(planned(null, 2), {
        result: 'failure',
        statesRead: false,
        stopped: 'The token was refused.',
      }),
    ],
  ])('%s', (line, report) => {
    const verdict = verdictOf(report)
    expect(`${verdict.icon} ${verdictLine(verdict)}`).toBe(line.replace('HOST', 'acme.api.identitynow.com'))
  })

  it('stays one short line when the reason is a megabyte of lines', () => {
    const verdict = verdictOf(reportOf(many(0, 0, 1), { stopped: 'x\n'.repeat(500_000) }))
    expect(verdictLine(verdict).length).toBeLessThan(1_200)
    expect(verdictLine(verdict)).not.toContain('\n')
  })

  it('does not count an unconfirmed identity as accepted', () => {
    const cause = { kind: 'unconfirmed', accepted: answered(202), seen: null } as const
    const report = reportOf([identity('a'), failed('b', { cause, verified: false })], { verify: true })
    expect(verdictOf(report).text).toBe('1 of 2 identities failed (50 %) on acme.api.identitynow.com.')
  })
})
