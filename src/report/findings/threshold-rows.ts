import { countText, percentText } from '../words/numbers.ts'
import type { RunReport } from '../run-report.ts'

/** A threshold that was set, and how the run did. */
export interface Threshold {
  /** The input's name. */
  readonly name: string
  readonly limit: string
  readonly actual: string
  readonly isExceeded: boolean
}

/** The thresholds that were set; none means that any failure fails the job. */
export function thresholdsOf({ counts, thresholds }: RunReport): Threshold[] {
  const { maxFailures, maxFailurePercent, exceeded } = thresholds
  const failed = counts.failed - counts.ignored
  const set: Threshold[] = []
  if (maxFailures !== null) {
    const isExceeded = failed > maxFailures
    set.push({ name: 'max-failures', limit: countText(maxFailures), actual: countText(failed), isExceeded })
  }
  if (maxFailurePercent !== null) {
    // Who decided has compared exactly; rounding must not contradict here.
    const isOnlyOne = !set.some(({ isExceeded }) => isExceeded)
    const isMore = failed * 100 > maxFailurePercent * counts.total
    set.push({
      name: 'max-failure-percent',
      limit: `${maxFailurePercent} %`,
      actual: percentText(failed, counts.total),
      isExceeded: exceeded && (isOnlyOne || isMore),
    })
  }
  return set
}
