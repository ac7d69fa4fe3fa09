import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { isOtherName, sameName } from '../../../src/report/words/names.ts'
import { identity, state } from '../../support/run-report.ts'

describe('sameName', () => {
  it.each([
    ['Ada Lovelace', 'ADA LOVELACE'],
    ['Lovelace, Ada', 'Ada Lovelace'],
    ['Ada Lovelace', 'Ada King Lovelace'],
    ['Lovelace, Ada K.', 'Ada Augusta Lovelace'],
    ['Jean-Luc O’Brien', "Jean Luc O'Brien"],
    ['José Müller', 'Jose Mueller'],
    ['Łukasz Straße', 'Lukasz Strasse'],
    ['山田 太郎', '山田太郎'],
    ['Ada', 'Ada Lovelace'],
    ['—', '—'],
  ])('takes %s and %s for one person', (a, b) => {
    expect([sameName(a, b), sameName(b, a)]).toEqual([true, true])
  })

  it.each([
    ['Ada Lovelace', 'Grace Hopper'],
    ['Ada Lovelace', 'Ada Byron'],
    ['Ada Lovelace', 'Grace Lovelace'],
    ['Ada B. Lovelace', 'Ada B. Hopper'],
    ['Ada', 'Adam'],
    ['Ada Lovelace', ''],
    ['—', 'Ada'],
  ])('takes %j and %j for two', (a, b) => {
    expect([sameName(a, b), sameName(b, a)]).toEqual([false, false])
  })

  it('takes any name for itself, and is symmetrical', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(sameName(a, ` ${a} `)).toBe(true)
        expect(sameName(a, b)).toBe(sameName(b, a))
      }),
    )
  })
})

it('compares only where the list and ISC have a name', () => {
  const [named, unnamed] = [state({ name: 'Ada' }), state()]
  expect(isOtherName(identity('a', { listedName: 'Bob', observed: named }))).toBe(true)
  expect(isOtherName(identity('a', { listedName: 'Ada', observed: named }))).toBe(false)
  for (const other of [{ observed: named }, { listedName: 'Bob', observed: unnamed }, { listedName: 'Bob' }])
    expect(isOtherName(identity('a', other))).toBe(false)
  expect(isOtherName(identity('a', { listedName: 'Bob', observed: 'absent' }))).toBe(false)
})
