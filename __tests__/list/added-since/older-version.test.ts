import { expect, test } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import { lineFeedsOnly, ListedBefore } from '../../../src/list/added-since/older-version.ts'

const ISC_ID = '2c9180835d2e5168015d32f890ca1581'
const THEN = { file: 'lists/a.txt', line: 3 }

/** An older version that listed these texts, one per line. */
function listed(...texts: readonly string[]): ListedBefore {
  const before = new ListedBefore('commit abc')
  texts.forEach((text, index) => before.addThen(text, 'lists/a.txt', index + 1))
  return before
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

test.each([
  ['a\r\nb\rc\nd\r\n', 'a\nb\nc\nd\n'],
  ['\r\r\n\r', '\n\n\n'],
  ['\xff\xfe\x00\r\n\xe9', '\xff\xfe\x00\n\xe9'],
  ['a\n', 'a\n'],
])('line ends of %j are line feeds: %j', (text, expected) => {
  expect(lineFeedsOnly(bytes(text))).toEqual(bytes(expected))
})

test('an identity that was listed is found by any of its texts, where it was listed first', () => {
  const before = listed('x', 'y', 'Ann', 'ann', 'y')
  expect(before.match(['no', ' ANN\u200b'])).toEqual({ by: 'listed-before', bySource: THEN })
  expect(before.match(['no'])).toBeNull()
  expect(before.match([])).toBeNull()
})

test('a text without a visible character is none', () => {
  expect(listed('\u200b', '').match(['', '\u200b'])).toBeNull()
})

test('an identity is listed again once it has more entries than then', () => {
  const before = listed('x', 'y', 'ann', 'ann')
  const places = ['lists/a.txt', 'lists/a.txt', 'lists/b.txt', 'lists/a.txt'].entries()
  const by = [...places].map(([index, file]) => {
    before.addNow('ANN', file, index + 10)
    before.addNow('new', file, 1)
    return before.match(['x', 'ann'])
  })
  expect(by).toEqual([
    { by: 'listed-before', bySource: { file: 'lists/a.txt', line: 1 } },
    { by: 'listed-before', bySource: { file: 'lists/a.txt', line: 1 } },
    { by: 'listed-again', bySource: THEN, listedAt: null },
    { by: 'listed-again', bySource: THEN, listedAt: { file: 'lists/a.txt', line: 13 } },
  ])
  expect(before.match(['new'])).toBeNull()
})

test('the line on which an identity stays is not where it is listed again', () => {
  const before = listed('x', 'y', 'ann')
  before.addNow('ann', 'lists/a.txt', 2)
  before.addNow('ann', 'lists/a.txt', 3)
  expect(before.match(['ann'])).toEqual({ by: 'listed-again', bySource: THEN, listedAt: null })
})

test('has a limit of its own', () => {
  const before = new ListedBefore('commit abc')
  for (let each = 0; each < 2_000_000; each += 1) before.addThen(String(each), 'lists/a.txt', each)
  before.addThen('7', 'lists/a.txt', 1)
  expect(() => before.addThen('one more', 'lists/a.txt', 1)).toThrow(
    'The older versions of the changed files have more than 2 million entries. Restore the largest file, and put the additions into a new one.',
  )
})

test.each<[string | null, readonly string[], boolean]>([
  ['lists/a.csv', [ISC_ID, ISC_ID.toUpperCase()], true],
  ['lists/a.csv', [ISC_ID, 'hr-1'], false],
  ['lists/a.csv', ['hr-1'], false],
  ['lists/a.csv', [], false],
  [null, [ISC_ID], false],
])('ISC IDs of now cannot be compared with a list that has none: %j, %j', (name, identifiers, isFault) => {
  const before = new ListedBefore('commit abc')
  before.withoutIscId = name
  const fault = before.faultBeside(identifiers.map((identifier) => ({ identifier }) as Identity))
  expect(fault).toBe(
    isFault
      ? '"lists/a.csv" as of commit abc has no ISC ID, but the current list holds only ISC IDs, so the action cannot compare them. Restore that file, and put the additions into a new one.'
      : null,
  )
})
