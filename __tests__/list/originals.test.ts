import { expect, it } from '@jest/globals'

import { originalsOf } from '../../src/list/originals.ts'

const others = (text: string): string[] => [...new Set(originalsOf(text))].filter((one) => one !== text)

it('of a number are those with zeros before it, up to 20 digits', () => {
  const zeros = Array.from({ length: 19 }, (_, count) => '0'.repeat(count + 1))
  expect(others('7')).toEqual(zeros.map((before) => `${before}7`))
  expect(others('1'.repeat(20))).toEqual([])
  expect(others('1'.repeat(21))).toEqual([])
})

it('of a number of which a spreadsheet rounded the end are all that it may have been', () => {
  expect(others(`${'1'.repeat(15)}0`)).toEqual(
    expect.arrayContaining(Array.from({ length: 9 }, (_, end) => `${'1'.repeat(15)}${end + 1}`)),
  )
  expect(others(`${'1'.repeat(15)}00`)).toContain(`${'1'.repeat(15)}07`)
  expect(others(`x${'1'.repeat(15)}0`)).toEqual([])
})

it.each([
  ['Sep-99', 'Sep99'],
  ['sep 99', 'sep99'],
  ['déc-01', 'déc01'],
  ['• ann', 'ann'],
  ['2) ann', 'ann'],
])('of %j are %j', (text, original) => {
  expect(others(text)).toEqual([original])
})

it.each([
  ['mÃ¼ller', 'müller'],
  ['m√ºller', 'müller'],
  ['garcÃ\u00ada', 'garcía'],
])('of %j are %j and others', (text, original) => {
  expect(others(text)).toContain(original)
})

it.each(['ann', 'adm-01', 'Sep-999', 'xSep-99', 'sep.99', 'müller', 'mÃ', 'Ãƒ\u4e00', 'ÃÃƒ'])(
  'of %j is none',
  (text) => {
    expect(others(text)).toEqual([])
  },
)
