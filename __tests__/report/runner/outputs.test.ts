import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import { setOutputs } from '../../../src/report/runner/outputs.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { failed, identity, range, reportOf, unprocessed } from '../../support/run-report.ts'

function outputsOf(report: RunReport): { outputs: Record<string, string>; cut: string[] } {
  const outputs: Record<string, string> = {}
  const cut = setOutputs(report, (name, value) => void (outputs[name] = value))
  return { outputs, cut }
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
        'stop-reason': '',
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
      cut: [],
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

  it('says why the run ended early', () => {
    const stop = { reason: 'outage', timeoutMs: 20_000 } as const
    expect(outputsOf(reportOf([unprocessed('a')], { stop })).outputs['stop-reason']).toBe('outage')
  })

  it('names an identity by its ID, or by what was given where none was found', () => {
    const identities = [identity('jane', { id: '2c91' }), failed('no one, "x"', { id: null })]
    const { outputs } = outputsOf(reportOf(identities))
    expect(outputs['succeeded-ids']).toBe('["2c91"]')
    expect(outputs['failed-ids']).toBe('["no one, \\"x\\""]')
  })

  /** What GitHub counts: names and values as UTF-16. */
  const bytesOf = (outputs: Record<string, string>): number =>
    2 * Object.entries(outputs).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  const MIB = 1_048_576

  it('keeps all outputs together below 1 MiB of UTF-16, to the code unit', () => {
    const withIds = (length: number): RunReport =>
      reportOf([identity('é'.repeat(length)), failed('b'), unprocessed('c')])
    const least = bytesOf(outputsOf(withIds(1)).outputs)
    const longest = 1 + (MIB - 2 - least) / 2
    const fitting = outputsOf(withIds(longest))
    expect(bytesOf(fitting.outputs)).toBe(MIB - 2)
    expect(fitting.cut).toEqual([])
    const larger = outputsOf(withIds(longest + 1))
    expect(larger.outputs).toMatchObject({
      'succeeded-ids': '',
      'failed-ids': '["b"]',
      'unprocessed-ids': '["c"]',
    })
    expect(larger.cut).toEqual(['succeeded-ids'])
  })

  it('keeps space for the lists that are empty', () => {
    const withIds = (length: number): RunReport => reportOf([failed('é'.repeat(length))])
    const longest = 1 + (MIB - 2 - bytesOf(outputsOf(withIds(1)).outputs)) / 2
    for (const length of [longest, longest + 1, longest + 2, longest + 3]) {
      const { outputs, cut } = outputsOf(withIds(length))
      expect(bytesOf(outputs)).toBeLessThan(MIB)
      expect(cut).toEqual(length === longest ? [] : ['failed-ids'])
      expect(outputs).toMatchObject({ 'unprocessed-ids': '[]', 'succeeded-ids': '[]' })
    }
  })

  it('lists the failed first, then to the unprocessed, and shortens no list', () => {
    const many = (make: typeof failed, count: number, name: string): Identity[] =>
      range(count, (index) => make(`${name}-${index}`.padEnd(30, 'x')))
    const whole = (identities: readonly Identity[]): string => JSON.stringify(identities.map(({ id }) => id))
    const lists = (counts: [number, number, number]) => {
      const [f, u, s] = counts
      const [bad, left, good] = [many(failed, f, 'f'), many(unprocessed, u, 'u'), many(identity, s, 's')]
      const { outputs, cut } = outputsOf(reportOf([...good, ...left, ...bad]))
      expect(bytesOf(outputs)).toBeLessThan(MIB)
      const full = { 'failed-ids': whole(bad), 'unprocessed-ids': whole(left), 'succeeded-ids': whole(good) }
      const kept = Object.entries(full).map(([name, list]) => {
        expect([list, '']).toContain(outputs[name])
        return outputs[name] === list
      })
      expect(cut).toHaveLength(kept.filter((isKept) => !isKept).length)
      return kept
    }
    expect(lists([8_000, 4_000, 4_000])).toEqual([true, true, false])
    expect(lists([8_000, 8_000, 4_000])).toEqual([true, false, true])
    expect(lists([20_000, 8_000, 8_000])).toEqual([false, true, false])
  })
})
