import { folded, isIdentityId, type Cause, type Identity } from '../identity.ts'
import type { Exclusion } from '../policy/exclusion.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { findIdentities, valueIn, type FoundIdentity } from '../sailpoint/identity-search.ts'
import type { Ledger } from './ledger.ts'

/**
 * Finds the one identity in ISC that has each alias or email address, compared without regard to case as ISC does.
 * Identities that have their ID already (those of an earlier report) keep it. If two entries are one identity, the
 * first is kept, or the one that had the ID already: what an approval says belongs to it. Excludes the identities that an
 * exclusion now matches. After that, entries without exactly one match count as failed (in a plan, as would fail).
 * `reportedIds`: those that the report has, also of entries that are not in this run. @throws ApiError, RunEnd
 */
export async function resolveIdentities(
  ledger: Ledger,
  attribute: 'alias' | 'email',
  client: IscClient,
  exclusions: readonly Exclusion[],
  reportedIds: readonly string[],
): Promise<void> {
  const matches = await findMatches(ledger.identities, attribute, client)
  const matchesOf = ({ id, identifier }: Identity): readonly FoundIdentity[] =>
    id === null ? [...(matches.get(folded(identifier))?.values() ?? [])] : []
  const rows = new Map<Identity, FoundIdentity>()
  const duplicates = new Set<Identity>()
  const known = new Set(reportedIds.map(folded))
  for (const identity of ledger.identities) {
    const [row, second] = matchesOf(identity)
    if (row === undefined || second !== undefined) continue
    if (known.has(folded(row.id))) duplicates.add(identity)
    else rows.set(identity, row)
    known.add(folded(row.id))
  }
  for (const [identity, row] of rows) ledger.identify(identity, row.id)
  // A text without a match that is the ID of another entry's identity: listed twice, by two names.
  for (const identity of ledger.identities)
    if (identity.id === null && known.has(folded(identity.identifier))) duplicates.add(identity)
  ledger.removeDuplicates(duplicates)
  ledger.excludeMatches(exclusions, (identity) => rows.get(identity))
  for (const identity of ledger.identities) {
    if (identity.id !== null) continue
    const ids = matchesOf(identity).map(({ id }) => id)
    const cause: Cause = ids.length === 0 ? { kind: 'absent' } : { kind: 'ambiguous', ids }
    ledger.decide(identity, { plan: 'not-found', cause })
  }
}

/** By folded alias or address, the identities that have it, by folded ID. */
async function findMatches(
  identities: readonly Identity[],
  attribute: 'alias' | 'email',
  client: IscClient,
): Promise<ReadonlyMap<string, ReadonlyMap<string, FoundIdentity>>> {
  const wanted = new Map<string, string>()
  for (const { identifier, id } of identities) {
    const key = folded(identifier)
    if (id === null && !wanted.has(key)) wanted.set(key, identifier)
  }
  const matches = new Map(wanted.keys().map((key) => [key, new Map<string, FoundIdentity>()]))
  // The request has the text as it was given, because ISC might fold it in another way.
  await findIdentities(client, attribute, [...wanted.values()], (row) => {
    const value = valueIn(row, attribute)
    // A text that cannot be an ID is never submitted: it is no match.
    if (isIdentityId(row.id)) matches.get(folded(value ?? ''))?.set(folded(row.id), row)
  })
  return matches
}
