import { describe, expect, test } from '@jest/globals'

import type { ObservedState } from '../../src/identity.ts'
import { decide } from '../../src/policy/decision.ts'

const state = (identityStatus: string | null, lifecycleState: string | null = null): ObservedState => ({
  identityStatus,
  lifecycleState,
  isLifecycleKnown: true,
  name: null,
})
const refusing = (...states: string[]) => ({ refuseStates: new Set(states) })

describe('what becomes of an identity', () => {
  test.each<[string, ObservedState | 'absent', string]>([
    ['whom the tenant does not know', 'absent', 'not-found'],
    ['who is disabled', state('DISABLED'), 'enable'],
    ['who is disabled, in lower case', state('disabled'), 'enable'],
    ['who is active', state('ACTIVE'), 'already-enabled'],
    ['without a status', state(null), 'already-enabled'],
    ['who is locked', state('LOCKED'), 'already-enabled'],
    ['who is terminated', state('TERMINATED'), 'enable'],
    ['who is deactivated', state('DEACTIVATED'), 'enable'],
    ['of a status nobody knows', state('NOVEL'), 'enable'],
  ])('%s', (_case, observed, plan) => {
    expect(decide(observed, refusing()).plan).toBe(plan)
  })
})

describe('refuse-states', () => {
  test('holds against lifecycle states and identity statuses alike, in whatever case', () => {
    const rules = refusing('terminated', 'leaver')
    expect(decide(state('TERMINATED', 'active'), rules)).toEqual({
      plan: 'refused',
      cause: { kind: 'state-blocked', state: 'TERMINATED' },
    })
    expect(decide(state('DISABLED', 'Leaver'), rules)).toEqual({
      plan: 'refused',
      cause: { kind: 'state-blocked', state: 'Leaver' },
    })
    expect(decide(state('DISABLED', 'on leave'), rules).plan).toBe('enable')
  })

  test('comes before being enabled already, and after being unknown', () => {
    expect(decide(state('ACTIVE', 'leaver'), refusing('leaver')).plan).toBe('refused')
    expect(decide(state('DISABLED', ' Leaver\u00a0'), refusing('leaver')).plan).toBe('refused')
    expect(decide('absent', refusing('leaver')).plan).toBe('not-found')
  })
})

describe('an approved plan', () => {
  test.each<[string, ObservedState, ObservedState, string]>([
    ['the same state', state('DISABLED', 'leave'), state('DISABLED', 'leave'), 'enable'],
    ['the same in another case', state('DISABLED', 'Leave'), state('DISABLED', 'leave'), 'enable'],
    ['another lifecycle state', state('DISABLED', 'leave'), state('DISABLED', 'leaver'), 'refused'],
    ['none any more', state('DISABLED', 'leave'), state('DISABLED'), 'refused'],
    ['one where there was none', state('DISABLED'), state('DISABLED', 'leaver'), 'refused'],
    ['none before and after', state('DISABLED'), state('DISABLED'), 'enable'],
    ['enabled by now', state('DISABLED', 'leave'), state('ACTIVE', 'leave'), 'already-enabled'],
    ['enabled by now, in another state', state('DISABLED', 'leave'), state('ACTIVE', 'active'), 'refused'],
  ])('%s', (_case, planned, now, plan) => {
    expect(decide(now, refusing(), planned).plan).toBe(plan)
  })

  test('names both states of who changed', () => {
    expect(decide(state('DISABLED', 'leaver'), refusing(), state('DISABLED', 'leave')).cause).toEqual({
      kind: 'changed',
      planned: 'leave',
      now: 'leaver',
    })
  })

  test('refuses by state all the same', () => {
    const leaver = state('DISABLED', 'leaver')
    expect(decide(leaver, refusing('leaver'), leaver).cause?.kind).toBe('state-blocked')
  })

  test('refuses again whom the run before refused, whatever their state is now', () => {
    expect(decide(state('DISABLED', 'leave'), refusing(), 'refused')).toEqual({
      plan: 'refused',
      cause: { kind: 'blocked-before' },
    })
    expect(decide('absent', refusing(), 'refused').plan).toBe('not-found')
  })
})
