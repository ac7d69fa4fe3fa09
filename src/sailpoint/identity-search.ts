import { drain } from '../drain.ts'
import { folded } from '../identity.ts'
import { apiPath } from './api-request.ts'
import type { IscClient } from './client.ts'
import { ApiError, unreadableAnswer } from './errors.ts'
import { filtersOf, type Attribute, type IdentityFilter } from './identity-filter.ts'

/** An identity as ISC lists it. */
export interface FoundIdentity {
  readonly id: string
  readonly alias: string | null
  readonly emailAddress: string | null
  /** For example ACTIVE, DISABLED, LOCKED; null where the answer lacks it. */
  readonly identityStatus: string | null
  /** The name of its lifecycle state, which each tenant chooses; null: it has none; undefined: the answer lacks it. */
  readonly lifecycleState: string | null | undefined
  /** The display name. */
  readonly name: string | null
}

/** ISC's page limit. */
const PAGE_LIMIT = 250

/** `defaultFilter=NONE` also returns identities that are not correlated. */
const REST = `&limit=${PAGE_LIMIT}&defaultFilter=NONE`

/** A server that cuts its pages at a tenth of the limit needs so many rounds; more is no honest one. */
const MOST_ROUNDS = 10

/** URLs stay below 8 KB. */
const MAX_URL_LENGTH = 8 * 1024 - 1

/** Statuses with which a server rejects a filter that is too long for it. */
const TOO_LONG: ReadonlySet<number> = new Set([400, 414])

/**
 * Reads the identities whose attribute has one of the values, compared without regard to case as ISC does, and hands
 * each to `onFound`, some of them more than once. As few requests as the limits of URL and page allow. Where a page does
 * not hold all matches, its filter is halved: a second page may have shifted. IDs that are missing are asked for again,
 * until no more are found, because a server may cut its pages shorter than was asked.
 * @throws ApiError, RunEnd, the reason of `signal`
 */
export async function findIdentities(
  client: IscClient,
  attribute: Attribute,
  values: readonly string[],
  onFound: (identity: FoundIdentity) => void,
  signal?: AbortSignal,
): Promise<void> {
  const search = new Search(client, attribute, onFound, signal)
  let missing = await search.round(values)
  // An alias or address is searched with proof that the page is complete.
  if (attribute !== 'id') return
  for (let round = 2; missing.length > 0; round += 1) {
    if (round > MOST_ROUNDS)
      throw unreadableAnswer(
        `after ${MOST_ROUNDS} rounds, it still holds identities that were missing before`,
      )
    const left = await search.round(missing)
    if (left.length === missing.length) return
    missing = left
  }
}

class Search {
  readonly #client: IscClient
  readonly #attribute: Attribute
  readonly #onFound: (identity: FoundIdentity) => void
  readonly #signal: AbortSignal | undefined
  readonly #path: string
  readonly #rest: string

  constructor(
    client: IscClient,
    attribute: Attribute,
    onFound: (identity: FoundIdentity) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#client = client
    this.#attribute = attribute
    this.#onFound = onFound
    this.#signal = signal
    this.#path = `${apiPath(client.apiVersion, 'identities')}?filters=`
    // Whether an alias or address has a second match has to be certain; an ID has none.
    this.#rest = attribute === 'id' ? REST : `${REST}&count=true`
  }

  /** Asks for each value once. Returns those without a match. */
  async round(values: readonly string[]): Promise<string[]> {
    const maxLength =
      MAX_URL_LENGTH - `${this.#client.baseUrl}${this.#path}${this.#rest}&offset=${PAGE_LIMIT}`.length
    const filters = filtersOf(this.#attribute, values, { maxValues: PAGE_LIMIT, maxLength })
    const found = new Set<string>()
    const halves: IdentityFilter[] = []
    await drain(
      () => halves.pop() ?? filters.next().value,
      async (filter) => void halves.push(...(await this.#ask(filter, found))),
      () => this.#client.concurrency,
    )
    return values.filter((value) => !found.has(folded(value)))
  }

  /** Reads one page, and adds the values with a match to `found`; or returns the filter's halves instead. */
  async #ask(filter: IdentityFilter, found: Set<string>): Promise<readonly IdentityFilter[]> {
    const { values, encoded } = filter
    let page: Page
    try {
      page = await this.#page(encoded, 0)
    } catch (error) {
      if (values.length === 1 || !isTooLong(error)) throw error
      return this.#halvesOf(filter)
    }
    const asked = new Set(values.map(folded))
    const matches = page.rows.filter((row) => asked.has(this.#valueOf(row)))
    const isComplete =
      this.#attribute === 'id' ? page.rows.length < PAGE_LIMIT : await this.#isComplete(page, encoded)
    if (!isComplete && matches.length === 0)
      throw unreadableAnswer('it is full of identities that were not requested')
    if (!isComplete && this.#attribute !== 'id') {
      if (values.length > 1) return this.#halvesOf(filter)
      if (matches.length < 2) throw unreadableAnswer('it does not show whether there is a second match')
    }
    for (const row of matches) {
      found.add(this.#valueOf(row))
      this.#onFound(row)
    }
    return []
  }

  #halvesOf({ values }: IdentityFilter): IdentityFilter[] {
    const middle = Math.ceil(values.length / 2)
    const whole = { maxValues: Infinity, maxLength: Infinity }
    return [values.slice(0, middle), values.slice(middle)].flatMap((half) => [
      ...filtersOf(this.#attribute, half, whole),
    ])
  }

  /** Whether a page holds all matches: by ISC's count, or else because there is nothing behind it. */
  async #isComplete({ rows, totalCount }: Page, encodedFilter: string): Promise<boolean> {
    if (totalCount !== null) return totalCount <= rows.length
    return rows.length === 0 || (await this.#page(encodedFilter, rows.length)).rows.length === 0
  }

  /** One row that is not as documented makes a whole page unreadable. */
  async #page(encodedFilter: string, offset: number): Promise<Page> {
    const { gate } = this.#client
    const { value, totalCount } = await this.#client.call({
      operation: 'read',
      method: 'GET',
      path: `${this.#path}${encodedFilter}${this.#rest}${offset === 0 ? '' : `&offset=${offset}`}`,
      answer: ({ page }) => page,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    })
    const rows = value.map((entry) => {
      const row = gate.accept(entry, gate.answers.pageRow)
      if (row === null) throw unreadableAnswer('a row of it is not as documented')
      const { lifecycleState } = row
      return { ...row, lifecycleState: lifecycleState ? lifecycleState.stateName : lifecycleState }
    })
    return { rows, totalCount }
  }

  #valueOf({ id, alias, emailAddress }: FoundIdentity): string {
    const value = { id, alias, email: emailAddress }[this.#attribute]
    return folded(value ?? '')
  }
}

interface Page {
  readonly rows: readonly FoundIdentity[]
  readonly totalCount: number | null
}

function isTooLong(error: unknown): boolean {
  return error instanceof ApiError && error.failure.kind === 'status' && TOO_LONG.has(error.failure.status)
}
