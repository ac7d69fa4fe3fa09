import { expect, test } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityIds } from '../../dev/tenant/population.ts'
import { listsOf, runAgainst, tenantWith } from '../support/tenant.ts'

const IDS = identityIds(3)
const LIST = { 'identity-ids': IDS.join('\n'), 'max-retries': '0' }

test.each<[string, Fault]>([
  ['a token that does not say how long it lives', { kind: 'expires-in', value: null }],
  ['a token that says it in words', { kind: 'expires-in', value: 'for a while' }],
  ['a tracking id of 15 KB', { kind: 'tracking-id', text: 't'.repeat(15_000) }],
  ['an answer in two halves', { kind: 'slow', ms: 300 }],
])('%s keeps no identity from being enabled', async (_case, fault) => {
  const tenant = await tenantWith({ faults: [fault] })
  const run = await runAgainst(tenant, LIST)
  expect(run.exitCode).toBe(0)
  expect(listsOf(run).succeeded).toEqual(IDS)
  expect(run.report?.length).toBeLessThan(5_000)
})

test.each<[string, Fault]>([
  ['messages of 2 MiB', { kind: 'text', text: 'm'.repeat(2 * 1024 * 1024) }],
  ['a rejection of 2 MiB', { kind: 'status', status: 403, text: 'm'.repeat(2 * 1024 * 1024) }],
  ['two million elements', { kind: 'many-elements', count: 2_000_000 }],
])('%s end in a small report', async (_case, fault) => {
  const run = await runAgainst(await tenantWith({ faults: [fault] }), LIST)
  expect(run.exitCode).toBe(1)
  expect(listsOf(run).failed).toEqual(IDS)
  expect(run.report?.length).toBeLessThan(20_000)
  expect(run.summary.length + run.stdout.length).toBeLessThan(50_000)
})
