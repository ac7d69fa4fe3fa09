import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { Ledger, type Verdict } from '../../src/campaign/ledger.ts'
import { requested, type IdentityOutcome } from '../../src/identity.ts'
import { idsWith, ledgerOf, NO_THRESHOLDS } from '../support/session.ts'

const ACCEPTED: Verdict = { statusCode: 202, message: null, trackingId: 'track-1' }
const REFUSED: Verdict = { statusCode: 404, message: 'Not found.', trackingId: 'track-2' }
const UNANSWERED: Verdict = { statusCode: null, message: 'No answer.', trackingId: null }

const at = (ledger: Ledger, index: number): IdentityOutcome => {
  const identity = ledger.identities[index]
  if (identity === undefined) throw new Error(`There is no identity ${index}.`)
  return identity
}

describe('an identity', () => {
  it('begins unprocessed', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    expect(ledger.counts).toEqual({ total: 2, succeeded: 0, failed: 0, ignored: 0, unprocessed: 2 })
    expect(ledger.exceeded).toBe(false)
  })

  it('that has succeeded carries what ISC said', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.succeed(at(ledger, 1), ACCEPTED)
    expect(at(ledger, 1)).toMatchObject({ ...ACCEPTED, outcome: 'succeeded', ignored: false })
    expect(ledger.counts).toEqual({ total: 2, succeeded: 1, failed: 0, ignored: 0, unprocessed: 1 })
    expect(ledger.exceeded).toBe(false)
  })

  it('that has failed carries the reason', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.fail(at(ledger, 0), REFUSED)
    expect(at(ledger, 0)).toMatchObject({ ...REFUSED, outcome: 'failed', ignored: false })
    expect(ledger.counts).toEqual({ total: 2, succeeded: 0, failed: 1, ignored: 0, unprocessed: 1 })
    expect(ledger.exceeded).toBe(true)
  })

  it('is settled once', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.fail(at(ledger, 1), REFUSED)
    for (const index of [0, 1]) {
      expect(() => ledger.succeed(at(ledger, index), UNANSWERED)).toThrow(/^(a1|b2) is settled already\.$/)
      expect(() => ledger.fail(at(ledger, index), UNANSWERED)).toThrow(/^(a1|b2) is settled already\.$/)
    }
    expect(ledger.identities).toMatchObject([ACCEPTED, REFUSED])
    expect(ledger.counts).toEqual({ total: 2, succeeded: 1, failed: 1, ignored: 0, unprocessed: 0 })
  })
})

describe('a success that is taken back', () => {
  it('is a failure with a new message', () => {
    const ledger = ledgerOf(['a1'])
    ledger.succeed(at(ledger, 0), ACCEPTED)
    ledger.revoke(at(ledger, 0), 'It is still disabled.')
    expect(at(ledger, 0)).toMatchObject({
      outcome: 'failed',
      statusCode: 202,
      message: 'It is still disabled.',
      trackingId: 'track-1',
    })
    expect(ledger.counts).toEqual({ total: 1, succeeded: 0, failed: 1, ignored: 0, unprocessed: 0 })
    expect(ledger.exceeded).toBe(true)
  })

  it('has to be one', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.fail(at(ledger, 1), REFUSED)
    expect(() => ledger.revoke(at(ledger, 0), 'No.')).toThrow('a1 has not succeeded.')
    expect(() => ledger.revoke(at(ledger, 1), 'No.')).toThrow('b2 has not succeeded.')
    expect(ledger.counts).toEqual({ total: 2, succeeded: 0, failed: 1, ignored: 0, unprocessed: 1 })
  })
})

