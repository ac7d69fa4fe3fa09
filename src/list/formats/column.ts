import { folded } from '../../identity.ts'
import type { IdentifyBy } from '../../settings.ts'
import { isIscId } from '../../policy/exclusion.ts'
import { quoted } from '../../problems.ts'

/** Names of columns by what they hold; their case does not matter. */
const USUAL: Readonly<Record<IdentifyBy, readonly string[]>> = {
  id: ['id', 'identityId', 'identity-id', 'identity_id'],
  email: ['email', 'emailAddress', 'mail', 'Work Email'],
  alias: ['alias'],
}
/** The fuller name comes first: SailPoint's `name` is often an account's. */
const NAME = ['displayname', 'display name', 'name']
const REASON = ['reason']

/** Columns that accounts have in SailPoint's exports, and identities have not. */
const ACCOUNT = new Set(['sourceName', 'sourceId', 'nativeIdentity'])

/** Headings of columns that may hold an identifier, but by which no column is found. */
const HEADINGS = ['E-Mail', 'E-Mail Address', 'Username', 'User name', 'Login', 'Employee ID']

const IDS = new Set(USUAL.id.map(folded))
const UNREAD = new Set(HEADINGS.map(folded))
const USUAL_NAMES = new Set([...Object.values(USUAL).flat(), ...NAME, ...REASON, ...HEADINGS].map(folded))

/** Which columns of a list are read. */
export interface ColumnOptions {
  /** The input `identity-id-column`; null: the usual names. */
  readonly column: string | null
  readonly identifyBy: IdentifyBy
  /**
   * False: the identifier's column alone. `usual`: all columns with a usual name for any `identifyBy`, as deny lists
   * are read. `every`: all cells, those of the header included.
   */
  readonly allColumns: false | 'usual' | 'every'
}

/** Indexes of the columns that are read. */
export interface Columns {
  readonly identifiers: readonly number[]
  /** Of `usual` columns: others that may hold an identifier, by their heading or without one. */
  readonly unread: readonly number[]
  /** All others, where only IDs are read beside another `identifyBy`: an ID may be no more than the number of the row. */
  readonly rest: readonly number[]
  readonly name: number | null
  readonly reason: number | null
}

/** The name of a column as it is compared: a spreadsheet may have broken it into lines. */
function plainName(name: string): string {
  return folded(
    name
      .replace(/\p{Cf}/gu, '')
      .trim()
      .replace(/\s+/g, ' '),
  )
}

/** Whether a text is the usual name of a column, and no identifier. */
export function isUsualName(text: string): boolean {
  return text.length <= 14 && USUAL_NAMES.has(folded(text))
}

/** Which of the columns (or an object's keys) with these names are read, or why that cannot be told. */
export function columnsOf(
  names: readonly string[],
  options: ColumnOptions,
  kind: 'column' | 'key' = 'column',
): Columns | string {
  const plain = names.map(plainName)
  const identifiers = identifierColumns(names, plain, options, kind)
  if (typeof identifiers === 'string') return identifiers
  const first = (wanted: readonly string[]): number | null =>
    wanted.map((name) => plain.indexOf(name)).find((at) => at !== -1 && !identifiers.includes(at)) ?? null
  const others =
    options.allColumns === 'usual' ? [...plain.keys()].filter((at) => !identifiers.includes(at)) : []
  // The first column has no name where a program numbers the rows.
  const unread = others.filter((at) => (plain[at] === '' ? at > 0 : UNREAD.has(plain[at] ?? '')))
  const areIds = options.identifyBy !== 'id' && identifiers.every((at) => IDS.has(plain[at] ?? ''))
  return { identifiers, unread, rest: areIds ? others : [], name: first(NAME), reason: first(REASON) }
}

/** The number of a row, or the GUID that another system gave. */
const FOREIGN_ID = /^(\d*\.?|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12})$/i

/** What a row has in columns that are not read, and may be an identifier. */
export function unreadTexts(
  { identifiers, unread, rest }: Columns,
  textAt: (column: number) => string,
): string[] {
  const areForeign = rest.length > 0 && identifiers.every((at) => FOREIGN_ID.test(textAt(at)))
  return (areForeign ? rest : unread).map(textAt)
}

