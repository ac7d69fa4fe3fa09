import { describe, expect, test } from '@jest/globals'

import { runAction, type ActionRun } from '../../dev/run-action.ts'
import { identityId, identityIds } from '../../dev/tenant/population.ts'
import type { Tenant, TenantOptions } from '../../dev/tenant/tenant.ts'
import { serverThatAnswers } from '../support/answering-server.ts'
import { cancelledAt, listsOf, MAY_NOT_READ, requestsTo, runAgainst, tenantWith } from '../support/tenant.ts'

/** One identity of each sort, and one that does not exist. */
const SORTS = {
  disabled: identityId(0),
  active: identityId(1),
  locked: identityId(2),
  error: identityId(3),
  never: identityId(4),
  vanishes: identityId(5),
  unknown: 'dead',
}
type Sort = keyof typeof SORTS
const LIST = { 'identity-ids': Object.values(SORTS).join('\n'), 'rate-limit': '0' }

function tenantOfSorts(options: TenantOptions = {}): Promise<Tenant> {
  return tenantWith({
    identities: { disabled: 1, active: 1, locked: 1, error: 1, never: 1, vanishes: 1 },
    enableDelayMs: 2_500,
    ...options,
  })
}

/** What the report says of each sort: outcome, status, plan and whether it was verified. */
function saidOf({ report }: ActionRun): Record<Sort, string> {
  const { identities } = JSON.parse(report ?? '') as {
    identities: { id: string; outcome: string; statusCode: number; plan: string; verified: boolean }[]
  }
  const said = Object.entries(SORTS).map(([sort, id]) => {
    const identity = identities.find((candidate) => candidate.id === id)
    const { outcome, statusCode, plan, verified } = identity ?? {}
    return [sort, [outcome, statusCode, plan, verified].map(String).join(' ')]
  })
  return Object.fromEntries(said) as Record<Sort, string>
}

function messageOf({ report }: ActionRun, sort: Sort): string | null | undefined {
  const { identities } = JSON.parse(report ?? '') as { identities: { id: string; message: string | null }[] }
  return identities.find(({ id }) => id === SORTS[sort])?.message
}

const sentTo = (tenant: Tenant): string[] => requestsTo(tenant, 'enable').flatMap(({ ids }) => ids)

describe('dry-run', () => {
  test.each([
    ['alone', {}],
    ['with skip-enabled and verify', { 'skip-enabled': 'true', verify: 'true' }],
  ])('%s: says of each what a run would do, and submits nothing', async (_, inputs) => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, {
      ...LIST,
      'dry-run': 'true',
      'ignore-status-codes': '404',
      ...inputs,
    })
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({ result: 'success', 'to-enable-count': '3', 'failed-count': '0' })
    expect(listsOf(run).unprocessed).toEqual(Object.values(SORTS))
    expect(saidOf(run)).toEqual({
      disabled: 'unprocessed null enable null',
      active: 'unprocessed null already-enabled null',
      locked: 'unprocessed null already-enabled null',
      error: 'unprocessed null already-enabled null',
      never: 'unprocessed null enable null',
      vanishes: 'unprocessed null enable null',
      unknown: 'unprocessed 404 not-found null',
    })
    expect(messageOf(run, 'locked')).toContain('LOCKED')
    expect(run.stdout).toMatch(/::warning.*LOCKED.*enabling does not unlock/)
    expect(run.summary).toMatch(/would enable 3/i)
    expect(JSON.parse(run.report ?? '')).toMatchObject({ dryRun: true })
    expect(new Set(tenant.requests.map(({ endpoint }) => endpoint))).toEqual(new Set(['token', 'identities']))
  })

  test('of aliases: what matches no identity is not found', async () => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, {
      'identity-ids': 'user.0, missing, user.1',
      'identify-by': 'alias',
      'dry-run': 'true',
      'max-failures': '1',
    })
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({
      'to-enable-count': '1',
      'failed-count': '0',
      'failure-percent': '33.33',
    })
    expect(listsOf(run).unprocessed).toEqual([SORTS.disabled, 'missing', SORTS.active])
    expect(run.stdout).toMatch(/would enable 1 of 3 identities.*1 already enabled/)
  })

  test('fails where the run would', async () => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, { ...LIST, 'dry-run': 'true' })
    expect(run.exitCode).toBe(1)
    expect(run.outputs).toMatchObject({ result: 'failure', 'failed-count': '0', 'failure-percent': '14.29' })
    expect(listsOf(run).unprocessed).toEqual(Object.values(SORTS))
    expect(JSON.parse(run.report ?? '')).toMatchObject({ thresholds: { exceeded: true } })
  })

  test.each(['id', 'alias'])(
    'by %s with a credential that may not read fails: no state is known',
    async (by) => {
      const tenant = await tenantOfSorts({
        clients: [MAY_NOT_READ],
      })
      const run = await runAgainst(tenant, { ...LIST, 'dry-run': 'true', 'identify-by': by })
      expect(run.exitCode).toBe(1)
      expect(run.outputs).toMatchObject({
        'stop-reason': 'states-unknown',
        'to-enable-count': '',
        'total-count': '7',
      })
      expect(listsOf(run).unprocessed).toHaveLength(7)
      expect(run.stdout).toMatch(/::error.*could not be read.*403.*idn:identity:read/)
      expect(sentTo(tenant)).toEqual([])
    },
  )

  test.each([
    ['a wrong secret', { 'client-secret': 'wrong-secret' }],
    ['a list that is too long', { 'max-identities': '6' }],
  ])('with %s fails', async (_, inputs) => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, { ...LIST, 'dry-run': 'true', ...inputs })
    expect(run.exitCode).toBe(1)
    expect(run.outputs['result']).toBe('failure')
    expect(sentTo(tenant)).toEqual([])
  })
})

