import { describe, expect, test } from '@jest/globals'

import { identityIds } from '../../dev/tenant/population.ts'
import type { TenantOptions } from '../../dev/tenant/tenant.ts'
import { DEMO_CLIENT } from '../../dev/tenant/tokens.ts'
import { DeadlineError } from '../../src/sailpoint/errors.ts'
import { findIdentities, type FoundIdentity } from '../../src/sailpoint/identity-search.ts'
import type { IdentifyBy } from '../../src/settings.ts'
import { Rejected, serverThatAnswers } from '../support/answering-server.ts'
import { clientWith } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

async function find(
  options: TenantOptions,
  attribute: IdentifyBy,
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
  test('in as few requests as URLs allow, where all exist', async () => {
    const { found, requests } = await find({ identities: { disabled: 1_000 } }, 'id', identityIds(1_000))
    expect([...found.keys()].sort()).toEqual(identityIds(1_000).sort())
    expect(requests).toBe(5)
  })

  test('with one more request for those that do not exist, wherever they are listed', async () => {
    const strangers = Array.from({ length: 20 }, (_, n) => `dead${n}`)
    const ids = identityIds(1_000).flatMap((id, n) => (n % 50 === 0 ? [strangers[n / 50] ?? '', id] : [id]))
    const { found, requests } = await find({ identities: { disabled: 1_000 } }, 'id', ids)
    expect(found.size).toBe(1_000)
    expect(requests).toBe(6)
  })

  test.each(['upper', 'lower'] as const)('although ISC answers in another case (%s)', async (answerIdsIn) => {
    const { found } = await find({ identities: { disabled: 3 }, answerIdsIn }, 'id', [
      'dead',
      ...identityIds(3),
    ])
    expect([...found.keys()].map((id) => id.toLowerCase()).sort()).toEqual(identityIds(3).sort())
  })

  test.each<[IdentifyBy, readonly string[]]>([
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

  test('all that share an alias, where a server cuts its pages at 100', async () => {
    const twins = Array.from({ length: 200 }, (_, n) => ({ id: `twin${n}`, alias: `user.${n}` }))
    const { found } = await find({ identities: { disabled: 200 }, extra: twins, pageCap: 100 }, 'alias', [
      ...aliases(200),
      'nobody',
    ])
    expect(found.size).toBe(400)
  })
})

test('a second match behind the end of a page that is cut is found all the same', async () => {
  const twin = { id: 'zz', alias: 'user.0' }
  const options = { identities: { disabled: 100 }, extra: [twin], pageCap: 100 }
  const { found } = await find(options, 'alias', aliases(100))
  expect(found.size).toBe(101)
})

/**
 * Searches a server that says of no page how many there are, and whose rows are what `rowsOf` makes of the values that
 * were asked for, in pages of at most `cap`. Returns how many pages were read.
 */
async function searching(
  rowsOf: (asked: readonly string[]) => readonly unknown[] | Rejected,
  attribute: IdentifyBy,
  values: readonly string[],
  onFound: (identity: FoundIdentity) => void = () => undefined,
  cap = 250,
): Promise<number> {
  let pages = 0
  const server = await serverThatAnswers(({ url }) => {
    pages += 1
    const rows = rowsOf([...decodeURIComponent(url).matchAll(/"([^"]*)"/g)].map(([, value = '']) => value))
    const offset = Number(/&offset=(\d+)/.exec(url)?.[1] ?? 0)
    return rows instanceof Rejected ? rows : rows.slice(offset, offset + cap)
  })
  const { client } = clientWith(server, { maxRetries: 0 })
  await findIdentities(client, attribute, values, onFound)
  return pages
}

describe('an answer that cannot be trusted says so', () => {
  test.each<[string, object]>([
    ['an ID that is none', { id: 'b d', alias: 'bob' }],
    ['a status that is a number', { id: 'b2', alias: 'bob', identityStatus: 17 }],
  ])('where a row has %s', async (_, row) => {
    const search = searching(() => [{ id: 'a1', alias: 'bob' }, row], 'alias', ['bob'])
    await expect(search).rejects.toMatchObject({
      failure: { kind: 'unreadable', operation: 'read', fault: 'its body is not what ISC documents' },
    })
  })
})

describe('of a page', () => {
  test('a name of another kind does not matter', async () => {
    await expect(searching(() => [{ id: 'bob', name: 17 }], 'id', ['bob'])).resolves.toBe(1)
  })

  test('an identity without an alias matches none', async () => {
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
      { id: 'c3', alias: 'bob', lifecycleState: null },
      { id: 'd4', alias: 'bob', lifecycleState: { technicalName: 'active' } },
    ]
    await searching(
      () => rows,
      'alias',
      ['bob'],
      (identity) => found.push(identity),
    )
    const nothing = { emailAddress: null, name: null, identityStatus: null, lifecycleState: undefined }
    expect(found).toEqual([
      { ...said, lifecycleState: 'active' },
      { ...nothing, id: 'b2', alias: 'bob' },
      { ...nothing, id: 'c3', alias: 'bob', lifecycleState: null },
      { ...nothing, id: 'd4', alias: 'bob' },
    ])
  })
})

const rowsOf =
  (people: readonly { id: string; alias: string }[]) =>
  (asked: readonly string[]): readonly unknown[] =>
    people.filter(({ alias }) => asked.includes(alias))

describe('where pages are cut without a word', () => {
  test('each answer may give one identity more, ten times and no more often', async () => {
    const search = (count: number): Promise<number> =>
      searching(([first]) => [{ id: first }], 'id', identityIds(count))
    expect(await search(10)).toBe(10)
    const fault = expect.stringMatching(/^after 10 rounds/) as unknown
    await expect(search(11)).rejects.toMatchObject({ failure: { fault } })
  })

  test('all are asked for again by shorter pages', async () => {
    const people = aliases(30).flatMap((alias, n) => [
      { id: `a${n}`, alias },
      { id: `b${n}`, alias },
    ])
    const found = new Set<string>()
    // A page of 21 ends between two that share an alias.
    const values = [...aliases(30), 'nobody']
    const pages = await searching(rowsOf(people), 'alias', values, ({ id }) => found.add(id), 21)
    expect(found.size).toBe(60)
    expect(pages).toBeLessThanOrEqual(14)
  })

  test('a page that ends where it is cut may hide second matches, and is asked for in halves', async () => {
    const people = ['a', 'b'].flatMap((copy) => aliases(60).map((alias, n) => ({ id: `${copy}${n}`, alias })))
    const found = new Set<string>()
    await searching(rowsOf(people), 'alias', aliases(60), ({ id }) => found.add(id), 60)
    expect(found.size).toBe(120)
  })

  test('a page is proved to be whole by an empty one behind it', async () => {
    const people = aliases(30).map((alias, n) => ({ id: `a${n}`, alias }))
    expect(await searching(rowsOf(people), 'alias', [...aliases(30), 'nobody'])).toBe(2)
  })

  test('a server that answers the same page for every offset is not trusted', async () => {
    const server = await serverThatAnswers(() => [{ id: 'a1', alias: 'bob' }])
    const search = findIdentities(clientWith(server).client, 'alias', ['bob'], () => undefined)
    await expect(search).rejects.toMatchObject({ failure: { kind: 'unreadable', operation: 'read' } })
  })

  test('a page of IDs is whole where none is missing, however long it is', async () => {
    const ids = Array.from({ length: 250 }, (_, n) => `a${n}`)
    const people = ids.map((id) => ({ id, alias: id }))
    expect(await searching(rowsOf(people), 'id', ids)).toBe(1)
  })

  test('as many as fill a page may share one alias', async () => {
    const people = Array.from({ length: 250 }, (_, n) => ({ id: `a${n}`, alias: 'bob' }))
    const found = new Set<string>()
    await searching(rowsOf(people), 'alias', ['bob'], ({ id }) => found.add(id))
    expect(found.size).toBe(250)
  })
})

describe('a filter that is too long for the server', () => {
  /** A server that rejects filters for more than so many values. */
  const limitedTo =
    (most: number, status: number) =>
    (asked: readonly string[]): readonly unknown[] | Rejected =>
      asked.length > most ? new Rejected(status) : asked.map((value) => ({ id: value, alias: value }))

  test.each<[IdentifyBy, number]>([
    ['id', 400],
    ['id', 414],
    ['alias', 400],
    ['alias', 414],
  ])('by %s is halved after status %i', async (attribute, status) => {
    const found = new Set<string>()
    const values = Array.from({ length: 100 }, (_, n) => `a${n}`)
    await searching(limitedTo(20, status), attribute, values, ({ id }) => found.add(id))
    expect(found.size).toBe(100)
  })

  test.each([
    [400, 60],
    [403, 1],
  ])('is none where a single value gets it, nor where ISC answers %i', async (status, most) => {
    const ids = Array.from({ length: 100 }, (_, n) => `a${n}`)
    let requests = 0
    const rows = (asked: readonly string[]): readonly unknown[] | Rejected => {
      requests += 1
      return limitedTo(0, status)(asked)
    }
    await expect(searching(rows, 'id', ids)).rejects.toMatchObject({ failure: { status } })
    expect(requests).toBeLessThanOrEqual(most)
  })
})

describe('a reading', () => {
  const read = async (
    options: TenantOptions,
    attribute: IdentifyBy,
    timeoutMs?: number,
  ): Promise<string[]> => {
    const tenant = await tenantWith({ identities: { disabled: 2 }, ...options })
    const values = attribute === 'id' ? identityIds(2) : aliases(2)
    const { client } = clientWith(tenant, { requestTimeoutMs: 600_000 })
    if (timeoutMs !== undefined) client.endIn(timeoutMs)
    await findIdentities(client, attribute, values, () => undefined)
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

  test('that is rejected says so', async () => {
    const client = { ...DEMO_CLIENT, scopes: [] }
    await expect(read({ clients: [client] }, 'id')).rejects.toMatchObject({
      failure: { operation: 'read', status: 403 },
    })
  })

  test('ends when the time of the client is over, even where no answer comes', async () => {
    const hanging = { faults: [{ kind: 'hang', on: 'identities' } as const] }
    await expect(read(hanging, 'id', 100)).rejects.toThrow(DeadlineError)
  })

  test('keeps URLs below 8 KB, and fills them up to that', async () => {
    let lengths: number[] = []
    const server = await serverThatAnswers(({ url }) => {
      lengths.push(server.baseUrl.length + url.length)
      return []
    })
    const { client } = clientWith(server)
    const many = Array.from({ length: 165 }, (_, n) => `${n}`.padStart(20, 'x'))
    let longest = 0 // of those asked for at once
    for (let length = 1; lengths.length <= 1; length += 1) {
      longest = Math.max(0, ...lengths)
      lengths = []
      await findIdentities(client, 'alias', [...many, 'y'.repeat(length)], () => undefined)
    }
    expect(longest + '&offset=250'.length).toBe(8 * 1024 - 1)
  })
})

describe('a server that lies', () => {
  test('with full pages of identities that were not requested is read no further', async () => {
    const search = find(
      { identities: { disabled: 3 }, faults: [{ kind: 'strangers' }] },
      'id',
      identityIds(3),
    )
    await expect(search).rejects.toMatchObject({
      failure: { kind: 'unreadable', fault: 'it is full of identities that were not requested' },
    })
  })

  test('with more rows than any page has is not read', async () => {
    const faults = [{ kind: 'many-elements', count: 10_000, on: 'identities' } as const]
    const search = find({ identities: { disabled: 3 }, faults }, 'id', identityIds(3))
    await expect(search).rejects.toMatchObject({ failure: { kind: 'unreadable' } })
  })
})
