import { describe, expect, test } from '@jest/globals'

import { type Cause, type Identity, requested } from '../../src/identity.ts'
import { isOtherTenant, tooManyToEnable, wrongTenant } from '../../src/policy/guards.ts'

const URL = 'https://acme.api.identitynow.com'

describe('max-to-enable', () => {
  test.each([
    [5, 5, false],
    [6, 5, true],
    [1, 0, true],
    [0, 0, false],
    [1_000_000, null, false],
  ])('%i to enable, at most %s: stops is %s', (toEnable, max, stops) => {
    const stop = stops ? { reason: 'max-to-enable', toEnable, max } : null
    expect(tooManyToEnable(toEnable, max)).toEqual(stop)
  })
})

describe('the wrong-tenant guard', () => {
  const one = (given: Partial<Identity>): Identity => ({
    ...requested({ identifier: 'a', id: 'a', file: null, line: null }),
    ...given,
  })
  const answered = (statusCode: number): Cause => ({
    kind: 'answered',
    statusCode,
    message: null,
    trackingId: null,
  })
  const absent = one({ outcome: 'failed', cause: { kind: 'absent' } })
  const planned = one({ cause: { kind: 'absent' }, observed: 'absent', plan: 'not-found' })
  const failed = (cause: Cause): Identity => one({ outcome: 'failed', cause })
  const whole: Cause = {
    kind: 'request-failed',
    failure: {
      ...{ kind: 'status', operation: 'enable', status: 404, said: null },
      ...{ isForeign: false, trackingId: null },
    } as Extract<Cause, { kind: 'request-failed' }>['failure'],
  }

  test.each<[string, readonly Identity[], number | null]>([
    ['all are absent', [absent, absent], 2],
    ['all are, in a plan', [planned, planned], 2],
    ['one is absent, another got a 404', [absent, failed(answered(404))], 2],
    ['one is absent, of others nothing is known', [absent, one({}), one({})], 1],
    ['one is absent, another was rejected for something else', [absent, failed(answered(400))], 1],
    ['one is absent, another was part of a request that was rejected whole', [absent, failed(whole)], 1],
    ['nothing is known', [one({}), one({})], null],
    ['none is left', [], null],
    ['the request got a 404', [failed(whole), failed(whole)], null],
    ['one was accepted', [absent, one({ outcome: 'succeeded', cause: answered(202) })], null],
    [
      'one was accepted, and not confirmed',
      [absent, failed({ kind: 'unconfirmed', accepted: answered(202), seen: 'absent' })],
      null,
    ],
    ['one has several matches', [absent, failed({ kind: 'ambiguous', ids: ['a', 'b'] })], null],
    [
      'one has a state',
      [
        absent,
        one({
          observed: {
            identityStatus: 'DISABLED',
            lifecycleState: null,
            isLifecycleKnown: true,
            name: null,
          },
        }),
      ],
      null,
    ],
  ])('where %s', (_, identities, count) => {
    const stop = count === null ? null : { reason: 'wrong-tenant', count }
    expect(wrongTenant({ identities, listedCount: 2, isAnyKnown: false })).toEqual(stop)
  })

  test.each<[string, number, boolean, boolean]>([
    ['one of a list of two that a shard holds', 2, false, true],
    ['one of a list of one', 1, false, false],
    ['one of a list in which another is known otherwise', 2, true, false],
  ])('%s', (_, listedCount, isAnyKnown, stops) => {
    expect(wrongTenant({ identities: [absent], listedCount, isAnyKnown }) !== null).toBe(stops)
  })
})

test.each([
  [null, URL, false],
  [URL, null, false],
  [URL, URL, false],
  [URL, 'https://acme-sb.api.identitynow.com', true],
])('a report of %s in a run for %s is about another tenant: %s', (ofReport, ofRun, isOther) => {
  expect(isOtherTenant(ofReport, ofRun)).toBe(isOther)
})
