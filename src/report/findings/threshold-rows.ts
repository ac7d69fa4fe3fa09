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
  const { maxFailures, maxFailurePercent, failing, exceededBy } = thresholds
  const set: Threshold[] = []
  if (maxFailures !== null) {
    set.push({
      name: 'max-failures',
      limit: countText(maxFailures),
      actual: countText(failing),
      isExceeded: exceededBy.includes('max-failures'),
    })
  }
  if (maxFailurePercent !== null) {
    set.push({
      name: 'max-failure-percent',
      limit: `${maxFailurePercent} %`,
      actual: percentText(failing, counts.total),
      isExceeded: exceededBy.includes('max-failure-percent'),
    })
  }
  return set
}
