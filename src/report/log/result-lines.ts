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

/** As many identities are named per line, per group and of excluded ones: the report has all of them. */
const [PER_LINE, PER_GROUP] = [10, 200]

/** What the log says at the end: what is unusual, and every failure with its reason. */
export function* resultLines(findings: Findings): Generator<string> {
  const { report, of, reasons, denyList, notes, misnamed } = findings
  if (report.problems.length > 0) return
  if (denyList !== null) yield denyList
  const person = (identity: Identity): string => {
    const location = locationText(identity)
    return location === ''
      ? personText(identity, report)
      : `${personText(identity, report)} ${clip(location)}`
  }
  yield* some(report.excluded, (entry) => {
    const location = locationText(entry)
    const id = `${clip(idOf(entry))}${location === '' ? '' : ` ${clip(location)}`}`
    return `Excluded: ${id}: ${clip(exclusionText(entry), 600)}`
  })
  yield* some([...misnamed], (identity) => `${person(identity)}: ${otherNameText(identity, report)}`)
  for (const reason of reasons) {
    const { identities, category } = reason
    yield `${CATEGORIES[category].text}: ${identitiesText(identities.length)}. ${reasonText(reason)}`
    yield* inLines(identities, person)
  }
  if (of.unverified.length > 0) {
    yield `${CATEGORIES.unverified.text}: ${identitiesText(of.unverified.length)}`
    yield* inLines(of.unverified, person)
  }
  if (report.showNames)
    for (const category of ['enable', 'accepted', 'confirmed'] as const)
      yield* some(
        fewFirst(findings, category),
        (identity) => `${CATEGORIES[category].text}: ${personText(identity, report)}`,
      )
  for (const { level, text } of notes) if (level === 'notice') yield clip(text, 2_000)
}

/** The ids of each outcome, for a log that has to stand for outputs or report. */
export function* idLines(report: RunReport): Generator<string> {
  for (const outcome of LISTED_OUTCOMES) {
    const identities = report.identities.filter((identity) => identity.outcome === outcome)
    yield `${outcome}: ${identitiesText(identities.length)}`
    yield* inLines(identities, (identity) => clip(idOf(identity)), Infinity)
  }
}

function* inLines(
  identities: readonly Identity[],
  textOf: (identity: Identity) => string,
  most = PER_GROUP,
): Generator<string> {
  const count = Math.min(identities.length, most)
  for (let at = 0; at < count; at += PER_LINE)
    yield `  ${identities
      .slice(at, Math.min(at + PER_LINE, count))
      .map(textOf)
      .join(', ')}`
  if (identities.length > count) yield moreText(identities.length - count)
}

function* some<T>(items: readonly T[], textOf: (item: T) => string): Generator<string> {
  yield* items.values().take(PER_GROUP).map(textOf)
  if (items.length > PER_GROUP) yield moreText(items.length - PER_GROUP)
}

function moreText(count: number): string {
  return `  … and ${countText(count)} more, see the report.`
}
