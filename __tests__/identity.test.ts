import { expect, it } from '@jest/globals'

import { folded } from '../src/identity.ts'

it.each([
  ['case', 'Ann.SMITH@Example.COM', 'ann.smith@example.com'],
  ['how an accent is encoded', 'Jose\u0301', 'JOSÉ'],
  ['which small sigma ends them', 'οδυσσευσ', 'οδυσσευς'],
  ['how a dotted capital is encoded', 'İzmir', 'I\u0307zmir'],
])('two texts that differ in nothing but %s are one', (_, one, other) => {
  expect(folded(one)).toBe(folded(other))
})

it.each([
  ['straße', 'strasse'],
  ['ırmak', 'irmak'],
  ['jose', 'josé'],
  ['user\u200b', 'user'],
])('%j and %j are two', (one, other) => {
  expect(folded(one)).not.toBe(folded(other))
})
