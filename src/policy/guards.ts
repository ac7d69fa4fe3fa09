import { stateOf, type Identity } from '../identity.ts'
import type { Stop } from '../failure.ts'

/** Stops a run in which more identities would be enabled than `max-to-enable`. */
export function tooManyToEnable(toEnable: number, max: number | null): Stop | null {
  return max === null || toEnable <= max ? null : { reason: 'max-to-enable', toEnable, max }
}

/** What the wrong-tenant guard judges: the whole list, whatever `shard` and exclusion leave of it. */
export interface ListInTenant {
  readonly identities: readonly Pick<Identity, 'cause' | 'observed' | 'outcome'>[]
  /** How many identities the list has before `shard` and exclusion. */
  readonly listedCount: number
  /** Whether an identity of the list is known to exist otherwise: resolved, excluded, or in the report. */
  readonly isAnyKnown: boolean
}

/**
 * Stops a run whose list looks like one for another tenant: of two or more identities, at least one does not exist, and
 * none is known to exist. Whatever is ignored.
 */
export function wrongTenant({ identities, listedCount, isAnyKnown }: ListInTenant): Stop | null {
  if (isAnyKnown || listedCount < 2) return null
  let missing = 0
  for (const { cause, observed, outcome } of identities) {
    const exists =
      outcome === 'succeeded' ||
      cause?.kind === 'ambiguous' ||
      cause?.kind === 'unconfirmed' ||
      stateOf(observed) !== null
    if (exists) return null
    if (cause?.kind === 'absent' || (cause?.kind === 'answered' && cause.statusCode === 404)) missing += 1
  }
  return missing === 0 ? null : { reason: 'wrong-tenant', count: missing }
}

/** Whether a report is about another tenant than this run, as far as both are known. */
export function isOtherTenant(reportBaseUrl: string | null, baseUrl: string | null): boolean {
  return reportBaseUrl !== null && baseUrl !== null && reportBaseUrl !== baseUrl
}
