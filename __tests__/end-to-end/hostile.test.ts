import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { ActionRun } from '../../dev/run-action.ts'
import { identityId } from '../../dev/tenant/population.ts'
import { hostileText } from '../../dev/hostile-text.ts'
import { listsOf, runAgainst, tenantWith } from '../support/tenant.ts'
import { parseWorkflowCommands } from '../../dev/workflow-commands.ts'

/** The commands that a run may give, with those among their properties that a text could reach. */
function expectOnlyOwnCommands({ stdout, stderr }: ActionRun): void {
  expect(stderr).toBe('')
  for (const { name, properties, data } of parseWorkflowCommands(stdout)) {
    expect(['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning']).toContain(name)
    if (name === 'group') expect(['Set-up', 'Enabling', 'Verifying', 'Result']).toContain(data)
    if (name === 'add-mask') expect(data).toMatch(/^(demo-secret|eyJ[\w.-]+)$/)
    if (name === 'error' || name === 'warning') expect(properties['title']).toBe('Enable identities')
  }
}

describe('hostile text', () => {
  test('of the server’s messages forms no command, no output and no field of its own', async () => {
    const texts = fc.sample(hostileText, { numRuns: 12, seed: 7 })
    for (const [n, text] of [...texts, `a megabyte ${'::error::'.repeat(120_000)}`].entries()) {
      const tenant = await tenantWith({
        faults: [
          n % 3 === 2
            ? { kind: 'status', status: 403, text }
            : { kind: 'text', text, ...(n % 3 === 1 ? { ids: [identityId(0)] } : {}) },
        ],
      })
      const run = await runAgainst(
        tenant,
        { 'identity-ids': `${identityId(0)} dead-1 dead-2`, 'max-failures': '3', 'batch-size': '2' },
        { env: { RUNNER_DEBUG: '1' } },
      )
      expectOnlyOwnCommands(run)
      expect(Object.keys(run.outputs)).toHaveLength(14)
      const { succeeded, failed, unprocessed } = listsOf(run)
      expect([...succeeded, ...failed, ...unprocessed].sort()).toEqual([identityId(0), 'dead-1', 'dead-2'])
      expect(Buffer.byteLength(run.summary)).toBeLessThan(20_000)
    }
  })

  test('of aliases and file names forms no command', async () => {
    const aliases = fc
      .sample(hostileText, { numRuns: 300, seed: 8 })
      .map((text) => text.trim())
      // What the contract has as an error in an alias.
      .filter((text) => !/[\p{Cc}\p{Cs}\p{Cf}\p{Default_Ignorable_Code_Point}]|^["']?=|^['‘’`]/u.test(text))
      .filter((text) => text !== '' && text.length <= 256)
    expect(aliases.length).toBeGreaterThan(50)
    const name = process.platform === 'win32' ? '##[error]%0A list.json' : '::add-mask::\n##[error]%0A".json'
    const tenant = await tenantWith()
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': '*.json', 'identify-by': 'alias' },
      { files: { [name]: JSON.stringify(aliases) }, env: { RUNNER_DEBUG: '1' } },
    )
    expectOnlyOwnCommands(run)
    const folded = aliases.map((text) => text.toLowerCase())
    expect(listsOf(run).failed).toEqual(
      aliases.filter((text, index) => folded.indexOf(text.toLowerCase()) === index),
    )
  })

  test('of invalid entries forms no command in the problems', async () => {
    const entries = fc.sample(hostileText, { numRuns: 200, seed: 9 })
    const tenant = await tenantWith()
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'list.json', 'identity-id-column': '::error::x' },
      { files: { 'list.json': JSON.stringify([...entries, { '##[error]': 'x' }]) } },
    )
    expect(run.exitCode).toBe(1)
    expectOnlyOwnCommands(run)
    expect(tenant.requests).toEqual([])
  })
})

test('100,000 failed identities leave a summary, outputs by the rule and a complete report', async () => {
  const tenant = await tenantWith({ identities: {}, record: false })
  const ids = Array.from({ length: 100_000 }, (_, n) => `dead-${n}`)
  for (const file of ['report.json', 'report.csv']) {
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'ids.txt', 'rate-limit': '0', 'batch-size': '250', 'results-file': file },
      { files: { 'ids.txt': ids.join('\n') } },
    )
    expect(run.exitCode).toBe(1)
    expect(run.outputs).toMatchObject({
      'failed-count': '100000',
      'failed-ids': '',
      'succeeded-ids': '[]',
      'failure-percent': '100',
    })
    expect(run.stdout).toMatch(/::warning.*failed-ids.*1 MiB.*report/)
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1_048_576)
    expect(run.summary).toMatch(/[\d,]+ more.*report/)
    // One cause for all is one annotation.
    expect(parseWorkflowCommands(run.stdout).filter(({ name }) => name === 'error')).toHaveLength(1)
    if (file.endsWith('.csv')) {
      expect(run.report?.trimEnd().split('\r\n')).toHaveLength(100_001)
      continue
    }
    const report = JSON.parse(run.report ?? '') as { identities: { id: string; outcome: string }[] }
    expect(report.identities.map(({ id }) => id)).toEqual(ids)
    expect(new Set(report.identities.map(({ outcome }) => outcome))).toEqual(new Set(['failed']))
  }
})
