import type { Excluded, Identity } from '../identity.ts'
import { excludedAs, type Exclusion, type ExclusionMatch } from '../policy/exclusion.ts'
import type { FoundIdentity } from '../sailpoint/identity-search.ts'
import type { Ledger } from './ledger.ts'

/** What ISC says of an identity, as far as guards compare it. */
export type KnownIdentifiers = Pick<FoundIdentity, 'id' | 'alias' | 'emailAddress' | 'name'>

/**
 * Excludes the identities on which nothing is decided yet, and that an exclusion matches: by the text given, the ID, or
 * what ISC says of them. With `rowOf`, only those with a row.
 */
export function excludeMatches(
  ledger: Ledger,
  exclusions: readonly Exclusion[],
  rowOf?: (identity: Identity) => KnownIdentifiers | undefined,
): void {
  if (exclusions.length === 0) return
  excludeBy(ledger, (identity) => {
    const row = rowOf?.(identity)
    if (rowOf !== undefined && row === undefined) return null
    const { identifier, id } = identity
    const match = matchOf(exclusions, [identifier, id, row?.id, row?.alias, row?.emailAddress])
    return match === null ? null : { match, row }
  })
}

/** Excludes the identities on which nothing is decided yet, and for which this gives a reason. */
export function excludeBy(
  ledger: Ledger,
  reasonOf: (identity: Identity) => { match: ExclusionMatch; row: KnownIdentifiers | undefined } | null,
): void {
  const excluded = new Map<Identity, { readonly record: Excluded | null; readonly isKnown: boolean }>()
  for (const identity of ledger.identities) {
    const isUndecided = identity.plan === null && identity.outcome === 'unprocessed'
    const reason = isUndecided ? reasonOf(identity) : null
    if (reason === null) continue
    const { match, row } = reason
    excluded.set(identity, {
      record: excludedAs(identity, match, row?.name),
      isKnown: row !== undefined,
    })
  }
  ledger.exclude(excluded)
}

/** The first exclusion that matches any of these texts. */
export function matchOf(
  exclusions: readonly Exclusion[],
  texts: readonly (string | null | undefined)[],
): ExclusionMatch | null {
  const known = texts.filter((text) => typeof text === 'string')
  for (const exclusion of exclusions) {
    const match = exclusion.match(known)
    if (match !== null) return match
  }
  return null
}
