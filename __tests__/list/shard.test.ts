import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { takeShard } from '../../src/list/shard.ts'
import { read } from '../support/list-reading.ts'

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
    ['alias', 'Bob x bob y BOB'],
    ['email', 'Bob@example.com x bob@EXAMPLE.com y'],
    ['id', 'B2 x b2 y'],
  ] as const)(
    'never holds somebody who stands in another, in whatever case: %s',
    async (identifyBy, text) => {
      const all = await Promise.all(
        [1, 2, 3].map((index) => read({ inline: text, identifyBy, shard: { index, count: 3 } })),
      )
      const [first, ...others] = text.split(' ')
      expect(all.flatMap(({ ids }) => ids)).toEqual([
        first,
        ...others.filter((entry) => /^[xy]$/.test(entry)),
      ])
    },
  )

  it('does not hide what is wrong with the rest of the list', async () => {
    const { ids, problems } = await read({ inline: 'a1 a2 a3 b_4', shard: { index: 1, count: 3 } })
    expect(ids).toEqual(['a1'])
    expect(problems).toHaveLength(1)
  })
})
