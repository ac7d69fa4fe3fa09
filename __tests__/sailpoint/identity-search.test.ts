import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import type { TenantOptions } from '../../dev/tenant/tenant.ts'
import type { Attribute } from '../../src/sailpoint/identity-filter.ts'
import { findIdentities, type FoundIdentity } from '../../src/sailpoint/identity-search.ts'
import { sessionWith } from '../support/session.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

async function find(
  options: TenantOptions,
  attribute: Attribute,
  values: readonly string[],
): Promise<{ found: Map<string, FoundIdentity[]>; requests: number }> {
  const tenant = await tenantWith(options)
  const found = new Map<string, FoundIdentity[]>()
  const { session } = sessionWith(tenant)
  await findIdentities(session, attribute, values, (identity) => {
    const same = (found.get(identity.id) ?? []).concat(identity)
    found.set(identity.id, same)
  })
  expect(tenant.violations).toEqual([])
  return { found, requests: requestsTo(tenant, 'identities').length }
}

const aliases = (count: number): string[] => Array.from({ length: count }, (_, n) => `user.${n}`)

describe('identities are found', () => {
  test('in as few requests as URLs allow, where everybody is there', async () => {
    const { found, requests } = await find({ identities: { disabled: 1_000 } }, 'id', identityIds(1_000))
    expect([...found.keys()].sort()).toEqual(identityIds(1_000).sort())
    expect(requests).toBe(5)
  })

  test('with one more request for those who are not, wherever they stand', async () => {
    const strangers = Array.from({ length: 20 }, (_, n) => `dead${n}`)
    const ids = identityIds(1_000).flatMap((id, n) => (n % 50 === 0 ? [strangers[n / 50] ?? '', id] : [id]))
    const { found, requests } = await find({ identities: { disabled: 1_000 } }, 'id', ids)
    expect(found.size).toBe(1_000)
    expect(requests).toBe(6)
  })

  test.each(['upper', 'lower'] as const)('in whatever case ISC answers (%s)', async (answerIdsIn) => {
    const { found } = await find({ identities: { disabled: 3 }, answerIdsIn }, 'id', [
      'dead',
      ...identityIds(3),
    ])
    expect([...found.keys()].map((id) => id.toLowerCase()).sort()).toEqual(identityIds(3).sort())
  })

  test.each<[Attribute, readonly string[]]>([
    ['id', identityIds(500)],
    ['alias', aliases(500)],
  ])('by %s on a server that cuts its pages at 100', async (attribute, values) => {
    const { found } = await find({ identities: { disabled: 500 }, pageCap: 100 }, attribute, values)
    expect(found.size).toBe(500)
  })

  test('all of them, where rows shift between requests', async () => {
    const twins = Array.from({ length: 300 }, (_, n) => ({ id: `twin${n}`, alias: `user.${n}` }))
    const { found } = await find(
      { identities: { disabled: 300 }, extra: twins, faults: [{ kind: 'shift' }] },
      'alias',
      aliases(300),
    )
    expect(found.size).toBe(600)
  })

  test('all who share an alias, where a server cuts its pages at 100', async () => {
    const twins = Array.from({ length: 200 }, (_, n) => ({ id: `twin${n}`, alias: `user.${n}` }))
    const { found } = await find({ identities: { disabled: 200 }, extra: twins, pageCap: 100 }, 'alias', [
      ...aliases(200),
      'nobody',
    ])
    expect(found.size).toBe(400)
  })
})

test('somebody who shares an address on a page that is cut just there is found all the same', async () => {
  const twin = { id: 'zz', alias: 'user.0' }
  const options = { identities: { disabled: 100 }, extra: [twin], pageCap: 100 }
  const { found } = await find(options, 'alias', aliases(100))
  expect(found.size).toBe(101)
})

describe('an answer that cannot be trusted says so, and nobody is taken for unique or absent', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close()
      server.closeAllConnections()
    }
  })

  /** Searches where every page is what `pageOf` makes of the ids that were asked for. */
  async function searching(
    pageOf: (asked: readonly string[]) => unknown,
    attribute: Attribute,
    values: readonly string[],
  ): Promise<number> {
    let pages = 0
    const server = createServer((request, response) => {
      const asked = [...decodeURIComponent(request.url ?? '').matchAll(/"([^"]*)"/g)].map(([, id = '']) => id)
      const isPage = request.method === 'GET'
      if (isPage) pages += 1
      response.end(JSON.stringify(isPage ? pageOf(asked) : { access_token: 'a.b.c', expires_in: 749 }))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { session } = sessionWith({ baseUrl: `http://127.0.0.1:${port}` }, { maxRetries: 0 })
    await findIdentities(session, attribute, values, () => undefined)
    return pages
  }

  test.each<[string, object]>([
    ['an id that is none', { id: 'b d', alias: 'bob' }],
    ['a lifecycle state that is a text', { id: 'b2', alias: 'bob', lifecycleState: 'terminated' }],
    ['a status that is a number', { id: 'b2', alias: 'bob', identityStatus: 17 }],
  ])('where a row has %s', async (_, row) => {
    const search = searching(() => [{ id: 'a1', alias: 'bob' }, row], 'alias', ['bob'])
    await expect(search).rejects.toThrow(/a row of it is not what ISC documents/)
  })

  test('but a name of another kind matters to nobody', async () => {
    await expect(searching(() => [{ id: 'a1', alias: 'bob', name: 17 }], 'alias', ['bob'])).resolves.toBe(1)
  })

  test('where each answer gives one person more', async () => {
    const ids = identityIds(100)
    const search = searching(([first]) => [{ id: first }], 'id', ids)
    await expect(search).rejects.toThrow(/after 10 rounds there is still somebody new/)
  })
})

describe('a server that lies', () => {
  test('with full pages of strangers is read no further', async () => {
    const search = find(
      { identities: { disabled: 3 }, faults: [{ kind: 'strangers' }] },
      'id',
      identityIds(3),
    )
    await expect(search).rejects.toThrow(/nobody was asked for/)
  })

  test('with more rows than any page has is not read', async () => {
    const faults = [{ kind: 'many-elements', count: 1_000_000, on: 'identities' } as const]
    const search = find({ identities: { disabled: 3 }, faults }, 'id', identityIds(3))
    await expect(search).rejects.toThrow(/could not be read/)
  })
})
