import type { ChildProcess } from 'node:child_process'

import { afterEach, expect } from '@jest/globals'

import { runAction, type ActionOptions, type ActionRun } from '../../dev/run-action.ts'
import type { Endpoint } from '../../dev/tenant/faults.ts'
import {
  startTenant,
  type RecordedRequest,
  type Tenant,
  type TenantOptions,
} from '../../dev/tenant/tenant.ts'
import { DEMO_CLIENT, DEMO_CREDENTIAL, ENABLE_SCOPE } from '../../dev/tenant/tokens.ts'
import { expectValidReport } from './report-schema.ts'

const tenants: Tenant[] = []
const misused = new WeakSet<Tenant>()

afterEach(async () => {
  const ended = tenants.splice(0)
  await Promise.all(ended.map((tenant) => tenant.stop()))
  // Every request of the action, in every test, is one that ISC documents.
  const used = ended.filter((tenant) => !misused.has(tenant))
  expect(used.flatMap(({ violations }) => violations)).toEqual([])
})

/** A simulated tenant that is stopped after the test, which fails where a request broke the rules of the API. */
export async function tenantWith(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await startTenant(options)
  tenants.push(tenant)
  return tenant
}

/** A tenant that is asked what the action never asks. */
export async function misusedTenantWith(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await tenantWith(options)
  misused.add(tenant)
  return tenant
}

/** A client that may enable, but not read states. */
export const MAY_NOT_READ = { ...DEMO_CLIENT, scopes: [ENABLE_SCOPE] }

/** The tenant's requests to one endpoint, in order. */
export function requestsTo(tenant: Tenant, to: Endpoint): RecordedRequest[] {
  return tenant.requests.filter(({ endpoint }) => endpoint === to)
}

/** What a workflow gives to reach the tenant. */
export function credentialFor(tenant: Tenant): Record<string, string> {
  return { 'base-url': tenant.baseUrl, ...DEMO_CREDENTIAL }
}

/** Runs the bundle against the tenant, and checks that a JSON report is valid by the published schema. */
export async function runAgainst(
  tenant: Tenant,
  inputs: Readonly<Record<string, string>>,
  options: Partial<ActionOptions> = {},
): Promise<ActionRun> {
  const run = await runAction({ ...options, inputs: { ...credentialFor(tenant), ...inputs } })
  if (run.outputs['results-file']?.endsWith('.json') && run.report !== null)
    expectValidReport(JSON.parse(run.report))
  return run
}

/** Options of a run that is cancelled as soon as a line of its log, debug lines included, matches. */
export function cancelledAt(pattern: RegExp, signal: NodeJS.Signals = 'SIGINT'): Partial<ActionOptions> {
  let process: ChildProcess | undefined
  return {
    env: { RUNNER_DEBUG: '1' },
    onStart: (child) => {
      process = child
    },
    onLine: (line) => {
      if (pattern.test(line)) process?.kill(signal)
    },
  }
}

/** An environment in which a statement runs within the action's process, after its first request has begun. */
export function meddling(statement: string): Record<string, string> {
  const script = `
    import { subscribe, unsubscribe } from 'node:diagnostics_channel'
    const onRequest = () => {
      unsubscribe('http.client.request.start', onRequest)
      setTimeout(() => { ${statement} }, 50)
    }
    subscribe('http.client.request.start', onRequest)`
  return preloading(script)
}

/** An environment in which a module runs within the action's process before the action does. */
export function preloading(script: string): Record<string, string> {
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` }
}

/** The three lists of the outputs. */
export function listsOf({ outputs }: ActionRun): Record<'succeeded' | 'failed' | 'unprocessed', string[]> {
  const list = (name: string): string[] => JSON.parse(outputs[name] ?? 'null') as string[]
  return {
    succeeded: list('succeeded-ids'),
    failed: list('failed-ids'),
    unprocessed: list('unprocessed-ids'),
  }
}
