import { idOf, type Outcome } from '../../identity.ts'
import { percentOf } from '../words/numbers.ts'
import type { RunReport } from '../run-report.ts'

/** GitHub's cap for outputs is 1 MiB, counted as UTF-16: two bytes a code unit. */
const MAX_CODE_UNITS = 1_048_576 / 2

/** Sets every output. A list that is too long for GitHub is empty, never shortened, and `warn` is told. */
export function setOutputs(
  report: RunReport,
  setOutput: (name: string, value: string) => void,
  warn: (message: string) => void,
): void {
  const { counts, thresholds, toEnableCount } = report
  setOutput('result', report.result)
  setOutput('total-count', String(counts.total))
  setOutput('succeeded-count', String(counts.succeeded))
  setOutput('failed-count', String(counts.failed))
  setOutput('unprocessed-count', String(counts.unprocessed))
  setOutput('failure-percent', String(percentOf(thresholds.failing, counts.total)))
  setOutput('to-enable-count', toEnableCount === null ? '' : String(toEnableCount))
  setOutput('excluded-count', String(counts.excluded))
  setOutput('results-file', report.resultsFile)
  setOutput('summary-file', report.summaryFile)
  for (const outcome of ['succeeded', 'failed', 'unprocessed'] as const) {
    const name = `${outcome}-ids`
    const list = listOf(report, outcome)
    if (list === null) {
      warn(
        `The output ${name} would be larger than the 1 MiB that GitHub allows, so it is empty. The complete list is in the report, see the output results-file: ${report.resultsFile}`,
      )
    }
    setOutput(name, list ?? '')
  }
}

/** The ids as a JSON array; null, without having built it, when it is larger than GitHub allows. */
function listOf({ identities }: RunReport, outcome: Outcome): string | null {
  const ids: string[] = []
  let length = 1
  for (const identity of identities) {
    if (identity.outcome !== outcome) continue
    const id = JSON.stringify(idOf(identity))
    length += id.length + 1
    if (length > MAX_CODE_UNITS) return null
    ids.push(id)
  }
  return `[${ids.join(',')}]`
}
