import { countText, identitiesText, percentText } from '../words/numbers.ts'
import { countIntents } from './intents.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from '../words/harmless.ts'
import { thresholdsOf } from './threshold-rows.ts'

export interface Verdict {
  readonly icon: string
  /** One line, which may hold text from outside: to be made harmless for the sink it goes to. */
  readonly text: string
}

/** How the run ended, in one line that can be understood from a phone. */
export function verdictOf(report: RunReport): Verdict {
  const { result, problems, dryRun, counts } = report
  const why = report.stopped === null ? '' : ` ${clip(report.stopped, 500)}`
  const [problem, ...others] = problems
  if (problem !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${countText(others.length)} more)`
    return { icon: '❌', text: `Bad input, nothing was sent: ${clip(problem.message, 500)}${more}` }
  }
  if (result === 'cancelled') return { icon: '🚫', text: `Cancelled: ${outcomesText(report)}.` }
  if (dryRun && result === 'failure') return { icon: '❌', text: `The plan could not be made.${why}` }
  if (counts.total === 0 && result === 'success') return { icon: '✅', text: nothingText(report) }
  if (dryRun) return { icon: '📋', text: planText(report) }
  if (result === 'success') return successOf(report)
  if (counts.unprocessed > 0 || !report.thresholds.exceeded) {
    return { icon: '❌', text: `The run ended early: ${outcomesText(report)}.${why}` }
  }
  const exceeded = thresholdsOf(report).filter(({ isExceeded }) => isExceeded)
  const broken = exceeded.length === 0 ? '' : `: more than ${namesText(exceeded)}`
  return { icon: '❌', text: `${failedText(report)}${broken}.${why}` }
}

function nothingText({ shard }: RunReport): string {
  return `Nothing to do: ${shard === null ? 'the list' : `shard ${shard} of the list`} is empty.`
}

function outcomesText({ counts: { total, succeeded, failed, unprocessed } }: RunReport): string {
  if (total === 0) return 'nothing was sent'
  return `${countText(succeeded)} of ${identitiesText(total)} succeeded, ${countText(failed)} failed, ${countText(unprocessed)} not processed`
}

function planText({ identities, counts: { total } }: RunReport): string {
  const intents = countIntents(identities)
  if (intents.unknown === total)
    return `Plan: would enable ${identitiesText(total)}; their states are not known.`
  const others = [
    [intents['already-enabled'], 'already enabled'],
    [intents['not-found'], 'not found'],
    [intents.unresolved, 'without a match'],
    [intents.unknown, 'of unknown state'],
  ] as const
  const rest = others.filter(([count]) => count > 0).map(([count, text]) => `, ${countText(count)} ${text}`)
  return `Plan: would enable ${countText(intents.enable)} of ${identitiesText(total)}${rest.join('')}.`
}

function successOf(report: RunReport): Verdict {
  const { total, succeeded, failed, ignored } = report.counts
  if (failed === 0) {
    const all = total === 1 ? '1 identity' : `all ${identitiesText(total)}`
    const already = report.skipEnabled ? succeeded - (report.toEnableCount ?? succeeded) : 0
    const note = already === 0 ? '' : `; ${countText(already)} of ${countText(total)} were enabled already`
    if (already === total) return { icon: '✅', text: `Nothing to do: ${all} enabled already.` }
    return {
      icon: '✅',
      text: report.verify ? `ISC reports ${all} as enabled${note}.` : `ISC accepted ${all}${note}.`,
    }
  }
  const set = thresholdsOf(report)
  const within = failed === ignored || set.length === 0 ? '' : `, within ${namesText(set)}`
  return { icon: '🟡', text: `${failedText(report)}${within}; ${countText(succeeded)} succeeded.` }
}

/** `9 of 1,000 identities failed, 2 of them ignored; 7 count (0.7 %)` */
function failedText({ counts: { total, failed, ignored } }: RunReport): string {
  const text = `${countText(failed)} of ${identitiesText(total)} failed`
  if (ignored === 0) return `${text} (${percentText(failed, total)})`
  if (ignored === failed) return `${text}, all with an ignored status code`
  return `${text}, ${countText(ignored)} of them ignored; ${countText(failed - ignored)} count (${percentText(failed - ignored, total)})`
}

function namesText(thresholds: readonly { name: string; limit: string }[]): string {
  return thresholds.map(({ name, limit }) => `${name} ${limit}`).join(' and ')
}
