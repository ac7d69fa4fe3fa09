import { idOf, type Identity } from '../../identity.ts'
import { CATEGORIES, isUncertain } from '../findings/categories.ts'
import { fewFirst, type Findings } from '../findings/findings.ts'
import { unprocessedText, untitledText } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { LISTED_OUTCOMES } from '../runner/outputs.ts'
import { clip } from '../words/harmless.ts'
import { locationText } from '../words/location.ts'
import { otherNameText, personText } from '../words/names.ts'
import { countText, identitiesText, phrase } from '../words/phrases.ts'
import { exclusionText } from '../words/sentences.ts'

/** As many identities are named per line and in all of a group: the report has all of them. */
const [PER_LINE, PER_GROUP] = [10, 200]

/** What the log says at the end: what is unusual, and every failure with its reason. */
export function* resultLines(findings: Findings): Generator<string> {
  const { report, of, reasons, denyList, notices, misnamed } = findings
  if (report.problems.length > 0) return
  if (denyList !== null) yield denyList
  const person = (identity: Identity): string =>
    phrase(' ', personText(identity, report), clip(locationText(identity)))
  yield* group('Excluded', report.excluded, 1, (entry) => {
    return `${phrase(' ', clip(idOf(entry)), clip(locationText(entry)))}: ${clip(exclusionText(entry), 600)}`
  })
  yield* group('Other names than in ISC', [...misnamed], 1, (identity) => {
    return `${person(identity)}: ${otherNameText(identity, report)}`
  })
  for (const reason of reasons) {
    const { identities, category } = reason
    yield* group(CATEGORIES[category].text, identities, PER_LINE, person, ` ${untitledText(reason)}`)
  }
  yield* group(CATEGORIES.unverified.text, of.unverified, PER_LINE, person)
  if (of.unprocessed.some((identity) => isUncertain(identity, report.stop)))
    yield unprocessedText(report, of.unprocessed)
  if (report.showNames)
    for (const category of ['enable', 'accepted', 'confirmed'] as const)
      yield* group(CATEGORIES[category].text, fewFirst(findings, category), 1, person)
  for (const notice of notices) yield clip(notice, 2_000)
}

/** The IDs of each outcome, for a log that has to replace outputs or report. */
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
  const shown = items.slice(0, most)
  for (let at = 0; at < shown.length; at += perLine) {
    const texts = shown.slice(at, at + perLine).map(textOf)
    yield `  ${texts.join(', ')}`
  }
  if (items.length > most) yield `  … and ${countText(items.length - most)} more, see the report.`
}
