import { describe, expect, it } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { decideIdentities, type DecideOptions } from '../../src/enablement/decide.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import { requested, type Approval } from '../../src/identity.ts'
import type { Exclusion } from '../../src/policy/exclusion.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import { serverThatAnswers } from '../support/answering-server.ts'
import { ACCEPTED, clientWith, entry, ledgerOf } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

const POPULATION = { disabled: 2, active: 1 }
const [FIRST, SECOND, ACTIVE] = identityIds(3) as [string, string, string]
const TERMINATED = {
  id: 'terminated',
  identityStatus: 'TERMINATED',
  lifecycleState: { stateName: 'left', manuallyUpdated: false },
}

const OPTIONS: DecideOptions = {
  refuseStates: new Set(),
  isPlan: false,
  showNames: false,
  exclusions: [],
}

async function decided(
  tenant: Pick<Tenant, 'baseUrl'>,
  ledger: Ledger,
  options: Partial<DecideOptions> = {},
): Promise<Ledger> {
  await decideIdentities(ledger, clientWith(tenant).client, { ...OPTIONS, ...options })
  return ledger
}

/** Of each its ID, plan and outcome. */
const fatesOf = ({ identities }: Ledger): unknown[] =>
  identities.map(({ id, plan, outcome, cause }) => [id, plan, outcome, cause?.kind ?? null])

describe('a decision', () => {
  it('is made on what ISC says of each', async () => {
    const tenant = await tenantWith({ identities: POPULATION, extra: [TERMINATED] })
    const ledger = await decided(tenant, ledgerOf([...tenant.identities.keys(), 'stranger']), {
      refuseStates: new Set(['left']),
    })
    expect(fatesOf(ledger)).toEqual([
      [FIRST, 'enable', 'unprocessed', null],
      [SECOND, 'enable', 'unprocessed', null],
      [ACTIVE, 'already-enabled', 'succeeded', 'already-enabled'],
      [TERMINATED.id, 'refused', 'failed', 'state-blocked'],
      ['stranger', 'not-found', 'failed', 'absent'],
    ])
    expect(ledger.identities.map(({ observed }) => observed)).toMatchObject([
      { identityStatus: 'DISABLED', name: null },
      { identityStatus: 'DISABLED' },
      { identityStatus: 'ACTIVE' },
      { identityStatus: 'TERMINATED', lifecycleState: 'left' },
      'absent',
    ])
  })

  it('keeps names where they are shown, and those that the list has another name for', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const namesOf = async (showNames: boolean): Promise<unknown[]> => {
      const listed = requested({ identifier: SECOND, id: SECOND, file: null, line: null, listedName: 'Zoe' })
      const ledger = new Ledger([entry(FIRST), listed], NO_THRESHOLDS)
      await decided(tenant, ledger, { showNames })
      return ledger.identities.map(({ observed }) => observed !== 'absent' && observed?.name)
    }
    expect(await namesOf(true)).toEqual(['User 0', 'User 1'])
    expect(await namesOf(false)).toEqual([null, 'User 1'])
  })

  it('compares with what was approved, and keeps that', async () => {
    const tenant = await tenantWith({ identities: { disabled: 4 }, answerIdsIn: 'upper' })
    tenant.change(identityIds(1)[0] ?? '', { lifecycleState: 'leave' })
    const approvals: Approval[] = [
      { kind: 'approved', lifecycleState: 'active' },
      { kind: 'blocked' },
      { kind: 'unknown' },
      { kind: 'approved', lifecycleState: null },
    ]
    const identities = identityIds(4).map((id, n) =>
      requested({ identifier: id, id, file: null, line: null, approval: approvals[n] ?? null }),
    )
    const ledger = await decided(tenant, new Ledger(identities, NO_THRESHOLDS))
    expect(fatesOf(ledger).map((fate) => (fate as unknown[])[3])).toEqual([
      'changed',
      'blocked-before',
      'approval-unknown',
      null,
    ])
    expect(ledger.identities.map(({ approval }) => approval)).toEqual(approvals)
    expect(ledger.identities[0]).toMatchObject({
      id: identityIds(1)[0]?.toUpperCase(),
      cause: { planned: 'active', now: 'leave' },
      observed: { lifecycleState: 'leave' },
    })
  })

  it('is none on those that were decided on, or are settled', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const ledger = new Ledger([entry('ann', null), entry(FIRST), entry(SECOND)], NO_THRESHOLDS, true)
    const [unknown, first] = ledger.identities
    if (unknown !== undefined) ledger.decide(unknown, { plan: 'not-found', cause: { kind: 'absent' } })
    if (first !== undefined) ledger.succeed(first, ACCEPTED)
    await decided(tenant, ledger)
    expect(ledger.identities.map(({ plan, observed }) => [plan, observed === null])).toEqual([
      ['not-found', true],
      [null, true],
      ['enable', false],
    ])
    expect(requestsTo(tenant, 'identities')).toMatchObject([
      { url: expect.stringMatching(new RegExp(`filters=id%20in%20\\(%22${SECOND}%22\\)`)) },
    ])
  })

  it('is made on none where the states cannot be read', async () => {
    const faults = [{ kind: 'status', status: 403, on: 'identities' } as const]
    const tenant = await tenantWith({ identities: POPULATION, faults })
    const ledger = ledgerOf([FIRST, ACTIVE])
    await expect(decided(tenant, ledger)).rejects.toMatchObject({ failure: { status: 403 } })
    expect(fatesOf(ledger)).toEqual([
      [FIRST, null, 'unprocessed', null],
      [ACTIVE, null, 'unprocessed', null],
    ])
  })
})

