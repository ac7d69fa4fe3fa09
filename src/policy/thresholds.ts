import type { Thresholds } from '../settings.ts'

/** Percentages have at most this many parts of one percent (six decimals), so that comparing is exact. */
const SCALE = 1_000_000

/**
 * Whether failures fail the job: `failed` without the ignored ones, of `total` requested identities.
 * Neither threshold set: any failure does.
 */
export function isExceeded(
  failed: number,
  total: number,
  { maxFailures, maxFailurePercent }: Thresholds,
): boolean {
  if (maxFailures === null && maxFailurePercent === null) return failed > 0
  if (maxFailures !== null && failed > maxFailures) return true
  return maxFailurePercent !== null && failed * 100 * SCALE > Math.round(maxFailurePercent * SCALE) * total
}
