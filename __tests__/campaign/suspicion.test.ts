import { describe, expect, it } from '@jest/globals'

import { Suspicion } from '../../src/campaign/suspicion.ts'

/** What it says of refusals for these reasons, one after the other. */
const counted = (suspicion: Suspicion, reasons: readonly string[]): string[] =>
  reasons.map((reason) => suspicion.count(reason))
const times = (count: number, reason: string): string[] => Array<string>(count).fill(reason)

describe('the suspicion that everything is refused', () => {
  it('is founded by eight in a row, and confirmed by eight more', () => {
    expect(counted(new Suspicion(), times(17, 'No'))).toEqual([
      ...times(7, 'none'),
      'founded',
      ...times(7, 'none'),
      'confirmed',
      'confirmed',
    ])
  })

  it('needs one reason in a row', () => {
    const suspicion = new Suspicion()
    expect(counted(suspicion, [...times(7, 'No'), 'Never', ...times(7, 'No')])).toEqual(times(15, 'none'))
    expect(suspicion.count('No')).toBe('founded')
  })

  it('ends with the first that is accepted', () => {
    const suspicion = new Suspicion()
    expect(counted(suspicion, times(8, 'No'))).toContain('founded')
    suspicion.clear()
    expect(counted(suspicion, times(20, 'No'))).toEqual(times(20, 'none'))
  })

  it('is founded even where no reason is given', () => {
    expect(counted(new Suspicion(), times(8, '')).at(-1)).toBe('founded')
  })
})

describe('the sample that confirms it', () => {
  it('comes from all over what is left, its end among it', () => {
    const left = Array.from({ length: 80 }, (_, n) => n)
    expect(new Suspicion().sample(left)).toEqual([9, 19, 29, 39, 49, 59, 69, 79])
  })

  it('is all that is left where that is little', () => {
    expect(new Suspicion().sample(['a', 'b'])).toEqual(['a', 'b'])
    expect(new Suspicion().sample([])).toEqual([])
  })
})

describe('work one request at a time', () => {
  it('begins with a batch that is refused whole, and ends when something is accepted', () => {
    const suspicion = new Suspicion()
    expect(suspicion.isRaised).toBe(false)
    suspicion.raise()
    expect(suspicion.isRaised).toBe(true)
    suspicion.clear()
    expect(suspicion.isRaised).toBe(false)
    suspicion.raise()
    expect(suspicion.isRaised).toBe(false)
  })

  it('does not begin with single identities', () => {
    const suspicion = new Suspicion()
    counted(suspicion, times(3, 'No'))
    expect(suspicion.isRaised).toBe(false)
  })
})