describe('ignore-status-codes', () => {
  const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404, 409]) }

  it('leaves a failure a failure that counts towards no threshold', () => {
    const ledger = ledgerOf(['a1', 'b2'], thresholds)
    ledger.fail(at(ledger, 0), REFUSED)
    expect(at(ledger, 0)).toMatchObject({ outcome: 'failed', ignored: true })
    expect(ledger.counts).toEqual({ total: 2, succeeded: 0, failed: 1, ignored: 1, unprocessed: 1 })
    expect(ledger.exceeded).toBe(false)
  })

  it('concerns no other status, and no failure without one', () => {
    const ledger = ledgerOf(['a1', 'b2'], thresholds)
    ledger.fail(at(ledger, 0), { ...REFUSED, statusCode: 400 })
    ledger.fail(at(ledger, 1), UNANSWERED)
    expect(ledger.identities.map(({ ignored }) => ignored)).toEqual([false, false])
    expect(ledger.counts).toMatchObject({ failed: 2, ignored: 0 })
    expect(ledger.exceeded).toBe(true)
  })
})

describe('thresholds', () => {
  it('are held against the failures of all requested identities', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3', 'd4'], { ...NO_THRESHOLDS, maxFailurePercent: 25 })
    ledger.fail(at(ledger, 0), REFUSED)
    expect(ledger.exceeded).toBe(false)
    ledger.fail(at(ledger, 1), REFUSED)
    expect(ledger.exceeded).toBe(true)
  })
})

describe('identities that failed before', () => {
  const failed = (text: string, statusCode: number | null): IdentityOutcome => ({
    ...requested(text, null, null, null),
    outcome: 'failed',
    statusCode,
    message: 'Not resolved.',
  })

  it('are counted, and stay as they are', () => {
    const identities = [failed('ann', 404), requested('b2', 'b2', null, null), failed('cleo', null)]
    const ledger = new Ledger(identities, { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) })
    expect(ledger.counts).toEqual({ total: 3, succeeded: 0, failed: 2, ignored: 1, unprocessed: 1 })
    expect(ledger.unprocessed.toArray()).toEqual([identities[1]])
    expect(ledger.identities).toMatchObject([
      { outcome: 'failed', message: 'Not resolved.', ignored: true },
      { outcome: 'unprocessed', message: null, ignored: false },
      { outcome: 'failed', message: 'Not resolved.', ignored: false },
    ])
  })
})

describe('what is left unprocessed', () => {
  it('is told why, and whether it was sent', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3', 'd4'])
    at(ledger, 1).attempts = 1
    ledger.succeed(at(ledger, 2), ACCEPTED)
    ledger.fail(at(ledger, 3), REFUSED)
    ledger.explainUnprocessed('The run was cancelled.')
    expect(ledger.identities.map(({ message }) => message)).toEqual([
      'Not sent. The run was cancelled.',
      'Sent, but the run ended before ISC confirmed it; it may have been enabled. The run was cancelled.',
      null,
      'Not found.',
    ])
    expect(ledger.counts).toMatchObject({ unprocessed: 2 })
  })

  it('comes in list order, without what is settled before its turn', () => {
    const ledger = ledgerOf(['a1', 'b2', 'c3'])
    const turns = ledger.unprocessed
    expect(turns.next().value?.id).toBe('a1')
    ledger.succeed(at(ledger, 1), ACCEPTED)
    expect(turns.next().value?.id).toBe('c3')
    expect(turns.next().done).toBe(true)
  })
})

describe('whatever happens', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('succeed', 'fail', 'ignore', 'revoke'), fc.nat(9)))

  it('each identity stands in one list, and the counts say so', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const ids = Array.from({ length: 10 }, (_, n) => `id-${n}`)
        const ledger = ledgerOf(ids, { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) })
        for (const [step, index] of taken) {
          const identity = at(ledger, index)
          try {
            if (step === 'succeed') ledger.succeed(identity, ACCEPTED)
            else if (step === 'revoke') ledger.revoke(identity, 'Taken back.')
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
        })
        expect(ledger.exceeded).toBe(ledger.counts.failed > ignored.length)
      }),
    )
  })
})
