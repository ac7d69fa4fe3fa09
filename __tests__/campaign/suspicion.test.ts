import { describe, expect, it } from '@jest/globals'

import { Suspicion } from '../../src/campaign/suspicion.ts'

/** What it says of refusals for these reasons, one after the other. */
const verdicts = (suspicion: Suspicion, reasons: readonly string[]): boolean[] =>
  reasons.map((reason) => suspicion.isSystemic(reason))
const times = (count: number, reason: string): string[] => Array<string>(count).fill(reason)

describe('a refusal of single identities is systemic', () => {
  it('from the eighth in a row on', () => {
    expect(verdicts(new Suspicion(), times(9, 'No'))).toEqual([...Array<boolean>(7).fill(false), true, true])
  })

  it('only for one reason in a row', () => {
    const suspicion = new Suspicion()
    expect(verdicts(suspicion, [...times(7, 'No'), 'Never', ...times(7, 'No')])).not.toContain(true)
    expect(suspicion.isSystemic('No')).toBe(true)
  })

  it('only as long as nothing was accepted', () => {
    const suspicion = new Suspicion()
    expect(verdicts(suspicion, times(8, 'No'))).toContain(true)
    suspicion.clear()
    expect(verdicts(suspicion, times(20, 'No'))).not.toContain(true)
  })

  it('even where no reason is given', () => {
    expect(verdicts(new Suspicion(), times(8, '')).at(-1)).toBe(true)
  })
})

describe('a suspicion', () => {
  it('is raised by a batch that is refused whole, until something is accepted', () => {
    const suspicion = new Suspicion()
    expect(suspicion.isRaised).toBe(false)
    suspicion.raise()
    expect(suspicion.isRaised).toBe(true)
    suspicion.clear()
    expect(suspicion.isRaised).toBe(false)
    suspicion.raise()
    expect(suspicion.isRaised).toBe(false)
  })

  it('is not raised by single identities', () => {
    const suspicion = new Suspicion()
    verdicts(suspicion, times(3, 'No'))
    expect(suspicion.isRaised).toBe(false)
  })
})
