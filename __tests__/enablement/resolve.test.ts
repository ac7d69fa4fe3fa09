import { describe, expect, it } from '@jest/globals'

import { Ledger } from '../../src/enablement/ledger.ts'
import { resolveIdentities } from '../../src/enablement/resolve.ts'
import type { Identity } from '../../src/identity.ts'
import { comparable, type Exclusion } from '../../src/policy/exclusion.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import { serverThatAnswers, type Asked } from '../support/answering-server.ts'
import { clientWith, entry } from '../support/client.ts'
import { requestsTo, tenantWith } from '../support/tenant.ts'

/** Entries of a list: a text, or a text with its ID. */
type Given = string | readonly [identifier: string, id: string]

const ledgerWith = (given: readonly Given[], isPlan = false): Ledger =>
  new Ledger(
    given.map((one) => (typeof one === 'string' ? entry(one, null) : entry(...one))),
    NO_THRESHOLDS,
    isPlan,
  )

/** What became of each entry: its text, and its ID or why it has none. */
const resultsOf = ({ identities }: Ledger): unknown[] =>
  identities.map(({ identifier, id, cause }: Identity) => [identifier, id ?? cause?.kind])

/** Excludes identities with one of these texts. */
const denyList = (...texts: string[]): Exclusion => ({
  match: (known) =>
    known.some((text) => texts.some((denied) => comparable(denied) === comparable(text)))
      ? { by: 'deny-list', bySource: { file: 'deny.txt', line: 1 } }
      : null,
})

/** 256 characters, each of two code units. */
const LONGEST = '😀'.repeat(256)

const EXTRA = [
  { id: 'a1', alias: 'Ann.Smith', emailAddress: 'Ann@Example.com' },
  { id: 'b2', alias: 'bob', emailAddress: 'shared@example.com' },
  { id: 'c3', alias: 'cleo', emailAddress: 'Shared@example.com' },
  { id: 'd4', alias: LONGEST, emailAddress: 'dee@example.com' },
]

