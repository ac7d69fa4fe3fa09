import type { Excluded, Identity } from '../identity.ts'
import type { Exclusion, ExclusionMatch } from '../policy/exclusion.ts'
import type { FoundIdentity } from '../sailpoint/identity-search.ts'
import type { Ledger } from './ledger.ts'

/** What excludes an identity, and what ISC says of it where it was read. */
export interface ExcludedBy {
  readonly match: ExclusionMatch
  readonly row: FoundIdentity | null
}

/** Excludes the identities for which `excludedBy` gives a reason. */
export function excludeIdentities(
  ledger: Ledger,
  excludedBy: (identity: Identity) => ExcludedBy | null,
): void {
  const excluded = new Map<Identity, { readonly record: Excluded | null; readonly isKnown: boolean }>()
  for (const identity of ledger.identities) {
    const by = excludedBy(identity)
    if (by !== null) excluded.set(identity, { record: recordOf(identity, by), isKnown: by.row !== null })
  }
  ledger.exclude(excluded)
}

/** Excludes what is known to be excluded by the list alone: by the text given, or the ID. */
export function excludeListed(ledger: Ledger, exclusions: readonly Exclusion[]): void {
  if (exclusions.length > 0)
    excludeIdentities(ledger, ({ identifier, id }) => matchOf(exclusions, [identifier, id]))
}

/** The first exclusion that matches any of these texts. */
export function matchOf(
  exclusions: readonly Exclusion[],
  texts: readonly (string | null)[],
  row: FoundIdentity | null = null,
): ExcludedBy | null {
  const known = [...texts, row?.id, row?.alias, row?.emailAddress].filter((text) => typeof text === 'string')
  for (const exclusion of exclusions) {
    const match = exclusion.match(known)
    if (match !== null) return { match, row }
  }
  return null
}

/** What is excluded because it was listed before is only counted. */
function recordOf(identity: Identity, { match: { by, bySource }, row }: ExcludedBy): Excluded | null {
  if (by === 'listed-before') return null
  const { id, identifier, file, line, listedName } = identity
  return { id: row?.id ?? id, identifier, file, line, name: row?.name ?? listedName, by, bySource }
}
