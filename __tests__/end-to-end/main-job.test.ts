import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { identityId, identityIds } from '../../dev/tenant/population.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { expectValidReport } from '../support/report-schema.ts'
import { credentialFor, listsOf, runAgainst, tenantWith } from '../support/tenant.ts'
import { runAction } from '../../dev/run-action.ts'

const unknown = (count: number): string[] => Array.from({ length: count }, (_, n) => `dead-${n}`)

/** 1,000 IDs of which 7, spread over the list, are unknown. */
const THOUSAND = identityIds(993)
  .toSpliced(100, 0, ...unknown(4))
  .toSpliced(900, 0, ...unknown(7).slice(4))

describe('1,000 identities of which 7 are unknown', () => {
  test.each([
    ['no threshold', {}, 1],
    ['max-failures: 7', { 'max-failures': '7' }, 0],
    ['max-failures: 6', { 'max-failures': '6' }, 1],
    ['max-failure-percent: 0.7', { 'max-failure-percent': '0.7' }, 0],
    ['max-failure-percent: 0.69', { 'max-failure-percent': '0.69' }, 1],
    ['ignore-status-codes: 404', { 'ignore-status-codes': '404' }, 0],
  ])('%s', async (_, thresholds, exitCode) => {
    const tenant = await tenantWith({ identities: { disabled: 993 } })
    // From a file: a variable on Windows holds 32,767 characters, and what is beyond gets lost silently.
    const files = { 'list.txt': THOUSAND.join('\n') }
    const run = await runAgainst(tenant, { 'identity-ids-file': 'list.txt', ...thresholds }, { files })
    const ignored = 'ignore-status-codes' in thresholds
    expect(run.outputs).toMatchObject({
      result: exitCode === 0 ? 'success' : 'failure',
      'succeeded-count': '993',
      'failed-count': '7',
      'unprocessed-count': '0',
      'total-count': '1000',
      'failure-percent': ignored ? '0' : '0.7',
      'to-enable-count': '',
    })
    expect(run.exitCode).toBe(exitCode)
    expect(listsOf(run)).toEqual({
      succeeded: THOUSAND.filter((id) => !id.startsWith('dead')),
      failed: unknown(7),
      unprocessed: [],
    })
    expect(tenant.statuses).toEqual({ 200: 1, 207: 10 })
  })
})

test('batches follow the list, and every request is as ISC wants it', async () => {
  const tenant = await tenantWith({ identities: { disabled: 25 } })
  const run = await runAgainst(tenant, {
    'identity-ids': JSON.stringify(identityIds(25)),
    'batch-size': '10',
    concurrency: '1',
  })
  expect(run.exitCode).toBe(0)
  const [token, ...batches] = tenant.requests
  expect(token?.body).toBe('grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret')
  expect(batches.map(({ ids }) => ids)).toEqual([
    identityIds(25).slice(0, 10),
    identityIds(25).slice(10, 20),
    identityIds(25).slice(20),
  ])
  expect(batches[0]?.headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
    'x-sailpoint-experimental': 'true',
    'user-agent': expect.stringMatching(/^isc-enable-identities\/\d+\.\d+\.\d+/) as unknown,
  })
})

test.each([
  ['beta', '/beta/identities-accounts/enable'],
  ['v2024', '/v2024/identities-accounts/enable'],
  ['v2026', '/v2026/identities-accounts/enable'],
  ['v1', '/identities-accounts/v1/enable'],
])('api-version %s calls %s', async (version, path) => {
  const tenant = await tenantWith()
  const run = await runAgainst(tenant, { 'identity-ids': identityId(0), 'api-version': version })
  expect(run.exitCode).toBe(0)
  expect(tenant.requests.at(-1)?.url).toBe(path)
})

test('the report holds what the contract says', async () => {
  const tenant = await tenantWith()
  const run = await runAgainst(
    tenant,
    {
      'identity-ids': `${identityId(0)} dead`,
      'results-file': 'out/report.json',
      'max-failure-percent': '50',
    },
    { event: { name: 'push' } },
  )
  expect(run.outputs['results-file']).toMatch(/[\\/]workspace[\\/]out[\\/]report\.json$/)
  const common = {
    attempts: 1,
    plan: null,
    verified: null,
    identityStatus: null,
    lifecycleState: null,
    plannedLifecycleState: null,
    name: null,
    listedName: null,
    reason: null,
    source: null,
    ignored: false,
  }
  const trackingId = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown
  expect(JSON.parse(run.report ?? '')).toEqual({
    schemaVersion: 1,
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
    finishedAt: expect.stringMatching(/Z$/) as unknown,
    run: {
      repository: 'acme/identities',
      runId: '1234567890',
      runAttempt: '1',
      commit: '0123456789abcdef0123456789abcdef01234567',
      event: 'push',
      actor: 'octocat',
      url: 'https://github.com/acme/identities/actions/runs/1234567890',
    },
    baseUrl: tenant.baseUrl,
    apiVersion: 'v2025',
    dryRun: false,
    shard: null,
    identifyBy: 'id',
    statesRead: false,
    result: 'success',
    stopReason: null,
    stopped: null,
    problems: [],
    counts: { total: 2, succeeded: 1, failed: 1, ignored: 0, unprocessed: 0, excluded: 0 },
    thresholds: { maxFailures: null, maxFailurePercent: 50, exceeded: false },
    excluded: [],
    identities: [
      {
        ...common,
        id: identityId(0),
        identifier: identityId(0),
        outcome: 'succeeded',
        statusCode: 202,
        message: null,
        trackingId,
      },
      {
        ...common,
        id: 'dead',
        identifier: 'dead',
        outcome: 'failed',
        statusCode: 404,
        message: 'Referenced identity "dead" was not found.',
        trackingId,
      },
    ],
  })
})

