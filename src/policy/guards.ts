import { stateOf, type Identity } from '../identity.ts'
import type { Stop } from '../failure.ts'
import type { Thresholds } from '../settings.ts'

/** Stops a run in which more identities would be enabled than `max-to-enable`. */
export function tooManyToEnable(toEnable: number, max: number | null): Stop | null {
  return max === null || toEnable <= max ? null : { reason: 'max-to-enable', toEnable, max }
}

/** What the wrong-tenant guard judges: the whole list, not only what `shard` and exclusion leave of it. */
export interface ListInTenant {
  readonly identities: readonly Pick<Identity, 'cause' | 'observed' | 'outcome'>[]
  /** How many identities the list has before `shard` and exclusion. */
  readonly listedCount: number
  /** Whether an identity of the list is known to exist otherwise: resolved, excluded, or in the report. */
  readonly isAnyKnown: boolean
}

/**
 * Stops a run whose list looks like one for another tenant: of two or more identities, at least one does not exist, and
 * none is known to exist. Ignored status codes make no difference.
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

/** Percentages have at most this many parts of one percent (six decimals), so that comparing is exact. */
const SCALE = 1_000_000

/** What holds where the author set nothing. */
export const NO_THRESHOLDS: Thresholds = {
  maxFailures: null,
  maxFailurePercent: null,
  ignoreStatusCodes: new Set(),
}

export type ThresholdName = 'max-failures' | 'max-failure-percent'

/** How many failures count, and what that means for the job: judged here and nowhere else. */
export interface Judgement {
  readonly maxFailures: number | null
  readonly maxFailurePercent: number | null
  /** Failures that count: all but the ignored ones. */
  readonly failing: number
  /** Whether they fail the job. Neither threshold set: any failure does. */
  readonly exceeded: boolean
  /** Those that were set and are exceeded. */
  readonly exceededBy: readonly ThresholdName[]
}

/** Judges `failing` of `total` requested identities, in integers. */
export function judge(
  failing: number,
  total: number,
  { maxFailures, maxFailurePercent }: Thresholds,
): Judgement {
  const exceededBy: ThresholdName[] = []
  if (maxFailures !== null && failing > maxFailures) exceededBy.push('max-failures')
  if (maxFailurePercent !== null && failing * 100 * SCALE > Math.round(maxFailurePercent * SCALE) * total)
    exceededBy.push('max-failure-percent')
  const isNoneSet = maxFailures === null && maxFailurePercent === null
  return {
    maxFailures,
    maxFailurePercent,
    failing,
    exceeded: isNoneSet ? failing > 0 : exceededBy.length > 0,
    exceededBy,
  }
}
