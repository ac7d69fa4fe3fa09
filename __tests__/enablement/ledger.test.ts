import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { Ledger } from '../../src/enablement/ledger.ts'
import type { Cause, Identity, ObservedState } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import { ACCEPTED, idsWith, ledgerOf } from '../support/client.ts'

const REFUSED: Cause = { kind: 'answered', statusCode: 404, message: 'Not found.', trackingId: 'track-2' }
const UNANSWERED: Cause = {
  kind: 'request-failed',
  failure: { kind: 'no-answer', operation: 'enable', host: 'acme', fault: 'timeout', detail: '' },
}
const REJECTED_WHOLE: Cause = {
  kind: 'request-failed',
  failure: {
    kind: 'status',
    operation: 'enable',
    status: 503,
    said: null,
    isForeign: true,
    trackingId: null,
  },
}
const DISABLED: ObservedState = {
  identityStatus: 'DISABLED',
  lifecycleState: 'leave',
  isLifecycleKnown: true,
  name: null,
}

const at = (ledger: Ledger, index: number): Identity => {
  const identity = ledger.identities[index]
  if (identity === undefined) throw new Error(`There is no identity ${index}.`)
  return identity
}

describe('an identity', () => {
  it('begins unprocessed', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    expect(ledger.counts).toEqual({
      total: 2,
      succeeded: 0,
      failed: 0,
      ignored: 0,
      unprocessed: 2,
      excluded: 0,
    })
    expect(ledger.judgement.exceeded).toBe(false)
  })

  it('that has succeeded carries what ISC said', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.succeed(at(ledger, 1), ACCEPTED)
    expect(at(ledger, 1)).toMatchObject({ cause: ACCEPTED, outcome: 'succeeded', ignored: false })
    expect(ledger.counts).toEqual({
      total: 2,
      succeeded: 1,
      failed: 0,
      ignored: 0,
      unprocessed: 1,
      excluded: 0,
    })
    expect(ledger.judgement.exceeded).toBe(false)
  })

  it('that has failed carries the reason', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.fail(at(ledger, 0), REFUSED)
    expect(at(ledger, 0)).toMatchObject({ cause: REFUSED, outcome: 'failed', ignored: false })
    expect(ledger.counts).toEqual({
      total: 2,
      succeeded: 0,
      failed: 1,
      ignored: 0,
      unprocessed: 1,
      excluded: 0,
    })
    expect(ledger.judgement.exceeded).toBe(true)
  })

  it('is settled once', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.fail(at(ledger, 1), REFUSED)
    for (const index of [0, 1]) {
      expect(() => ledger.succeed(at(ledger, index), UNANSWERED)).toThrow(/^(a1|b2) is settled already\.$/)
      expect(() => ledger.fail(at(ledger, index), UNANSWERED)).toThrow(/^(a1|b2) is settled already\.$/)
    }
    expect(ledger.identities).toMatchObject([{ cause: ACCEPTED }, { cause: REFUSED }])
    expect(ledger.counts).toEqual({
      total: 2,
      succeeded: 1,
      failed: 1,
      ignored: 0,
      unprocessed: 0,
      excluded: 0,
    })
  })
})

describe('a success that is taken back', () => {
  it('is a failure that keeps what ISC said when it accepted, and what was seen', () => {
    const ledger = ledgerOf(['a1'])
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.verify(at(ledger, 0), DISABLED, false)
    ledger.takeBackUnconfirmed()
    expect(at(ledger, 0)).toMatchObject({
      outcome: 'failed',
      verified: false,
      cause: { kind: 'unconfirmed', accepted: ACCEPTED, seen: DISABLED },
    })
    expect(ledger.counts).toMatchObject({ succeeded: 0, failed: 1, unprocessed: 0 })
    expect(ledger.judgement.exceeded).toBe(true)
  })

  it('tells that nothing was seen since it was accepted', () => {
    const ledger = ledgerOf(['a1'])
    ledger.observe(at(ledger, 0), DISABLED)
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.takeBackUnconfirmed()
    expect(at(ledger, 0).cause).toEqual({ kind: 'unconfirmed', accepted: ACCEPTED, seen: null })
  })

  it('is neither one that was confirmed, nor one that was enabled before, nor a failure', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3', 'd4'])
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.verify(at(ledger, 0), { ...DISABLED, identityStatus: 'ACTIVE' }, true)
    ledger.decide(at(ledger, 1), { plan: 'already-enabled', cause: { kind: 'already-enabled' } })
    ledger.fail(at(ledger, 2), REFUSED)
    ledger.takeBackUnconfirmed()
    expect(ledger.counts).toMatchObject({ succeeded: 2, failed: 1, unprocessed: 1 })
  })

  it('counts even where the status it was accepted with is ignored', () => {
    const ledger = ledgerOf(['a1'], { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([202, 404]) })
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.takeBackUnconfirmed()
    expect(ledger.counts).toMatchObject({ failed: 1, ignored: 0 })
    expect(ledger.judgement.exceeded).toBe(true)
  })
})

