import { idOf, type Identity } from '../../identity.ts'
import { CATEGORIES } from '../findings/categories.ts'
import { fewFirst, type Findings } from '../findings/findings.ts'
import { reasonText } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { LISTED_OUTCOMES } from '../runner/outputs.ts'
import { clip } from '../words/harmless.ts'
import { locationText } from '../words/location.ts'
import { otherNameText, personText } from '../words/names.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import { exclusionText } from '../words/sentences.ts'

/** As many identities are named per line and in all of a group: the report has all of them. */
const [PER_LINE, PER_GROUP] = [10, 200]

/** What the log says at the end: what is unusual, and every failure with its reason. */
export function* resultLines(findings: Findings): Generator<string> {
  const { report, of, reasons, denyList, notes, misnamed } = findings
  if (report.problems.length > 0) return
  if (denyList !== null) yield denyList
  const person = (identity: Identity): string => located(personText(identity, report), identity)
  yield* group('Excluded', report.excluded, 1, (entry) => {
    return `${located(clip(idOf(entry)), entry)}: ${clip(exclusionText(entry), 600)}`
  })
  yield* group('Other names than in ISC', [...misnamed], 1, (identity) => {
    return `${person(identity)}: ${otherNameText(identity, report)}`
  })
  for (const { identities, category, ...reason } of reasons)
    yield* group(CATEGORIES[category].text, identities, PER_LINE, person, ` ${untitled(reasonText(reason))}`)
  yield* group(CATEGORIES.unverified.text, of.unverified, PER_LINE, person)
  if (report.showNames)
    for (const category of ['enable', 'accepted', 'confirmed'] as const)
      yield* group(CATEGORIES[category].text, fewFirst(findings, category), 1, person)
  for (const { level, text } of notes) if (level === 'notice') yield clip(text, 2_000)
}

/** The ids of each outcome, for a log that has to replace outputs or report. */
export function* idLines(report: RunReport): Generator<string> {
  for (const outcome of LISTED_OUTCOMES) {
    const identities = report.identities.filter((identity) => identity.outcome === outcome)
    yield* group(outcome, identities, PER_LINE, (identity) => clip(idOf(identity)), '', Infinity)
  }
}

/** `Failed: 2 identities. REASON`, then who they are. */
function* group<T>(
  title: string,
  items: readonly T[],
  perLine: number,
  textOf: (item: T) => string,
  reason = '',
  most = PER_GROUP,
): Generator<string> {
  if (items.length === 0) return
  yield `${title}: ${identitiesText(items.length)}.${reason}`
  const count = Math.min(items.length, most)
  for (let at = 0; at < count; at += perLine) {
    const line = items.slice(at, Math.min(at + perLine, count)).map(textOf)
    yield `  ${line.join(', ')}`
  }
  if (items.length > count) yield `  … and ${countText(items.length - count)} more, see the report.`
}

/** Without the word that is the group's title already. */
function untitled(reason: string): string {
  return reason.replace(/^Blocked: (.)/, (_, first: string) => first.toUpperCase())
}

function located(text: string, entry: Pick<Identity, 'file' | 'line'>): string {
  return entry.file === null ? text : `${text} ${clip(locationText(entry))}`
}
