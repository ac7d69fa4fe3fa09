import type { AnnotationProperties } from '@actions/core'

import { idOf, type Identity } from '../../identity.ts'
import { countOf } from '../../problems.ts'
import { CATEGORIES } from '../findings/categories.ts'
import type { Findings } from '../findings/findings.ts'
import { verdictLine } from '../findings/headline.ts'
import { firstIds, ownReasonText, untitledText, type Reason } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { failureText } from '../words/failures.ts'
import { clip, forAnnotation } from '../words/harmless.ts'
import { otherNameText, personText } from '../words/names.ts'
import { countText, identitiesText } from '../words/phrases.ts'
import { exclusionText } from '../words/sentences.ts'

/** The runner keeps this many of each level in a step. */
const MAX_OF_A_LEVEL = 10

type Command = (message: string, properties?: AnnotationProperties) => void
export type AnnotationCommands = Readonly<Record<'error' | 'warning' | 'notice', Command>>

type Annotation = Partial<Pick<Identity, 'file' | 'line'>> & { readonly message: string }

/**
 * Annotates the run: one error with the verdict (or one for each problem with the inputs), what went wrong at its line,
 * and warnings for what is unusual. Where the failures fail no job they are warnings; ignored ones are notices.
 */
export function annotate(findings: Findings, commands: AnnotationCommands): void {
  const { report, reasons, misnamed, warnings, notices } = findings
  const emit = (level: keyof AnnotationCommands, annotations: readonly Annotation[]): void => {
    for (const { message, file, line } of annotations)
      commands[level](forAnnotation(message), {
        title: 'Enable identities',
        ...(file ? { file } : {}),
        ...(file && line ? { startLine: line } : {}),
      })
  }
  const withReasons = (annotations: readonly Annotation[], areIgnored: boolean): readonly Annotation[] => {
    const fitting = reasons.filter((reason) => reason.ignored === areIgnored && !isSaid(reason, report))
    return [...annotations, ...mostUseful(fitting, report, MAX_OF_A_LEVEL - annotations.length)]
  }
  if (report.problems.length > 0) {
    // The log shows the message alone, without the annotation's line.
    const problems = report.problems.map(({ message, file, line }) =>
      file && line ? { message: `Line ${line} of ${message}`, file, line } : { message, file: file ?? null },
    )
    return emit('error', cut(problems, countOf(report.problems)))
  }
  const noted = (texts: readonly string[]) => texts.map((text) => ({ message: clip(text, 1_000) }))
  const count = warnings.length + misnamed.size + report.excluded.length
  const unusual = cut([...noted(warnings), ...annotationsAtLines(findings)], count)
  if (report.result === 'success') emit('warning', withReasons(unusual, false))
  else {
    emit('error', withReasons([{ message: verdictLine(findings) }], false))
    emit('warning', unusual)
  }
  emit('notice', withReasons(noted(notices), true))
}

/** As many annotations as the runner keeps, the last of which counts the rest of all. */
function cut(annotations: readonly Annotation[], count: number): readonly Annotation[] {
  if (annotations.length <= MAX_OF_A_LEVEL) return annotations
  const shown = annotations.slice(0, MAX_OF_A_LEVEL - 1)
  return [
    ...shown,
    {
      message: `And ${countText(count - shown.length)} more: see the job summary, or the file of the output \`summary-file\`.`,
    },
  ]
}

/** Names that differ, and identities that are excluded, each at its line: no more than needed, for there may be many. */
function annotationsAtLines({ misnamed, report }: Findings): Annotation[] {
  const names = misnamed.values().map((identity) => ({
    file: identity.file,
    line: identity.line,
    message: `${personText(identity, report)}: ${otherNameText(identity, report)}. Check that the ID is right.`,
  }))
  const excluded = report.excluded.values().map((entry) => ({
    file: entry.file,
    line: entry.line,
    message: `Excluded ${clip(idOf(entry))}: ${clip(exclusionText(entry), 600)}.`,
  }))
  return [names, excluded].flatMap((all) => [...all.take(MAX_OF_A_LEVEL + 1)])
}

/** One of each reason, then a second of each, and so on, while there is space. */
function mostUseful(reasons: readonly Reason[], report: RunReport, space: number): readonly Annotation[] {
  const lists = reasons.map((reason) => annotationsOfReason(reason, report))
  const rounds = Array.from({ length: space }, (_, round) => lists.flatMap((list) => list[round] ?? []))
  return rounds.flat().slice(0, space)
}

/** One cause of many, and identities from an inline list, only as a group. */
function annotationsOfReason(reason: Reason, report: RunReport): Annotation[] {
  const { identities } = reason
  const [first] = identities
  // A request that failed as a whole hits all its identities alike.
  const isShared =
    identities.length > 1 && (first?.cause?.kind === 'request-failed' || first?.cause?.kind === 'missing')
  const person = (identity: Identity): string => personText(identity, report)
  const count = identitiesText(identities.length)
  if (isShared || first?.file === null) {
    // ISC's own words need not end with a period.
    const what = `${CATEGORIES[reason.category].text}: ${count}. ${untitledText(reason).replace(/([^.…])$/, '$1.')}`
    const ids = `${identities.length === 1 ? 'ID' : 'IDs'}: ${firstIds(reason, person, 10)}`
    return [{ message: `${what} ${ids}` }]
  }
  return identities.slice(0, MAX_OF_A_LEVEL).map((identity) => ({
    message: `${person(identity)}: ${ownReasonText(identity, report)}`,
    file: identity.file,
    line: identity.line,
  }))
}

/** The verdict says it already. */
function isSaid({ identities: [first] }: Reason, { stop }: RunReport): boolean {
  if (stop === null || !('failure' in stop) || stop.failure === null) return stop?.reason === 'wrong-tenant'
  const cause = first?.cause
  return cause?.kind === 'request-failed' && failureText(cause.failure) === failureText(stop.failure)
}
