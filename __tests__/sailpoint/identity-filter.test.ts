import { describe, expect, it } from '@jest/globals'

import { filtersOf } from '../../src/sailpoint/identity-search.ts'
import type { IdentifyBy } from '../../src/settings.ts'

const NO_LIMIT = { maxValues: Infinity, maxLength: Infinity }

const decoded = (attribute: IdentifyBy, values: readonly string[], limits = NO_LIMIT): string[] =>
  filtersOf(attribute, values, limits)
    .map(({ encoded }) => decodeURIComponent(encoded))
    .toArray()

describe('a filter', () => {
  it.each<[IdentifyBy, string]>([
    ['id', 'id in ("a","b")'],
    ['alias', 'alias eq "a" or alias eq "b"'],
    ['email', 'email eq "a" or email eq "b"'],
  ])('by %s is as ISC documents it', (attribute, expected) => {
    expect(decoded(attribute, ['a', 'b'])).toEqual([expected])
  })

  it('holds any value as it is', () => {
    const value = 'o\'brien "the\\boss" +&#%,ü'
    expect(decoded('alias', [value])).toEqual(['alias eq "o\'brien \\"the\\\\boss\\" +&#%,ü"'])
    const [filter] = filtersOf('alias', [value], NO_LIMIT)
    expect(filter?.values).toEqual([value])
    expect(filter?.encoded).toMatch(/^[\w\-.~!'()*,%]+$/)
  })

  it('keeps its commas as they are, so that more IDs fit into a URL', () => {
    const [filter] = filtersOf('id', ['a', 'b', 'c'], NO_LIMIT)
    expect(filter?.encoded).toBe('id%20in%20(%22a%22,%22b%22,%22c%22)')
  })

  it('is none where no identity is asked for', () => {
    expect(decoded('id', [])).toEqual([])
  })
})

describe('several filters', () => {
  const values = Array.from({ length: 50 }, (_, n) => `user.${n}`)

  it.each<[IdentifyBy]>([['id'], ['email']])('by %s hold as many values as may be in one', (attribute) => {
    const parts = filtersOf(attribute, values, { maxValues: 20, maxLength: Infinity }).toArray()
    expect(parts.map((part) => part.values)).toEqual([
      values.slice(0, 20),
      values.slice(20, 40),
      values.slice(40),
    ])
  })

  const LENGTHS = Array.from({ length: 20 }, (_, n) => 200 + n)
  it.each([
    ...LENGTHS.map((length): [IdentifyBy, number] => ['id', length]),
    ...LENGTHS.map((length): [IdentifyBy, number] => ['email', length + 100]),
  ])('by %s are at most %i long, and the next value would not have fitted', (attribute, maxLength) => {
    const parts = filtersOf(attribute, values, { maxValues: Infinity, maxLength }).toArray()
    expect(parts.flatMap((part) => part.values)).toEqual(values)
    expect(parts.length).toBeGreaterThan(3)
    for (const [index, { encoded, values: own }] of parts.entries()) {
      expect(encoded.length).toBeLessThanOrEqual(maxLength)
      const next = parts[index + 1]?.values[0]
      if (next === undefined) continue
      const [longer] = filtersOf(attribute, [...own, next], NO_LIMIT)
      expect(longer?.encoded.length).toBeGreaterThan(maxLength)
    }
  })

  it('hold a value alone that is too long for any', () => {
    const long = 'x'.repeat(300)
    expect(decoded('alias', [long, 'a', long, 'b'], { maxValues: Infinity, maxLength: 100 })).toEqual([
      `alias eq "${long}"`,
      'alias eq "a"',
      `alias eq "${long}"`,
      'alias eq "b"',
    ])
  })
})
