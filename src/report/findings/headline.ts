import { countOf } from '../../problems.ts'
import type { RunReport } from '../run-report.ts'
import { hostOf } from '../words/failures.ts'
import { clip } from '../words/harmless.ts'
import { countedText, countText, identitiesText, phrase, percentText } from '../words/phrases.ts'
import { countsOf } from './categories.ts'
import { sizeOf, statesText, type Findings } from './findings.ts'

/** Everything in one line, for log and annotation. */
export function verdictLine(findings: Findings): string {
  const { text, why } = verdictOf(findings)
  return phrase(' ', text, breakdownText(findings), why)
}

/** `Would enable 1,945: active 1,940, terminated 5.`; empty where no state was read. */
export function breakdownText({ report, states }: Findings, show?: Parameters<typeof statesText>[1]): string {
  if (states.length === 0) return ''
  const what = report.dryRun ? 'Would enable' : report.verify ? 'Enabled' : 'Accepted'
  return `${what} ${countText(sizeOf(states))}: ${statesText(states, show)}.`
}

/** How the run ended. All texts may hold text from outside: they are to be made harmless for their sink. */
export function verdictOf(findings: Findings) {
  const { problems, result, stopped, counts, dryRun } = findings.report
  const fine = counts.failed > 0 ? '🟡' : dryRun && counts.total > 0 ? '📋' : '✅'
  // For a cancelled run, the reason would only repeat that it was cancelled.
  const isSaid = problems.length > 0 || result === 'cancelled'
  return {
    icon: { success: fine, failure: '❌', cancelled: '🚫' }[result],
    /** One line that can be understood from a phone, with the tenant. */
    text: headlineOf(findings),
    /** Why the run ended before all was done; empty where it did not. */
    why: isSaid ? '' : clip(stopped ?? '', 1_000),
  }
}

function headlineOf(findings: Findings): string {
  const { report } = findings
  const { result, problems, dryRun, stop, counts, thresholds } = report
  if (problems.length > 0)
    return `${countedText(countOf(problems), 'problem')} in the inputs or the list, so the action submitted nothing.`
  if (result === 'cancelled') return `Cancelled${at('in', report)}: ${outcomesText(findings)}.`
  if (stop === null && !thresholds.exceeded && (dryRun || counts.unprocessed === 0)) {
    const text = dryRun && counts.total > 0 ? planText(findings) : successText(findings)
    return result === 'success'
      ? text
      : `${text} The job fails, because the outputs or the report could not be written.`
  }
  const exceeded = findings.thresholds.filter(({ isExceeded }) => isExceeded)
  const broken = exceeded.length === 0 ? '' : `more than ${namesText(exceeded)}`
  if (dryRun) {
    if (stop !== null)
      return report.statesRead
        ? `${planText(findings)} The run would submit nothing.`
        : `No plan could be made${at('for', report)}.`
    return `${planText(findings)} The run would fail: ${countedText(thresholds.failing, 'failure')}, ${broken || 'and none are allowed'}.`
  }
  if (stop !== null && report.identities.every(({ attempts }) => attempts === 0))
    return `Nothing was submitted${at('to', report)}.`
  return counts.unprocessed > 0 || counts.failed === 0
    ? `The run ended early${at('in', report)}: ${outcomesText(findings)}.`
    : `${phrase(': ', failedText(report), broken)}.`
}

/** ` in acme.api.identitynow.com`; nothing where no tenant was given. */
function at(preposition: 'in' | 'to' | 'for', { baseUrl }: RunReport): string {
  const host = hostOf(baseUrl)
  return host === '' ? '' : ` ${preposition} ${clip(host, 100)}`
}

function outcomesText({ report, of }: Findings): string {
  const { total, succeeded, failed } = report.counts
  if (report.dryRun) return 'the plan is not complete'
  if (total === 0) return 'nothing was submitted'
  return phrase(
    ', ',
    `${countText(succeeded)} of ${identitiesText(total)} succeeded`,
    `${countText(failed)} failed`,
    ...countsOf(of, ['unverified']),
    `${countText(of.unprocessed.length)} not processed`,
  )
}

function planText({ of, report }: Findings): string {
  const { total } = report.counts
  if (of.unknown.length === total)
    return `Plan${at('for', report)}, without lifecycle states: would submit ${identitiesText(total)}.`
  const rest = countsOf(of, ['blocked', 'not-found', 'unresolved', 'unknown', 'already-enabled'])
  const enabled = `would enable ${countText(of.enable.length)} of ${identitiesText(total)}`
  return `Plan${at('for', report)}: ${phrase(', ', enabled, ...rest)}.`
}

function successText({ report, thresholds, of }: Findings): string {
  const { total, succeeded, failed, ignored, excluded } = report.counts
  if (failed > 0) {
    const within = failed === ignored || thresholds.length === 0 ? '' : `, within ${namesText(thresholds)}`
    return `${failedText(report)}${within}; ${countText(succeeded)} succeeded.`
  }
  const already = of['already-enabled'].length
  if (already === total) {
    const list = report.shard === null ? 'the list' : `shard ${report.shard} of the list`
    const ofNone = excluded > 0 ? `all identities of ${list} are excluded` : `${list} is empty`
    const ofSome = `${total === 1 ? '1 identity was' : `all ${identitiesText(total)} were`} already enabled`
    const why = total > 0 ? ofSome : report.haveListsChanged ? ofNone : 'no list changed'
    return `Nothing to do${at('in', report)}: ${why}.`
  }
  const others = already === 0 ? '' : `; ${countText(already)} of ${countText(total)} were already enabled`
  const submitted = `${already === 0 && total > 1 ? 'all ' : ''}${identitiesText(total - already)}`
  const what = report.verify ? `ISC reports ${submitted} as enabled` : `ISC accepted ${submitted}`
  return `${what}${at('in', report)}${others}.`
}

/** `9 of 1,000 identities failed in …, 2 of them ignored; 7 count (0.7%)` */
function failedText(report: RunReport): string {
  const { total, failed, ignored } = report.counts
  const text = `${countText(failed)} of ${identitiesText(total)} failed`
  const share = percentText(failed - ignored, total)
  if (ignored === 0) return `${text} (${share})${at('in', report)}`
  if (ignored === failed) return `${text}${at('in', report)}, all with an ignored status code`
  return `${text}${at('in', report)}, ${countText(ignored)} of them ignored; ${countText(failed - ignored)} count (${share})`
}

function namesText(thresholds: Findings['thresholds']): string {
  return thresholds.map(({ name, limit }) => `\`${name}\` ${limit}`).join(' and ')
}
