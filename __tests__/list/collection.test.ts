import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { Collection, Limit, takeShard, TooLong } from '../../src/list/collection.ts'
import { read } from '../support/list-reading.ts'
import { entry } from '../support/client.ts'

it('takes no more than one run can, also with a larger limit', () => {
  for (const max of [null, 4]) {
    const collection = new Collection(new Limit(max, 2))
    for (const id of ['a1', 'b2', 'A1']) collection.add(entry(id))
    expect(() => collection.add(entry('c3'))).toThrow(
      new TooLong(
        'The list is longer than 2, the most for one run, so reading stopped. Split the list into several files and runs.',
      ),
    )
    expect(collection.identities).toMatchObject([entry('a1'), entry('b2')])
    expect(collection.duplicates).toBe(1)
  }
})

it('counts invalid entries of a short list up to a thousand', () => {
  const collection = new Collection(new Limit(3))
  for (let n = 0; n < 1_000; n += 1) collection.countMalformed()
  expect(() => collection.countMalformed()).toThrow(TooLong)
  const unlimited = new Collection(new Limit(null))
  for (let n = 0; n < 10_000; n += 1) unlimited.countMalformed()
})

/** All parts of a list, the first first. */
function partsOf<T>(list: readonly T[], count: number): (readonly T[])[] {
  return Array.from({ length: count }, (_, n) => takeShard(list, { index: n + 1, count }))
}

const LISTS = fc.array(fc.integer(), { maxLength: 200 })
const COUNTS = fc.integer({ min: 1, max: 300 })

describe('the shards of any list', () => {
  it('are contiguous, disjoint and together the list', () => {
    fc.assert(
      fc.property(LISTS, COUNTS, (list, count) => {
        expect(partsOf(list, count).flat()).toEqual(list)
      }),
    )
  })

  it('differ in size by at most one', () => {
    fc.assert(
      fc.property(LISTS, COUNTS, (list, count) => {
        const sizes = partsOf(list, count).map(({ length }) => length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('depend on the length alone, not on what the entries are', () => {
    fc.assert(
      fc.property(LISTS, COUNTS, (list, count) => {
        const places = partsOf([...list.keys()], count)
        expect(partsOf(list, count)).toEqual(places.map((part) => part.map((at) => list[at])))
      }),
    )
  })
})

describe('examples', () => {
  it.each([
    [
      6,
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [1, [[], [], ['a']]],
    [0, [[], [], []]],
  ])('%d entries in three shards', (length, parts) => {
    expect(partsOf(['a', 'b', 'c', 'd', 'e', 'f'].slice(0, length), 3)).toEqual(parts)
  })

  it('the only shard is the whole list', () => {
    expect(takeShard(['a', 'b'], { index: 1, count: 1 })).toEqual(['a', 'b'])
  })
})

describe('the shard of a list that is read', () => {
  const inline = 'a1 a2 a1 a3 a2 a4 a5'

  it('is taken after repeated entries are removed', async () => {
    const readings = await Promise.all([1, 2].map((index) => read({ inline, shard: { index, count: 2 } })))
    expect(readings.map(({ ids }) => ids)).toEqual([
      ['a1', 'a2'],
      ['a3', 'a4', 'a5'],
    ])
    expect(readings.map(({ duplicates }) => duplicates)).toEqual([2, 2])
  })

  it.each([
    ['alias', 'Bob,x,bob,y,BOB'],
    ['email', 'Bob@example.com,x@y,bob@EXAMPLE.com,y@x'],
    ['id', 'EF38F94347E94562B5BB8424A56397D8,x,ef38f943-47e9-4562-b5bb-8424a56397d8,y'],
  ] as const)('never holds an identity of another, in any form: %s', async (identifyBy, text) => {
    const all = await Promise.all(
      [1, 2, 3].map((index) => read({ inline: text, identifyBy, shard: { index, count: 3 } })),
    )
    const [first, ...others] = text.split(',')
    expect(all.flatMap(({ ids }) => ids)).toEqual([
      first,
      ...others.filter((entry) => /^[xy](@|$)/.test(entry)),
    ])
  })

  it('does not hide what is wrong with the rest of the list', async () => {
    const { ids, problems } = await read({ inline: 'a1 a2 a3 b_4', shard: { index: 1, count: 3 } })
    expect(ids).toEqual(['a1'])
    expect(problems).toHaveLength(1)
  })
})

it('keeps texts up to a limit in bytes', () => {
  const collection = new Collection(new Limit(null))
  const reason = 'x'.repeat(256)
  for (let n = 0; n < 1_000; n += 1) collection.add({ ...entry(`a${n}`), reason })
  // A text that is shared is kept once.
  expect(new Set(collection.identities.map((identity) => identity.reason)).size).toBe(1)
  const limit = new Limit(null)
  const text = '\u0100'.repeat(1024 * 1024)
  for (let n = 0; n < 256; n += 1) limit.keep(text)
  expect(() => limit.keep('x')).toThrow(
    /^The lists hold more than 512 MiB of identifiers, names, and reasons/,
  )
})

it('shortens notes that are long', () => {
  const collection = new Collection(new Limit(null))
  collection.add({ ...entry('a1'), listedName: 'x'.repeat(300), reason: '' })
  expect(collection.identities).toMatchObject([{ listedName: `${'x'.repeat(255)}…`, reason: null }])
})
