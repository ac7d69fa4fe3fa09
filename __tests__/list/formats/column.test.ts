import { describe, expect, it } from '@jest/globals'

import { idColumnOf } from '../../../src/list/formats/column.ts'

describe('without identity-id-column', () => {
  it.each([
    ['id', ['name', 'id'], 1],
    ['identityId', ['name', 'mail', 'identityId'], 2],
    ['identity-id', ['identity-id', 'name'], 0],
    ['identity_id', ['name', 'identity_id'], 1],
    ['upper case', ['name', 'IDENTITY_ID'], 1],
    ['mixed case', ['IdentityID', 'name'], 0],
    ['white space around it', ['name', ' id\t'], 1],
    ['id before identityId', ['identityId', 'id'], 1],
    ['identityId before identity-id', ['identity-id', 'identityid'], 1],
    ['identity-id before identity_id', ['identity_id', 'identity-id'], 1],
    ['id, in another case, before the others', ['identity_id', 'identity-id', 'identityId', 'ID'], 3],
  ])('takes the usual name: %s', (_case, names, at) => {
    expect(idColumnOf(names, null)).toEqual({ at })
  })

  it.each([['identity'], ['ids'], ['my id'], ['id2'], ['identity id'], ['']])('does not take %j', (name) => {
    expect(idColumnOf([name], null)).toEqual({
      fault: `there is ${JSON.stringify(name)}, but not one named id, identityId, identity-id or identity_id; name yours in identity-id-column`,
    })
  })

  it('refuses to guess between two, and shows only those', () => {
    expect(idColumnOf(['ID', 'name', ' id', 'identityId'], null)).toEqual({
      fault: 'there are several that may hold the identifier ("ID", " id"); leave only one',
    })
  })
})

describe('with identity-id-column', () => {
  it.each([
    ['the very name', ['id', 'Employee'], 'Employee', 1],
    ['the name in another case', ['id', 'EMPLOYEE'], 'employee', 1],
    ['the name asked for in another case', ['id', 'employee'], 'EMPLOYEE', 1],
    ['the name within white space', ['id', ' employee '], 'employee', 1],
    ['the very name rather than one in another case', ['EMPLOYEE', 'employee', 'Employee'], 'employee', 1],
    ['the very name, white space and all', ['id', ' x '], ' x ', 1],
  ])('takes %s', (_case, names, wanted, at) => {
    expect(idColumnOf(names, wanted)).toEqual({ at })
  })

  it('never falls back to a usual name', () => {
    expect(idColumnOf(['id', 'name'], 'employee')).toEqual({
      fault: 'there is "id", "name", but not "employee" (identity-id-column)',
    })
  })

  it.each([
    ['the very name twice', ['mail', 'x', 'mail'], '"mail", "mail"'],
    ['twice in other cases', ['Mail', 'x', 'MAIL'], '"Mail", "MAIL"'],
  ])('refuses to guess: %s', (_case, names, shown) => {
    expect(idColumnOf(names, 'mail')).toEqual({
      fault: `there are several that may hold the identifier (${shown}); leave only one`,
    })
  })
})

describe('what is there', () => {
  const faultFor = (names: readonly string[]): string => {
    const found = idColumnOf(names, 'x')
    return 'fault' in found ? found.fault : ''
  }

  it('may be nothing', () => {
    expect(faultFor([])).toBe('there is nothing, but not "x" (identity-id-column)')
  })

  it('is shown up to 20 names', () => {
    const names = Array.from({ length: 21 }, (_, n) => `c${n}`)
    const twenty = names.slice(0, 20).map((name) => `"${name}"`)
    expect(faultFor(names.slice(0, 20))).toContain(`there is ${twenty.join(', ')}, but not`)
    expect(faultFor(names)).toContain(`there is ${twenty.join(', ')}, …, but not`)
  })

  it('is shown up to 60 characters a name', () => {
    expect(faultFor(['y'.repeat(61)])).toContain(`there is "${'y'.repeat(60)}…", but not`)
  })
})
