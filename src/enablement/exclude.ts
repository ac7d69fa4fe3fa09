import type { Identity } from '../identity.ts'
import type { Exclusion, ExclusionMatch } from '../policy/exclusion.ts'
import type { ExclusionReason, Ledger } from './ledger.ts'

/**
 * Excludes the identities on which nothing is decided yet, and that an exclusion matches: by the text given, the ID, or
 * what ISC says of them. With `rowOf`, only those with a row.
 */
export function excludeMatches(
  ledger: Ledger,
  exclusions: readonly Exclusion[],
  rowOf?: (identity: Identity) => ExclusionReason['row'],
): void {
  if (exclusions.length === 0) return
  ledger.exclude((identity) => {
    const row = rowOf?.(identity)
    if (rowOf !== undefined && row === undefined) return null
    const { identifier, id } = identity
    const match = matchOf(exclusions, [identifier, id, row?.id, row?.alias, row?.emailAddress])
    return match && { match, row }
  })
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
