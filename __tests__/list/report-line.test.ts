import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Identity } from '../../src/identity.ts'
import { parsedLine } from '../../src/list/report-line.ts'
import { jsonLines } from '../../src/report/file/report-file.ts'
import { answered, identity, reportOf, state } from '../support/run-report.ts'
import { runs } from '../support/runs.ts'

/** An identity as a report has it. */
function lineOf(changes: Partial<Identity>): string {
  const text = [...jsonLines(reportOf([identity('a1', changes)], { showNames: true }))].join('')
  return /^ {4}(\{"id".*)$/m.exec(text)?.[1] ?? ''
}

const FULL: Partial<Identity> = {
  outcome: 'failed',
  cause: answered(404, 'Identity "a1" was\nnot found.', 'track'),
  plan: 'enable',
  verified: false,
  observed: state({ lifecycleState: 'leaver', name: 'Zoë "Zo" O’Neil' }),
  approval: { kind: 'approved', lifecycleState: null },
  listedName: 'Zoë',
  reason: 'back',
}

it.each([
  ['little is known of', { id: null, file: null, line: null, cause: null }],
  ['comes from an inline list', { line: null }],
  ['everything is known of', FULL],
])('an identity that %s is read as the action writes it', (_case, changes) => {
  const line = lineOf(changes)
  const parsed = parsedLine(line)
  expect(parsed).not.toBeNull()
  expect(JSON.parse(line)).toMatchObject({ ...parsed })
})

describe('a line in another form', () => {
  it.each([
    ['a key twice', '"plan":', '"plan":null,"plan":'],
    ['a key more', '"plan":', '"later":1,"plan":'],
    ['white space', '"plan":', '"plan": '],
    ['an escape in a text that is taken', '"back"', '"ba\\u0063k"'],
    ['a control character', '"back"', '"ba\tck"'],
    ['something behind it', /$/, '}'],
  ])('is not read: with %s', (_case, from, to) => {
    expect(parsedLine(lineOf(FULL).replace(from, to))).toBeNull()
  })

  it('is not read, or read as JSON.parse reads it', () => {
    const line = lineOf(FULL)
    const at = fc.nat(line.length)
    const text = fc.string({
      unit: fc.constantFrom(...Array.from('{}[]",:\\\0\t 01-.enulbrt')),
      maxLength: 3,
    })
    fc.assert(
      fc.property(at, fc.nat(3), text, (start, removed, added) => {
        const changed = line.slice(0, start) + added + line.slice(start + removed)
        const parsed = parsedLine(changed)
        if (parsed !== null) expect(JSON.parse(changed)).toMatchObject({ ...parsed })
      }),
      { numRuns: runs(1_000, 100_000) },
    )
  })
})
