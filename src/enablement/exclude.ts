import type { Excluded, Identity } from '../identity.ts'
import type { Exclusion, ExclusionMatch } from '../policy/exclusion.ts'
import type { FoundIdentity } from '../sailpoint/identity-search.ts'
import type { Ledger } from './ledger.ts'

/** What ISC says of an identity, as far as guards compare it. */
export type KnownIdentifiers = Pick<FoundIdentity, 'id' | 'alias' | 'emailAddress' | 'name'>

/** Excludes the identities that an exclusion matches by the text given, the ID, or what ISC says of them. */
export function excludeMatches(
  ledger: Ledger,
  exclusions: readonly Exclusion[],
  rowOf: (identity: Identity) => KnownIdentifiers | null = () => null,
): void {
  if (exclusions.length === 0) return
  const excluded = new Map<Identity, { match: ExclusionMatch; record: Excluded | null }>()
  for (const identity of ledger.identities) {
    const row = rowOf(identity)
    const match = matchOf(exclusions, [
      identity.identifier,
      identity.id,
      row?.id,
      row?.alias,
      row?.emailAddress,
    ])
    if (match !== null)
      excluded.set(identity, { match, record: recordOf(identity, match, row?.name ?? null) })
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

/** What is excluded because it was listed before is only counted. */
function recordOf(
  identity: Identity,
  { by, bySource }: ExclusionMatch,
  name: string | null,
): Excluded | null {
  if (by === 'listed-before') return null
  const { id, identifier, file, line, listedName } = identity
  return { id, identifier, file, line, name: name ?? listedName, by, bySource }
}
