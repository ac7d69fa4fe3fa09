import { describe, expect, test } from '@jest/globals'

import type { Approval, ObservedState } from '../../src/identity.ts'
import { decide, type Rules } from '../../src/policy/decision.ts'

const state = (identityStatus: string | null, lifecycleState: string | null = null): ObservedState => ({
  identityStatus,
  lifecycleState,
  isLifecycleKnown: true,
  name: null,
})
const unknown = (identityStatus: string | null): ObservedState => ({
  ...state(identityStatus),
  isLifecycleKnown: false,
})
const refusing = (...states: string[]): Rules => ({ refuseStates: new Set(states), isPlan: false })
const PLAN: Rules = { refuseStates: new Set(), isPlan: true }
const approved = (lifecycleState: string | null): Approval => ({ kind: 'approved', lifecycleState })

/** What is decided: the plan, and the kind of its cause. */
const decision = (...given: Parameters<typeof decide>): string => {
  const { plan, cause } = decide(...given)
  return cause === null ? plan : `${plan}: ${cause.kind}`
}

describe('without a guard', () => {
  test.each<[ObservedState | 'absent', string]>([
    ['absent', 'not-found: absent'],
    ...['DISABLED', 'disabled', 'TERMINATED', 'DEACTIVATED', 'NOVEL', '', null].map(
      (status): [ObservedState, string] => [state(status), 'enable'],
    ),
    ...['ACTIVE', 'active', 'LOCKED', 'ERROR', 'PENDING'].map((status): [ObservedState, string] => [
      state(status),
      'already-enabled: already-enabled',
    ]),
    [unknown('DISABLED'), 'enable'],
  ])('%j: %s', (observed, decided) => {
    expect(decision(observed, refusing())).toBe(decided)
  })
})

describe('refuse-states blocks', () => {
  test.each<[string, ObservedState | 'absent', string]>([
    ['an identity status', state('TERMINATED', 'active'), 'refused: state-blocked'],
    ['a lifecycle state, in any case', state('DISABLED', 'Leaver'), 'refused: state-blocked'],
    ['one among blanks', state('DISABLED', ' leaver\u00a0'), 'refused: state-blocked'],
    [
      'one with characters that cannot be seen',
      state('DISABLED', 'lea\u200bv\u00ader'),
      'refused: state-blocked',
    ],
    ['also identities that are enabled', state('ACTIVE', 'leaver'), 'refused: state-blocked'],
    ['a lifecycle state that is not known', unknown('DISABLED'), 'refused: state-unknown'],
    ['also where the identity is enabled', unknown('ACTIVE'), 'refused: state-unknown'],
    ['no other state', state('DISABLED', 'on leave'), 'enable'],
    ['no identity without a lifecycle state', state('DISABLED'), 'enable'],
    ['no identity that does not exist', 'absent', 'not-found: absent'],
  ])('%s', (_, observed, decided) => {
    expect(decision(observed, refusing('terminated', 'leaver'))).toBe(decided)
  })

  test('and names the state as ISC writes it', () => {
    expect(decide(state('DISABLED', 'Leaver'), refusing('leaver')).cause).toEqual({
      kind: 'state-blocked',
      state: 'Leaver',
    })
  })
})

describe('a plan', () => {
  test.each<[ObservedState, string]>([
    [state('DISABLED'), 'enable'],
    [unknown('DISABLED'), 'refused: state-unknown'],
    [unknown('ACTIVE'), 'already-enabled: already-enabled'],
  ])('needs the lifecycle state of identities that it would enable: %j is %s', (observed, decided) => {
    expect(decision(observed, PLAN)).toBe(decided)
  })
})

describe('an approval', () => {
  test.each<[string, Approval, ObservedState | 'absent', string]>([
    ['of the same state', approved('leave'), state('DISABLED', 'leave'), 'enable'],
    ['of the same state in another case', approved('Leave'), state('DISABLED', 'leave'), 'enable'],
    ['of another state', approved('leave'), state('DISABLED', 'leaver'), 'refused: changed'],
    ['of a state, where there is none now', approved('leave'), state('DISABLED'), 'refused: changed'],
    ['of none, where there is a state now', approved(null), state('DISABLED', 'leaver'), 'refused: changed'],
    ['of none, where there is none', approved(null), state('DISABLED'), 'enable'],
    ['where it is not known now', approved(null), unknown('DISABLED'), 'refused: state-unknown'],
    [
      'of an identity that is enabled now',
      approved('leave'),
      state('ACTIVE', 'leave'),
      'already-enabled: already-enabled',
    ],
    [
      'of one that is enabled now in another state',
      approved('leave'),
      state('ACTIVE', 'active'),
      'refused: changed',
    ],
    ['of a state that is blocked', approved('left'), state('DISABLED', 'left'), 'refused: state-blocked'],
    ['that is not known', { kind: 'unknown' }, state('DISABLED'), 'refused: approval-unknown'],
    [
      'that an earlier run took back',
      { kind: 'blocked' },
      state('DISABLED', 'leave'),
      'refused: blocked-before',
    ],
    ['of an identity that is gone', { kind: 'blocked' }, 'absent', 'not-found: absent'],
  ])('%s', (_, approval, now, decided) => {
    expect(decision(now, refusing('left'), approval)).toBe(decided)
  })

  test('names both states', () => {
    expect(decide(state('DISABLED', 'leaver'), refusing(), approved('leave')).cause).toEqual({
      kind: 'changed',
      planned: 'leave',
      now: 'leaver',
    })
  })
})
