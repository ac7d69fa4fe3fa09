import { describe, expect, it } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import { decideAll, leaveOutExcluded, lookUpAll, observePlanned } from '../../src/enablement/decide.ts'
import type { ObservedState } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/thresholds.ts'
import { ACCEPTED, entry, ledgerOf, clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

const POPULATION = { disabled: 2, active: 1 }
const [FIRST, SECOND, ACTIVE] = identityIds(3) as [string, string, string]
const TERMINATED = {
  id: 'terminated',
  identityStatus: 'TERMINATED',
  lifecycleState: { stateName: 'left', manuallyUpdated: false },
}

const OPTIONS = { refuseStates: new Set<string>(), showNames: false }

const stateOf = (lifecycleState: string | null): ObservedState => ({
  identityStatus: 'DISABLED',
  lifecycleState,
  isLifecycleKnown: true,
  name: null,
})

/** What became of each: its text, id, plan and outcome. */
const fatesOf = (ledger: Ledger): unknown[] =>
  ledger.identities.map(({ identifier, id, plan, outcome }) => [identifier, id, plan, outcome])

describe('who is excluded is left out', () => {
  it('by the id or by the text given, in any case', () => {
    const ledger = new Ledger(
      [entry('Ann', 'A1'), entry('Bob', 'b2'), entry('c3'), entry('d4')],
      NO_THRESHOLDS,
    )
    leaveOutExcluded(ledger, new Set(['a1', 'bob', 'nobody']))
    expect(ledger.identities.map(({ identifier }) => identifier)).toEqual(['c3', 'd4'])
    expect(ledger.counts).toMatchObject({ total: 2, excluded: 2 })
  })

  it('and nobody where there is no such list', () => {
    const ledger = ledgerOf(['a1'])
    leaveOutExcluded(ledger, null)
    expect(ledger.counts).toMatchObject({ total: 1, excluded: 0 })
  })
})

describe('a look-up', () => {
  it('finds exactly one person for each alias, and takes nobody twice', async () => {
    const twin = { id: 'twin', alias: 'USER.1' }
    const tenant = await tenantWith({ identities: POPULATION, extra: [twin] })
    const aliases = ['user.0', 'user.1', 'nobody', FIRST, 'user.2']
    const ledger = new Ledger(
      aliases.map((alias) => entry(alias, null)),
      NO_THRESHOLDS,
    )
    await lookUpAll(ledger, 'alias', clientWith(tenant).client)
    expect(fatesOf(ledger)).toEqual([
      ['user.0', FIRST, null, 'unprocessed'],
      ['user.1', null, 'not-found', 'failed'],
      ['nobody', null, 'not-found', 'failed'],
      ['user.2', ACTIVE, null, 'unprocessed'],
    ])
    expect(ledger.identities.map(({ cause }) => cause?.kind ?? null)).toEqual([
      null,
      'ambiguous',
      'absent',
      null,
    ])
    expect(ledger.counts).toMatchObject({ total: 4, excluded: 0 })
  })

  it('goes by addresses too', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const address = tenant.identities.get(SECOND)?.emailAddress ?? ''
    const ledger = new Ledger([entry(address.toUpperCase(), null)], NO_THRESHOLDS)
    await lookUpAll(ledger, 'email', clientWith(tenant).client)
    expect(ledger.identities.map(({ id }) => id)).toEqual([SECOND])
  })
})

