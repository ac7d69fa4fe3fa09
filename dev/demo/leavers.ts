import type { ActionRun } from '../run-action.ts'
import { startTenant, type Tenant } from '../tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import { peopleOf } from './people.ts'
import type { RunStep, Step } from './screen.ts'

/** Ten people came back from leave and were enabled; HR then disables two of them; a merge adds five. */
export interface Leavers {
  readonly tenant: Tenant
  /** The list as it was when the ten were applied. */
  readonly before: readonly string[]
  readonly leavers: readonly string[]
  readonly added: readonly string[]
}

/** The ways to enable the five identities that were added, and no others. */
export const WAYS = {
  'added since': 'added-since: only identities that the merge adds',
  'state blocked': 'refuse-states: identities in this lifecycle state are blocked',
  'approved plan': 'from-report: only identities of the approved plan',
} as const

export type Way = keyof typeof WAYS

/** Sets the scene: a tenant with 15 people, of which `runStep` enables ten. Stop the tenant afterwards. */
export async function setScene(runStep: RunStep): Promise<Leavers> {
  const { identities } = peopleOf(15)
  const leave = { identityStatus: 'DISABLED', lifecycleState: { stateName: 'leave', manuallyUpdated: false } }
  const tenant = await startTenant({ identities: {}, extra: identities.map((one) => ({ ...one, ...leave })) })
  const ids = [...tenant.identities.keys()]
  const [before, added] = [ids.slice(0, 10), ids.slice(10)]
  await runStep({
    title: 'Monday: ten people come back from leave',
    ...step(tenant, { 'ids.txt': before }, { 'identity-ids-file': 'ids.txt' }),
  })
  return { tenant, before, leavers: before.slice(3, 5), added }
}

/** Tuesday: the eight who stay are active; HR disables two, who are still on the list. */
function disableTwo({ tenant, before, leavers }: Leavers): void {
  for (const id of before) tenant.change(id, { lifecycleState: 'active' })
  for (const id of leavers) tenant.change(id, { identityStatus: 'DISABLED', lifecycleState: 'terminated' })
}

/** Wednesday: a merge adds five. What would happen without guards is only planned, never run. */
export async function tell(scene: Leavers, way: Way, runStep: RunStep): Promise<ActionRun> {
  const { tenant, before, added } = scene
  const lists = { 'ids.txt': [...before, ...added], 'base/ids.txt': before }
  const title = WAYS[way]
  switch (way) {
    case 'approved plan': {
      const plan = await runStep({
        title: 'Before HR disables the two: the plan that a reviewer approves',
        ...step(tenant, lists, { 'identity-ids-file': 'ids.txt', 'dry-run': 'true', 'show-names': 'true' }),
      })
      disableTwo(scene)
      const applied = step(tenant, lists, { 'from-report': 'plan.json', 'still-listed': 'ids.txt' })
      return await runStep({ title, ...applied, files: { ...applied.files, 'plan.json': plan.report ?? '' } })
    }
    case 'added since':
      disableTwo(scene)
      return await runStep({
        title,
        ...step(tenant, lists, { 'identity-ids-file': 'ids.txt', 'added-since': 'base/' }),
      })
    case 'state blocked':
      disableTwo(scene)
      return await runStep({
        title,
        ...step(tenant, lists, {
          'identity-ids-file': 'ids.txt',
          'refuse-states': 'terminated',
          'max-failures': '2',
        }),
      })
  }
}

/** What the list alone would do on that day, as a plan. */
export async function tellWithoutCare(scene: Leavers, runStep: RunStep): Promise<ActionRun> {
  const { tenant, before, leavers, added } = scene
  disableTwo(scene)
  const nameOf = (id: string): string => tenant.identities.get(id)?.name ?? id
  const disabled = leavers.map(nameOf).join(' and ')
  return await runStep({
    title: `HR disables ${disabled}, a merge adds ${added.length} identities: the plan without guards`,
    ...step(
      tenant,
      { 'ids.txt': [...before, ...added] },
      { 'identity-ids-file': 'ids.txt', 'dry-run': 'true', 'show-names': 'true' },
    ),
  })
}

function step(
  tenant: Tenant,
  lists: Readonly<Record<string, readonly string[]>>,
  inputs: Readonly<Record<string, string>>,
): Omit<Step, 'title'> {
  const files = Object.fromEntries(Object.entries(lists).map(([path, ids]) => [path, `${ids.join('\n')}\n`]))
  return { inputs: { 'base-url': tenant.baseUrl, ...DEMO_CREDENTIAL, ...inputs }, files }
}
