import { runAction, type ActionOptions, type ActionRun } from '../run-action.ts'
import { identityId, type PopulationOptions } from '../tenant/population.ts'
import { startTenant, type Tenant, type TenantOptions } from '../tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'

/** A run whose summary is looked at. */
interface Scene {
  readonly tenant: TenantOptions
  /** How many entries of the list do not exist in the tenant. */
  readonly unknown?: number
  readonly inputs: Readonly<Record<string, string>>
  readonly options?: (tenant: Tenant) => Partial<ActionOptions>
}

const NAMES = [
  'Ada Lovelace',
  'Grace Hopper',
  'Katherine Johnson',
  'Jean-Luc Picard',
  'Sinéad O’Connor',
  'Alan Turing',
]

/** People with names and lifecycle states; the fourth has left. */
const PEOPLE = NAMES.map((name, n) => ({
  id: identityId(900 + n),
  name,
  identityStatus: n === 5 ? 'ACTIVE' : 'DISABLED',
  lifecycleState: {
    stateName: n === 3 ? 'terminated' : n === 5 ? 'active' : 'prehire',
    manuallyUpdated: false,
  },
}))

/** People who come back from leave. */
const BACK = Array.from({ length: 193 }, (_, n) => ({
  id: identityId(2_000 + n),
  identityStatus: 'DISABLED',
  lifecycleState: { stateName: 'leave', manuallyUpdated: false },
}))

const disabled = (count: number, others: PopulationOptions = {}): TenantOptions => ({
  identities: { disabled: count, ...others },
  enableDelayMs: 200,
})
const PLAN = { 'dry-run': 'true', 'show-names': 'true' }

/** Every kind of summary; the first two are the README's. */
export const SCENES: Readonly<Record<string, Scene>> = {
  plan: { tenant: { identities: {}, extra: PEOPLE }, unknown: 1, inputs: { ...PLAN, 'max-failures': '1' } },
  run: {
    tenant: { ...disabled(0, { never: 2 }), extra: BACK },
    unknown: 5,
    inputs: { verify: 'true', 'verify-timeout': '3', 'max-failures': '5', 'max-failure-percent': '5' },
  },
  'plan-failed': {
    tenant: { identities: {}, extra: PEOPLE },
    unknown: 1,
    inputs: { ...PLAN, 'refuse-states': 'terminated' },
  },
  'plan-too-many': { tenant: disabled(12), inputs: { ...PLAN, 'max-to-enable': '10' } },
  'run-too-many': { tenant: disabled(12), inputs: { 'max-to-enable': '10' } },
  'plan-wrong-tenant': { tenant: disabled(0), unknown: 20, inputs: PLAN },
  'plan-without-credential': {
    tenant: disabled(5),
    inputs: { 'dry-run': 'true', 'base-url': '', 'client-id': '', 'client-secret': '' },
  },
  'run-ok': { tenant: disabled(15), inputs: { verify: 'true' } },
  'run-names': {
    tenant: { identities: {}, extra: PEOPLE },
    unknown: 1,
    inputs: { verify: 'true', 'show-names': 'true', 'refuse-states': 'terminated' },
  },
  'run-many': { tenant: disabled(1_200), inputs: {} },
  'run-mixed': { tenant: disabled(15, { active: 30, locked: 5 }), inputs: { 'skip-enabled': 'true' } },
  'run-within': { tenant: disabled(193), unknown: 7, inputs: { 'max-failures': '10' } },
  'run-ignored': { tenant: disabled(1), unknown: 20, inputs: { 'ignore-status-codes': '404' } },
  'run-wrong-tenant': { tenant: disabled(0), unknown: 20, inputs: { 'ignore-status-codes': '404' } },
  'run-outage': {
    tenant: { ...disabled(100), latencyMs: 100 },
    inputs: { 'batch-size': '10', concurrency: '1', 'outage-timeout': '5' },
    options: (tenant) => ({
      onLine: (line) => {
        if (line.startsWith('Submitting')) setTimeout(() => tenant.outage('refuse'), 500)
      },
    }),
  },
  'run-cancelled': {
    tenant: { ...disabled(100), latencyMs: 300 },
    inputs: { 'batch-size': '10', concurrency: '1' },
    options: () => {
      let cancel = (): void => undefined
      return {
        onStart: (child) => (cancel = () => void child.kill('SIGINT')),
        onLine: (line) => {
          if (line.startsWith('Submitting')) setTimeout(cancel, 1_000)
        },
      }
    },
  },
  'bad-input': { tenant: disabled(1), inputs: { 'batch-size': '251', 'identify-by': 'name' } },
  nothing: { tenant: disabled(0), inputs: {} },
}

/** Runs a scene, and returns its summary as GitHub would get it for a tenant called acme. */
export async function summaryOf({
  tenant: options,
  unknown = 0,
  inputs,
  options: more,
}: Scene): Promise<string> {
  const tenant = await startTenant(options)
  const strangers = Array.from({ length: unknown }, (_, n) => ({
    id: `dead${n.toString(16).padStart(28, '0')}`,
    name: 'Left Long Ago',
  }))
  const people = [...tenant.identities.values(), ...strangers]
  const run: ActionRun = await runAction({
    files: { 'new-starters.csv': `name,id\n${people.map(({ id, name }) => `"${name}",${id}\n`).join('')}` },
    inputs: {
      'base-url': tenant.baseUrl,
      'identity-ids-file': 'new-starters.csv',
      ...DEMO_CREDENTIAL,
      ...inputs,
    },
    ...more?.(tenant),
  })
  await tenant.stop()
  return run.summary
    .replaceAll(/127&#46;0&#46;0&#46;1&#58;<wbr>\d+/g, 'acme&#46;api&#46;identitynow&#46;com')
    .replaceAll('http&#58;', 'https&#58;')
}
