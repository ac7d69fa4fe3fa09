import { describe, expect, it } from '@jest/globals'

import { Ledger } from '../../src/campaign/ledger.ts'
import { requested, type Identity } from '../../src/identity.ts'
import { lookUp, type Find, type Found } from '../../src/list/look-up.ts'
import { NO_THRESHOLDS } from '../../src/policy/thresholds.ts'
import { findIdentities } from '../../src/sailpoint/identity-search.ts'
import { sessionWith } from '../support/session.ts'
import { tenantWith } from '../support/tenant.ts'

const person = (id: string, alias: string | null, emailAddress: string | null = null): Found => ({
  id,
  alias,
  emailAddress,
})

/** A look-up that finds these, whatever it is asked for. */
const finding =
  (...found: readonly Found[]): Find =>
  (_values, onFound) => {
    found.forEach(onFound)
    return Promise.resolve()
  }

/** Entries of a list: a text, or a text with its id. */
type Given = string | readonly [identifier: string, id: string]

/** `text → id` or `text → why not`, of all that are no duplicates; and how many are. */
async function resolve(given: readonly Given[], find: Find, attribute: 'alias' | 'email' = 'alias') {
  const entries = given.map((entry, index) => {
    const [identifier, id] = typeof entry === 'string' ? [entry, null] : entry
    return requested({ identifier, id, file: 'list.txt', line: index + 1 })
  })
  const { identities } = new Ledger(entries, NO_THRESHOLDS)
  const { ids, unmatched, duplicates } = await lookUp(identities, attribute, find)
  const resultOf = (identity: Identity): unknown =>
    unmatched.get(identity) ?? ids.get(identity) ?? identity.id
  return {
    found: identities
      .filter((identity) => !duplicates.has(identity))
      .map((identity) => [identity.identifier, resultOf(identity)]),
    duplicates: duplicates.size,
  }
}

const ABSENT = { kind: 'absent' }

/** 256 characters, each of two code units. */
const LONGEST = '😀'.repeat(256)

describe('in a tenant', () => {
  const extra = [
    { id: 'a1', alias: 'Ann.Smith', emailAddress: 'Ann@Example.com' },
    { id: 'b2', alias: 'bob', emailAddress: 'shared@example.com' },
    { id: 'c3', alias: 'cleo', emailAddress: 'Shared@example.com' },
    { id: 'd4', alias: LONGEST, emailAddress: 'dee@example.com' },
  ]

  async function resolveThere(attribute: 'alias' | 'email', texts: readonly string[]) {
    const { session } = sessionWith(await tenantWith({ extra }))
    const find: Find = (...request) => findIdentities(session, attribute, ...request)
    return (await resolve(texts, find, attribute)).found
  }

  it('an alias is looked up without regard to case', async () => {
    expect(await resolveThere('alias', ['ANN.smith', 'BOB'])).toEqual([
      ['ANN.smith', 'a1'],
      ['BOB', 'b2'],
    ])
  })

  it('an alias may be as long as one can be', async () => {
    expect(await resolveThere('alias', [LONGEST])).toEqual([[LONGEST, 'd4']])
  })

  it('an e-mail address is looked up without regard to case', async () => {
    expect(await resolveThere('email', ['ann@EXAMPLE.com'])).toEqual([['ann@EXAMPLE.com', 'a1']])
  })

  it('no match and several concern their entries alone', async () => {
    expect(await resolveThere('email', ['shared@EXAMPLE.com', 'ann@example.com', 'bob'])).toEqual([
      ['shared@EXAMPLE.com', { kind: 'ambiguous', ids: ['b2', 'c3'] }],
      ['ann@example.com', 'a1'],
      ['bob', ABSENT],
    ])
  })
})

describe('the look-up', () => {
  it('asks once for what differs only in case, by what was given first', async () => {
    const asked: (readonly string[])[] = []
    const find: Find = (values) => {
      asked.push(values)
      return Promise.resolve()
    }
    await resolve(['Ann', 'bob', 'ANN'], find)
    expect(asked).toEqual([['Ann', 'bob']])
  })

  it('takes no notice of identities that were not asked for, or have no such attribute', async () => {
    const find = finding(person('x', null), person('y', 'zoe', 'ann'), person('a1', 'ann'))
    expect((await resolve(['ann'], find)).found).toEqual([['ann', 'a1']])
  })

  it('compares the attribute that was asked for, and no other', async () => {
    const find = finding(person('a1', 'ann@example.com', 'bob@example.com'))
    expect((await resolve(['ann@example.com'], find, 'email')).found).toEqual([['ann@example.com', ABSENT]])
  })

  it('may hand over one identity more than once', async () => {
    const find = finding(person('a1', 'ann'), person('A1', 'Ann'))
    expect(await resolve(['ann'], find)).toEqual({ found: [['ann', 'A1']], duplicates: 0 })
  })

  it('takes no id that cannot be one', async () => {
    const find = finding(person('', 'ann'), person('../a1', 'ann'), person('x'.repeat(65), 'ann'))
    expect((await resolve(['ann'], find)).found).toEqual([['ann', ABSENT]])
  })

  it('that fails settles nothing', async () => {
    const find: Find = () => Promise.reject(new Error('No answer.'))
    await expect(resolve(['ann'], find)).rejects.toThrow('No answer.')
  })

  it('leaves an id alone that is known already', async () => {
    const asked: string[] = []
    const find: Find = (values, onFound) => {
      asked.push(...values)
      onFound(person('b2', 'bob'))
      onFound(person('other', 'ann'))
      return Promise.resolve()
    }
    const { found } = await resolve([['ann', 'a1'], 'bob'], find)
    expect(found).toEqual([
      ['ann', 'a1'],
      ['bob', 'b2'],
    ])
    expect(asked).toEqual(['bob'])
  })
})

describe('several entries of one identity', () => {
  it('are one, the first; the others are counted as duplicates', async () => {
    const find = finding(person('a1', 'ann'), person('b2', 'bob'))
    expect(await resolve(['Ann', 'bob', 'ANN', 'ann'], find)).toEqual({
      found: [
        ['Ann', 'a1'],
        ['bob', 'b2'],
      ],
      duplicates: 2,
    })
  })

  it('are one where one is the id of the other', async () => {
    expect(await resolve(['bob', 'B2'], finding(person('b2', 'bob')))).toEqual({
      found: [['bob', 'b2']],
      duplicates: 1,
    })
    expect(await resolve(['B2', 'bob'], finding(person('b2', 'bob')))).toEqual({
      found: [['bob', 'b2']],
      duplicates: 1,
    })
  })

  it('that match nothing each keep their place', async () => {
    expect(await resolve(['nobody', 'NOBODY'], finding())).toEqual({
      found: [
        ['nobody', ABSENT],
        ['NOBODY', ABSENT],
      ],
      duplicates: 0,
    })
  })
})
