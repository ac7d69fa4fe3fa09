import { fateOf, type Fate } from '../findings/fates.ts'
import type { RunReport } from '../run-report.ts'
import { whoText } from '../words/who.ts'

/** The log stays readable; everybody is in the report. */
const MOST = 1_000

const WORTH_NAMING: Readonly<Partial<Record<Fate, string>>> = {
  enable: 'Would enable',
  accepted: 'Accepted',
  confirmed: 'Enabled',
  refused: 'Refused',
  failed: 'Failed',
}

/** Where names are shown, who was enabled or refused, or would be: a line each. */
export function* peopleLines(report: RunReport): Generator<string> {
  if (!report.showNames) return
  let count = 0
  for (const identity of report.identities) {
    const what = WORTH_NAMING[fateOf(identity, report)]
    if (what === undefined) continue
    count += 1
    if (count <= MOST) yield `${what}: ${whoText(identity, report)}`
  }
  if (count > MOST) yield `… and ${count - MOST} more: they are in the report.`
}
