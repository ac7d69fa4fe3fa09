import { expect, test } from '@jest/globals'

import { KNOWN_STATUSES, meaningOf } from '../../src/policy/identity-status.ts'

/** The contract's table: what counts as enabled, and whether there is more to say. */
const TABLE: readonly [string | null, 'yes' | 'no' | 'unknown', boolean][] = [
  ['ACTIVE', 'yes', false],
  ['REGISTERED', 'yes', false],
  ['UNREGISTERED', 'yes', false],
  ['PENDING', 'yes', false],
  ['WARNING', 'yes', false],
  [null, 'yes', false],
  ['LOCKED', 'yes', true],
  ['ERROR', 'yes', true],
  ['DISABLED', 'no', false],
  ['DEACTIVATED', 'no', true],
  ['TERMINATED', 'no', true],
  ['SOMETHING_NEW', 'unknown', true],
  ['', 'unknown', true],
  ['constructor', 'unknown', true],
  ['__proto__', 'unknown', true],
]

test.each(TABLE)('%s: enabled %s, noted: %s', (status, enabled, isNoted) => {
  const meaning = meaningOf(status)
  expect([meaning.enabled, meaning.note !== null]).toEqual([enabled, isNoted])
})

test.each([
  ['LOCKED', /does not unlock/],
  ['ERROR', /does not mend/],
  ['TERMINATED', /not published/],
  ['SOMETHING_NEW', /does not know the status/],
])('the note on %s says why', (status, note) => {
  expect(meaningOf(status).note).toMatch(note)
})

test('statuses are compared without regard to case', () => {
  for (const [status, enabled] of TABLE) {
    if (status !== null) expect(meaningOf(status.toLowerCase()).enabled).toBe(enabled)
  }
})

test('the table is all that the specification lists', () => {
  const listed = TABLE.slice(0, 11).flatMap(([status]) => status ?? [])
  expect([...KNOWN_STATUSES].sort()).toEqual(listed.sort())
})
