import type { AnnotationProperties } from '@actions/core'

import type { Identity } from '../../identity.ts'
import { countOf, type Problem } from '../../problems.ts'
import { verdictLine, verdictOf } from '../findings/headline.ts'
import { errorStatusOf, firstIds, reasonText, type Reason } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { clip, forAnnotation } from '../words/harmless.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import { messageOf } from '../words/sentences.ts'
import { whoText } from '../words/who.ts'

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
 * its line in list order (where there is no room for all, different reasons rather than more of the same), and a
 * warning for each note. Where the failures fail no job they are warnings; ignored ones are notices.
 */
export function annotate(report: RunReport, reasons: readonly Reason[], commands: AnnotationCommands): void {
  const { problems, result } = report
  const emit = (level: Level, annotations: readonly Annotation[]): void => {
    for (const annotation of annotations.slice(0, MAX_OF_A_LEVEL)) {
      commands[level](forAnnotation(annotation.message), placeOf(annotation))
    }
  }
  if (problems.length > 0) {
    emit('error', withRest(problems))
    return
  }
  const after = (first: readonly Annotation[], areIgnored: boolean): readonly Annotation[] => {
    const kind = reasons.filter(({ ignored }) => ignored === areIgnored)
    return [...first, ...mostUseful(kind, report, MAX_OF_A_LEVEL - first.length)]
  }
  const notes = report.notes.map((message) => ({ message: clip(message, 1_000) }))
  if (result === 'success') {
    emit('warning', after(notes, false))
  } else {
    emit('error', after([{ message: verdictLine(verdictOf(report)) }], false))
    emit('warning', notes)
  }
  emit('notice', after([], true))
}

function withRest(problems: readonly Problem[]): readonly Annotation[] {
  if (problems.length <= MAX_OF_A_LEVEL) return problems
  const shown = problems.slice(0, MAX_OF_A_LEVEL - 1)
  const left = countOf(problems.slice(shown.length))
  return [...shown, { message: `And ${countText(left)} more problems: see the job summary.` }]
}

/**
 * One of each reason, then a second of each, and so on, while there is room; in list order. Identities from an inline
 * list only as a group.
 */
function mostUseful(reasons: readonly Reason[], report: RunReport, room: number): Annotation[] {
  const useful: { readonly identity: Identity; readonly annotation: Annotation }[] = []
  for (let round = 0; round < room && useful.length < room; round += 1) {
    for (const reason of reasons) {
      const identity = reason.first[round]
      if (identity === undefined) continue
      if (identity.file !== null) useful.push({ identity, annotation: onItsLine(identity, report) })
      else if (round === 0) useful.push({ identity, annotation: { message: groupText(reason, report) } })
    }
  }
  return useful
    .slice(0, Math.max(room, 0))
    .map(({ identity, annotation }) => ({ annotation, position: report.identities.indexOf(identity) }))
    .sort((a, b) => a.position - b.position)
    .map(({ annotation }) => annotation)
}

function onItsLine(identity: Identity, report: RunReport): Annotation {
  const { file, line } = identity
  const reason = { statusCode: errorStatusOf(identity), message: messageOf(identity, report) }
  return { message: `${whoText(identity, report)}: ${reasonText(reason)}`, file, line }
}

function groupText(reason: Reason, report: RunReport): string {
  const ids = firstIds(reason, (identity) => whoText(identity, report), 10)
  return `${identitiesText(reason.count)}: ${reasonText(reason)} (${ids})`
}

function placeOf({ file, line }: Annotation): AnnotationProperties {
  return {
    title: 'Enable identities',
    ...(file ? { file } : {}),
    ...(file && line ? { startLine: line } : {}),
  }
}
