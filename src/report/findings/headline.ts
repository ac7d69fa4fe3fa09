import { countOf } from '../../problems.ts'
import { clip } from '../words/harmless.ts'
import { countText, identitiesText, percentText } from '../words/numbers.ts'
import type { RunReport } from '../run-report.ts'
import { countFates } from './fates.ts'
import { thresholdsOf } from './threshold-rows.ts'

/** How the run ended. Both texts may hold text from outside: they are to be made harmless for their sink. */
export interface Verdict {
  readonly icon: string
  /** One line that can be understood from a phone, with the tenant. */
  readonly text: string
  /** Why the run ended before everything was processed; null where it did not. */
  readonly why: string | null
}

/** Everything in one line, for log and annotation. */
export function verdictLine({ text, why }: Verdict): string {
  return why === null ? text : `${text} ${why}`
}

export function verdictOf(report: RunReport): Verdict {
  const { result, problems, dryRun, stopped, counts } = report
  const why = stopped === null ? null : clip(stopped, 1_000)
  const [problem, ...others] = problems
  if (problem !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${countText(countOf(others))} more)`
    return {
      icon: '❌',
      text: `Bad input, nothing was sent: ${clip(problem.message, 500)}${more}`,
      why: null,
    }
  }
  // Why somebody cancelled is not known here; the reason would only say once more that somebody did.
  if (result === 'cancelled')
    return { icon: '🚫', text: `Cancelled${on(report)}: ${outcomesText(report)}.`, why: null }
  if (counts.total === 0 && result === 'success') return { icon: '✅', text: nothingText(report), why }
  if (dryRun) return { ...verdictOfPlan(report), why }
  if (result === 'success') return { ...verdictOfSuccess(report), why }
  if (stopped !== null && report.identities.every(({ attempts }) => attempts === 0))
    return { icon: '❌', text: `Nothing was sent${on(report)}.`, why }
  if (counts.unprocessed > 0 || counts.failed === 0)
    return { icon: '❌', text: `The run ended early${on(report)}: ${outcomesText(report)}.`, why }
  const broken = brokenText(report)
  return { icon: '❌', text: `${failedText(report)}${broken === null ? '' : `: ${broken}`}.`, why }
}

/** ` on acme.api.identitynow.com`; nothing where no tenant was given. */
function on({ baseUrl }: RunReport): string {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
  return host === '' ? '' : ` on ${clip(host, 100)}`
}

function nothingText(report: RunReport): string {
  const { shard, counts } = report
  const list = shard === null ? 'the list' : `shard ${shard} of the list`
  const why = counts.excluded > 0 ? `everyone on ${list} is excluded` : `${list} is empty`
  return `Nothing to do${on(report)}: ${why}.`
}

function outcomesText(report: RunReport): string {
  const { total, succeeded, failed, unprocessed } = report.counts
  if (report.dryRun) return 'the plan is not complete'
  if (total === 0) return 'nothing was sent'
  return `${countText(succeeded)} of ${identitiesText(total)} succeeded, ${countText(failed)} failed, ${countText(unprocessed)} not processed`
}

function verdictOfPlan(report: RunReport): Pick<Verdict, 'icon' | 'text'> {
  const { result, stopped, statesRead, thresholds } = report
  if (result === 'success') return { icon: '📋', text: planText(report) }
  if (stopped !== null && !statesRead) return { icon: '❌', text: `The plan could not be made${on(report)}.` }
  const end =
    stopped !== null
      ? 'A run would send nothing.'
      : `A run would fail: ${countText(thresholds.failing)} ${thresholds.failing === 1 ? 'failure' : 'failures'}, ${brokenText(report) ?? 'where none is allowed'}.`
  return { icon: '❌', text: `${planText(report)} ${end}` }
}

function planText(report: RunReport): string {
  const { total } = report.counts
  const fates = countFates(report)
  if (fates.unknown === total)
    return `Plan${on(report)}, from the list alone: would send ${identitiesText(total)}, whose states are not known.`
  const others = [
    [fates['already-enabled'], 'already enabled'],
    [fates.refused, 'refused'],
    [fates['not-found'], 'not found'],
    [fates.unresolved, 'without a match'],
    [fates.unknown, 'of unknown state'],
  ] as const
  const rest = others.filter(([count]) => count > 0).map(([count, text]) => `, ${countText(count)} ${text}`)
  return `Plan${on(report)}: would enable ${countText(fates.enable)} of ${identitiesText(total)}${rest.join('')}.`
}

function verdictOfSuccess(report: RunReport): Pick<Verdict, 'icon' | 'text'> {
  const { total, succeeded, failed, ignored } = report.counts
  if (failed > 0) {
    const set = thresholdsOf(report)
    const within = failed === ignored || set.length === 0 ? '' : `, within ${namesText(set)}`
    return { icon: '🟡', text: `${failedText(report)}${within}; ${countText(succeeded)} succeeded.` }
  }
  const already = countFates(report)['already-enabled']
  const all = (count: number): string =>
    count === 1 ? '1 identity' : `${already === 0 ? 'all ' : ''}${identitiesText(count)}`
  if (already === total) {
    const everyone = total === 1 ? '1 identity was' : `all ${identitiesText(total)} were`
    return { icon: '✅', text: `Nothing to do${on(report)}: ${everyone} enabled already.` }
  }
  const others = already === 0 ? '' : `; ${countText(already)} of ${countText(total)} were enabled already`
  const sent = all(total - already)
  return {
    icon: '✅',
    text: report.verify
      ? `ISC reports ${sent} as enabled${on(report)}${others}.`
      : `ISC accepted ${sent}${on(report)}${others}.`,
  }
}

/** `9 of 1,000 identities failed on …, 2 of them ignored; 7 count (0.7 %)` */
function failedText(report: RunReport): string {
  const { total, failed, ignored } = report.counts
  const text = `${countText(failed)} of ${identitiesText(total)} failed`
  if (ignored === 0) return `${text} (${percentText(failed, total)})${on(report)}`
  if (ignored === failed) return `${text}${on(report)}, all with an ignored status code`
  return `${text}${on(report)}, ${countText(ignored)} of them ignored; ${countText(failed - ignored)} count (${percentText(failed - ignored, total)})`
}

/** `more than max-failures 6`; null where none is set. */
function brokenText(report: RunReport): string | null {
  const exceeded = thresholdsOf(report).filter(({ isExceeded }) => isExceeded)
  return exceeded.length === 0 ? null : `more than ${namesText(exceeded)}`
}

function namesText(thresholds: readonly { name: string; limit: string }[]): string {
  return thresholds.map(({ name, limit }) => `${name} ${limit}`).join(' and ')
}
