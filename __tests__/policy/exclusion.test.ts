import { expect, test } from '@jest/globals'

import { comparable, isIscId } from '../../src/policy/exclusion.ts'

const ID = '2c9180857f2d4d9e017f3a1b5c6d7e8f'
const DASHED = '2c918085-7f2d-4d9e-017f-3a1b5c6d7e8f'

test.each([
  [ID.toUpperCase(), ID],
  [DASHED, ID],
  [` ${DASHED.toUpperCase()}\u00a0`, ID],
  ['An\u200bn\u00ad@Example.com\ufeff', 'ann@example.com'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['ann-smith', 'ann-smith'],
  ['', ''],
])('%j is compared as %j', (text, compared) => {
  expect(comparable(text)).toBe(compared)
})

test.each([
  [ID, true],
  [DASHED.toUpperCase(), true],
  ['2c9180857f2d4d9e017f3a1b5c6d7e8', false],
  ['2c918085-7f2d4d9e017f3a1b5c6d7e8f', false],
  ['10234', false],
  ['ann@example.com', false],
])('%s has the shape of ISC’s own IDs: %s', (text, isOne) => {
  expect(isIscId(text)).toBe(isOne)
})
