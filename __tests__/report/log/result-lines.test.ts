import { describe, expect, it } from '@jest/globals'

import { findingsOf } from '../../../src/report/findings/findings.ts'
import { resultLines } from '../../../src/report/log/result-lines.ts'
import {
  answered,
  failed,
  identity,
  range,
  rejection,
  reportOf,
  state,
  unprocessed,
} from '../../support/run-report.ts'

const linesOf = (...args: Parameters<typeof reportOf>): string[] => [
  ...resultLines(findingsOf(reportOf(...args))),
]

describe('the end of the log', () => {
  it('says nothing more than the verdict where all is well, or the input is invalid', () => {
    expect(linesOf([identity('a')])).toEqual([])
    expect(linesOf([], { result: 'failure', problems: [{ message: 'Bad' }] })).toEqual([])
  })

  it('gives every failure with its reason and location, and one line for the reason of many', () => {
    const cause = { kind: 'request-failed', failure: rejection(400, 'Bad batch') } as const
    expect(
      linesOf([
        ...range(12, (index) => failed(`a${index}`, { line: index + 1 })),
        failed('b', { cause, file: null, line: null }),
      ]),
    ).toEqual([
      'Failed: 12 identities. 404: Referenced identity "…" was not found.',
      '  a0 ids.txt:1, a1 ids.txt:2, a2 ids.txt:3, a3 ids.txt:4, a4 ids.txt:5, a5 ids.txt:6, a6 ids.txt:7, a7 ids.txt:8, a8 ids.txt:9, a9 ids.txt:10',
      '  a10 ids.txt:11, a11 ids.txt:12',
      'Failed: 1 identity. ISC rejected the enable request (400): Bad batch.',
      '  b',
    ])
  })

  it('says once that identities are blocked', () => {
    const blocked = (kind: 'state-unknown' | 'blocked-before') => failed('a', { cause: { kind } })
    expect(linesOf([blocked('state-unknown'), blocked('blocked-before')])).toEqual([
      'Blocked: 1 identity. Its lifecycle state is unknown.',
      '  a ids.txt:1',
      'Blocked: 1 identity. An earlier run blocked it; make a new plan.',
      '  a ids.txt:1',
    ])
  })

  it('stays short when many failed, and says where the rest is', () => {
    const lines = linesOf(range(1_000, (index) => failed(`a${index}`)))
    expect(lines).toHaveLength(1 + 20 + 1)
    expect(lines.at(-1)).toBe('  … and 800 more, see the report.')
  })

  it('says of what was not processed whether it might be enabled', () => {
    expect(linesOf([identity('a'), unprocessed('b')])).toEqual([])
    expect(linesOf([unprocessed('a', { attempts: 1 }), unprocessed('b')])).toEqual([
      '2 identities were not processed. The action submitted 1 of them, so it might be enabled.',
    ])
  })

  it('says what was accepted and not verified, as outcome of its own', () => {
    const accepted = unprocessed('b', { cause: answered(202), attempts: 1 })
    expect(
      linesOf([identity('a', { verified: true }), accepted], { stop: { reason: 'cancelled' }, verify: true }),
    ).toEqual(['Accepted, not verified: 1 identity.', '  b ids.txt:1'])
  })

  it('names identities that are excluded, with what excluded them, and the deny list', () => {
    const entry = { id: null, name: 'Ada', file: 'ids.txt', line: 3 }
    expect(
      linesOf([], {
        denyList: { entries: 12, matched: 1 },
        excluded: [
          { ...entry, identifier: 'ada', by: 'deny-list', bySource: { file: 'deny.csv', line: 2 } },
          { ...entry, identifier: 'bob', by: 'listed-again', bySource: { file: 'ids.txt', line: 1 } },
          { ...entry, identifier: 'eve', by: 'not-listed', bySource: { file: 'ids.txt', line: null } },
        ],
      }),
    ).toEqual([
      'Deny list: 12 entries, 1 on this list.',
      'Excluded: 3 identities.',
      '  ada ids.txt:3: on the deny list (deny.csv:2)',
      '  bob ids.txt:3: listed again (before in ids.txt:1); to enable it again, add it to a new file',
      '  eve ids.txt:3: no longer listed in ids.txt',
    ])
  })

  it('says whose name is another one, with ISC’s name only where names are shown', () => {
    const other = unprocessed('a', { plan: 'enable', listedName: 'Bob', observed: state({ name: 'Ada' }) })
    const plan = { dryRun: true, statesRead: true } as const
    expect(linesOf([other], plan)).toEqual([
      'Other names than in ISC: 1 identity.',
      '  a ids.txt:1: ISC has another name than the list',
    ])
    expect(linesOf([other], { ...plan, showNames: true })).toEqual([
      'Other names than in ISC: 1 identity.',
      '  a (Ada) ids.txt:1: listed as Bob, but ISC has the name Ada',
      'Would enable: 1 identity.',
      '  a (Ada) ids.txt:1',
    ])
  })

  it('notes states to block that no identity is in, with those that there are', () => {
    const observed = (lifecycleState: string | null) => ({ observed: state({ lifecycleState }) })
    const identities = [
      ...range(3, (index) => identity(`a${index}`, observed('active'))),
      identity('b', observed('terminated')),
      identity('c', observed(null)),
      identity('d', { observed: state({ isLifecycleKnown: false }) }),
    ]
    const note =
      'No identity is in one of `refuse-states` (Leavers). On this list: active 3, terminated 1, without lifecycle state 1, lifecycle state unknown 1. If one of these is for leavers, add it.'
    expect(linesOf(identities, { refuseStates: ['Leavers'] })).toContain(note)
    expect(linesOf(identities)).not.toContain(note)
    expect(linesOf([identity('c', observed(null))], { refuseStates: ['Leavers'] })).toEqual([
      'No identity is in one of `refuse-states` (Leavers). On this list: none has a lifecycle state.',
    ])
    const namesake = [identity('c', observed('without lifecycle state'))]
    expect(linesOf(namesake, { refuseStates: ['Leavers'] }).join()).toContain('without lifecycle state 1.')
    const blocked = failed('e', { cause: { kind: 'state-blocked', state: 'leavers' } })
    expect(linesOf([...identities, blocked], { refuseStates: ['Leavers'] }).join()).not.toContain(
      'No identity is',
    )
  })

  it.each([
    ['terminated', 'Terminated Employee', true],
    ['Terminated Leavers', 'terminated', true],
    ['inactive', 'active', false],
    ['leave', 'sick leave', true],
  ])('warns where %j is blocked and %j would be enabled: %j', (refused, lifecycleState, isNear) => {
    const { warnings } = findingsOf(
      reportOf([identity('a', { observed: state({ lifecycleState }) })], { refuseStates: [refused] }),
    )
    expect(warnings).toEqual(
      isNear
        ? [
            `The lifecycle state "${lifecycleState}" (1 identity) resembles "${refused}", but is not in \`refuse-states\`. If it is for leavers, add it.`,
          ]
        : [],
    )
  })
})
