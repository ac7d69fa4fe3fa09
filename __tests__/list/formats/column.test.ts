import { describe, expect, it } from '@jest/globals'

import { columnsOf, unreadTexts, type ColumnOptions, type Columns } from '../../../src/list/formats/column.ts'

const BY_ID: ColumnOptions = { column: null, identifyBy: 'id', allColumns: false }

/** The names of the columns that are read, or why that cannot be told. */
function chosen(names: readonly string[], options: Partial<ColumnOptions> = {}): readonly string[] | string {
  const columns = columnsOf(names, { ...BY_ID, ...options })
  return typeof columns === 'string' ? columns : columns.identifiers.map((at) => names[at] ?? '')
}

describe('without identity-id-column', () => {
  it.each([
    ['id', ['name', 'id'], 'id', 'id'],
    ['identityId', ['name', 'mail', 'identityId'], 'id', 'identityId'],
    ['upper case', ['name', 'IDENTITY_ID'], 'id', 'IDENTITY_ID'],
    ['white space and a byte order mark', ['name', '\ufeff id\t'], 'id', '\ufeff id\t'],
    ['email before id', ['id', 'Email'], 'email', 'Email'],
    ['Work Email', ['Work Email', 'Manager'], 'email', 'Work Email'],
    ['id where there is no address', ['id', 'name'], 'email', 'id'],
    ['alias before id', ['id', 'Alias'], 'alias', 'Alias'],
    ['id where there is no alias', ['identity-id', 'email'], 'alias', 'identity-id'],
  ] as const)('the usual name is taken: %s', (_case, names, identifyBy, name) => {
    expect(chosen(names, { identifyBy })).toEqual([name])
  })

  it.each(['identity', 'ids', 'my id', 'id2', 'identity id', ''])('%j is no usual name', (name) => {
    expect(chosen([name])).toBe(
      `No column \`id\`, \`identityId\`, \`identity-id\`, or \`identity_id\`. Found: ${JSON.stringify(name)}. Rename the column, or set \`identity-id-column\`. The first row must name the columns, separated by commas, semicolons, or tabs.`,
    )
  })

  it.each([
    [['2c918085'.repeat(4), 'Ada'], 'id', 'id'],
    [['ada@acme.example'], 'email', 'email'],
  ] as const)('a first row of entries needs a header row above it: %j', (names, identifyBy, name) => {
    expect(chosen(names, { identifyBy })).toBe(
      `The first row must name the columns. Add a header row, for example \`${name}\`.`,
    )
  })

  it.each([
    [['id', 'identityId'], 'id', '"id", "identityId"'],
    [['ID', 'name', ' id'], 'id', '"ID", " id"'],
    [['email', 'id', 'mail'], 'email', '"email", "mail"'],
  ] as const)('it is not guessed which of %j is meant', (names, identifyBy, shown) => {
    expect(chosen(names, { identifyBy })).toBe(
      `Several columns may hold the identifier: ${shown}. Set \`identity-id-column\` to the right one.`,
    )
  })

  it('an export of accounts is none of identities', () => {
    expect(chosen(['id', 'sourceName'])).toMatch(/^This looks like an export of accounts, .*"sourceName"/)
    expect(chosen(['id', 'identityId', 'sourceName'], { identifyBy: 'id', column: 'identityId' })).toEqual([
      'identityId',
    ])
    expect(chosen(['id', 'nativeIdentity'], { allColumns: 'usual' })).toMatch(
      /^This looks like an export of accounts/,
    )
  })

  it('a list of addresses says what to do', () => {
    expect(chosen(['Name', 'Email'])).toMatch(
      / To read the list by email, set `identify-by` to `email` in the workflow\.$/,
    )
  })
})