describe('in a tenant', () => {
  it.each<['alias' | 'email', readonly Given[], readonly unknown[]]>([
    [
      'alias',
      ['ANN.smith', 'BOB', LONGEST],
      [
        ['ANN.smith', 'a1'],
        ['BOB', 'b2'],
        [LONGEST, 'd4'],
      ],
    ],
    [
      'email',
      ['shared@EXAMPLE.com', 'ann@EXAMPLE.com', 'bob@example.com'],
      [
        ['shared@EXAMPLE.com', 'ambiguous'],
        ['ann@EXAMPLE.com', 'a1'],
        ['bob@example.com', 'absent'],
      ],
    ],
    [
      'alias',
      ['Ann.Smith', 'bob', 'ANN.SMITH', 'B2'],
      [
        ['Ann.Smith', 'a1'],
        ['bob', 'b2'],
      ],
    ],
    // What was approved belongs to the entry that had the ID, also where the address is now the identity's.
    ['email', ['ann@example.com', ['old@example.com', 'A1']], [['old@example.com', 'A1']]],
    [
      'alias',
      ['B2', 'bob', 'zoe', 'ZOE'],
      [
        ['bob', 'b2'],
        ['zoe', 'absent'],
        ['ZOE', 'absent'],
      ],
    ],
  ])('each %s of %j is one identity, or none', async (attribute, given, results) => {
    const ledger = ledgerWith(given)
    const reportedIds = given.flatMap((one) => (typeof one === 'string' ? [] : [one[1]]))
    const { client } = clientWith(await tenantWith({ extra: EXTRA }))
    await resolveIdentities(ledger, attribute, client, [], reportedIds)
    expect(resultsOf(ledger)).toEqual(results)
    const unresolved = ledger.identities.filter(({ id }) => id === null)
    for (const identity of unresolved)
      expect(identity).toMatchObject({ outcome: 'failed', plan: 'not-found' })
    expect(ledger.counts).toMatchObject({ total: results.length, failed: unresolved.length, excluded: 0 })
  })

  it('a plan settles none', async () => {
    const ledger = ledgerWith(['zoe'], true)
    await resolveIdentities(ledger, 'alias', clientWith(await tenantWith()).client, [], [])
    expect(ledger.identities).toMatchObject([{ outcome: 'unprocessed', plan: 'not-found' }])
    expect(ledger.judgement.exceeded).toBe(true)
  })

  it('an ID that is known already is kept, and not asked for', async () => {
    const tenant = await tenantWith({ extra: EXTRA })
    const ledger = ledgerWith([['cleo', 'known'], 'bob'])
    await resolveIdentities(ledger, 'alias', clientWith(tenant).client, [], [])
    expect(resultsOf(ledger)).toEqual([
      ['cleo', 'known'],
      ['bob', 'b2'],
    ])
    expect(requestsTo(tenant, 'identities').map(({ url }) => url)).toEqual([
      expect.not.stringContaining('cleo'),
    ])
  })

  it('an ID that belongs to another entry of the report, outside of this run, is not taken', async () => {
    const { client } = clientWith(await tenantWith({ extra: EXTRA }))
    const ledger = ledgerWith(['cleo', 'bob'])
    await resolveIdentities(ledger, 'alias', client, [], ['C3'])
    expect(resultsOf(ledger)).toEqual([['bob', 'b2']])
  })

  it('that cannot be read settles none', async () => {
    const faults = [{ kind: 'status', status: 403, on: 'identities' } as const]
    const ledger = ledgerWith(['bob'])
    const { client } = clientWith(await tenantWith({ faults }))
    await expect(resolveIdentities(ledger, 'alias', client, [], [])).rejects.toMatchObject({
      failure: { status: 403 },
    })
    expect(ledger.counts.unprocessed).toBe(1)
  })

  it('that caps its pages without a word, no second match is missed', async () => {
    const people = ['a', 'b'].flatMap((copy) =>
      Array.from({ length: 60 }, (_, n) => ({ id: `${copy}${n}`, emailAddress: `user.${n}@example.com` })),
    )
    const server = await serverThatAnswers(({ url }: Asked) => {
      const asked = new Set([...decodeURIComponent(url).matchAll(/"([^"]*)"/g)].map(([, value]) => value))
      const offset = Number(/&offset=(\d+)/.exec(url)?.[1] ?? 0)
      return people.filter(({ emailAddress }) => asked.has(emailAddress)).slice(offset, offset + 60)
    })
    const ledger = ledgerWith(people.slice(0, 60).map(({ emailAddress }) => emailAddress))
    await resolveIdentities(ledger, 'email', clientWith(server).client, [], [])
    expect(ledger.counts).toMatchObject({ total: 60, failed: 60 })
    expect(ledger.identities.every(({ cause }) => cause?.kind === 'ambiguous')).toBe(true)
  })
})

describe('what ISC says', () => {
  /** Resolves `ann` and `bob` from a server that answers every request with these rows. */
  async function resolved(
    rows: readonly object[],
    attribute: 'alias' | 'email' = 'alias',
  ): Promise<unknown[]> {
    const server = await serverThatAnswers(({ url }) => (url.includes('offset') ? [] : rows))
    const ledger = ledgerWith(['ann', 'bob'])
    await resolveIdentities(ledger, attribute, clientWith(server).client, [], [])
    return resultsOf(ledger).map((result) => (result as unknown[])[1])
  }

  it.each<[string, readonly object[], readonly unknown[]]>([
    [
      'of others, or without the attribute',
      [
        { id: 'x', alias: null },
        { id: 'y', alias: 'zoe' },
        { id: 'a1', alias: 'ann' },
      ],
      ['a1', 'absent'],
    ],
    [
      'twice is one',
      [
        { id: 'a1', alias: 'ann' },
        { id: 'A1', alias: 'Ann' },
      ],
      ['A1', 'absent'],
    ],
    ['of another attribute is no match', [{ id: 'a1', alias: 'ann', emailAddress: 'bob' }], ['a1', 'absent']],
  ])('%s', async (_, rows, results) => {
    expect(await resolved(rows)).toEqual(results)
  })
})

describe('what ISC says of an identity excludes it', () => {
  it.each<[string, string]>([
    ['its ID', 'C3'],
    ['its alias', 'Cleo'],
    ['its other address', 'shared@EXAMPLE.com'],
  ])('by %s', async (_, denied) => {
    const ledger = ledgerWith(['bob', 'cleo', 'zoe'])
    const tenant = await tenantWith({
      extra: [{ id: 'b2', alias: 'bob' }, ...EXTRA.slice(2)],
    })
    await resolveIdentities(ledger, 'alias', clientWith(tenant).client, [denyList(denied)], [])
    expect(resultsOf(ledger)).toEqual([
      ['bob', 'b2'],
      ['zoe', 'absent'],
    ])
    expect(ledger.excluded).toMatchObject([{ id: 'c3', identifier: 'cleo', by: 'deny-list' }])
    expect(ledger.counts).toEqual({
      ...{ total: 2, succeeded: 0, failed: 1, ignored: 0, unprocessed: 1, excluded: 1 },
    })
  })
})
