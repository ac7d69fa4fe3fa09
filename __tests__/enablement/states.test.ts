import { describe, expect, it } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import { States } from '../../src/enablement/states.ts'
import type { Identity, Observation } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import { entry, ledgerOf, clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

const POPULATION = { disabled: 1, active: 1, locked: 1, error: 1 }
const [DISABLED, ACTIVE, LOCKED, ERROR] = identityIds(4) as [string, string, string, string]

const statusOf = (observation: Observation): string | null =>
  observation === null || observation === 'absent' ? observation : observation.identityStatus

describe('the states of identities', () => {
  it('are what ISC says, and absent where there is no such identity', async () => {
    const tenant = await tenantWith({
      identities: POPULATION,
      extra: [{ id: 'unset', identityStatus: null }],
    })
    const { identities } = ledgerOf([DISABLED, ACTIVE, LOCKED, ERROR, 'unset', 'stranger'])
    const states = new States(() => false)
    await states.read(identities, clientWith(tenant).client)
    const statuses = identities.map((identity) => statusOf(states.of(identity) ?? 'absent'))
    expect(statuses).toEqual(['DISABLED', 'ACTIVE', 'LOCKED', 'ERROR', null, 'absent'])
    expect(requestsTo(tenant, 'identities').length).toBeGreaterThan(0)
  })

  it('have a name only where names are kept', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const { identities } = ledgerOf([ACTIVE])
    const named = async (withNames: boolean): Promise<unknown> => {
      const states = new States(() => withNames)
      await states.read(identities, clientWith(tenant).client)
      return identities.map((identity) => states.of(identity))
    }
    expect(await named(false)).toMatchObject([{ name: null }])
    expect(await named(true)).toMatchObject([{ name: tenant.identities.get(ACTIVE)?.name }])
  })

  it('have each a name of their own, however alike they are', async () => {
    const tenant = await tenantWith({ identities: { disabled: 2 } })
    const { identities } = ledgerOf([...tenant.identities.keys()])
    const states = new States(() => true)
    await states.read(identities, clientWith(tenant).client)
    const names = [...tenant.identities.values()].map(({ name }) => name)
    expect(identities.map((identity) => states.of(identity)?.name)).toEqual(names)
    expect(new Set(names).size).toBe(2)
  })

  it('are kept once for all identities that share them', async () => {
    const tenant = await tenantWith({ identities: { disabled: 2 } })
    const { identities } = ledgerOf([...tenant.identities.keys()])
    const states = new States(() => false)
    await states.read(identities, clientWith(tenant).client)
    const [a, b] = identities as [Identity, Identity]
    expect(states.of(a)).toBe(states.of(b))
  })

  it('cannot be told where ISC gives two lifecycle states for one identity', async () => {
    const faults = [{ kind: 'twice', lifecycleState: 'moved' } as const]
    const tenant = await tenantWith({ identities: POPULATION, faults })
    const { identities } = ledgerOf([ACTIVE])
    const reading = new States(() => false).read(identities, clientWith(tenant).client)
    await expect(reading).rejects.toMatchObject({
      failure: { kind: 'unreadable', fault: 'it has two lifecycle states for one identity' },
    })
  })

  it.each(['active', 'disabled'] as const)(
    'are not enabled where one of several rows says so (first %s)',
    async (population) => {
      const tenant = await tenantWith({
        identities: { [population]: 1 },
        faults: [{ kind: 'conflict', on: 'identities' }],
      })
      const { identities } = ledgerOf(identityIds(1))
      const states = new States(() => false)
      await states.read(identities, clientWith(tenant).client)
      expect(identities.map((identity) => statusOf(states.of(identity)))).toEqual(['DISABLED'])
    },
  )

  it.each(['upper', 'lower'] as const)('give the ID as ISC writes it (%s case)', async (answerIdsIn) => {
    const tenant = await tenantWith({ identities: POPULATION, answerIdsIn })
    const { identities } = ledgerOf([ACTIVE.toUpperCase(), 'Stranger'])
    const states = new States(() => false)
    await states.read(identities, clientWith(tenant).client)
    const expected = answerIdsIn === 'upper' ? ACTIVE.toUpperCase() : ACTIVE.toLowerCase()
    expect(identities.map((identity) => states.idOf(identity))).toEqual([expected, null])
  })

  it('are not asked for without an ID', async () => {
    const tenant = await tenantWith()
    const { identities } = new Ledger([entry('nobody', null)], NO_THRESHOLDS)
    const states = new States(() => false)
    await states.read(identities, clientWith(tenant).client)
    expect(identities.map((identity) => states.of(identity))).toEqual([null])
    expect(tenant.requests).toEqual([])
  })
})
