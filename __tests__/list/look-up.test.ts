import { describe, expect, it } from '@jest/globals'

import { resolveIdentities, type Find, type Found } from '../../src/list/look-up.ts'
import { requested, type IdentityOutcome } from '../../src/identity.ts'
import { findIdentities } from '../../src/sailpoint/identity-search.ts'
import { sessionWith } from '../support/session.ts'
import { tenantWith } from '../support/tenant.ts'

const listOf = (...texts: readonly string[]): IdentityOutcome[] =>
  texts.map((text, index) => requested(text, null, 'list.txt', index + 1))

const person = (id: string, alias: string | null, emailAddress: string | null = null): Found => ({
  id,
  alias,
  emailAddress,
})

/** A look-up that finds these, whatever it is asked for. */
const finding =
  (...found: readonly Found[]): Find =>
  (_attribute, _values, onFound) => {
    found.forEach(onFound)
    return Promise.resolve()
  }

describe('in a tenant', () => {
  const extra = [
    { id: 'a1', alias: 'Ann.Smith', emailAddress: 'Ann@Example.com' },
    { id: 'b2', alias: 'bob', emailAddress: 'shared@example.com' },
    { id: 'c3', alias: 'cleo', emailAddress: 'Shared@example.com' },
  ]

  async function resolve(
    attribute: 'alias' | 'email',
    texts: readonly string[],
  ): Promise<readonly IdentityOutcome[]> {
    const { session } = sessionWith(await tenantWith({ extra }))
    const find: Find = (...request) => findIdentities(session, ...request)
    return (await resolveIdentities(listOf(...texts), attribute, false, find)).identities
  }

  it('an alias is looked up without regard to case', async () => {
    expect(await resolve('alias', ['ANN.smith', 'BOB'])).toMatchObject([
      { identifier: 'ANN.smith', id: 'a1', outcome: 'unprocessed', message: null },
      { identifier: 'BOB', id: 'b2', outcome: 'unprocessed', message: null },
    ])
  })

  it('an e-mail address is looked up without regard to case', async () => {
    expect(await resolve('email', ['ann@EXAMPLE.com'])).toMatchObject([{ id: 'a1', outcome: 'unprocessed' }])
  })

  it('no match and several are failures of their entries alone', async () => {
    expect(await resolve('email', ['shared@EXAMPLE.com', 'ann@example.com', 'bob'])).toMatchObject([
      {
        id: null,
        outcome: 'failed',
        statusCode: null,
        message:
          '2 identities have the e-mail address "shared@EXAMPLE.com" (b2, c3); name the one by its id.',
      },
      { id: 'a1', outcome: 'unprocessed' },
      {
        id: null,
        outcome: 'failed',
        statusCode: 404,
        message: 'No identity has the e-mail address "bob".',
      },
    ])
  })
})

describe('the look-up', () => {
  it('asks once for what differs only in case', async () => {
    const asked: (readonly string[])[] = []
    const find: Find = (attribute, values) => {
      asked.push([attribute, ...values])
      return Promise.resolve()
    }
    await resolveIdentities(listOf('Ann', 'bob', 'ANN'), 'alias', false, find)
    expect(asked).toEqual([['alias', 'ann', 'bob']])
  })

  it('takes no notice of identities that were not asked for, or have no such attribute', async () => {
    const find = finding(person('x', null), person('y', 'zoe', 'ann'), person('a1', 'ann'))
    const { identities } = await resolveIdentities(listOf('ann'), 'alias', false, find)
    expect(identities).toMatchObject([{ id: 'a1' }])
  })

  it('compares the attribute that was asked for, and no other', async () => {
    const find = finding(person('a1', 'ann@example.com', 'bob@example.com'))
    const { identities } = await resolveIdentities(listOf('ann@example.com'), 'email', false, find)
    expect(identities).toMatchObject([{ id: null, outcome: 'failed', statusCode: 404 }])
  })

  it('may hand over one identity more than once', async () => {
    const find = finding(person('a1', 'ann'), person('a1', 'Ann'))
    const { identities } = await resolveIdentities(listOf('ann'), 'alias', false, find)
    expect(identities).toMatchObject([{ id: 'a1', outcome: 'unprocessed' }])
  })

  it('that fails settles nothing', async () => {
    const identities = listOf('ann')
    const find: Find = () => Promise.reject(new Error('No answer.'))
    await expect(resolveIdentities(identities, 'alias', false, find)).rejects.toThrow('No answer.')
    expect(identities).toEqual(listOf('ann'))
  })
})

describe('several entries of one identity', () => {
  it('are one, the first; the others are counted as duplicates', async () => {
    const find = finding(person('a1', 'ann'), person('b2', 'bob'))
    const { identities, duplicates } = await resolveIdentities(
      listOf('Ann', 'bob', 'ANN', 'ann'),
      'alias',
      false,
      find,
    )
    expect(identities).toMatchObject([
      { identifier: 'Ann', id: 'a1', line: 1 },
      { identifier: 'bob', id: 'b2', line: 2 },
    ])
    expect(duplicates).toBe(2)
  })

  it('that match nothing each keep their place in the lists', async () => {
    const { identities, duplicates } = await resolveIdentities(
      listOf('nobody', 'NOBODY'),
      'alias',
      false,
      finding(),
    )
    expect(identities.map(({ identifier }) => identifier)).toEqual(['nobody', 'NOBODY'])
    expect(duplicates).toBe(0)
  })
})

describe('in a plan', () => {
  it.each([
    ['no match', [], 'No identity has the alias "ann".'],
    [
      'several',
      [person('a1', 'ann'), person('a2', 'Ann')],
      '2 identities have the alias "ann" (a1, a2); name the one by its id.',
    ],
  ])('%s is not found, and nothing has failed', async (_case, found, message) => {
    const { identities } = await resolveIdentities(listOf('ann'), 'alias', true, finding(...found))
    expect(identities).toEqual([{ ...requested('ann', null, 'list.txt', 1), plan: 'not-found', message }])
  })

  it('a match is left to be planned', async () => {
    const { identities } = await resolveIdentities(listOf('ann'), 'alias', true, finding(person('a1', 'ann')))
    expect(identities).toEqual([{ ...requested('ann', null, 'list.txt', 1), id: 'a1' }])
  })
})

describe('a message', () => {
  it('names at most five of many identities, and says how many there are', async () => {
    const many = Array.from({ length: 7 }, (_, n) => person(`a${n}`, 'ann'))
    const { identities } = await resolveIdentities(listOf('ann'), 'alias', false, finding(...many))
    expect(identities[0]?.message).toBe(
      '7 identities have the alias "ann" (a0, a1, a2, a3, a4); name the one by its id.',
    )
  })

  it('shortens a long text', async () => {
    const { identities } = await resolveIdentities(listOf('y'.repeat(61)), 'alias', false, finding())
    expect(identities[0]?.message).toBe(`No identity has the alias "${'y'.repeat(60)}…".`)
  })
})
