import { idOf, type Outcome } from '../../identity.ts'
import { percentOf } from '../words/numbers.ts'
import type { RunReport } from '../run-report.ts'

/** GitHub's cap for all outputs of a job is 1 MiB, counted as UTF-16: two bytes per code unit. */
const MAX_CODE_UNITS = 1_048_576 / 2

/** When not all of them fit, the lists that have to be acted on come first. */
export const LISTED_OUTCOMES = ['failed', 'unprocessed', 'succeeded'] as const

/**
 * Sets every output; names and values together stay below GitHub's cap. A list that does not fit is empty, never
 * shortened. Returns the outputs that are empty for that reason.
 */
export function setOutputs(report: RunReport, setOutput: (name: string, value: string) => void): string[] {
  const { counts, thresholds, toEnableCount, stop } = report
  let room = MAX_CODE_UNITS - 1
  const set = (name: string, value: string): void => {
    room -= name.length + value.length
    setOutput(name, value)
  }
  set('result', report.result)
  set('stop-reason', stop?.reason ?? '')
  set('total-count', String(counts.total))
  set('succeeded-count', String(counts.succeeded))
  set('failed-count', String(counts.failed))
  set('unprocessed-count', String(counts.unprocessed))
  set('failure-percent', String(percentOf(thresholds.failing, counts.total)))
  set('to-enable-count', toEnableCount === null ? '' : String(toEnableCount))
  set('excluded-count', String(counts.excluded))
  set('results-file', report.resultsFile)
  set('summary-file', report.summaryFile)
  room -= LISTED_OUTCOMES.join('-ids').length + '-ids'.length
  const cut: string[] = []
  for (const outcome of LISTED_OUTCOMES) {
    const list = listOf(report, outcome, room)
    room -= list?.length ?? 0
    if (list === null) cut.push(`${outcome}-ids`)
    setOutput(`${outcome}-ids`, list ?? '')
  }
  return cut
}

/** The ids as a JSON array; null, without having built it, when it has more code units than `room`. */
function listOf({ identities }: RunReport, outcome: Outcome, room: number): string | null {
  const ids: string[] = []
  let length = 1
  for (const identity of identities) {
    if (identity.outcome !== outcome) continue
    const id = JSON.stringify(idOf(identity))
    length += id.length + 1
    if (length > room) return null
    ids.push(id)
  }
  return `[${ids.join(',')}]`
}
