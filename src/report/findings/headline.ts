import { countOf } from '../../problems.ts'
import { clip } from '../words/harmless.ts'
import { countText, identitiesText, percentText } from '../words/numbers.ts'
import { hostOf } from '../words/stops.ts'
import type { Facts, StateGroup } from './facts.ts'

/** How the run ended. All texts may hold text from outside: they are to be made harmless for their sink. */
export interface Verdict {
  readonly icon: string
  /** One line that can be understood from a phone, with the tenant. */
  readonly text: string
  /** Why the run ended before all was done; null where it did not. */
  readonly why: string | null
  /** `Would enable 1,945: `, and how many of them are in each lifecycle state; null where no state was read. */
  readonly breakdown: Breakdown | null
}

export interface Breakdown {
  readonly what: string
  readonly states: readonly { readonly text: string; readonly isRare: boolean }[]
}

/** Everything in one line, for log and annotation. */
export function verdictLine({ text, why, breakdown }: Verdict): string {
  const states = breakdown && `${breakdown.what} ${breakdown.states.map(({ text }) => text).join(', ')}.`
  return [text, states, why].filter((part) => part !== null).join(' ')
}

/** As many lifecycle states are named; of more, the most frequent are counted together. */
const MOST_STATES = 8

/** The most frequent first; the few are always named. */
export function statesText(groups: readonly StateGroup[]): Breakdown['states'] {
  const named = groups.slice(groups.length > MOST_STATES ? 1 - MOST_STATES : 0)
  const others = sum(groups) - sum(named)
  const texts = named.map(({ name, identities, isRare }) => ({
    text: `${name} ${countText(identities.length)}`,
    isRare,
  }))
  return others === 0 ? texts : [{ text: `other states ${countText(others)}`, isRare: false }, ...texts]
}

function sum(groups: readonly StateGroup[]): number {
  return groups.reduce((total, { identities }) => total + identities.length, 0)
}

export function verdictOf(facts: Facts): Verdict {
  const { report, states, wording } = facts
  const what = report.dryRun ? 'Would enable' : report.verify ? 'Enabled' : 'Accepted'
  return {
    why: wording.stopped && clip(wording.stopped, 1_000),
    breakdown:
      states.length === 0 ? null : { what: `${what} ${countText(sum(states))}:`, states: statesText(states) },
    ...headlineOf(facts),
  }
}

type Headline = Pick<Verdict, 'icon' | 'text'> & Partial<Verdict>

function headlineOf(facts: Facts): Headline {
  const { result, problems, dryRun, stop, counts, thresholds, identities } = facts.report
  const [problem] = problems
  if (problem !== undefined) {
    const count = countOf(problems)
    const text =
      count === 1
        ? `Invalid input, nothing was submitted: ${clip(problem.message, 500)}`
        : `${countText(count)} problems in the inputs or the list, so the action submitted nothing.`
    return { icon: '❌', text, why: null }
  }
  // Why the run was cancelled is not known here; the reason would only repeat that it was.
  if (result === 'cancelled')
    return { icon: '🚫', text: `Cancelled${at('in', facts)}: ${outcomesText(facts)}.`, why: null }
  if (counts.total === 0 && result === 'success') return { icon: '✅', text: nothingText(facts) }
  const isFine = stop === null && !thresholds.exceeded && (dryRun || counts.unprocessed === 0)
  if (isFine && result === 'failure') {
    const text = dryRun ? planText(facts) : headlineOfSuccess(facts).text
    return { icon: '❌', text: `${text} The job fails, because outputs or report could not be written.` }
  }
  if (dryRun) return headlineOfPlan(facts)
  if (result === 'success') return headlineOfSuccess(facts)
  if (stop !== null && identities.every(({ attempts }) => attempts === 0))
    return { icon: '❌', text: `Nothing was submitted${at('to', facts)}.` }
  if (counts.unprocessed > 0 || counts.failed === 0)
    return { icon: '❌', text: `The run ended early${at('in', facts)}: ${outcomesText(facts)}.` }
  const broken = brokenText(facts)
  return { icon: '❌', text: `${failedText(facts)}${broken === null ? '' : `: ${broken}`}.` }
}

