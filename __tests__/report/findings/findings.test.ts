import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import { findingsOf } from '../../../src/report/findings/findings.ts'
import { verdictLine, verdictOf } from '../../../src/report/findings/headline.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import {
  answered,
  crashed,
  failed,
  identity,
  range,
  reportOf,
  unprocessed,
} from '../../support/run-report.ts'

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
    ['✅ ISC accepted all 1,000 identities in HOST.', reportOf(many(1_000, 0))],
    ['✅ ISC accepted 1 identity in HOST.', reportOf(many(1, 0))],
    ['✅ ISC reports all 20 identities as enabled in HOST.', reportOf(many(20, 0), { verify: true })],
    [
      '✅ ISC accepted 15 identities in HOST; 5 of 20 were already enabled.',
      reportOf([...many(15, 0), ...already(5)]),
    ],
    [
      '✅ ISC reports 1 identity as enabled in HOST; 19 of 20 were already enabled.',
      reportOf([...many(1, 0), ...already(19)], { verify: true }),
    ],
    ['✅ Nothing to do in HOST: all 20 identities were already enabled.', reportOf(already(20))],
    ['✅ Nothing to do in HOST: 1 identity was already enabled.', reportOf(already(1))],
    ['✅ Nothing to do in HOST: the list is empty.', reportOf([])],
    ['✅ Nothing to do in HOST: no list changed.', reportOf([], { haveListsChanged: false })],
    ['✅ Nothing to do in HOST: shard 2/3 of the list is empty.', reportOf([], { shard: '2/3' })],
    [
      '✅ Nothing to do in HOST: all identities of the list are excluded.',
      reportOf([], {
        counts: { total: 0, succeeded: 0, failed: 0, ignored: 0, unprocessed: 0, excluded: 3 },
      }),
    ],
    ['❌ 7 of 1,000 identities failed (0.7%) in HOST.', reportOf(many(993, 7))],
    [
      '❌ 7 of 1,000 identities failed (0.7%) in HOST: more than `max-failures` 6.',
      reportOf(many(993, 7), { maxFailures: 6, maxFailurePercent: 50 }),
    ],
    [
      '❌ 7 of 1,000 identities failed (0.7%) in HOST: more than `max-failures` 6 and `max-failure-percent` 0.5%.',
      reportOf(many(993, 7), { maxFailures: 6, maxFailurePercent: 0.5 }),
    ],
    [
      '❌ 57 of 10,000 identities failed (0.57%) in HOST: more than `max-failures` 50.',
      reportOf(many(9_943, 57), { maxFailures: 50, maxFailurePercent: 0.57 }),
    ],
    [
      '❌ 9 of 1,000 identities failed in HOST, 2 of them ignored; 7 count (0.7%): more than `max-failure-percent` 0.6%.',
      reportOf(many(991, 9, 0, 2), { maxFailures: 10, maxFailurePercent: 0.6 }),
    ],
    [
      '🟡 7 of 1,000 identities failed (0.7%) in HOST, within `max-failures` 10 and `max-failure-percent` 1%; 993 succeeded.',
      reportOf(many(993, 7), { maxFailures: 10, maxFailurePercent: 1 }),
    ],
    [
      '🟡 2 of 1,000 identities failed in HOST, all with an ignored status code; 998 succeeded.',
      reportOf(many(998, 2, 0, 2), { maxFailures: 0 }),
    ],
    [
      '❌ The run ended early in HOST: 3 of 10 identities succeeded, 2 failed, 5 not processed. Internal error: The token was rejected.',
      reportOf(many(3, 2, 5), { stop: crashed('The token was rejected.') }),
    ],
    [
      '❌ Nothing was submitted. Internal error: Out of memory',
      reportOf([], { result: 'failure', stop: crashed('Out of memory'), baseUrl: '' }),
    ],
    [
      '❌ 2 of 2 identities failed in HOST, all with an ignored status code. None of the 2 identities exists in HOST. Check `tenant` (or `base-url`) and the list.',
      reportOf(many(0, 2, 0, 2), { result: 'failure', stop: { reason: 'wrong-tenant', count: 2 } }),
    ],
    [
      '❌ Nothing was submitted to HOST. 2 identities would be enabled, and `max-to-enable` is 1. Split the list, or increase `max-to-enable`.',
      reportOf([...already(1), failed('gone', { attempts: 0 }), ...many(0, 0, 2)], {
        stop: { reason: 'max-to-enable', toEnable: 2, max: 1 },
      }),
    ],
    [
      '❌ 2 of 5 identities failed (40%) in HOST. Internal error: A bug.',
      reportOf(many(3, 2), { stop: crashed('A bug.') }),
    ],
    [
      '🚫 Cancelled in HOST: 3 of 10 identities succeeded, 2 failed, 5 not processed.',
      reportOf(many(3, 2, 5), { result: 'cancelled', stop: { reason: 'cancelled' } }),
    ],
    [
      '🚫 Cancelled in HOST: the plan is not complete.',
      planOf(planned(null, 5), { result: 'cancelled', stop: { reason: 'cancelled' } }),
    ],
    [
      '❌ 1 problem in the inputs or the list, so the action submitted nothing.',
      reportOf([], { result: 'failure', problems: [{ message: 'The input token is empty.' }] }),
    ],
    [
      '❌ 1,003 problems in the inputs or the list, so the action submitted nothing.',
      reportOf([], {
        result: 'failure',
        problems: [
          ...['The input token is empty.', 'b', 'c'].map((message) => ({ message })),
          { message: '… and 1000 more invalid entries.', count: 1_000 },
        ],
      }),
    ],
    [
      '📋 Plan for HOST: would enable 12 of 21 identities, 1 blocked, 2 not found, 1 of unknown lifecycle state, 5 already enabled.',
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
      '📋 Plan for HOST: would enable 1 of 2 identities, 1 without exactly one match.',
      planOf([...planned('enable', 1), unprocessed('jane', { id: null, plan: 'not-found' })], {
        maxFailures: 1,
      }),
    ],
    [
      '📋 Plan, without lifecycle states: would submit 20 identities.',
      planOf(planned(null, 20), { statesRead: false, baseUrl: '' }),
    ],
    [
      '❌ Plan for HOST: would enable 1 of 3 identities, 1 blocked, 1 not found. The run would fail: 2 failures, and none are allowed.',
      planOf([...planned('enable', 1), ...planned('refused', 1), ...planned('not-found', 1)]),
    ],
    [
      '❌ Plan for HOST: would enable 1 of 3 identities, 2 not found. The run would fail: 2 failures, more than `max-failures` 1.',
      planOf([...planned('enable', 1), ...planned('not-found', 2)], { maxFailures: 1 }),
    ],
    [
      '❌ Plan for HOST: would enable 2 of 2 identities. The run would submit nothing. 2 identities would be enabled, and `max-to-enable` is 1. Split the list, or increase `max-to-enable`.',
      planOf(planned('enable', 2), {
        result: 'failure',
        stop: { reason: 'max-to-enable', toEnable: 2, max: 1 },
      }),
    ],
    [
      '❌ Plan for HOST: would enable 0 of 2 identities, 2 not found. The run would submit nothing. None of the 2 identities exists in HOST. Check `tenant` (or `base-url`) and the list.',
      planOf(planned('not-found', 2), { stop: { reason: 'wrong-tenant', count: 2 } }),
    ],
    [
      '❌ No plan could be made for HOST. Internal error: The token was rejected.',
      planOf(planned(null, 2), {
        result: 'failure',
        statesRead: false,
        stop: crashed('The token was rejected.'),
      }),
    ],
  ])('%s', (line, report) => {
    const findings = findingsOf(report)
    expect(`${verdictOf(findings).icon} ${verdictLine(findings)}`).toBe(
      line.replaceAll('HOST', 'acme.api.identitynow.com'),
    )
  })

  it('stays one short line when the reason is a megabyte of lines', () => {
    const findings = findingsOf(reportOf(many(0, 0, 1), { stop: crashed('x\n'.repeat(500_000)) }))
    expect(verdictLine(findings).length).toBeLessThan(1_200)
    expect(verdictLine(findings)).not.toContain('\n')
  })

  it('does not count an unconfirmed identity as accepted', () => {
    const cause = { kind: 'unconfirmed', accepted: answered(202), seen: null } as const
    const report = reportOf([identity('a'), failed('b', { cause, verified: false })], { verify: true })
    expect(verdictOf(findingsOf(report)).text).toBe(
      '1 of 2 identities failed (50%) in acme.api.identitynow.com.',
    )
  })
})