describe('ignore-status-codes', () => {
  const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404, 409]) }

  it('leaves a failure a failure that counts towards no threshold', () => {
    const ledger = ledgerOf(['a1', 'b2'], thresholds)
    ledger.fail(at(ledger, 0), REFUSED)
    expect(at(ledger, 0)).toMatchObject({ outcome: 'failed', ignored: true })
    expect(ledger.counts).toEqual({
      total: 2,
      succeeded: 0,
      failed: 1,
      ignored: 1,
      unprocessed: 1,
      excluded: 0,
    })
    expect(ledger.judgement.exceeded).toBe(false)
  })

  it('concerns no other status, and no failure without one', () => {
    const ledger = ledgerOf(['a1', 'b2'], thresholds)
    ledger.fail(at(ledger, 0), { ...REFUSED, statusCode: 400 })
    ledger.fail(at(ledger, 1), UNANSWERED)
    expect(ledger.identities.map(({ ignored }) => ignored)).toEqual([false, false])
    expect(ledger.counts).toMatchObject({ failed: 2, ignored: 0 })
    expect(ledger.judgement.exceeded).toBe(true)
  })
})

describe('whose status it is', () => {
  const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404, 503]) }

  it.each<[string, Cause, boolean]>([
    ['ISC’s answer to the identity', REFUSED, true],
    ['its absence', { kind: 'absent' }, true],
    ['the status of the whole request', REJECTED_WHOLE, false],
    ['several matches', { kind: 'ambiguous', ids: ['a', 'b'] }, false],
    ['a blocked state', { kind: 'state-blocked', state: 'terminated' }, false],
  ])('%s is ignored: %s', (_case, cause, isIgnored) => {
    const ledger = ledgerOf(['a1'], thresholds)
    ledger.fail(at(ledger, 0), cause)
    expect(at(ledger, 0).ignored).toBe(isIgnored)
    expect(ledger.judgement).toMatchObject({ failing: isIgnored ? 0 : 1, exceeded: !isIgnored })
  })
})

describe('thresholds', () => {
  it('are held against the failures of all requested identities', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3', 'd4'], { ...NO_THRESHOLDS, maxFailurePercent: 25 })
    ledger.fail(at(ledger, 0), REFUSED)
    expect(ledger.judgement.exceeded).toBe(false)
    ledger.fail(at(ledger, 1), REFUSED)
    expect(ledger.judgement.exceeded).toBe(true)
  })
})

describe('a plan', () => {
  it('settles nothing, and is judged as the run would be', () => {
    const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) }
    const ledger = ledgerOf(['a1', 'b2', 'c3', 'd4'], thresholds, true)
    ledger.decide(at(ledger, 0), { plan: 'enable', cause: null })
    ledger.decide(at(ledger, 1), { plan: 'not-found', cause: { kind: 'absent' } })
    expect(ledger.judgement).toMatchObject({ failing: 0, exceeded: false })
    ledger.decide(at(ledger, 2), { plan: 'refused', cause: { kind: 'state-blocked', state: 'leaver' } })
    expect(ledger.judgement).toMatchObject({ failing: 1, exceeded: true })
    expect(ledger.counts).toMatchObject({ succeeded: 0, failed: 0, ignored: 0, unprocessed: 4 })
    expect(ledger.plannedToEnable).toBe(1)
  })
})

describe('a decision', () => {
  it('settles identities that are not to be enabled', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3', 'd4'])
    ledger.decide(at(ledger, 0), { plan: 'enable', cause: null })
    ledger.decide(at(ledger, 1), { plan: 'already-enabled', cause: { kind: 'already-enabled' } })
    ledger.decide(at(ledger, 2), { plan: 'not-found', cause: { kind: 'absent' } })
    ledger.decide(at(ledger, 3), { plan: 'refused', cause: { kind: 'state-blocked', state: 'leaver' } })
    expect(ledger.identities.map(({ outcome, plan }) => `${outcome} ${plan ?? ''}`)).toEqual([
      'unprocessed enable',
      'succeeded already-enabled',
      'failed not-found',
      'failed refused',
    ])
    expect(ledger.plannedToEnable).toBe(1)
  })
})

