import { describe, expect, it } from '@jest/globals'

import { Ledger } from '../../src/enablement/ledger.ts'
import { requested } from '../../src/identity.ts'
import { matchOf, type Exclusion, type ExclusionMatch } from '../../src/policy/exclusion.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import { ACCEPTED, ledgerOf } from '../support/client.ts'

const match = (by: ExclusionMatch['by'], file = 'deny.txt'): ExclusionMatch => ({
  by,
  bySource: { file, line: 3 },
})

/** Excludes by these texts. */
const excluding = (found: ExclusionMatch, ...texts: string[]): Exclusion => ({
  match: (known) => (known.some((text) => texts.includes(text)) ? found : null),
})

const ann = requested({
  identifier: 'Ann',
  id: 'a1',
  file: 'list.csv',
  line: 2,
  listedName: 'Ann Smith',
})

describe('an excluded identity', () => {
  it.each<[string, string]>([
    ['the text given', 'Ann'],
    ['its ID', 'a1'],
    ['the ID as ISC writes it', 'A1'],
    ['its alias', 'ann.smith'],
    ['its address', 'ann@example.com'],
  ])('is matched by %s', (_, text) => {
    const ledger = new Ledger([ann], NO_THRESHOLDS)
    const row = { id: 'A1', alias: 'ann.smith', emailAddress: 'ann@example.com', name: null }
    ledger.excludeMatches([excluding(match('deny-list'), text)], () => row)
    expect(ledger.counts).toMatchObject({ total: 0, excluded: 1 })
    expect(ledger.excluded).toEqual([
      {
        ...{ id: 'a1', identifier: 'Ann', name: 'Ann Smith', file: 'list.csv', line: 2 },
        ...match('deny-list'),
      },
    ])
  })

  it('is named as ISC names it, where that is known', () => {
    const ledger = new Ledger([ann], NO_THRESHOLDS)
    const row = { id: 'a1', alias: null, emailAddress: null, name: 'Ann S.' }
    ledger.excludeMatches([excluding(match('not-listed'), 'a1')], () => row)
    expect(ledger.excluded).toMatchObject([{ name: 'Ann S.', by: 'not-listed' }])
  })

  it('that was only listed before is counted, not named', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    ledger.excludeMatches([excluding(match('listed-before'), 'a1')])
    expect(ledger.counts).toMatchObject({ total: 1, excluded: 1 })
    expect(ledger.excluded).toEqual([])
  })
})

it('an identity on which something is decided stays where it is', () => {
  const ledger = ledgerOf(['a1', 'b2', 'c3'])
  const [first, second] = ledger.identities
  if (first !== undefined) ledger.succeed(first, ACCEPTED)
  if (second !== undefined) ledger.decide(second, { plan: 'enable', cause: null })
  ledger.excludeMatches([excluding(match('deny-list'), 'a1', 'b2', 'c3')])
  expect(ledger.counts).toMatchObject({ total: 2, succeeded: 1, unprocessed: 1, excluded: 1 })
})

it('with rows, only identities that have one are compared', () => {
  const ledger = ledgerOf(['a1', 'b2'])
  const rows = new Map([['a1', { id: 'a1', alias: null, emailAddress: null, name: null }]])
  ledger.excludeMatches([excluding(match('not-listed'), 'a1', 'b2')], ({ id }) => rows.get(id ?? ''))
  expect(ledger.identities.map(({ id }) => id)).toEqual(['b2'])
})

it('the first exclusion that matches says why; texts that are not known match none', () => {
  const exclusions = [
    excluding(match('deny-list', 'first'), 'x'),
    excluding(match('deny-list', 'second'), 'a'),
    excluding(match('deny-list', 'third'), 'a'),
  ]
  expect(matchOf(exclusions, [null, undefined, 'a'])?.bySource?.file).toBe('second')
  expect(matchOf(exclusions, [null, undefined])).toBeNull()
})
