import { describe, expect, test } from '@jest/globals'

import { runAction, type ActionOptions, type ActionRun } from '../../dev/run-action.ts'
import { identityIds } from '../../dev/tenant/population.ts'
import { startTenant, type TenantOptions } from '../../dev/tenant/tenant.ts'
import {
  cancelledAt,
  listsOf,
  MAY_NOT_READ,
  meddling,
  requestsTo,
  runAgainst,
  tenantWith,
} from '../support/tenant.ts'

const IDS = identityIds(40)
const LIST = { 'identity-ids': IDS.join('\n'), 'batch-size': '1', concurrency: '4', 'rate-limit': '0' }

interface Stopped {
  readonly stopReason: string | null
  readonly stopped: string | null
  readonly identities: readonly { readonly message: string | null; readonly outcome: string }[]
}

const reportOf = ({ report }: ActionRun): Stopped => JSON.parse(report ?? '') as Stopped

/** Windows ends a process without a signal handler's guarantee (RUNNER.md). */
const signals = process.platform === 'win32' ? [] : [['cancelled']]

interface Case {
  readonly tenant?: TenantOptions
  readonly inputs?: Record<string, string>
  readonly options?: Partial<ActionOptions>
  /** Whether identities were submitted before. */
  readonly isSubmitting?: boolean
  readonly words: RegExp
}

/** One for each value of the contract. */
const CASES: Readonly<Record<string, Case>> = {
  'invalid-input': { inputs: { 'batch-size': '0' }, words: /batch-size/ },
  cancelled: {
    tenant: { latencyMs: 300 },
    options: cancelledAt(/→ 207 /),
    isSubmitting: true,
    words: /cancelled/i,
  },
  authentication: { inputs: { 'client-secret': 'wrong-secret' }, words: /client-secret/ },
  unreachable: {
    tenant: { outages: [{ from: 0, to: Infinity, as: 'refuse' }] },
    inputs: { 'max-retries': '1' },
    words: /No answer/,
  },
  outage: {
    tenant: { latencyMs: 20, outages: [{ from: 150, to: Infinity, as: 503 }] },
    inputs: { 'outage-timeout': '1' },
    isSubmitting: true,
    words: /outage-timeout/,
  },
  rejected: {
    tenant: { faults: [{ kind: 'status', status: 405 }] },
    inputs: { concurrency: '1', 'ignore-status-codes': '405' },
    isSubmitting: true,
    words: /405/,
  },
  'wrong-tenant': {
    tenant: { identities: {} },
    inputs: { 'skip-enabled': 'true', 'ignore-status-codes': '404' },
    words: /exists/,
  },
  'max-to-enable': { inputs: { 'max-to-enable': '39' }, words: /40 identities.*39/ },
  'fail-fast': {
    tenant: { faults: [{ kind: 'text', text: 'No.', nth: 1 }] },
    inputs: { 'fail-fast': 'true', concurrency: '1' },
    isSubmitting: true,
    words: /fail-fast/,
  },
  'states-unknown': {
    tenant: { clients: [MAY_NOT_READ] },
    inputs: { 'skip-enabled': 'true' },
    words: /idn:identity:read/,
  },
  'internal-error': {
    tenant: { latencyMs: 3_000 },
    options: { env: meddling(`throw new Error('out of the blue')`) },
    words: /out of the blue/,
  },
}

const NAMES = Object.keys(CASES).filter((name) => name !== 'cancelled')

