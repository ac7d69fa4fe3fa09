import { describe, expect, test } from '@jest/globals'

import type { Cause } from '../../src/identity.ts'
import { knownToNobody, otherTenant, tooManyToEnable } from '../../src/policy/guards.ts'

const URL = 'https://acme.api.identitynow.com'
const absent: { cause: Cause } = { cause: { kind: 'absent' } }
const answered = (statusCode: number): { cause: Cause } => ({
  cause: { kind: 'answered', statusCode, message: null, trackingId: null },
})

describe('max-to-enable', () => {
  test.each([
    [5, 5, false],
    [6, 5, true],
    [1, 0, true],
    [0, 0, false],
    [1_000_000, null, false],
  ])('%i to enable, at most %s: refused is %s', (toEnable, max, isRefused) => {
    expect(tooManyToEnable(toEnable, max) !== null).toBe(isRefused)
  })

  test('says how many there are, how many may be, and what to do', () => {
    expect(tooManyToEnable(7, 5)).toBe(
      '7 identities are to be enabled, and max-to-enable accepts 5. Split the list, or raise max-to-enable; then plan again.',
    )
    expect(tooManyToEnable(1, 0)).toMatch(/^1 identity is to be enabled, and max-to-enable accepts 0\./)
  })
})

describe('a list that nobody knows', () => {
  test('is for another tenant, whose name is said', () => {
    expect(knownToNobody([absent, answered(404)], URL)).toContain('acme.api.identitynow.com')
  })

  test.each<[string, readonly { cause: Cause | null }[]]>([
    ['one identity', [absent]],
    ['nobody', []],
    ['one who is known', [absent, answered(202)]],
    ['one who was refused for something else', [absent, answered(400)]],
    ['one of whom nothing is known yet', [absent, { cause: null }]],
    [
      'a request that was refused whole',
      [absent, { cause: { kind: 'request-failed', statusCode: 404, message: '', trackingId: null } }],
    ],
  ])('is not %s', (_case, identities) => {
    expect(knownToNobody(identities, URL)).toBeNull()
  })
})

describe('a report of an earlier run', () => {
  test.each([
    [null, URL],
    [URL, null],
    [URL, URL],
  ])('of %s is taken by a run for %s', (ofReport, ofRun) => {
    expect(otherTenant(ofReport, ofRun)).toBeNull()
  })

  test.each([
    [URL, 'https://acme-sb.api.identitynow.com', 'https://acme-sb.api.identitynow.com'],
    [URL, '', 'no tenant'],
  ])('of %s is not taken by a run for "%s", and both are named', (ofReport, ofRun, named) => {
    expect(otherTenant(ofReport, ofRun)).toMatch(
      new RegExp(
        `^Input from-report: .*${RegExp.escape(ofReport)}.*this run is for ${RegExp.escape(named)};`,
      ),
    )
  })
})
