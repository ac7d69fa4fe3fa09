import { expect, it } from '@jest/globals'

import { Collection, Limit, TooLong } from '../../src/list/collection.ts'
import { entry } from '../support/session.ts'

it('takes no more than one run does, whatever is accepted', () => {
  for (const max of [null, 4]) {
    const collection = new Collection(new Limit(max, 2))
    for (const id of ['a1', 'b2', 'A1']) collection.add(entry(id))
    expect(() => collection.add(entry('c3'))).toThrow(
      new TooLong('The list is longer than 2, the most that one run takes; it was read no further.'),
    )
    expect(collection.identities).toMatchObject([entry('a1'), entry('b2')])
    expect(collection.duplicates).toBe(1)
  }
})

it('counts malformed entries of a short list, however many, up to a thousand', () => {
  const collection = new Collection(new Limit(3))
  for (let n = 0; n < 1_000; n += 1) collection.countMalformed()
  expect(() => collection.countMalformed()).toThrow(TooLong)
  const unlimited = new Collection(new Limit(null))
  for (let n = 0; n < 10_000; n += 1) unlimited.countMalformed()
})
