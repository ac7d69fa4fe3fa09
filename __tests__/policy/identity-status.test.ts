import { expect, test } from '@jest/globals'

import { KNOWN_STATUSES, meaningOf } from '../../src/policy/decision.ts'

/** The contract's table: what counts as enabled, and what the note on it says. */
const TABLE: readonly [string | null, 'yes' | 'no' | 'unknown', RegExp | null][] = [
  ['ACTIVE', 'yes', null],
  ['REGISTERED', 'yes', null],
  ['UNREGISTERED', 'yes', null],
  ['PENDING', 'yes', null],
  ['WARNING', 'yes', null],
  ['LOCKED', 'yes', /does not unlock/],
  ['ERROR', 'yes', /does not fix/],
  ['DISABLED', 'no', null],
  ['DEACTIVATED', 'unknown', /not published/],
  ['TERMINATED', 'unknown', /not published/],
  [null, 'unknown', /gives no status/],
  ['SOMETHING_NEW', 'unknown', /does not know/],
  ['', 'unknown', /does not know/],
  ['constructor', 'unknown', /does not know/],
  ['__proto__', 'unknown', /does not know/],
]

test.each(TABLE)('%s: enabled %s, note %s', (status, enabled, note) => {
  for (const text of [status, status?.toLowerCase() ?? null]) {
    const meaning = meaningOf(text)
    expect(meaning.enabled).toBe(enabled)
    if (note === null) expect(meaning.note).toBeNull()
    else expect(meaning.note).toMatch(note)
  }
})

test('the table is all that the specification lists', () => {
  const listed = TABLE.slice(0, 10).flatMap(([status]) => status ?? [])
  expect([...KNOWN_STATUSES].sort()).toEqual(listed.sort())
})