test('an empty list succeeds, with a warning, and nothing is submitted', async () => {
  const tenant = await tenantWith()
  for (const list of ['[]', '# none today']) {
    const run = await runAgainst(tenant, { 'identity-ids': list })
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({ result: 'success', 'total-count': '0', 'succeeded-ids': '[]' })
    expect(run.stdout).toMatch(/::warning.*list is empty/)
  }
  expect(tenant.requests).toEqual([])
})

describe('bad input', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await startTenant()
  })
  afterAll(() => tenant.stop())

  test.each([
    ['no list', { 'identity-ids': '' }, 'identity-ids'],
    ['an invalid ID', { 'identity-ids': 'good b@d' }, 'b@d'],
    ['a number out of range', { 'batch-size': '251' }, 'batch-size'],
    [
      'a list longer than max-identities',
      { 'identity-ids': 'a b c', 'max-identities': '2' },
      'max-identities',
    ],
    ['both credentials', { token: 'x' }, 'token'],
    ['no credential', { 'client-id': '', 'client-secret': '' }, 'client-id'],
    ['both addresses', { tenant: 'acme' }, 'tenant'],
    ['no address', { 'base-url': '' }, 'tenant'],
    ['http', { 'base-url': 'http://acme.example' }, 'base-url'],
  ])('%s', async (_, inputs, named) => {
    const run = await runAgainst(tenant, { 'identity-ids': 'a1', ...inputs })
    expect(run.exitCode).toBe(1)
    expect(run.outputs).toMatchObject({ result: 'failure', 'succeeded-ids': '[]', 'failed-ids': '[]' })
    expect(Object.keys(run.outputs)).toHaveLength(14)
    expect(run.stdout).toMatch(new RegExp(`::error.*${named}`))
    expect(run.outputs['stop-reason']).toBe('invalid-input')
    expect(run.comment?.startsWith(run.summary)).toBe(true)
    expectValidReport(JSON.parse(run.report ?? ''))
    expect(tenant.requests).toEqual([])
  })

  test('a list that could be read is unprocessed', async () => {
    const run = await runAgainst(tenant, { 'identity-ids': 'a b c', 'batch-size': '0' })
    expect(listsOf(run).unprocessed).toEqual(['a', 'b', 'c'])
  })
})

describe('what an error says', () => {
  test('a wrong secret: nothing is submitted, all is unprocessed', async () => {
    const tenant = await tenantWith()
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0), 'client-secret': 'wrong-secret' })
    expect(run.exitCode).toBe(1)
    expect(listsOf(run).unprocessed).toEqual([identityId(0)])
    expect(run.stdout).toMatch(/::error.*401.*Bad client credentials.*client-secret.*this tenant/)
    expect(run.stdout.replaceAll('::add-mask::wrong-secret', '')).not.toContain('wrong-secret')
  })

  test('a host that does not exist: the input is named', async () => {
    // A label may have 63 characters, so that no name server is ever asked for this one.
    const host = `${'x'.repeat(64)}.invalid`
    const run = await runAction({
      inputs: { 'base-url': `https://${host}`, token: 'abcdefgh', 'identity-ids': 'a1', 'max-retries': '0' },
    })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/::error.*x{64}\.invalid.*cannot be resolved.*`tenant`/)
    expect(listsOf(run).unprocessed).toEqual(['a1'])
  })

  test('a certificate that is not trusted names NODE_EXTRA_CA_CERTS', async () => {
    const tenant = await tenantWith({ tls: true })
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0) })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/::error.*NODE_EXTRA_CA_CERTS/)
  })

  test('a redirect is not followed', async () => {
    const tenant = await tenantWith({ faults: [{ kind: 'redirect' }] })
    const run = await runAgainst(tenant, { 'identity-ids': identityId(0) })
    expect(listsOf(run).failed).toEqual([identityId(0)])
    expect(run.stdout).toMatch(/::error.*307.*does not follow redirects/)
  })
})

test('inputs come from the environment that the sail CLI reads', async () => {
  const tenant = await tenantWith()
  const { 'base-url': url = '', 'client-id': id = '', 'client-secret': secret = '' } = credentialFor(tenant)
  const run = await runAction({
    inputs: { 'identity-ids': identityId(0) },
    env: { SAIL_BASE_URL: url, SAIL_CLIENT_ID: id, SAIL_CLIENT_SECRET: secret },
  })
  expect(run.exitCode).toBe(0)
  expect(run.stdout.indexOf('::add-mask::demo-secret')).toBe(0)
})

test('an output larger than 1 MiB is empty, with a warning that names the report', async () => {
  const tenant = await tenantWith({ identities: 'any' })
  const ids = Array.from({ length: 15_000 }, (_, n) => n.toString(16).padStart(32, 'x'))
  const run = await runAgainst(
    tenant,
    { 'identity-ids-file': 'ids.txt', 'rate-limit': '0' },
    { files: { 'ids.txt': ids.join('\r\n') } },
  )
  expect(run.exitCode).toBe(0)
  expect(run.outputs).toMatchObject({ 'succeeded-ids': '', 'succeeded-count': '15000', 'failed-ids': '[]' })
  expect(run.stdout).toMatch(/::warning.*succeeded-ids.*results-file/)
  const report = JSON.parse(run.report ?? '') as { identities: { id: string }[] }
  expect(report.identities.map(({ id }) => id)).toEqual(ids)
})
