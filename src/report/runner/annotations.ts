import type { AnnotationProperties } from '@actions/core'

import type { Excluded, Identity } from '../../identity.ts'
import { countOf, type Problem } from '../../problems.ts'
import type { Findings } from '../findings/findings.ts'
import { verdictLine } from '../findings/headline.ts'
import { firstIds, ownReasonText, reasonText, type Reason } from '../findings/reasons.ts'
import type { Stop } from '../../failure.ts'
import { failureText } from '../words/failures.ts'
import { clip, forAnnotation } from '../words/harmless.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import { otherNameText, personText } from '../words/names.ts'
import { exclusionText, messageOf } from '../words/sentences.ts'

/** The runner keeps this many of each level in a step. */
const MAX_OF_A_LEVEL = 10

type Level = 'error' | 'warning' | 'notice'
export type AnnotationCommands = Readonly<
  Record<Level, (message: string, properties?: AnnotationProperties) => void>
>

interface Annotation {
  readonly message: string
  readonly file?: string | null | undefined
  readonly line?: number | null | undefined
}

/**
 * Annotates the run: one error with the verdict (or one for each problem with the inputs), what went wrong at
 * its line in list order (where there is no space for all, different reasons rather than more of the same), and
 * warnings for what is unusual. Where the failures fail no job they are warnings; ignored ones are notices.
 */
export function annotate(findings: Findings, commands: AnnotationCommands): void {
  const { report, notes } = findings
  const emit = (level: Level, annotations: readonly Annotation[]): void => {
    for (const annotation of annotations.slice(0, MAX_OF_A_LEVEL))
      commands[level](forAnnotation(annotation.message), propertiesOf(annotation))
  }
  if (report.problems.length > 0) {
    emit('error', withRest(report.problems.map(withLine)))
    return
  }
  const after = (first: readonly Annotation[], areIgnored: boolean): readonly Annotation[] => {
    const reasons = findings.reasons.filter(
      (reason) => reason.ignored === areIgnored && !isSaid(reason, report.stop),
    )
    return [...first, ...mostUseful(reasons, findings, MAX_OF_A_LEVEL - first.length)]
  }
  const noted = (of: Level): Annotation[] =>
    notes.filter(({ level }) => level === of).map(({ text }) => ({ message: clip(text, 1_000) }))
  // What is at a line is cut first: the notes say more of the whole run.
  const warnings = noted('warning')
  warnings.push(...unusual(findings, MAX_OF_A_LEVEL - warnings.length))
  if (report.result === 'success') emit('warning', after(warnings, false))
  else {
    emit('error', after([{ message: verdictLine(findings) }], false))
    emit('warning', warnings)
  }
  emit('notice', after(noted('notice'), true))
}

/** The log shows the message alone, without the annotation's line. */
function withLine(problem: Problem): Problem {
  const { file, line, message } = problem
  return file && line ? { ...problem, message: `Line ${line} of ${message}` } : problem
}

function withRest(problems: readonly Problem[]): readonly Annotation[] {
  if (problems.length <= MAX_OF_A_LEVEL) return problems
  const shown = problems.slice(0, MAX_OF_A_LEVEL - 1)
  const left = countOf(problems.slice(shown.length))
  return [...shown, { message: `And ${countText(left)} more problems: see the job summary.` }]
}

/** Names that differ, and identities that are excluded, each at its line. */
function unusual({ misnamed, report }: Findings, room: number): Annotation[] {
  const names = misnamed.values().map((identity) => ({
    message: `${personText(identity, report)}: ${otherNameText(identity, report)}. Check that the ID is right.`,
    file: identity.file,
    line: identity.line,
  }))
  const excluded = report.excluded.values().map((entry: Excluded) => ({
    message: `Excluded ${clip(entry.id ?? entry.identifier)}: ${clip(exclusionText(entry), 600)}.`,
    file: entry.file,
    line: entry.line,
  }))
  const all = [...names.take(Math.max(room, 0)), ...excluded.take(Math.max(room, 0))]
  const left = misnamed.size + report.excluded.length - room
  if (left <= 0 || room <= 0) return all
  return [...all.slice(0, room - 1), { message: `And ${countText(left + 1)} more: see the job summary.` }]
}

/**
 * One of each reason, then a second of each, and so on, while there is space; in list order. One cause of many, and
 * identities from an inline list, only as a group.
 */
function mostUseful(reasons: readonly Reason[], findings: Findings, room: number): Annotation[] {
  const useful: { readonly identity: Identity; readonly annotation: Annotation }[] = []
  for (let round = 0; round < room && useful.length < room; round += 1) {
    for (const reason of reasons) {
      const identity = reason.identities[round]
      if (identity === undefined) continue
      if (identity.file !== null && !isShared(reason))
        useful.push({ identity, annotation: onItsLine(identity, findings) })
      else if (round === 0) useful.push({ identity, annotation: { message: groupText(reason, findings) } })
    }
  }
  return useful
    .slice(0, Math.max(room, 0))
    .map(({ identity, annotation }) => ({ annotation, at: findings.report.identities.indexOf(identity) }))
    .sort((a, b) => a.at - b.at)
    .map(({ annotation }) => annotation)
}

/** The verdict says it already. */
function isSaid({ identities: [first] }: Reason, stop: Stop | null): boolean {
  if (stop?.reason === 'wrong-tenant') return true
  if (stop === null || !('failure' in stop) || stop.failure === null) return false
  return (
    first?.cause?.kind === 'request-failed' && failureText(first.cause.failure) === failureText(stop.failure)
  )
}

/** A request that failed as a whole hits all its identities alike. */
function isShared({ identities: [first, second] }: Reason): boolean {
  return second !== undefined && (first?.cause?.kind === 'request-failed' || first?.cause?.kind === 'missing')
}

function onItsLine(identity: Identity, { report, wording }: Findings): Annotation {
  const { file, line } = identity
  const reason = ownReasonText(identity, messageOf(identity, wording))
  return { message: `${personText(identity, report)}: ${reason}`, file, line }
}

function groupText(reason: Reason, { report }: Findings): string {
  const ids = firstIds(reason.identities, (identity) => personText(identity, report), 10)
  return `${identitiesText(reason.identities.length)}: ${reasonText(reason)} (${ids})`
}

function propertiesOf({ file, line }: Annotation): AnnotationProperties {
  return {
    title: 'Enable identities',
    ...(file ? { file } : {}),
    ...(file && line ? { startLine: line } : {}),
  }
}
