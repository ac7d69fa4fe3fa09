import { describe, expect, it } from '@jest/globals'

import { identityId, identityIds } from '../../dev/tenant/population.ts'
import { Ledger } from '../../src/campaign/ledger.ts'
import { isDisabled, planAll, readStates, settlePlanned } from '../../src/campaign/states.ts'
import { requested, type IdentityOutcome } from '../../src/identity.ts'
import { ApiError, CancelledError } from '../../src/sailpoint/errors.ts'
import { ledgerOf, NO_THRESHOLDS, sessionWith } from '../support/session.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

/** One identity of each state, in this order, and one that is not there. */
const POPULATION = { disabled: 1, active: 1, locked: 1, error: 1 }
const [DISABLED, ACTIVE, LOCKED, ERROR] = identityIds(4) as [string, string, string, string]
const STRANGER = 'stranger'

const unresolved = (text: string): IdentityOutcome => requested(text, null, null, null)

describe('the states of identities', () => {
  it('are what ISC says, and undefined where there is no such identity', async () => {
    const tenant = await tenantWith({
      identities: POPULATION,
      extra: [{ id: 'unset', identityStatus: null }],
    })
    const { identities } = ledgerOf([DISABLED, ACTIVE, LOCKED, ERROR, 'unset', STRANGER])
    const stateOf = await readStates(identities, sessionWith(tenant).session)
    expect(identities.map(stateOf)).toEqual(['DISABLED', 'ACTIVE', 'LOCKED', 'ERROR', null, undefined])
    expect(requestsTo(tenant, 'identities')).toHaveLength(1)
    expect(tenant.violations).toEqual([])
  })

  it('are not asked for without an id', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const [nobody, known] = [unresolved('nobody'), requested('ann', ACTIVE, null, null)]
    const stateOf = await readStates([nobody, known], sessionWith(tenant).session)
    expect([stateOf(nobody), stateOf(known)]).toEqual([undefined, 'ACTIVE'])
    expect(decodeURIComponent(tenant.requests.at(-1)?.url ?? '')).toContain(`id in ("${ACTIVE}")`)
  })

  it('need no request where there is nobody', async () => {
    const tenant = await tenantWith()
    const stateOf = await readStates([], sessionWith(tenant).session)
    expect(stateOf(unresolved('nobody'))).toBeUndefined()
    expect(tenant.requests).toEqual([])
  })

  it.each([
    ['DISABLED', true],
    ['ACTIVE', false],
    ['LOCKED', false],
    ['ERROR', false],
    ['disabled', false],
    ['', false],
    [null, false],
    [undefined, false],
  ])('%s: disabled is %s', (state, disabled) => {
    expect(isDisabled(state)).toBe(disabled)
  })
})

