import type { InferOutput } from 'valibot'

import { drain } from '../drain.ts'
import { folded } from '../identity.ts'
import type { IdentifyBy } from '../settings.ts'
import type { Answers } from './answers/gate.ts'
import type { IscClient } from './client.ts'
import { ApiError, unreadableAnswer } from './errors.ts'
import { meaningOfFailure } from './status.ts'

/** An identity as ISC lists it. */
export type FoundIdentity = InferOutput<Answers['pageRow']>

/** The value by which a row is found, if it has one. */
export function valueIn({ id, alias, emailAddress }: FoundIdentity, attribute: IdentifyBy): string | null {
  return { id, alias, email: emailAddress }[attribute]
}

/** ISC's page limit. */
const PAGE_LIMIT = 250

/** A server that cuts its pages at a tenth of the limit needs so many rounds; more is no honest one. */
const MOST_ROUNDS = 10

/** URLs stay below 8 KB. */
const MAX_URL_LENGTH = 8 * 1024 - 1

/** What is looked for, in which tenant, and what gets each identity found. */
interface Search {
  readonly client: IscClient
  readonly attribute: IdentifyBy
  readonly onFound: (identity: FoundIdentity) => void
}

/**
 * Reads the identities whose attribute has one of the values, compared without regard to case as ISC does, and hands
 * each to `onFound`, some of them more than once. As few requests as the limits of URL and page allow. Where a page does
 * not hold all matches, its filter is halved: a second page may have shifted. IDs that are missing are asked for again,
 * until no more are found, because a server may cut its pages shorter than was asked.
 * @throws ApiError, RunEnd, DeadlineError
 */
export async function findIdentities(
  client: IscClient,
  attribute: IdentifyBy,
  values: readonly string[],
  onFound: (identity: FoundIdentity) => void,
): Promise<void> {
  const search = { client, attribute, onFound }
  let missing = await askOnce(search, values)
  // An alias or address is searched with proof that the page is complete.
  if (attribute !== 'id') return
  for (let round = 2; missing.length > 0; round += 1) {
    if (round > MOST_ROUNDS)
      throw unreadableAnswer(
        `after ${MOST_ROUNDS} rounds, it still holds identities that were missing before`,
      )
    const left = await askOnce(search, missing)
    if (left.length === missing.length) return
    missing = left
  }
}

/** Asks for each value once. Returns those without a match. */
async function askOnce(search: Search, values: readonly string[]): Promise<string[]> {
  const { client, attribute } = search
  const maxLength = MAX_URL_LENGTH - `${client.baseUrl}${pathOf(search, '', PAGE_LIMIT)}`.length
  const filters = filtersOf(attribute, values, { maxValues: PAGE_LIMIT, maxLength })
  const found = new Set<string>()
  const halves: IdentityFilter[] = []
  await drain(
    () => halves.pop() ?? filters.next().value,
    async (filter) => void halves.push(...(await ask(search, filter, found))),
    client.concurrency,
  )
  return values.filter((value) => !found.has(folded(value)))
}

/** Reads one page, and adds the values with a match to `found`; or returns the filter's halves instead. */
async function ask(
  search: Search,
  { values, encoded }: IdentityFilter,
  found: Set<string>,
): Promise<readonly IdentityFilter[]> {
  const { attribute, onFound } = search
  const halves = (): IdentityFilter[] => {
    const maxValues = Math.ceil(values.length / 2)
    return [...filtersOf(attribute, values, { maxValues, maxLength: Infinity })]
  }
  const page = await readPage(search, encoded, 0).catch((error: unknown) => {
    if (values.length === 1 || !isTooLong(error)) throw error
    return null
  })
  if (page === null) return halves()
  const { rows, totalCount } = page
  const asked = new Set(values.map(folded))
  const matches = rows
    .map((row) => [folded(valueIn(row, attribute) ?? ''), row] as const)
    .filter(([value]) => asked.has(value))
  // Whether an alias or address has a second match has to be certain: by ISC's count, or else because nothing follows.
  // An ID has none.
  const isComplete =
    attribute === 'id'
      ? rows.length < PAGE_LIMIT
      : totalCount !== null
        ? totalCount <= rows.length
        : rows.length === 0 || (await readPage(search, encoded, rows.length)).rows.length === 0
  if (!isComplete && matches.length === 0)
    throw unreadableAnswer('it is full of identities that were not requested')
  if (!isComplete && attribute !== 'id') {
    if (values.length > 1) return halves()
    if (matches.length < 2) throw unreadableAnswer('it does not show whether there is a second match')
  }
  for (const [value, row] of matches) {
    found.add(value)
    onFound(row)
  }
  return []
}

async function readPage(search: Search, encodedFilter: string, offset: number) {
  const { value: rows, totalCount } = await search.client.call({
    operation: 'read',
    method: 'GET',
    path: pathOf(search, encodedFilter, offset),
    answer: ({ page }) => page,
  })
  return { rows, totalCount }
}

/** The path of a page. `defaultFilter=NONE` also returns identities that are not correlated. */
function pathOf({ client, attribute }: Search, encodedFilter: string, offset: number): string {
  const options = `&limit=${PAGE_LIMIT}&defaultFilter=NONE${attribute === 'id' ? '' : '&count=true'}`
  const from = offset === 0 ? '' : `&offset=${offset}`
  return client.pathOf('identities', `?filters=${encodedFilter}${options}${from}`)
}

/** Whether a server rejects a filter as too long. */
function isTooLong(error: unknown): boolean {
  return error instanceof ApiError && meaningOfFailure(error.failure).isFilterRejected
}

/** Values that one filter asks for. */
export interface IdentityFilter {
  readonly values: readonly string[]
  /** As it is written in a URL. */
  readonly encoded: string
}

/** Filters that together ask for all values: each for at most `maxValues`, and at most `maxLength` long in a URL. */
export function* filtersOf(
  attribute: IdentifyBy,
  all: readonly string[],
  { maxValues, maxLength }: { readonly maxValues: number; readonly maxLength: number },
): Generator<IdentityFilter, undefined> {
  // `id in ("a","b")`: a comma may be in a query as it is (RFC 3986, section 3.4), so that more IDs fit.
  const [head, separator, tail] = attribute === 'id' ? ['id%20in%20(', ',', ')'] : ['', '%20or%20', '']
  let values: string[] = []
  let encoded = head
  for (const value of all) {
    const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`
    const term = encodeURIComponent(attribute === 'id' ? quoted : `${attribute} eq ${quoted}`)
    const isLonger = encoded.length + separator.length + term.length + tail.length > maxLength
    if (values.length > 0 && (values.length >= maxValues || isLonger)) {
      yield { values, encoded: encoded + tail }
      values = []
      encoded = head
    }
    encoded += values.length === 0 ? term : separator + term
    values.push(value)
  }
  if (values.length > 0) yield { values, encoded: encoded + tail }
}
