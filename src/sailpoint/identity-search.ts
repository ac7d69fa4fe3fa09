import { array, nullish, object, string } from 'valibot'

import { drain } from '../drain.ts'
import { apiPath } from './api-path.ts'
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

/** URLs stay below 8 KB. */
const MAX_URL_LENGTH = 8 * 1024 - 1

const Page = array(
  object({
    id: string(),
    alias: nullish(string(), null),
    emailAddress: nullish(string(), null),
    identityStatus: nullish(string(), null),
    lifecycleState: nullish(object({ stateName: nullish(string(), null) }), null),
    name: nullish(string(), null),
  }),
)

/** The attributes by which identities are found. */
export type Attribute = 'id' | 'alias' | 'email'

/**
 * Reads the identities whose attribute has one of the values, with as few requests as the limits of URL
 * and page allow, and hands each to `onFound` (more than once when several values find it).
 * ISC compares case-insensitively. @throws ApiError, AuthenticationError, CancelledError
 */
export async function findIdentities(
  session: Session,
  attribute: Attribute,
  values: readonly string[],
  onFound: (identity: FoundIdentity) => void,
): Promise<void> {
  const path = apiPath(session.apiVersion, 'identities')
  const chunks = filters(
    attribute,
    values,
    MAX_URL_LENGTH - `${session.baseUrl}${path}${query('', 999_999)}`.length,
  )
  await drain(
    () => chunks.next().value,
    (filter) => readPages(session, path, filter, onFound),
    () => session.concurrency,
  )
}

async function readPages(
  session: Session,
  path: string,
  filter: string,
  onFound: (identity: FoundIdentity) => void,
): Promise<void> {
  const seen = new Set<string>()
  for (let offset = 0; ; offset += PAGE_LIMIT) {
    const { value: page } = await session.call({
      what: 'Reading identities',
      needs: 'the scope idn:identity:read',
      method: 'GET',
      path: path + query(filter, offset),
      answer: Page,
    })
    const fresh = page.filter(({ id }) => !seen.has(id))
    for (const identity of fresh) {
      seen.add(identity.id)
      onFound({ ...identity, lifecycleState: identity.lifecycleState?.stateName ?? null })
    }
    // A server that ignores the offset would send the same page for ever.
    if (page.length < PAGE_LIMIT || fresh.length === 0) return
  }
}

/** `defaultFilter=NONE` also returns identities that are not correlated. */
function query(encodedFilter: string, offset: number): string {
  return `?filters=${encodedFilter}&limit=${PAGE_LIMIT}&offset=${offset}&defaultFilter=NONE`
}

/** Filters, URL-encoded, that together ask for all values, each at most `maxLength` long. */
export function* filters(
  attribute: Attribute,
  values: readonly string[],
  maxLength: number,
): Generator<string, undefined> {
  const [head, separator, tail] = (attribute === 'id' ? ['id in (', ',', ')'] : ['', ' or ', '']).map(encode)
  const frame = (terms: readonly string[]): string => `${head}${terms.join(separator)}${tail}`
  let terms: string[] = []
  let length = 0
  for (const value of values) {
    const term = encode(attribute === 'id' ? quoted(value) : `${attribute} eq ${quoted(value)}`)
    const added = term.length + (separator?.length ?? 0)
    if (terms.length > 0 && (terms.length === PAGE_LIMIT || frame([]).length + length + added > maxLength)) {
      yield frame(terms)
      terms = []
      length = 0
    }
    terms.push(term)
    length += added
  }
  if (terms.length > 0) yield frame(terms)
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** Commas may stand in a query as they are (RFC 3986, section 3.4), which leaves room for more terms. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',')
}