function identifierColumns(
  names: readonly string[],
  plain: readonly string[],
  { column, identifyBy, allColumns }: ColumnOptions,
  kind: 'column' | 'key',
): readonly number[] | string {
  const found = (wanted: readonly string[]): number[] => {
    const all = wanted.map(plainName)
    return plain.flatMap((name, at) => (all.includes(name) ? [at] : []))
  }
  const kinds = identifyBy === 'id' ? [USUAL.id] : [USUAL[identifyBy], USUAL.id]
  const exact = column === null ? -1 : names.indexOf(column)
  const given =
    column === null ? [] : exact !== -1 && names.lastIndexOf(column) === exact ? [exact] : found([column])
  const account = names.find((name) => ACCOUNT.has(name))
  const accountFault = (chosen: readonly number[]): string | null =>
    column === null && account !== undefined && chosen.every((at) => plain[at] === 'id')
      ? `This looks like an export of accounts, because it has the column ${quoted(account)}: its \`id\` is the account's. Export it with the column \`identityId\`.`
      : null
  if (allColumns === 'every') return names.map((_name, at) => at)
  if (allColumns === 'usual') {
    const all = [...new Set([...given, ...found(Object.values(USUAL).flat())])]
    if (all.length > 0) return accountFault(all) ?? all
  }
  const candidates = column === null ? (kinds.map(found).find((all) => all.length > 0) ?? []) : given
  if (candidates.length > 1)
    return `Several columns may hold the identifier: ${namesText(candidates.map((at) => names[at] ?? ''))}. ${
      column === null ? 'Set `identity-id-column` to the right one.' : 'Rename all but one.'
    }`
  return candidates.length === 1
    ? (accountFault(candidates) ?? candidates)
    : noColumn(names, plain, kinds, column, kind)
}

function noColumn(
  names: readonly string[],
  plain: readonly string[],
  kinds: readonly (readonly string[])[],
  column: string | null,
  kind: 'column' | 'key',
): string {
  const named = names.filter((name) => name !== '')
  const there =
    names.length === 0 ? `There are no ${kind}s.` : `Found: ${namesText(named.length === 0 ? names : named)}.`
  if (kind === 'column') {
    if (names.some((name) => isIscId(name) || name.includes('@')))
      return `The first row must name the columns. Add a header row, for example \`${column ?? kinds[0]?.[0] ?? ''}\`.`
    if (names.length > 1 && named.length === 1)
      return `The first row must name the columns. ${there} Remove the rows above the header.`
    if (names.some((name) => /[;\t]/.test(name)))
      return `The header might have another separator than was found. ${there} Rename the column that has a comma, or put a first line with \`sep=\` and the separator above the header.`
    if (named.length === 1 && named[0] === 'Length')
      return 'PowerShell exported the lengths of the texts. Write the texts to a .txt file with Set-Content.'
  }
  if (column !== null)
    return `No ${kind} ${quoted(column)} (\`identity-id-column\`). ${there} Set \`identity-id-column\` to one of these.`
  const other = (['email', 'alias'] as const).find((attribute) =>
    USUAL[attribute].some((name) => plain.includes(folded(name))),
  )
  const hint =
    other === undefined || kinds.includes(USUAL[other])
      ? ''
      : ` To read the list by ${other}, set \`identify-by\` to \`${other}\` in the workflow.`
  const table =
    kind === 'column' ? ' The first row must name the columns, separated by commas, semicolons, or tabs.' : ''
  const usual = kinds.flat().map((name) => `\`${name}\``)
  return `No ${kind} ${usual.slice(0, -1).join(', ')}, or ${usual.at(-1)}. ${there} Rename the ${kind}, or set \`identity-id-column\`.${table}${hint}`
}

function namesText(names: readonly string[]): string {
  return names.slice(0, 20).map(quoted).join(', ') + (names.length > 20 ? ', …' : '')
}
