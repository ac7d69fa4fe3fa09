import { describe, expect, test } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import type { TenantOptions } from '../../dev/tenant/tenant.ts'
import { DEMO_CLIENT } from '../../dev/tenant/tokens.ts'
import type { Attribute } from '../../src/sailpoint/identity-filter.ts'
import { findIdentities, type FoundIdentity } from '../../src/sailpoint/identity-search.ts'
import { serverThatAnswers } from '../support/answering-server.ts'
import { clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

async function find(
  options: TenantOptions,
  attribute: Attribute,
  values: readonly string[],
): Promise<{ found: Map<string, FoundIdentity[]>; requests: number }> {
  const tenant = await tenantWith(options)
  const found = new Map<string, FoundIdentity[]>()
  const { client } = clientWith(tenant)
  await findIdentities(client, attribute, values, (identity) => {
    const same = (found.get(identity.id) ?? []).concat(identity)
    found.set(identity.id, same)
  })
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

/** Searches where every page is what `pageOf` makes of the values that were asked for. Returns how many were read. */
async function searching(
  pageOf: (asked: readonly string[]) => unknown,
  attribute: Attribute,
  values: readonly string[],
  onFound: (identity: FoundIdentity) => void = () => undefined,
): Promise<number> {
  let pages = 0
  const server = await serverThatAnswers(({ url }) => {
    pages += 1
    return pageOf([...decodeURIComponent(url).matchAll(/"([^"]*)"/g)].map(([, value = '']) => value))
  })
  const { client } = clientWith(server, { maxRetries: 0 })
  await findIdentities(client, attribute, values, onFound)
  return pages
}

describe('an answer that cannot be trusted says so', () => {
  test.each<[string, object]>([
    ['an id that is none', { id: 'b d', alias: 'bob' }],
    ['a lifecycle state that is a text', { id: 'b2', alias: 'bob', lifecycleState: 'terminated' }],
    ['a status that is a number', { id: 'b2', alias: 'bob', identityStatus: 17 }],
  ])('where a row has %s', async (_, row) => {
    const search = searching(() => [{ id: 'a1', alias: 'bob' }, row], 'alias', ['bob'])
    await expect(search).rejects.toThrow(/a row of it is not what ISC documents/)
  })
})

describe('of a page', () => {
  test('a name of another kind matters to nobody', async () => {
    await expect(searching(() => [{ id: 'a1', alias: 'bob', name: 17 }], 'alias', ['bob'])).resolves.toBe(1)
  })

  test('who has no alias is nobody’s namesake', async () => {
    const found: string[] = []
    const rows = [{ id: 'a1', alias: null }, { id: 'b2' }, { id: 'c3', alias: 'Bob' }]
    await searching(
      () => rows,
      'alias',
      ['bob'],
      ({ id }) => found.push(id),
    )
    expect(found).toEqual(['c3'])
  })

  test('what ISC says of each is handed on', async () => {
    const found: FoundIdentity[] = []
    const said = {
      id: 'a1',
      alias: 'Bob',
      emailAddress: 'b@example.com',
      name: 'Bob B',
      identityStatus: 'LOCKED',
    }
    const rows = [
      { ...said, lifecycleState: { stateName: 'active' } },
      { id: 'b2', alias: 'bob' },
    ]
    await searching(
      () => rows,
      'alias',
      ['bob'],
      (identity) => found.push(identity),
    )
    const nothing = { emailAddress: null, name: null, identityStatus: null, lifecycleState: null }
    expect(found).toEqual([
      { ...said, lifecycleState: 'active' },
      { ...nothing, id: 'b2', alias: 'bob' },
    ])
  })
})

/** A server that says of no page how many there are, and cuts each at so many rows. */
const cutAt =
  (length: number, people: readonly { id: string; alias: string }[]) =>
  (asked: readonly string[]): unknown =>
    people.filter(({ alias }) => asked.includes(alias)).slice(0, length)

describe('where pages are cut without a word', () => {
  test('each answer may give one person more, ten times and no oftener', async () => {
    const search = (count: number): Promise<number> =>
      searching(([first]) => [{ id: first }], 'id', identityIds(count))
    expect(await search(10)).toBe(10)
    await expect(search(11)).rejects.toThrow(/after 10 rounds there is still somebody new/)
  })

  test('everybody is asked for again by shorter pages', async () => {
    const people = aliases(30).flatMap((alias, n) => [
      { id: `a${n}`, alias },
      { id: `b${n}`, alias },
    ])
    const found = new Set<string>()
    // A page of 21 ends between two who share an alias.
    const values = [...aliases(30), 'nobody']
    const pages = await searching(cutAt(21, people), 'alias', values, ({ id }) => found.add(id))
    expect(found.size).toBe(60)
    expect(pages).toBeLessThanOrEqual(10)
  })

  test('who is missing on whole pages is asked for once more, by the same', async () => {
    const people = aliases(30).map((alias, n) => ({ id: `a${n}`, alias }))
    expect(await searching(cutAt(250, people), 'alias', [...aliases(30), 'nobody'])).toBe(2)
    expect(await searching(cutAt(250, people), 'alias', aliases(30))).toBe(1)
  })

  test('a page of ids is whole where nobody is missing, however long it is', async () => {
    const ids = Array.from({ length: 250 }, (_, n) => `a${n}`)
    const people = ids.map((id) => ({ id, alias: id }))
    expect(await searching(cutAt(250, people), 'id', ids)).toBe(1)
  })

  test('as many as fill a page may share one alias', async () => {
    const people = Array.from({ length: 250 }, (_, n) => ({ id: `a${n}`, alias: 'bob' }))
    const found = new Set<string>()
    await searching(cutAt(250, people), 'alias', ['bob'], ({ id }) => found.add(id))
    expect(found.size).toBe(250)
  })
})

describe('a reading', () => {
  const read = async (
    options: TenantOptions,
    attribute: Attribute,
    signal?: AbortSignal,
  ): Promise<string[]> => {
    const tenant = await tenantWith({ identities: { disabled: 2 }, ...options })
    const values = attribute === 'id' ? identityIds(2) : aliases(2)
    const { client } = clientWith(tenant, { requestTimeoutMs: 600_000 })
    await findIdentities(client, attribute, values, () => undefined, signal)
    return requestsTo(tenant, 'identities').map(
      ({ method, url }) => `${method} ${url.replace(/filters=[^&]*/, '')}`,
    )
  }

  test('asks for no more than it needs', async () => {
    expect(await read({}, 'id')).toEqual(['GET /v2025/identities?&limit=250&defaultFilter=NONE'])
    expect(await read({}, 'alias')).toEqual([
      'GET /v2025/identities?&limit=250&defaultFilter=NONE&count=true',
    ])
  })

  test('that is refused says what the credential needs', async () => {
    const client = { ...DEMO_CLIENT, scopes: [] }
    await expect(read({ clients: [client] }, 'id')).rejects.toThrow(
      /^Reading identities was refused with status 403: .*needs the scope idn:identity:read/,
    )
  })

  test('ends with its signal, whose reason it throws', async () => {
    const hanging = { faults: [{ kind: 'hang', on: 'identities' } as const] }
    const end = new AbortController()
    const reading = read(hanging, 'id', end.signal)
    setTimeout(() => end.abort(new Error('Enough.')), 100)
    await expect(reading).rejects.toThrow('Enough.')
  })

  test('keeps URLs below 8 KB, and fills them up to that', async () => {
    let lengths: number[] = []
    const server = await serverThatAnswers(({ url }) => {
      lengths.push(server.baseUrl.length + url.length)
      return []
    })
    const { client } = clientWith(server)
    const many = Array.from({ length: 165 }, (_, n) => `${n}`.padStart(20, 'x'))
    let longest = 0 // of those asked for at once, and once again because nobody was found
    for (let length = 1; lengths.length <= 2; length += 1) {
      longest = Math.max(0, ...lengths)
      lengths = []
      await findIdentities(client, 'alias', [...many, 'y'.repeat(length)], () => undefined)
    }
    expect(longest).toBe(8 * 1024 - 1)
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
