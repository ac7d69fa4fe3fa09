import { afterEach } from '@jest/globals'

import { runAction, type ActionOptions, type ActionRun } from '../../dev/run-action.ts'
import { startTenant, type Tenant, type TenantOptions } from '../../dev/tenant/tenant.ts'
import { DEMO_CLIENT } from '../../dev/tenant/tokens.ts'

const tenants: Tenant[] = []

afterEach(async () => {
  await Promise.all(tenants.splice(0).map((tenant) => tenant.stop()))
})

/** A simulated tenant that is stopped after the test. */
export async function tenantWith(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await startTenant(options)
  tenants.push(tenant)
  return tenant
}

/** What a workflow gives to reach the tenant. */
export function credentialFor(tenant: Tenant): Record<string, string> {
  return {
    'base-url': tenant.baseUrl,
    'client-id': DEMO_CLIENT.id,
    'client-secret': DEMO_CLIENT.secret,
  }
}

/** Runs the bundle against the tenant. */
export function runAgainst(
  tenant: Tenant,
  inputs: Readonly<Record<string, string>>,
  options: Partial<ActionOptions> = {},
): Promise<ActionRun> {
  return runAction({ ...options, inputs: { ...credentialFor(tenant), ...inputs } })
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