test.each([...NAMES.map((name) => [name]), ...signals])(
  '%s: output, report and log say so; every identity is in one list, and the job fails',
  async (name) => {
    const {
      tenant: options = {},
      inputs = {},
      options: more = {},
      isSubmitting = false,
      words,
    } = CASES[name] ?? { words: /./ }
    const tenant = await tenantWith({ identities: { disabled: 40 }, ...options })
    const run = await runAgainst(tenant, { ...LIST, ...inputs }, more)
    const result = name === 'cancelled' ? 'cancelled' : 'failure'
    expect(run.exitCode).toBe(1)
    expect(Object.keys(run.outputs)).toHaveLength(14)
    expect(run.outputs).toMatchObject({ result, 'stop-reason': name, 'total-count': '40' })
    const { succeeded, failed, unprocessed } = listsOf(run)
    expect([...succeeded, ...failed, ...unprocessed].sort()).toEqual(IDS.toSorted())
    const { stopReason, stopped, identities } = reportOf(run)
    expect(stopReason).toBe(name)
    expect(stopped).not.toBeNull()
    expect(run.stdout).toMatch(new RegExp(`^::(error|warning).*${words.source}`, 'im'))
    expect(requestsTo(tenant, 'enable').length > 0).toBe(isSubmitting)
    for (const { outcome, message } of identities)
      if (outcome === 'unprocessed') expect(message).toContain(stopped)
  },
)

test.each([
  ['a success', {}, 'success'],
  ['failures beyond a threshold', { 'identity-ids': `${IDS[0]} dead` }, 'failure'],
  ['an empty list', { 'identity-ids': '[]' }, 'success'],
  ['a plan', { 'dry-run': 'true' }, 'success'],
])('is empty after %s', async (_, inputs, result) => {
  const run = await runAgainst(await tenantWith({ identities: { disabled: 40 } }), { ...LIST, ...inputs })
  expect(run.outputs).toMatchObject({ result, 'stop-reason': '' })
  expect(reportOf(run)).toMatchObject({ stopReason: null, stopped: null })
})

test.each([404, 410, 451])('a whole request rejected with %d ends the run at once', async (status) => {
  const tenant = await tenantWith({ identities: { disabled: 40 }, faults: [{ kind: 'status', status }] })
  const run = await runAgainst(tenant, { ...LIST, concurrency: '1', 'ignore-status-codes': String(status) })
  expect(run.exitCode).toBe(1)
  expect(requestsTo(tenant, 'enable')).toHaveLength(1)
  expect(listsOf(run)).toEqual({ succeeded: [], failed: [IDS[0]], unprocessed: IDS.slice(1) })
  expect(run.outputs['stop-reason']).toBe('rejected')
})

describe('a credential that ISC rejects', () => {
  test('401: likely causes and ISC’s own words; all is unprocessed', async () => {
    const tenant = await tenantWith({ identities: { disabled: 40 } })
    const other = await startTenant({ seed: 2 })
    const token = other.issueToken()
    await other.stop()
    const run = await runAction({ inputs: { ...LIST, 'base-url': tenant.baseUrl, token } })
    expect(run.exitCode).toBe(1)
    expect(listsOf(run)).toEqual({ succeeded: [], failed: [], unprocessed: IDS })
    expect(run.outputs['stop-reason']).toBe('authentication')
    expect(run.stdout).toMatch(/::error.*401.*JWT signature is not valid.*12 minutes.*another tenant/)
  })

  test('an expired token: ISC judges it, not the clock of the runner', async () => {
    const tenant = await tenantWith({ identities: { disabled: 40 } })
    const run = await runAction({
      inputs: { ...LIST, 'base-url': tenant.baseUrl, token: tenant.issueToken(-60) },
    })
    expect(run.stdout).toMatch(/::error.*401.*JWT is expired/)
    expect(listsOf(run).unprocessed).toEqual(IDS)
    expect(tenant.requests.length).toBeGreaterThan(0)
  })

  test('403: scope and user level, with the tracking ID', async () => {
    const tenant = await tenantWith({ clients: [{ ...MAY_NOT_READ, scopes: [] }] })
    const run = await runAgainst(tenant, { ...LIST, concurrency: '1' })
    expect(listsOf(run)).toEqual({ succeeded: [], failed: [IDS[0]], unprocessed: IDS.slice(1) })
    expect(run.outputs['stop-reason']).toBe('rejected')
    expect(run.stdout).toMatch(/::error.*403.*tracking ID [0-9a-f]{32}.*idn:accounts-state:manage.*ORG_ADMIN/)
  })
})