describe('what is written down on the way', () => {
  it('is the ID as ISC has it, the requests it was in, and what was seen', () => {
    const ledger = ledgerOf(['A1', 'b2'])
    ledger.identify(at(ledger, 0), 'a1')
    ledger.attempted(ledger.identities)
    ledger.attempted([at(ledger, 0)])
    ledger.observe(at(ledger, 1), DISABLED)
    expect(ledger.identities).toMatchObject([
      { identifier: 'A1', id: 'a1', attempts: 2, observed: null },
      { identifier: 'b2', id: 'b2', attempts: 1, observed: DISABLED },
    ])
  })

  it('is judged with more failures where they are only feared', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3'], { ...NO_THRESHOLDS, maxFailures: 2 })
    ledger.fail(at(ledger, 0), REFUSED)
    expect(ledger.judgementIfAllFailed(1)).toMatchObject({ failing: 2, exceeded: false })
    expect(ledger.judgementIfAllFailed(2)).toMatchObject({ failing: 3, exceeded: true })
    expect(ledger.judgement).toMatchObject({ failing: 1 })
  })
})

describe('a success that there was no time to confirm', () => {
  it('is unprocessed, and keeps that ISC accepted it; a confirmed one stays', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    for (const identity of ledger.identities) ledger.succeed(identity, ACCEPTED)
    ledger.verify(at(ledger, 1), { ...DISABLED, identityStatus: 'ACTIVE' }, true)
    ledger.reopenUnconfirmed()
    expect(ledger.identities).toMatchObject([
      { outcome: 'unprocessed', cause: ACCEPTED },
      { outcome: 'succeeded' },
    ])
    expect(ledger.counts).toMatchObject({ succeeded: 1, failed: 0, unprocessed: 1 })
  })
})

describe('an identity that is excluded, or a duplicate', () => {
  it('is in none of the lists, and is counted where excluded', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3'])
    const [excluded] = ledger.identities
    const match = { by: 'listed-before', bySource: null } as const
    ledger.exclude((identity) => (identity === excluded ? { match } : null))
    ledger.removeDuplicates(new Set([at(ledger, 0)]))
    expect(ledger.identities.map(({ id }) => id)).toEqual(['c3'])
    expect(ledger.counts).toMatchObject({ total: 1, unprocessed: 1, excluded: 1 })
  })
})

describe('what is unprocessed', () => {
  it('comes in list order, without what is settled before its turn', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3'])
    const turns = ledger.unprocessed
    expect(turns.next().value?.id).toBe('a1')
    ledger.succeed(at(ledger, 1), ACCEPTED)
    expect(turns.next().value?.id).toBe('c3')
    expect(turns.next().done).toBe(true)
  })
})

describe('in any order of events', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('succeed', 'fail', 'ignore', 'take back'), fc.nat(9)))

  it('each identity is in one list, and the counts agree', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const ids = Array.from({ length: 10 }, (_, n) => `id-${n}`)
        const ledger = ledgerOf(ids, { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) })
        for (const [step, index] of taken) {
          const identity = at(ledger, index)
          try {
            if (step === 'succeed') ledger.succeed(identity, ACCEPTED)
            else if (step === 'take back') ledger.takeBackUnconfirmed()
            else ledger.fail(identity, step === 'ignore' ? REFUSED : UNANSWERED)
          } catch {
            // Refused, and so nothing has changed.
          }
        }
        const lists = [
          idsWith(ledger, 'succeeded'),
          idsWith(ledger, 'failed'),
          idsWith(ledger, 'unprocessed'),
        ]
        const ignored = ledger.identities.filter((identity) => identity.ignored)
        expect(lists.flat().sort()).toEqual(ids)
        expect(ledger.counts).toEqual({
          total: 10,
          succeeded: lists[0]?.length,
          failed: lists[1]?.length,
          ignored: ignored.length,
          unprocessed: lists[2]?.length,
          excluded: 0,
        })
        expect(ledger.judgement.exceeded).toBe(ledger.counts.failed > ignored.length)
      }),
    )
  })
})
