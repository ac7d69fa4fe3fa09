import { describe, expect, it } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import { readStates, writtenId, type KnownState } from '../../src/enablement/states.ts'
import type { Identity, Observation } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import { entry, ledgerOf, clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

const POPULATION = { disabled: 1, active: 1, locked: 1, error: 1 }
const [DISABLED, ACTIVE, LOCKED, ERROR] = identityIds(4) as [string, string, string, string]

const statusOf = (observation: Observation): string | null =>
  observation === null || observation === 'absent' ? observation : observation.identityStatus

type Client = ReturnType<typeof clientWith>['client']

/** What is read of the identities; those that do not exist are not in it. */
async function statesOf(
  identities: readonly Identity[],
  client: Client,
  withNames = false,
): Promise<Map<Identity, KnownState>> {
  const states = new Map<Identity, KnownState>()
  await readStates(identities, client, { keepsName: () => withNames }, (identity, known) => {
    if (known !== null) states.set(identity, known)
  })
  return states
}

describe('the states of identities', () => {
  it('are what ISC says, and absent where there is no such identity', async () => {
    const tenant = await tenantWith({
      identities: POPULATION,
      extra: [{ id: 'unset', identityStatus: null }],
    })
    const { identities } = ledgerOf([DISABLED, ACTIVE, LOCKED, ERROR, 'unset', 'stranger'])
    const states = await statesOf(identities, clientWith(tenant).client)
    const statuses = identities.map((identity) => statusOf(states.get(identity)?.state ?? 'absent'))
    expect(statuses).toEqual(['DISABLED', 'ACTIVE', 'LOCKED', 'ERROR', null, 'absent'])
    expect(requestsTo(tenant, 'identities').length).toBeGreaterThan(0)
  })

  it('have a name only where names are kept', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const { identities } = ledgerOf([ACTIVE])
    const named = async (withNames: boolean): Promise<unknown> => {
      const states = await statesOf(identities, clientWith(tenant).client, withNames)
      return identities.map((identity) => states.get(identity)?.state)
    }
    expect(await named(false)).toMatchObject([{ name: null }])
    expect(await named(true)).toMatchObject([{ name: tenant.identities.get(ACTIVE)?.name }])
  })

  it('have each a name of their own, however alike they are', async () => {
    const tenant = await tenantWith({ identities: { disabled: 2 } })
    const { identities } = ledgerOf([...tenant.identities.keys()])
    const states = await statesOf(identities, clientWith(tenant).client, true)
    const names = [...tenant.identities.values()].map(({ name }) => name)
    expect(identities.map((identity) => states.get(identity)?.state.name)).toEqual(names)
    expect(new Set(names).size).toBe(2)
  })

  it('are kept once for all identities that share them', async () => {
    const tenant = await tenantWith({ identities: { disabled: 2 } })
    const { identities } = ledgerOf([...tenant.identities.keys()])
    const states = await statesOf(identities, clientWith(tenant).client)
    const [a, b] = identities as [Identity, Identity]
    expect(states.get(a)?.state).toBe(states.get(b)?.state)
  })

  it('cannot be told where ISC gives two lifecycle states for one identity', async () => {
    const faults = [{ kind: 'twice', lifecycleState: 'moved' } as const]
    const tenant = await tenantWith({ identities: POPULATION, faults })
    const { identities } = ledgerOf([ACTIVE])
    const handedOver: unknown[] = []
    const reading = readStates(identities, clientWith(tenant).client, { keepsName: () => false }, (...one) =>
      handedOver.push(one),
    )
    await expect(reading).rejects.toMatchObject({
      failure: { kind: 'unreadable', fault: 'it has two lifecycle states for one identity' },
    })
    expect(handedOver).toEqual([])
  })

  it.each(['active', 'disabled'] as const)(
    'are not enabled where one of several rows says so (first %s)',
    async (population) => {
      const tenant = await tenantWith({
        identities: { [population]: 1 },
        faults: [{ kind: 'conflict', on: 'identities' }],
      })
      const { identities } = ledgerOf(identityIds(1))
      const states = await statesOf(identities, clientWith(tenant).client)
      expect(identities.map((identity) => statusOf(states.get(identity)?.state ?? null))).toEqual([
        'DISABLED',
      ])
    },
  )

  it.each(['upper', 'lower'] as const)('give the ID as ISC writes it (%s case)', async (answerIdsIn) => {
    const tenant = await tenantWith({ identities: POPULATION, answerIdsIn })
    const { identities } = ledgerOf([ACTIVE.toUpperCase(), 'Stranger'])
    const states = await statesOf(identities, clientWith(tenant).client)
    const expected = answerIdsIn === 'upper' ? ACTIVE.toUpperCase() : ACTIVE.toLowerCase()
    const written = identities.map((identity) => {
      const known = states.get(identity)
      return known === undefined ? null : writtenId(identity, known)
    })
    expect(written).toEqual([expected, null])
  })

  it('are not asked for without an ID', async () => {
    const tenant = await tenantWith()
    const { identities } = new Ledger([entry('nobody', null)], NO_THRESHOLDS)
    const states = await statesOf(identities, clientWith(tenant).client)
    expect(identities.map((identity) => states.get(identity))).toEqual([undefined])
    expect(tenant.requests).toEqual([])
  })
})
