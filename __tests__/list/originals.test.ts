import { expect, it } from '@jest/globals'

import { originalsOf } from '../../src/list/originals.ts'

const others = (text: string): string[] => [...new Set(originalsOf(text))].filter((one) => one !== text)

it.each([
  ['mÃ¼ller', 'müller'],
  ['m√ºller', 'müller'],
  ['garcÃ\u00ada', 'garcía'],
  ['Đ”Đ°', 'Да'],
  ['Р”Р°', 'Да'],
  ['Ãœmit', 'Ümit'],
])('of %j are %j and others', (text, original) => {
  expect(others(text)).toContain(original)
})

it('of a number are those with zeros before it, up to 20 digits', () => {
  const zeros = Array.from({ length: 19 }, (_, count) => '0'.repeat(count + 1))
  expect(others('7')).toEqual([...zeros.map((before) => `${before}7`), '+7'])
  expect(others('12')).toEqual([...zeros.slice(0, -1).map((before) => `${before}12`), '+12'])
  expect(others('1'.repeat(20))).toEqual([`+${'1'.repeat(20)}`])
  expect(others('1'.repeat(21))).toEqual([`+${'1'.repeat(21)}`])
  expect(others('0070')).toContain('70')
})

it('of a number of which a spreadsheet rounded the end are all that it may have been', () => {
  expect(others(`${'1'.repeat(15)}0`)).toEqual(
    expect.arrayContaining(Array.from({ length: 9 }, (_, end) => `${'1'.repeat(15)}${end + 1}`)),
  )
  expect(others(`${'1'.repeat(15)}00`)).toContain(`${'1'.repeat(15)}07`)
  expect(others(`x${'1'.repeat(15)}0`)).toEqual([])
  expect(others(`${'1'.repeat(15)}05`)).not.toContain(`${'1'.repeat(15)}1`)
})

it.each([
  ['1,234', '1234'],
  ['12.345.678', '12345678'],
  ["123'456", '123456'],
  ['1 234 567', '1234567'],
  ['1234.', '1234'],
  ['1234.000', '1234'],
  ['1.234,00', '1234'],
  ['4711,0', '4711'],
  ['10,41,711', '1041711'],
  ['12.1', '12.10'],
])('of the number %s are %s', (text, original) => {
  expect(others(text)).toContain(original)
})

it.each([
  '1,23',
  '1,2345',
  '1234,567',
  '1,234.567',
  '1,234,56',
  'x1,234',
  '1,234x',
  '1-234',
  '1234.5',
  'x1,0',
])('of %s is no number without separators', (text) => {
  expect(others(text)).not.toContain(text.replace(/[.,' -]/g, ''))
})

it.each([
  ['Sep-99', 'Sep99'],
  ['sep 99', 'sep99'],
  ['déc-01', 'déc01'],
  ['• ann', 'ann'],
  ['-- ann', 'ann'],
  ['•ann', 'ann'],
  ['-> ann', 'ann'],
  ['2) ann', 'ann'],
  ['12.ann', 'ann'],
  ['“ann bob”', 'ann bob'],
  ['(ann)', 'ann'],
  ['✓ ann', 'ann'],
  ['✓✓ ann', 'ann'],
  ['[ann]', 'ann'],
  ['«ann b»', 'ann b'],
])('of %j are %j', (text, original) => {
  expect(others(text)).toEqual([original])
})

it.each([
  ['O’Hara', "O'Hara"],
  ['O´Hara', "O'Hara"],
  ['O`Hara', "O'Hara"],
  ["O''Hara", "O'Hara"],
  ['OʼHara', "O'Hara"],
  ['O′Hara', "O'Hara"],
  ['ann_example.com#EXT#@contoso.onmicrosoft.com', 'ann@example.com'],
  ['ann–bob', 'ann-bob'],
  ['ann−bob', 'ann-bob'],
  ['İlker', 'ilker'],
  ['ILKEr ı', 'ILKEr i'],
  ['ann\u2010bob', 'ann-bob'],
  ['ann \u00a0\u3000bob', 'ann bob'],
  ['ａｎｎ', 'ann'],
  ['ann\u200b', 'ann'],
])('of %j are %j, as a keyboard writes it', (text, original) => {
  expect(others(text)).toEqual([original])
})

it.each([
  'ann',
  'adm-01',
  'Sep-999',
  'xSep-99',
  '1Sep-99',
  'sep.99',
  'müller',
  'mÃ',
  'Ãƒ\u4e00',
  'ÃÃƒ',
  '\u4e00Ã©',
  '_ann',
  '$ann',
  'ann$',
  '+ann',
  'ann)',
  'a(nn)',
  '(ann)b',
  'a1.5',

  'a,0',
  '_ann_',
  'Ã\u4e00©',
])('of %j is none', (text) => {
  expect(others(text)).toEqual([])
})