describe('a row without a state, as some gateways give it, is never “enabled”', () => {
  it.each<[string, Partial<DecideOptions>, string]>([
    ['is submitted', {}, 'enable'],
    ['is blocked where states are refused', { refuseStates: new Set(['leaver']) }, 'refused'],
    ['is blocked in a plan', { isPlan: true }, 'refused'],
  ])('%s', async (_, options, plan) => {
    const server = await serverThatAnswers(() => [{ id: 'a1' }])
    const { identities } = await decided(server, ledgerOf(['a1']), options)
    expect(identities).toMatchObject([{ plan, observed: { identityStatus: null, isLifecycleKnown: false } }])
  })
})

describe('an exclusion', () => {
  const denying = (...texts: string[]): Exclusion => ({
    match: (known) =>
      known.some((text) => texts.includes(text.toLowerCase()))
        ? { by: 'deny-list', bySource: { file: 'deny.txt', line: 1 } }
        : null,
  })

  it.each(['user.1', 'user.1@example.com'])(
    'matches by what ISC says of an identity (%s), before anything is decided',
    async (text) => {
      const tenant = await tenantWith({ identities: POPULATION })
      const ledger = ledgerOf([FIRST, SECOND, 'stranger', ACTIVE])
      await decided(tenant, ledger, { exclusions: [denying(text)], showNames: true })
      expect(ledger.identities.map(({ id }) => id)).toEqual([FIRST, 'stranger', ACTIVE])
      expect(ledger.excluded).toMatchObject([{ id: SECOND, by: 'deny-list', name: 'User 1' }])
      expect(ledger.counts).toMatchObject({ total: 3, succeeded: 1, failed: 1, excluded: 1 })
    },
  )

  it('that the text given lifts, such as one of what is no longer listed, is judged by all that is known', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const notListed: Exclusion = {
      match: (known) => (known.includes('Ann') ? null : { by: 'not-listed', bySource: null }),
    }
    const ledger = new Ledger([entry('Ann', FIRST), entry('Bob', SECOND)], NO_THRESHOLDS)
    await decided(tenant, ledger, { exclusions: [notListed] })
    expect(ledger.identities.map(({ identifier }) => identifier)).toEqual(['Ann'])
  })
})
