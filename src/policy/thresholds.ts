import type { Thresholds } from '../settings.ts'

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
