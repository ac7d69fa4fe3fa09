import type { AnnotationProperties } from '@actions/core'

import { idOf, statusCodeOf, type Identity } from '../../identity.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import { intentOf } from '../findings/intents.ts'
import { firstIds, groupByReason, reasonsOf, reasonText, type Reason } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { clip, forAnnotation } from '../words/harmless.ts'
import { messageOf } from '../words/sentences.ts'
import { verdictOf } from '../findings/headline.ts'

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
 * its line of the list, different reasons before more of the same, and a warning for each note. Where the
 * failures fail no job they are warnings; ignored ones are notices.
 */
export function annotate(report: RunReport, commands: AnnotationCommands): void {
  const { problems, result, dryRun } = report
  const emit = (level: Level, annotations: readonly Annotation[]): void => {
    for (const annotation of annotations.slice(0, MAX_OF_A_LEVEL)) {
      commands[level](forAnnotation(annotation.message), placeOf(annotation))
    }
  }
  if (problems.length > 0) {
    emit('error', withRest(problems))
    return
  }
  const reasons = dryRun
    ? groupByReason(report.identities.values().filter(isDoubtful), report)
    : reasonsOf(report).failed
  const counting = mostUseful(
    reasons.filter(({ ignored }) => !ignored),
    report,
  )
  const ignored = mostUseful(
    reasons.filter((reason) => reason.ignored),
    report,
  )
  const notes = report.notes.map((message) => ({ message: clip(message, 1_000) }))
  if (result === 'success') {
    emit('warning', [...notes, ...counting])
  } else {
    emit('error', [{ message: verdictOf(report).text }, ...counting])
    emit('warning', notes)
  }
  emit('notice', ignored)
}

/** What the author of a list should look at before a plan is carried out. */
function isDoubtful(identity: Identity): boolean {
  return ['refused', 'not-found', 'unresolved'].includes(intentOf(identity))
}

function withRest(problems: readonly Annotation[]): readonly Annotation[] {
  if (problems.length <= MAX_OF_A_LEVEL) return problems
  const shown = problems.slice(0, MAX_OF_A_LEVEL - 1)
  return [
    ...shown,
    { message: `And ${countText(problems.length - shown.length)} more problems: see the job summary.` },
  ]
}

/** One of each reason, then a second of each, and so on; identities from an inline list only as a group. */
function mostUseful(reasons: readonly Reason[], report: RunReport): Annotation[] {
  const annotations: Annotation[] = []
  for (let round = 0; round < MAX_OF_A_LEVEL && annotations.length < MAX_OF_A_LEVEL; round += 1) {
    for (const reason of reasons) {
      const identity = reason.first[round]
      if (identity === undefined) continue
      if (identity.file !== null) annotations.push(onItsLine(identity, report))
      else if (round === 0) annotations.push({ message: groupText(reason) })
    }
  }
  return annotations
}

function onItsLine(identity: Identity, report: RunReport): Annotation {
  const { file, line } = identity
  const reason = { statusCode: statusCodeOf(identity.cause), message: messageOf(identity, report) }
  return { message: `${clip(idOf(identity))}: ${reasonText(reason)}`, file, line }
}

function groupText(reason: Reason): string {
  const ids = firstIds(reason, (id) => clip(id, 80), 10)
  return `${identitiesText(reason.count)}: ${reasonText(reason)} (${ids})`
}

function placeOf({ file, line }: Annotation): AnnotationProperties {
  return {
    title: 'Enable identities',
    ...(file ? { file } : {}),
    ...(file && line ? { startLine: line } : {}),
  }
}
