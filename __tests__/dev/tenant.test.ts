import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'

import { createLogView } from '../../dev/demo/log-view.ts'
import { randomFaults } from '../../dev/tenant/random-faults.ts'
import { identityId, identityIds } from '../../dev/tenant/population.ts'
import type { Tenant, TenantOptions } from '../../dev/tenant/tenant.ts'
import { DEMO_CLIENT } from '../../dev/tenant/tokens.ts'
import { misusedTenantWith, tenantWith } from '../support/tenant.ts'

function enable(tenant: Tenant, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${tenant.baseUrl}/v2025/identities-accounts/enable`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${tenant.issueToken()}`,
      'content-type': 'application/json',
      'x-sailpoint-experimental': 'true',
      ...headers,
    },
    body: JSON.stringify(body),
  })
}

async function find(tenant: Tenant, query: string): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${tenant.baseUrl}/v2025/identities?defaultFilter=NONE&${query}`, {
    headers: { accept: 'application/json', authorization: `Bearer ${tenant.issueToken()}` },
  })
  return (await answer.json()) as Record<string, unknown>[]
}

describe('the simulated tenant', () => {
  test('issues tokens that expire, to who knows the secret', async () => {
    const tenant = await tenantWith({ tokenLifetimeSeconds: 1 })
    const ask = (secret: string): Promise<Response> =>
      fetch(`${tenant.baseUrl}/oauth/token`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: DEMO_CLIENT.id,
          client_secret: secret,
        }),
      })
    expect((await ask('wrong')).status).toBe(401)
    const { access_token: token, expires_in: expires } = (await (await ask(DEMO_CLIENT.secret)).json()) as {
      access_token: string
      expires_in: number
    }
    expect(expires).toBe(1)
    const authorization = `Bearer ${token}`
    expect((await enable(tenant, { identityIds: ['x'] }, { authorization })).status).toBe(207)
    await sleep(1_100)
    const late = await enable(tenant, { identityIds: ['x'] }, { authorization })
    expect(late.status).toBe(401)
    expect(await late.json()).toEqual({ error: 'JWT validation failed: JWT is expired' })
  })

  test('answers as gateways and token endpoints do that are at fault, and nothing happens', async () => {
    const tenant = await tenantWith({
      faults: [{ kind: 'oauth-error' }, { kind: 'status', status: 403, isPage: true }],
    })
    const token = await fetch(`${tenant.baseUrl}/oauth/token`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    expect(token.status).toBe(200)
    expect(await token.json()).toMatchObject({ error: 'invalid_client' })
    const page = await enable(tenant, { identityIds: [identityId(0)] })
    expect([page.status, page.headers.get('content-type')]).toEqual([403, 'text/html'])
    expect(await page.text()).toMatch(/^<html>/)
    expect(tenant.enabled).toEqual([])
  })

  test('enables some time after the task was accepted, and knows who does not exist', async () => {
    const tenant = await tenantWith({
      identities: { disabled: 1, never: 1, vanishes: 1 },
      enableDelayMs: 300,
    })
    const ids = identityIds(3)
    const answer = await enable(tenant, { identityIds: [...ids, 'dead'] })
    expect(answer.status).toBe(207)
    expect(await answer.json()).toEqual([
      ...ids.map((id) => ({ id, statusCode: 202, message: null })),
      { id: 'dead', statusCode: 404, message: 'Referenced identity "dead" was not found.' },
    ])
    const states = async (): Promise<unknown[]> =>
      (await find(tenant, `filters=${encodeURIComponent(`id in ("${ids.join('","')}")`)}`)).map(
        ({ identityStatus }) => identityStatus,
      )
    expect(await states()).toEqual(['DISABLED', 'DISABLED', 'DISABLED'])
    await sleep(400)
    expect(await states()).toEqual(['ACTIVE', 'DISABLED'])
  })

  test('keeps the identities that it was asked to enable, and lets HR disable them again', async () => {
    const tenant = await tenantWith({ identities: { disabled: 2 } })
    const [first, second] = identityIds(2)
    if (first === undefined || second === undefined) throw new Error('Two were asked for.')
    await enable(tenant, { identityIds: [first, second, 'dead'] })
    await enable(tenant, { identityIds: [first] })
    expect(tenant.enabled.map(({ id }) => id)).toEqual([first, second, first])
    tenant.change(first, { identityStatus: 'DISABLED', lifecycleState: 'terminated' })
    tenant.change(second, { identityStatus: 'MORE_OR_LESS' })
    expect(await find(tenant, 'limit=2')).toMatchObject([
      {
        identityStatus: 'DISABLED',
        lifecycleState: { stateName: 'terminated', manuallyUpdated: false },
      },
      { identityStatus: 'MORE_OR_LESS', lifecycleState: null },
    ])
    expect(() => tenant.change('dead', {})).toThrow('There is no identity dead.')
  })

  test('finds by alias and address without regard to case, and pages', async () => {
    const tenant = await tenantWith({ identities: { active: 5 } })
    const filters = encodeURIComponent('alias eq "USER.1" or email eq "user.3@EXAMPLE.com"')
    expect((await find(tenant, `filters=${filters}`)).map(({ alias }) => alias)).toEqual(['user.1', 'user.3'])
    expect((await find(tenant, 'limit=2&offset=4')).map(({ alias }) => alias)).toEqual(['user.4'])
  })

  test('joins IDs without regard to case, and answers in the case that is wanted', async () => {
    const [id = ''] = identityIds(1)
    for (const [answerIdsIn, answered] of [
      [undefined, id.toUpperCase()],
      ['lower', id],
    ] as const) {
      const tenant = await tenantWith({ ...(answerIdsIn && { answerIdsIn }) })
      const answer = await enable(tenant, { identityIds: [id.toUpperCase()] })
      expect(await answer.json()).toEqual([{ id: answered, statusCode: 202, message: null }])
      expect(tenant.enabled).toEqual([{ id }])
      const filters = encodeURIComponent(`id eq "${id.toUpperCase()}"`)
      expect(await find(tenant, `filters=${filters}`)).toMatchObject([{ id, identityStatus: 'ACTIVE' }])
    }
  })

  test('is away as planned, and on command; an outage uses up no fault', async () => {
    const tenant = await tenantWith({
      faults: [{ kind: 'status', status: 418, times: 1 }],
      outages: [{ from: 0, to: 300, as: 504 }],
    })
    const ask = (): Promise<unknown> =>
      enable(tenant, { identityIds: identityIds(1) }).then(({ status }) => status)
    expect(await ask()).toBe(504)
    await sleep(400)
    tenant.outage(503)
    expect(await ask()).toBe(503)
    tenant.outage('refuse')
    await expect(ask()).rejects.toThrow()
    expect(tenant.enabled).toEqual([])
    tenant.outage('reset')
    await expect(ask()).rejects.toThrow()
    expect(tenant.enabled).toHaveLength(1)
    tenant.recover()
    expect(await ask()).toBe(418)
    expect(await ask()).toBe(207)
  })

  test.each<[string, TenantOptions, string[]]>([
    ['caps a page', { pageCap: 2 }, ['user.1', 'user.2']],
    [
      'repeats rows',
      { faults: [{ kind: 'repeat', on: 'identities' }] },
      ['user.1', 'user.2', 'user.3', 'user.1'],
    ],
    ['moves rows between requests', { faults: [{ kind: 'shift' }] }, ['user.2', 'user.3', 'user.4']],
    [
      'shows everybody in two states',
      { faults: [{ kind: 'twice', lifecycleState: 'moved' }] },
      ['user.1', 'user.2', 'user.3', 'user.1', 'user.2', 'user.3'],
    ],
    ['shows strangers', { faults: [{ kind: 'strangers' }] }, Array<string>(3).fill('stranger')],
    ['keeps its people to itself', { faults: [{ kind: 'empty-array', on: 'identities' }] }, []],
  ])('%s', async (_, options, aliases) => {
    const tenant = await tenantWith({ identities: { active: 5 }, ...options })
    const shown = (await find(tenant, 'limit=3&offset=1')).map(({ alias }) => String(alias))
    expect(shown.map((alias) => (alias.startsWith('user') ? alias : 'stranger'))).toEqual(aliases)
  })

  test('limits the rate in a sliding window, with Retry-After', async () => {
    const tenant = await tenantWith({ rateLimit: { requests: 2, windowMs: 1_500 } })
    const statuses = []
    for (let n = 0; n < 3; n += 1) statuses.push((await enable(tenant, { identityIds: ['x'] })).status)
    expect(statuses).toEqual([207, 207, 429])
    expect((await enable(tenant, { identityIds: ['x'] })).headers.get('retry-after')).toBe('2')
    await sleep(1_600)
    expect((await enable(tenant, { identityIds: ['x'] })).status).toBe(207)
  })

  test.each([
    ['a body of another shape', { ids: ['x'] }, {}, 400],
    ['another content type', { identityIds: ['x'] }, { 'content-type': 'text/plain' }, 400],
    ['an id twice', { identityIds: ['x', 'X'] }, {}, 207],
    ['no experimental header', { identityIds: ['x'] }, { 'x-sailpoint-experimental': 'no' }, 207],
    ['a wrong Accept', { identityIds: ['x'] }, { accept: 'text/html' }, 207],
  ])('objects to %s', async (_, body, headers, status) => {
    const tenant = await misusedTenantWith()
    expect((await enable(tenant, body, headers)).status).toBe(status)
    expect(tenant.violations).toHaveLength(1)
  })

  test('answers a request too large, a stranger and an unknown path with ISC’s envelope', async () => {
    const tenant = await misusedTenantWith({ maxBatch: 1, clients: [{ ...DEMO_CLIENT, scopes: [] }] })
    expect((await enable(tenant, { identityIds: ['x'] })).status).toBe(403)
    const nowhere = await fetch(`${tenant.baseUrl}/v3/nothing`)
    expect(nowhere.status).toBe(404)
    expect(await nowhere.json()).toMatchObject({
      trackingId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      messages: [{ text: expect.any(String) as unknown }],
    })
  })

  test('is the same again under the same seed', () => {
    expect(randomFaults(7)).toEqual(randomFaults(7))
    expect(randomFaults(7)).not.toEqual(randomFaults(8))
    expect(identityId(3, 2)).toBe(identityId(3, 2))
    expect(identityId(3, 2)).not.toBe(identityId(3, 1))
  })
})

test('the demo shows a log as GitHub does', () => {
  const view = createLogView()
  const lines = ['::add-mask::s3cret', '::group::Set-up', 'with s3cret', '::debug::x', '::endgroup::']
  expect([...lines, '::error title=T,file=a.txt::b%0Ac: 5%25'].map(view)).toEqual([
    null,
    '▾ Set-up',
    'with ***',
    null,
    null,
    'Error: b\nc: 5%',
  ])
})
