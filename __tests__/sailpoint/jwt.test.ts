import { expect, it } from '@jest/globals'

import { expiryOf } from '../../src/sailpoint/jwt.ts'

const jwt = (claims: string): string => `e30.${Buffer.from(claims).toString('base64url')}.c2ln`

it.each([
  ['in whole seconds', '{"exp":1800000000,"sub":"ü?>"}', 1_800_000_000_000],
  ['in fractions of them', '{"exp":1800000000.5}', 1_800_000_000_500],
  ['at the last date there is', '{"exp":8640000000000}', 8.64e15],
  ['at the first date there is', '{"exp":-8640000000000}', -8.64e15],
  ['beyond the last date', '{"exp":8640000000001}', null],
  ['beyond the first date', '{"exp":-8640000000001}', null],
  ['as a text', '{"exp":"1800000000"}', null],
  ['without claims', '{}', null],
  ['without an object', 'null', null],
  ['without JSON', '{"exp":', null],
])('a token that expires %s', (_, claims, expected) => {
  expect(expiryOf(jwt(claims))).toBe(expected)
})

it.each(['', 'opaque', '.', '..', 'a.b', 'a.%.c'])('a token that is no JWT: %j', (token) => {
  expect(expiryOf(token)).toBeNull()
})