describe('a plan', () => {
  it('enables the disabled, leaves the others alone, and misses the missing', async () => {
    const tenant = await tenantWith({
      identities: POPULATION,
      extra: [{ id: 'unset', identityStatus: null }],
    })
    const ledger = ledgerOf([STRANGER, DISABLED, ACTIVE, LOCKED, ERROR, 'unset'])
    await planAll(ledger, sessionWith(tenant).session)
    expect(ledger.identities.map(({ plan, message }) => [plan, message])).toEqual([
      ['not-found', 'Referenced identity "stranger" was not found.'],
      ['enable', null],
      ['already-enabled', 'Already enabled (identity status ACTIVE).'],
      ['already-enabled', 'Already enabled (identity status LOCKED).'],
      ['already-enabled', 'Already enabled (identity status ERROR).'],
      ['already-enabled', 'Already enabled (identity status not set).'],
    ])
  })

  it('changes nothing: all stay unprocessed, and ISC is only asked', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const ledger = ledgerOf([DISABLED, ACTIVE, STRANGER])
    await planAll(ledger, sessionWith(tenant).session)
    expect(ledger.counts).toMatchObject({ unprocessed: 3 })
    expect(ledger.identities.map(({ attempts }) => attempts)).toEqual([0, 0, 0])
    expect(tenant.requests.map(({ endpoint }) => endpoint)).toEqual(['token', 'identities'])
    expect(tenant.identities.get(DISABLED)?.identityStatus).toBe('DISABLED')
  })

  it('notes how many are enabled, but locked or in error', async () => {
    const tenant = await tenantWith({ identities: { active: 2, locked: 2, error: 1, disabled: 1 } })
    const ledger = ledgerOf([...tenant.identities.keys()])
    expect(await planAll(ledger, sessionWith(tenant).session)).toEqual([
      '2 of the identities already enabled: LOCKED (enabling does not unlock).',
      '1 of the identities already enabled: ERROR (ISC reports an error for it).',
    ])
  })

  it('has no notes where all is well', async () => {
    const tenant = await tenantWith({ identities: { active: 2, disabled: 2 } })
    const ledger = ledgerOf([...tenant.identities.keys(), STRANGER])
    expect(await planAll(ledger, sessionWith(tenant).session)).toEqual([])
  })

  it('leaves alone what is planned or settled already', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const failed: IdentityOutcome = { ...unresolved('two'), outcome: 'failed', message: 'There are two.' }
    const planned: IdentityOutcome = { ...unresolved('none'), plan: 'not-found', message: 'There is none.' }
    const before = [{ ...failed }, { ...planned }]
    const ledger = new Ledger([failed, planned, requested('ann', DISABLED, null, null)], NO_THRESHOLDS)
    await planAll(ledger, sessionWith(tenant).session)
    expect(ledger.identities.slice(0, 2)).toEqual(before)
    expect(ledger.identities[2]).toMatchObject({ plan: 'enable', message: null })
  })

  it('names one without an id by what was given', async () => {
    const tenant = await tenantWith()
    const ledger = new Ledger([unresolved('nobody')], NO_THRESHOLDS)
    await planAll(ledger, sessionWith(tenant).session)
    expect(ledger.identities).toMatchObject([
      { plan: 'not-found', message: 'Referenced identity "nobody" was not found.' },
    ])
  })

  it('cannot be made without the states, and then plans nothing', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'status', status: 403, on: 'identities' }] })
    const ledger = ledgerOf([identityId(0)])
    await expect(planAll(ledger, sessionWith(tenant).session)).rejects.toThrow(ApiError)
    const { session, stop } = sessionWith(tenant)
    stop.abort()
    await expect(planAll(ledger, session)).rejects.toThrow(CancelledError)
    expect(ledger.identities).toMatchObject([{ plan: null, message: null, outcome: 'unprocessed' }])
  })
})

describe('skip-enabled', () => {
  it('settles what needs no sending', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const ledger = ledgerOf([DISABLED, ACTIVE, LOCKED, STRANGER])
    await planAll(ledger, sessionWith(tenant).session)
    expect(settlePlanned(ledger)).toBe(1)
    expect(ledger.identities).toMatchObject([
      { outcome: 'unprocessed', statusCode: null },
      {
        outcome: 'succeeded',
        statusCode: null,
        message: 'Already enabled (identity status ACTIVE).',
        trackingId: null,
        attempts: 0,
      },
      { outcome: 'succeeded', statusCode: null },
      {
        outcome: 'failed',
        statusCode: 404,
        message: 'Referenced identity "stranger" was not found.',
        trackingId: null,
        attempts: 0,
      },
    ])
    expect(ledger.counts).toEqual({ total: 4, succeeded: 2, failed: 1, ignored: 0, unprocessed: 1 })
  })

  it('leaves all to be sent where nothing is planned', () => {
    const ledger = ledgerOf(['a1', 'b2'])
    expect(settlePlanned(ledger)).toBe(2)
    expect(ledger.counts).toMatchObject({ succeeded: 0, failed: 0 })
  })

  it('counts a missing identity as ISC’s own 404', async () => {
    const tenant = await tenantWith({ identities: POPULATION })
    const ledger = ledgerOf([STRANGER], { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) })
    await planAll(ledger, sessionWith(tenant).session)
    expect(settlePlanned(ledger)).toBe(0)
    expect(ledger.counts).toMatchObject({ failed: 1, ignored: 1 })
    expect(ledger.exceeded).toBe(false)
  })
})
