import { describe, expect, it } from '@jest/globals'

import { setOutputs } from '../../../src/report/runner/outputs.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { failed, identity, range, reportOf, unprocessed } from '../../support/run-report.ts'

function outputsOf(report: RunReport): { outputs: Record<string, string>; warnings: string[] } {
  const outputs: Record<string, string> = {}
  const warnings: string[] = []
  setOutputs(
    report,
    (name, value) => void (outputs[name] = value),
    (message) => void warnings.push(message),
  )
  return { outputs, warnings }
}

describe('setOutputs', () => {
  it('sets every output', () => {
    const report = reportOf(
      [identity('a'), failed('b'), identity('c'), unprocessed('d'), failed('e', { ignored: true })],
      { toEnableCount: 3 },
    )
    expect(outputsOf(report)).toEqual({
      outputs: {
        result: 'failure',
        'total-count': '5',
        'succeeded-count': '2',
        'failed-count': '2',
        'unprocessed-count': '1',
        'failure-percent': '20',
        'to-enable-count': '3',
        'excluded-count': '0',
        'results-file': '/tmp/report.json',
        'summary-file': '/tmp/summary.md',
        'succeeded-ids': '["a","c"]',
        'failed-ids': '["b","e"]',
        'unprocessed-ids': '["d"]',
      },
      warnings: [],
    })
  })

  it('sets empty lists, no percentage and no state for an empty list', () => {
    const { outputs } = outputsOf(reportOf([]))
    expect(outputs).toMatchObject({
      'succeeded-ids': '[]',
      'failed-ids': '[]',
      'unprocessed-ids': '[]',
      'failure-percent': '0',
      'to-enable-count': '',
    })
  })

  it('names an identity by its id, or by what was given where none was found', () => {
    const identities = [identity('jane', { id: '2c91' }), failed('no one, "x"', { id: null })]
    const { outputs } = outputsOf(reportOf(identities))
    expect(outputs['succeeded-ids']).toBe('["2c91"]')
    expect(outputs['failed-ids']).toBe('["no one, \\"x\\""]')
  })

  it('sets a list of exactly 1 MiB of UTF-16, and empties one that is larger, with a warning', () => {
    // "…", for each, and brackets instead of the last comma: 2 + 8,192 × 64 - 1 code units.
    const ids = range(8_192, (index) => String(index).padStart(61, 'é'))
    const shorter = ids.with(0, ids[0]?.slice(1) ?? '')
    const fitting = outputsOf(reportOf(shorter.map((id) => identity(id))))
    expect(fitting.outputs['succeeded-ids']).toHaveLength(524_288)
    expect(fitting.warnings).toEqual([])
    const larger = outputsOf(reportOf(ids.map((id) => identity(id))))
    expect(larger.outputs['succeeded-ids']).toBe('')
    expect(larger.outputs['failed-ids']).toBe('[]')
    expect(larger.warnings).toEqual([
      expect.stringMatching(/succeeded-ids.*results-file.*\/tmp\/report\.json/),
    ])
  })
})