describe('skip-enabled', () => {
  test('submits only identities that are not enabled yet', async () => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, { ...LIST, 'skip-enabled': 'true', 'max-failures': '1' })
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({ 'to-enable-count': '3', 'succeeded-count': '6', 'failed-count': '1' })
    expect(sentTo(tenant)).toEqual([SORTS.disabled, SORTS.never, SORTS.vanishes])
    expect(saidOf(run)).toEqual({
      disabled: 'succeeded 202 enable null',
      active: 'succeeded null already-enabled null',
      locked: 'succeeded null already-enabled null',
      error: 'succeeded null already-enabled null',
      never: 'succeeded 202 enable null',
      vanishes: 'succeeded 202 enable null',
      unknown: 'failed 404 not-found null',
    })
  })

  test('with nothing left to submit is a success without a request to enable', async () => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, { 'identity-ids': SORTS.active, 'skip-enabled': 'true' })
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({ 'to-enable-count': '0', 'succeeded-count': '1' })
    expect(sentTo(tenant)).toEqual([])
  })

  test('with fail-fast submits nothing when identities that are not found exceed the threshold', async () => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, { ...LIST, 'skip-enabled': 'true', 'fail-fast': 'true' })
    expect(run.exitCode).toBe(1)
    expect(sentTo(tenant)).toEqual([])
    expect(listsOf(run).failed).toEqual(['dead'])
    expect(listsOf(run).unprocessed).toHaveLength(3)
  })
})

