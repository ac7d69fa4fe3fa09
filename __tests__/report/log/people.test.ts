import { describe, expect, it } from '@jest/globals'

import { peopleLines } from '../../../src/report/log/people.ts'
import { failed, identity, range, reportOf, state, unprocessed } from '../../support/run-report.ts'

const observed = state({ name: 'Ada Lovelace', lifecycleState: 'prehire' })

describe('peopleLines', () => {
  it('names whom a run enabled, refused or failed to enable', () => {
    const report = reportOf(
      [
        identity('a', { observed }),
        failed('b', { observed: state({ name: 'Bob' }) }),
        failed('c', { cause: { kind: 'state-blocked', state: 'leaver' } }),
        identity('d', { observed, cause: { kind: 'already-enabled' } }),
      ],
      { showNames: true },
    )
    expect([...peopleLines(report)]).toEqual([
      'Accepted: a (Ada Lovelace, prehire)',
      'Failed: b (Bob)',
      'Refused: c',
    ])
  })

  it('names nobody where names are not shown', () => {
    expect([...peopleLines(reportOf([identity('a', { observed })]))]).toEqual([])
  })

  it('is bounded, and says who is left out', () => {
    const many = range(1_002, (index) => unprocessed(`id-${index}`, { plan: 'enable', observed }))
    const lines = [...peopleLines(reportOf(many, { showNames: true, dryRun: true }))]
    expect(lines).toHaveLength(1_001)
    expect(lines.at(-2)).toBe('Would enable: id-999 (Ada Lovelace, prehire)')
    expect(lines.at(-1)).toBe('… and 2 more: they are in the report.')
  })
})