describe('a decision', () => {
  /** Decides on everybody of the tenant, and a stranger. */
  async function decided(
    tenant: Tenant,
    options: Partial<typeof OPTIONS> = {},
    planned: Parameters<typeof decideAll>[3] = null,
  ): Promise<Ledger> {
    const ledger = ledgerOf([...tenant.identities.keys(), 'stranger'])
    await decideAll(ledger, clientWith(tenant).client, { ...OPTIONS, ...options }, planned)
    return ledger
  }

  it('is made on what ISC says of each', async () => {
    const ledger = await decided(await tenantWith({ identities: POPULATION, extra: [TERMINATED] }))
    expect(fatesOf(ledger)).toEqual([
      [FIRST, FIRST, 'enable', 'unprocessed'],
      [SECOND, SECOND, 'enable', 'unprocessed'],
      [ACTIVE, ACTIVE, 'already-enabled', 'succeeded'],
      [TERMINATED.id, TERMINATED.id, 'enable', 'unprocessed'],
      ['stranger', 'stranger', 'not-found', 'failed'],
    ])
    expect(ledger.identities.map(({ observed }) => observed)).toMatchObject([
      { identityStatus: 'DISABLED', name: null },
      { identityStatus: 'DISABLED' },
      { identityStatus: 'ACTIVE' },
      { identityStatus: 'TERMINATED', lifecycleState: 'left' },
      'absent',
    ])
  })

  it('heeds the states that are refused', async () => {
    const tenant = await tenantWith({ identities: POPULATION, extra: [TERMINATED] })
    const ledger = await decided(tenant, { refuseStates: new Set(['left']) })
    expect(ledger.identities[3]).toMatchObject({ plan: 'refused', outcome: 'failed' })
    expect(ledger.identities[0]).toMatchObject({ plan: 'enable' })
  })

  it('keeps names where they are asked for', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const { identities } = await decided(tenant, { showNames: true })
    expect(identities[0]?.observed).toMatchObject({ name: tenant.identities.get(FIRST)?.name })
  })

  it('compares with what was planned, in whatever case ids stand there', async () => {
    const tenant = await tenantWith({ identities: { disabled: 3 }, answerIdsIn: 'upper' })
    const [a, b, c] = identityIds(3) as [string, string, string]
    const planned = new Map<string, ObservedState | 'refused'>([
      [a, stateOf('active')],
      [b, 'refused'],
      [c, stateOf(tenant.identities.get(c)?.lifecycleState?.stateName ?? null)],
    ])
    const ledger = ledgerOf([a.toUpperCase(), b, c])
    await decideAll(ledger, clientWith(tenant).client, OPTIONS, planned)
    expect(ledger.identities.map(({ plan, cause }) => [plan, cause?.kind])).toEqual([
      ['refused', 'changed'],
      ['refused', 'blocked-before'],
      ['enable', undefined],
    ])
    expect(ledger.identities[0]?.id).toBe(a.toUpperCase())
  })

  it('is none on those who were decided on, or are done with', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const ledger = new Ledger([entry('nobody', null), entry(FIRST), entry(SECOND)], NO_THRESHOLDS, true)
    const [nobody, first] = ledger.identities
    if (nobody !== undefined) ledger.decide(nobody, { plan: 'not-found', cause: { kind: 'absent' } })
    if (first !== undefined) ledger.succeed(first, ACCEPTED)
    await decideAll(ledger, clientWith(tenant).client, OPTIONS, null)
    expect(ledger.identities.map(({ plan, observed }) => [plan, observed === null])).toEqual([
      ['not-found', true],
      [null, true],
      ['enable', false],
    ])
    expect(requestsTo(tenant, 'identities')).toMatchObject([
      { url: expect.stringMatching(new RegExp(`filters=id%20in%20\\(%22${SECOND}%22\\)`)) },
    ])
  })

  it('is made on nobody where the states cannot be read', async () => {
    const faults = [{ kind: 'status', status: 403, on: 'identities' } as const]
    const tenant = await tenantWith({ identities: POPULATION, faults })
    const ledger = ledgerOf([FIRST, ACTIVE])
    const deciding = decideAll(ledger, clientWith(tenant).client, OPTIONS, null)
    await expect(deciding).rejects.toThrow(/status 403/)
    expect(fatesOf(ledger)).toEqual([
      [FIRST, FIRST, null, 'unprocessed'],
      [ACTIVE, ACTIVE, null, 'unprocessed'],
    ])
  })
})

it('the states of a plan are kept for a run that ends before it has read them', () => {
  const ledger = new Ledger([entry('A1'), entry('b2'), entry('c3'), entry('dee', null)], NO_THRESHOLDS)
  const state = stateOf('active')
  observePlanned(
    ledger,
    new Map<string, ObservedState | 'refused'>([
      ['a1', state],
      ['b2', 'refused'],
      ['dee', state],
    ]),
  )
  expect(ledger.identities.map(({ observed }) => observed)).toEqual([state, null, null, null])
})
