import { describe, expect, it } from '@jest/globals'

import { isMonth, mayBeDate } from '../../src/list/dates.ts'

/** Whether each is a short month or a date: those of `texts` that are. */
const months = (texts: readonly string[]): string[] => texts.filter(isMonth)

it('the short months of ten languages are known, and no other text', () => {
  const known = [
    ...['jan', 'Sep', 'DEC', 'mär', 'mrz', 'dez', 'janv', 'févr', 'déc', 'ene', 'dic'],
    ...['gen', 'mag', 'set', 'mrt', 'mei', 'fev', 'sty', 'gru', 'maj', 'led', 'pro'],
  ]
  expect(months(known)).toEqual(known)
  expect(months(['', 'janv.', 'january', 'ann', 'm', '1', 'Stryker'])).toEqual([])
})

describe('a date', () => {
  it.each([
    ...['1/2/2026', '31.12.2026', '1.2.26', '01/02/26', '1-2-2026', '31-12-2026', '2026-01-31', '1999/1/1'],
    ...['2026.12.01', '10-Nov', '3. Mrz', '3.Mrz.', '1-Jan-26', '01 sep 2026', '9 févr. 26', '3 -. dez'],
  ])('may be %s', (text) => {
    expect(mayBeDate(text)).toBe(true)
  })

  it.each([
    ...['', '1', '1/2', '1/2/202', '1/2/20266', '1/2.2026', '1-2-26', '32/1/2026', '0/1/2026', '1/40/2026'],
    ...['x1/2/2026', '1/2/2026x', 'x1-2-2026', '1-2-2026x', '1-0-2026', '1-2-202x', 'x2026-01-31'],
    ...['2026-01-31x', '2026-01.31', '1826-01-31', '2126-01-31', '2026-00-31', '2026-01-32', '2026-1'],
    ...['10Nov', '10-Nova', 'x10-Nov', '10-Novx', '10-Nov-', '10-Nov-1', '10-Nov-20266', '10-Nov/26'],
    ...['32-Nov', '10_Nov', '10-No', '10-', 'Nov-10', 'ann', 'a-1'],
  ])('is not %j', (text) => {
    expect(mayBeDate(text)).toBe(false)
  })
})
