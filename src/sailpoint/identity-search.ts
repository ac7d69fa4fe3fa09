import { drain } from '../drain.ts'
import { folded } from '../identity.ts'
import { apiPath } from './api-path.ts'
import { ApiError } from './errors.ts'
import { filtersOf, type Attribute, type IdentityFilter } from './identity-filter.ts'
import type { Session } from './session.ts'

/** An identity as ISC lists it. */
export interface FoundIdentity {
  readonly id: string
  readonly alias: string | null
  readonly emailAddress: string | null
  /** For example ACTIVE, DISABLED, LOCKED. */
  readonly identityStatus: string | null
  /** The name of its lifecycle state, which each tenant chooses. */
  readonly lifecycleState: string | null
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

/**
 * Reads the identities whose attribute has one of the values, compared without regard to case as ISC does, and hands
 * each to `onFound`, some of them more than once. As few requests as the limits of URL and page allow, and never a
 * second page, whose rows may have shifted: where a page is full, its filter is halved. Who is missing is asked for
 * again, until nobody more is found, because a server may cut its pages shorter than was asked.
 * @throws ApiError, SessionEnd, the reason of `signal`
 */
export async function findIdentities(
  session: Session,
  attribute: Attribute,
  values: readonly string[],
  onFound: (identity: FoundIdentity) => void,
  signal?: AbortSignal,
): Promise<void> {
  const search = new Search(session, attribute, onFound, signal)
  let missing = await search.round(values)
  for (let round = 2; missing.length > 0; round += 1) {
    if (round > MOST_ROUNDS) throw unreadable(`after ${MOST_ROUNDS} rounds there is still somebody new`)
    const left = await search.round(missing)
    if (left.length === missing.length) return
    missing = left
    // Pages are cut, and who was the only one with an alias or address need not be: once more, by smaller pages.
    if (attribute !== 'id' && search.shortenPages()) missing = await search.round(values)
  }
}

function unreadable(reason: string): ApiError {
  return new ApiError(`Reading identities: the answer could not be used: ${reason}.`, {})
}

class Search {
  readonly #session: Session
  readonly #attribute: Attribute
  readonly #onFound: (identity: FoundIdentity) => void
  readonly #signal: AbortSignal | undefined
  readonly #path: string
  readonly #rest: string
  #pageLimit = PAGE_LIMIT
  #longestPage = 0

  constructor(
    session: Session,
    attribute: Attribute,
    onFound: (identity: FoundIdentity) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#session = session
    this.#attribute = attribute
    this.#onFound = onFound
    this.#signal = signal
    this.#path = `${apiPath(session.apiVersion, 'identities')}?filters=`
    // Whether an alias or address is anybody else's has to be certain; an id is nobody else's.
    this.#rest = attribute === 'id' ? REST : `${REST}&count=true`
  }

  /** From now on, a page as long as the longest so far counts as full; false where that changes nothing. */
  shortenPages(): boolean {
    const isShorter = this.#longestPage > 0 && this.#longestPage < this.#pageLimit
    if (isShorter) this.#pageLimit = this.#longestPage
    return isShorter
  }

  /** Asks for each value once. Returns those for which nobody was found. */
  async round(values: readonly string[]): Promise<string[]> {
    const maxLength = MAX_URL_LENGTH - `${this.#session.baseUrl}${this.#path}${this.#rest}`.length
    const filters = filtersOf(this.#attribute, values, { maxValues: PAGE_LIMIT, maxLength })
    const found = new Set<string>()
    const halves: IdentityFilter[] = []
    await drain(
      () => halves.pop() ?? filters.next().value,
      async (filter) => void halves.push(...(await this.#ask(filter, found))),
      () => this.#session.concurrency,
    )
    return values.filter((value) => !found.has(folded(value)))
  }

  /** Reads one page, and adds the values it answers to `found`. Where it is full, returns the filter's halves instead. */
  async #ask({ values, encoded }: IdentityFilter, found: Set<string>): Promise<IdentityFilter[]> {
    const { rows, isCut } = await this.#page(encoded)
    this.#longestPage = Math.max(this.#longestPage, rows.length)
    const asked = new Set(values.map(folded))
    const matches = rows.filter((row) => asked.has(this.#valueOf(row)))
    const isFull = isCut || rows.length >= this.#pageLimit
    if (isFull && matches.length === 0) throw unreadable('it is full of people of whom nobody was asked for')
    // A page of ids is full when everybody asked for is on it.
    if (isFull && this.#attribute !== 'id' && values.length > 1) {
      const middle = Math.ceil(values.length / 2)
      const parts = [values.slice(0, middle), values.slice(middle)]
      return parts.flatMap((part) => [
        ...filtersOf(this.#attribute, part, { maxValues: Infinity, maxLength: Infinity }),
      ])
    }
    for (const row of matches) {
      found.add(this.#valueOf(row))
      this.#onFound(row)
    }
    return []
  }

  /** The rows of a page, and whether there are more than it holds. One malformed row makes all of it unreadable. */
  async #page(encodedFilter: string): Promise<{ rows: FoundIdentity[]; isCut: boolean }> {
    const { gate } = this.#session
    const { value, totalCount } = await this.#session.call({
      what: 'Reading identities',
      advice: { 403: 'The credential needs the scope idn:identity:read.' },
      method: 'GET',
      path: this.#path + encodedFilter + this.#rest,
      answer: ({ page }) => page,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    })
    const rows = value.map((entry) => {
      const row = gate.accept(entry, gate.answers.pageRow)
      if (row === null) throw unreadable('a row of it is not what ISC documents')
      return { ...row, lifecycleState: row.lifecycleState?.stateName ?? null }
    })
    return { rows, isCut: totalCount !== null && totalCount > rows.length }
  }

  #valueOf({ id, alias, emailAddress }: FoundIdentity): string {
    const value = { id, alias, email: emailAddress }[this.#attribute]
    return folded(value ?? '')
  }
}
