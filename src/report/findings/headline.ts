import { countOf } from '../../problems.ts'
import { clip } from '../words/harmless.ts'
import { countedText, countText, identitiesText, percentText } from '../words/numbers.ts'
import { hostOf } from '../words/failures.ts'
import { COUNTED } from './categories.ts'
import { sizeOf, statesText, type Findings } from './findings.ts'

/** How the run ended. All texts may hold text from outside: they are to be made harmless for their sink. */
export interface Verdict {
  readonly icon: string
  /** One line that can be understood from a phone, with the tenant. */
  readonly text: string
  /** Why the run ended before all was done; null where it did not. */
  readonly why: string | null
  /** `Would enable 1,945:`, and how many of them are in each lifecycle state; null where no state was read. */
  readonly breakdown: { readonly what: string; readonly states: ReturnType<typeof statesText> } | null
}

/** Everything in one line, for log and annotation. */
export function verdictLine(findings: Findings): string {
  const { text, why, breakdown } = verdictOf(findings)
  const states = breakdown && `${breakdown.what} ${breakdown.states.map(({ text }) => text).join(', ')}.`
  return [text, states, why].filter((part) => part !== null).join(' ')
}

export function verdictOf(findings: Findings): Verdict {
  const { report, states, wording } = findings
  const [icon, text] = headlineOf(findings)
  const what = report.dryRun ? 'Would enable' : report.verify ? 'Enabled' : 'Accepted'
  // Of a cancelled run, the reason would only repeat that it was: why is not known here.
  const isSaid = report.problems.length > 0 || report.result === 'cancelled'
  return {
    icon,
    text,
    why: isSaid || wording.stopped === null ? null : clip(wording.stopped, 1_000),
    breakdown:
      states.length === 0
        ? null
        : { what: `${what} ${countText(sizeOf(states))}:`, states: statesText(states) },
  }
}

type Headline = readonly [icon: string, text: string]

function headlineOf(findings: Findings): Headline {
  const { result, problems, dryRun, stop, counts, thresholds, identities } = findings.report
  const [problem] = problems
  if (problem !== undefined) {
    const count = countOf(problems)
    return count === 1
      ? ['❌', `Invalid input, nothing was submitted: ${clip(problem.message, 500)}`]
      : ['❌', `${countText(count)} problems in the inputs or the list, so the action submitted nothing.`]
  }
  if (result === 'cancelled') return ['🚫', `Cancelled${at('in', findings)}: ${outcomesText(findings)}.`]
  if (counts.total === 0 && result === 'success') return ['✅', nothingText(findings)]
  const isFine = stop === null && !thresholds.exceeded && (dryRun || counts.unprocessed === 0)
  if (isFine && result === 'failure') {
    const text = dryRun ? planText(findings) : headlineOfSuccess(findings)[1]
    return ['❌', `${text} The job fails, because the outputs or the report could not be written.`]
  }
  if (dryRun) return headlineOfPlan(findings)
  if (result === 'success') return headlineOfSuccess(findings)
  if (stop !== null && identities.every(({ attempts }) => attempts === 0))
    return ['❌', `Nothing was submitted${at('to', findings)}.`]
  if (counts.unprocessed > 0 || counts.failed === 0)
    return ['❌', `The run ended early${at('in', findings)}: ${outcomesText(findings)}.`]
  const broken = brokenText(findings)
  return ['❌', `${failedText(findings)}${broken === null ? '' : `: ${broken}`}.`]
}

/** ` in acme.api.identitynow.com`; nothing where no tenant was given. */
function at(preposition: 'in' | 'to' | 'for', { report }: Findings): string {
  const host = hostOf(report.baseUrl)
  return host === '' ? '' : ` ${preposition} ${clip(host, 100)}`
}

function nothingText(findings: Findings): string {
  const { shard, counts, haveListsChanged } = findings.report
  if (!haveListsChanged) return `Nothing to do${at('in', findings)}: no list changed.`
  const list = shard === null ? 'the list' : `shard ${shard} of the list`
  const why = counts.excluded > 0 ? `all identities of ${list} are excluded` : `${list} is empty`
  return `Nothing to do${at('in', findings)}: ${why}.`
}