/** ` in acme.api.identitynow.com`; nothing where no tenant was given. */
function at(preposition: 'in' | 'to' | 'for', { report }: Facts): string {
  const host = hostOf(report.baseUrl)
  return host === '' ? '' : ` ${preposition} ${clip(host, 100)}`
}

function nothingText(facts: Facts): string {
  const { shard, counts } = facts.report
  const list = shard === null ? 'the list' : `shard ${shard} of the list`
  const why = counts.excluded > 0 ? `all identities of ${list} are excluded` : `${list} is empty`
  return `Nothing to do${at('in', facts)}: ${why}.`
}

function outcomesText({ report, of }: Facts): string {
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

function headlineOfPlan(facts: Facts): Headline {
  const { result, stop, statesRead, thresholds } = facts.report
  if (result === 'success') return { icon: '📋', text: planText(facts) }
  if (stop !== null && !statesRead) return { icon: '❌', text: `No plan could be made${at('for', facts)}.` }
  const failures = `${countText(thresholds.failing)} ${thresholds.failing === 1 ? 'failure' : 'failures'}`
  const end =
    stop !== null
      ? 'The run would submit nothing.'
      : `The run would fail: ${failures}, ${brokenText(facts) ?? 'and none are allowed'}.`
  return { icon: '❌', text: `${planText(facts)} ${end}` }
}

function planText(facts: Facts): string {
  const { of, report } = facts
  const { total } = report.counts
  if (of.unknown.length === total)
    return `Plan${at('for', facts)}, without states: would submit ${identitiesText(total)}.`
  const others = [
    [of.blocked, 'blocked'],
    [of['not-found'], 'not found'],
    [of.unresolved, 'without exactly one match'],
    [of.unknown, 'of unknown state'],
    [of['already-enabled'], 'already enabled'],
  ] as const
  const rest = others
    .filter(([{ length }]) => length > 0)
    .map(([{ length }, text]) => `, ${countText(length)} ${text}`)
  return `Plan${at('for', facts)}: would enable ${countText(of.enable.length)} of ${identitiesText(total)}${rest.join('')}.`
}

function headlineOfSuccess(facts: Facts): Headline {
  const { report, thresholds, of } = facts
  const { total, succeeded, failed, ignored } = report.counts
  if (failed > 0) {
    const within = failed === ignored || thresholds.length === 0 ? '' : `, within ${namesText(thresholds)}`
    return { icon: '🟡', text: `${failedText(facts)}${within}; ${countText(succeeded)} succeeded.` }
  }
  const already = of['already-enabled'].length
  const all = (count: number): string =>
    count === 1 ? '1 identity' : `${already === 0 ? 'all ' : ''}${identitiesText(count)}`
  if (already === total) {
    const what = total === 1 ? '1 identity was' : `all ${identitiesText(total)} were`
    return { icon: '✅', text: `Nothing to do${at('in', facts)}: ${what} already enabled.` }
  }
  const others = already === 0 ? '' : `; ${countText(already)} of ${countText(total)} were already enabled`
  const submitted = all(total - already)
  return {
    icon: '✅',
    text: report.verify
      ? `ISC reports ${submitted} as enabled${at('in', facts)}${others}.`
      : `ISC accepted ${submitted}${at('in', facts)}${others}.`,
  }
}

/** `9 of 1,000 identities failed in …, 2 of them ignored; 7 count (0.7 %)` */
function failedText(facts: Facts): string {
  const { total, failed, ignored } = facts.report.counts
  const text = `${countText(failed)} of ${identitiesText(total)} failed`
  if (ignored === 0) return `${text} (${percentText(failed, total)})${at('in', facts)}`
  if (ignored === failed) return `${text}${at('in', facts)}, all with an ignored status code`
  return `${text}${at('in', facts)}, ${countText(ignored)} of them ignored; ${countText(failed - ignored)} count (${percentText(failed - ignored, total)})`
}

/** `more than `max-failures` 6`; null where none is set. */
function brokenText({ thresholds }: Facts): string | null {
  const exceeded = thresholds.filter(({ isExceeded }) => isExceeded)
  return exceeded.length === 0 ? null : `more than ${namesText(exceeded)}`
}

function namesText(thresholds: Facts['thresholds']): string {
  return thresholds.map(({ name, limit }) => `\`${name}\` ${limit}`).join(' and ')
}