describe('with identity-id-column', () => {
  it.each([
    ['the very name', ['id', 'Employee'], 'Employee', 'Employee'],
    ['the name in another case', ['id', ' EMPLOYEE '], 'employee', ' EMPLOYEE '],
    ['the very name rather than one in another case', ['EMPLOYEE', 'employee'], 'employee', 'employee'],
    ['one of two usual names', ['id', 'identityId'], 'identityId', 'identityId'],
  ])('it takes %s', (_case, names, column, name) => {
    expect(chosen(names, { column })).toEqual([name])
  })

  it('it never falls back to a usual name', () => {
    expect(chosen(['id', 'name'], { column: 'employee' })).toBe(
      'No column "employee" (`identity-id-column`). Found: "id", "name". Set `identity-id-column` to one of these.',
    )
  })

  it.each([[['mail', 'x', 'mail']], [['Mail', 'x', 'MAIL']]])(
    'it is not guessed which of %j is meant',
    (names) => {
      expect(chosen(names, { column: 'mail' })).toMatch(
        /^Several columns may hold the identifier: .* Rename all but one\.$/,
      )
    },
  )
})

it('of all columns, those of any usual name are read, or every one', () => {
  const names = ['id', 'Manager', 'identityId', 'Work Email', 'alias', 'login']
  expect(chosen(names, { allColumns: 'usual' })).toEqual(['id', 'identityId', 'Work Email', 'alias'])
  expect(chosen(names, { allColumns: 'usual', column: 'LOGIN' })).toContain('login')
  expect(chosen(names, { allColumns: 'every' })).toEqual(names)
  expect(chosen(['Badge'], { allColumns: 'usual' })).toMatch(/^No column /)
})

it('the columns with the list’s own name and reason are found, in any case', () => {
  const find = (names: string[], column: string | null = null): (number | null)[] => {
    const columns = columnsOf(names, { ...BY_ID, column })
    return typeof columns === 'string' ? [] : [columns.name, columns.reason]
  }
  expect(find(['Name', 'id', 'REASON'])).toEqual([0, 2])
  expect(find(['name', 'Display Name', 'id'])).toEqual([1, null])
  expect(find(['name', 'displayName', 'id'])).toEqual([1, null])
  expect(find(['Name', 'reason'], 'name')).toEqual([null, 1])
})

it('what is there is shown up to 20 names', () => {
  const names = Array.from({ length: 21 }, (_, n) => `c${n}`)
  expect(chosen(names)).toContain('"c19", ….')
})

describe('columns that are not read', () => {
  const columnsIn = (names: readonly string[], options: Partial<ColumnOptions>): Columns => {
    const columns = columnsOf(names, { column: null, identifyBy: 'alias', allColumns: 'usual', ...options })
    if (typeof columns === 'string') throw new Error(columns)
    return columns
  }

  it.each<[readonly string[], Partial<ColumnOptions>, Partial<Columns>]>([
    [['id', 'Login', '', 'x'], {}, { identifiers: [0], unread: [1, 2], rest: [1, 2, 3] }],
    [['id', 'Login', '', 'x'], { allColumns: false }, { identifiers: [0], unread: [], rest: [] }],
    [['id', 'Login', 'x'], { identifyBy: 'id' }, { unread: [1], rest: [] }],
    [['', 'id', 'alias', 'x'], {}, { identifiers: [1, 2], unread: [], rest: [] }],
  ])('of %j', (names, options, expected) => {
    expect(columnsIn(names, options)).toMatchObject(expected)
  })

  it('are asked for where IDs are foreign', () => {
    const textsOf = (names: readonly string[], row: readonly string[]): string[] =>
      unreadTexts(columnsIn(names, {}), (at) => row[at] ?? '')
    expect(textsOf(['id', 'x', 'Login'], ['7', 'ann', 'bob'])).toEqual(['ann', 'bob'])
    expect(textsOf(['id', 'x', 'Login'], ['zoe', 'ann', 'bob'])).toEqual(['bob'])
    expect(textsOf(['id', 'identityId', 'x'], ['7', 'zoe', 'ann'])).toEqual([])
    expect(textsOf(['alias', 'x', 'Login'], ['7', 'ann', 'bob'])).toEqual(['bob'])
  })
})
