import { idOf, type Outcome } from '../../identity.ts'
import { percentOf } from '../words/phrases.ts'
import type { RunReport } from '../run-report.ts'

/** GitHub's cap for all outputs of a job is 1 MiB, counted as UTF-16: two bytes per code unit. */
const MAX_CODE_UNITS = 1_048_576 / 2

/** Space for a list is reserved as long as it is not known. */
const EMPTY_LIST = '[]'

/** When not all of them fit, the lists that have to be acted on come first. */
export const LISTED_OUTCOMES = ['failed', 'unprocessed', 'succeeded'] as const

/**
 * Sets every output; names and values together stay below GitHub's cap. A list that does not fit is empty, never
 * shortened. Returns the outputs that are empty for that reason.
 */
export function setOutputs(report: RunReport, setOutput: (name: string, value: string) => void): string[] {
  const { result, stop, counts, thresholds, toEnableCount, resultsFile, summaryFile } = report
  const facts = {
    result,
    'stop-reason': stop?.reason ?? '',
    'total-count': counts.total,
    'succeeded-count': counts.succeeded,
    'failed-count': counts.failed,
    'unprocessed-count': counts.unprocessed,
    'failure-percent': percentOf(thresholds.failing, counts.total),
    'to-enable-count': toEnableCount ?? '',
    'excluded-count': counts.excluded,
    'results-file': resultsFile,
    'summary-file': summaryFile,
  }
  const names = [...Object.keys(facts), ...LISTED_OUTCOMES.map((outcome) => `${outcome}-ids`)]
  let left = MAX_CODE_UNITS - 1 - names.join('').length - LISTED_OUTCOMES.length * EMPTY_LIST.length
  const set = (name: string, value: string): void => {
    left -= value.length
    setOutput(name, value)
  }
  for (const [name, value] of Object.entries(facts)) set(name, String(value))
  return LISTED_OUTCOMES.flatMap((outcome) => {
    left += EMPTY_LIST.length
    const list = listOf(report, outcome, left)
    set(`${outcome}-ids`, list ?? '')
    return list === null ? [`${outcome}-ids`] : []
  })
}

/** The IDs as a JSON array; null, without having built it, when it has more code units than there is space for. */
function listOf({ identities }: RunReport, outcome: Outcome, space: number): string | null {
  const ids: string[] = []
  let length = 1
  for (const identity of identities) {
    if (identity.outcome !== outcome) continue
    const id = JSON.stringify(idOf(identity))
    length += id.length + 1
    if (length > space) return null
    ids.push(id)
  }
  return `[${ids.join(',')}]`
}