function outcomesText({ report, of }: Findings): string {
  const { total, succeeded, failed } = report.counts
  if (report.dryRun) return 'the plan is not complete'
  if (total === 0) return 'nothing was submitted'
  const unverified = of.unverified.length
  return [
    `${countText(succeeded)} of ${identitiesText(total)} succeeded`,
    `${countText(failed)} failed`,
    ...(unverified === 0 ? [] : [`${countText(unverified)} accepted, but not verified`]),
    `${countText(of.unprocessed.length)} not processed`,
  ].join(', ')
}

function headlineOfPlan(findings: Findings): Headline {
  const { result, stop, statesRead, thresholds } = findings.report
  if (result === 'success') return ['📋', planText(findings)]
  if (stop !== null && !statesRead) return ['❌', `No plan could be made${at('for', findings)}.`]
  const broken = brokenText(findings) ?? 'and none are allowed'
  const end =
    stop === null
      ? `The run would fail: ${countedText(thresholds.failing, 'failure')}, ${broken}.`
      : 'The run would submit nothing.'
  return ['❌', `${planText(findings)} ${end}`]
}

function planText(findings: Findings): string {
  const { of, report } = findings
  const { total } = report.counts
  if (of.unknown.length === total)
    return `Plan${at('for', findings)}, without states: would submit ${identitiesText(total)}.`
  const others = ['blocked', 'not-found', 'unresolved', 'unknown', 'already-enabled'] as const
  const rest = others
    .filter((category) => of[category].length > 0)
    .map((category) => `, ${countText(of[category].length)} ${COUNTED[category]}`)
  return `Plan${at('for', findings)}: would enable ${countText(of.enable.length)} of ${identitiesText(total)}${rest.join('')}.`
}

function headlineOfSuccess(findings: Findings): Headline {
  const { report, thresholds, of } = findings
  const { total, succeeded, failed, ignored } = report.counts
  if (failed > 0) {
    const within = failed === ignored || thresholds.length === 0 ? '' : `, within ${namesText(thresholds)}`
    return ['🟡', `${failedText(findings)}${within}; ${countText(succeeded)} succeeded.`]
  }
  const already = of['already-enabled'].length
  if (already === total) {
    const what = total === 1 ? '1 identity was' : `all ${identitiesText(total)} were`
    return ['✅', `Nothing to do${at('in', findings)}: ${what} already enabled.`]
  }
  const others = already === 0 ? '' : `; ${countText(already)} of ${countText(total)} were already enabled`
  const submitted = `${already === 0 && total > 1 ? 'all ' : ''}${identitiesText(total - already)}`
  const what = report.verify ? `ISC reports ${submitted} as enabled` : `ISC accepted ${submitted}`
  return ['✅', `${what}${at('in', findings)}${others}.`]
}

/** `9 of 1,000 identities failed in …, 2 of them ignored; 7 count (0.7 %)` */
function failedText(findings: Findings): string {
  const { total, failed, ignored } = findings.report.counts
  const text = `${countText(failed)} of ${identitiesText(total)} failed`
  if (ignored === 0) return `${text} (${percentText(failed, total)})${at('in', findings)}`
  if (ignored === failed) return `${text}${at('in', findings)}, all with an ignored status code`
  return `${text}${at('in', findings)}, ${countText(ignored)} of them ignored; ${countText(failed - ignored)} count (${percentText(failed - ignored, total)})`
}

/** `more than `max-failures` 6`; null where none is set. */
function brokenText({ thresholds }: Findings): string | null {
  const exceeded = thresholds.filter(({ isExceeded }) => isExceeded)
  return exceeded.length === 0 ? null : `more than ${namesText(exceeded)}`
}

function namesText(thresholds: Findings['thresholds']): string {
  return thresholds.map(({ name, limit }) => `\`${name}\` ${limit}`).join(' and ')
}
