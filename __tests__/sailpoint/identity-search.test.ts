import { describe, expect, test } from '@jest/globals'

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

describe('a server that lies', () => {
  test('with full pages of strangers is read no further', async () => {
    const search = find(
      { identities: { disabled: 3 }, faults: [{ kind: 'strangers' }] },
      'id',
      identityIds(3),
    )
    await expect(search).rejects.toThrow(/none of whom was asked for/)
  })

  test('with more rows than any page has is not read', async () => {
    const faults = [{ kind: 'many-elements', count: 1_000_000, on: 'identities' } as const]
    const search = find({ identities: { disabled: 3 }, faults }, 'id', identityIds(3))
    await expect(search).rejects.toThrow(/could not be read/)
  })
})