describe('verify', () => {
  test.each([
    ['alone', {}, 'null', '202', 'true'],
    ['with skip-enabled', { 'skip-enabled': 'true' }, 'enable', 'null', 'null'],
  ])('%s: succeeded means enabled', async (_, inputs, plan, statusOfActive, verifiedActive) => {
    const tenant = await tenantOfSorts()
    const run = await runAgainst(tenant, { ...LIST, verify: 'true', 'verify-timeout': '5', ...inputs })
    expect(run.exitCode).toBe(1)
    const active = `succeeded ${statusOfActive} ${plan === 'null' ? 'null' : 'already-enabled'} ${verifiedActive}`
    expect(saidOf(run)).toEqual({
      disabled: `succeeded 202 ${plan} true`,
      active,
      locked: active,
      error: active,
      never: `failed 202 ${plan} false`,
      vanishes: `failed 202 ${plan} false`,
      unknown: plan === 'null' ? 'failed 404 null null' : 'failed 404 not-found null',
    })
    expect(messageOf(run, 'never')).toMatch(/accepted.*not confirmed as enabled.*still disabled/)
    expect(messageOf(run, 'vanishes')).toMatch(/accepted.*not confirmed as enabled.*no longer exists/)
    expect(run.stdout).toMatch(/\d of \d identities are enabled\. 2 aren't/)
    expect(run.stdout).toMatch(/::warning.*1 identity.*LOCKED.*enabling does not unlock/)
    expect(run.stdout).toMatch(/::warning.*1 identity.*ERROR/)
  })

  test('ends as soon as everything is enabled', async () => {
    const tenant = await tenantWith({ identities: { disabled: 3 }, enableDelayMs: 1_000 })
    const ids = identityIds(3).join(' ')
    const run = await runAgainst(tenant, { 'identity-ids': ids, verify: 'true' })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toMatch(/ISC reports all 3 identities as enabled/)
    expect(requestsTo(tenant, 'identities')).toHaveLength(1)
  })

  test('without the right to read: accepted, but not verified, is unprocessed, and keeps ISC’s status', async () => {
    const tenant = await tenantOfSorts({
      clients: [MAY_NOT_READ],
    })
    const run = await runAgainst(tenant, { 'identity-ids': SORTS.disabled, verify: 'true' })
    expect(run.exitCode).toBe(1)
    expect(saidOf(run).disabled).toBe('unprocessed 202 null null')
    expect(messageOf(run, 'disabled')).toMatch(/accepted.*before it was verified.*idn:identity:read/)
  })

  // A signal does not reach a process on Windows.
  const testSignals = process.platform === 'win32' ? test.skip : test
  testSignals('cancelled: what is known is reported', async () => {
    const tenant = await tenantOfSorts({ enableDelayMs: 1_000 })
    const ids = `${SORTS.disabled} ${SORTS.never}`
    const run = await runAgainst(tenant, { 'identity-ids': ids, verify: 'true' }, cancelledAt(/GET .*→ 200 /))
    expect(run.outputs['result']).toBe('cancelled')
    expect(listsOf(run)).toEqual({
      succeeded: [SORTS.disabled],
      failed: [],
      unprocessed: [SORTS.never],
    })
    expect(messageOf(run, 'never')).toMatch(/accepted.*before it was verified.*cancelled/)
  })

  test('10,000 identities take at most two passes, in as few requests as URLs allow', async () => {
    const tenant = await tenantWith({ identities: { disabled: 10_000 }, enableDelayMs: 3_000 })
    const ids = identityIds(10_000).join('\n')
    const run = await runAgainst(
      tenant,
      { 'identity-ids-file': 'ids.txt', verify: 'true', 'rate-limit': '0' },
      { files: { 'ids.txt': ids } },
    )
    expect(run.exitCode).toBe(0)
    const reads = requestsTo(tenant, 'identities')
    expect(reads.length).toBeLessThanOrEqual(2 * Math.ceil(10_000 / 200))
  })
})

describe('a state that ISC omits, or gives in another shape', () => {
  const ID = 'a'.repeat(32)

  /** A tenant with one identity, of which it says this. Returns what was submitted. */
  async function submittedWith(row: object, inputs: Record<string, string>): Promise<string[]> {
    const submitted: string[] = []
    const { baseUrl } = await serverThatAnswers(({ url, body }) => {
      if (!url.includes('enable')) return [{ id: ID, ...row }]
      const { identityIds } = JSON.parse(body) as { identityIds: string[] }
      submitted.push(...identityIds)
      return identityIds.map((id) => ({ id, statusCode: 202, message: null }))
    })
    const given = { 'base-url': baseUrl, 'client-id': 'client', 'client-secret': 'client-secret' }
    await runAction({ inputs: { ...given, 'identity-ids': ID, ...inputs } })
    return submitted
  }

  const DISABLED = { identityStatus: 'DISABLED' }
  test.each<[string, object, string[]]>([
    ['no lifecycle state', { ...DISABLED, lifecycleState: null }, [ID]],
    ['another lifecycle state', { ...DISABLED, lifecycleState: { stateName: 'active' } }, [ID]],
    ['nothing', {}, []],
    ['no member lifecycleState', DISABLED, []],
    ['an empty object', { ...DISABLED, lifecycleState: {} }, []],
    ['an array', { ...DISABLED, lifecycleState: [] }, []],
    ['another name', { ...DISABLED, lifecycleState: { technicalName: 'active' } }, []],
    ['a text', { ...DISABLED, lifecycleState: 'active' }, []],
    ['unseen characters', { ...DISABLED, lifecycleState: { stateName: 'termin\u200Bat\u00ADed ' } }, []],
    ['the state as status', { identityStatus: 'Terminated', lifecycleState: null }, []],
  ])('is blocked by refuse-states: %s', async (_, row, submitted) => {
    expect(await submittedWith(row, { 'refuse-states': 'terminated' })).toEqual(submitted)
  })

  test.each([[{}], [{ identityStatus: null }], [{ identityStatus: 'SOMETHING_NEW' }]])(
    'never counts as enabled: %j',
    async (row) => {
      expect(await submittedWith(row, { 'skip-enabled': 'true' })).toEqual([ID])
    },
  )
})
