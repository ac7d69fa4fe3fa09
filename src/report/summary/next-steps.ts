import type { Cause } from '../../identity.ts'
import { isOfAnotherTenant } from '../../policy/guards.ts'
import { countFates } from '../findings/fates.ts'
import type { RunReport } from '../run-report.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import type { Repository } from '../words/place.ts'

/** What to do about the way the run ended, as Markdown without text from outside. */
export function nextStepsOf(report: RunReport, repository: Repository | null): string[] {
  if (report.problems.length > 0)
    return ['Correct the inputs named above. Nothing was sent, so nothing has to be undone.']
  if (isOfAnotherTenant(report.identities))
    return ['Check `tenant` (or `base-url`), or take the list for this tenant.']
  return report.dryRun ? stepsOfPlan(report, repository?.isProposed ?? false) : stepsOfRun(report)
}

function stepsOfPlan(report: RunReport, isProposed: boolean): string[] {
  const fates = countFates(report)
  const steps: string[] = []
  const changes: string[] = []
  if (fates.enable > 0) changes.push(`enable ${identitiesText(fates.enable)}`)
  if (fates.unknown > 0) changes.push(`send ${identitiesText(fates.unknown)} of unknown state`)
  if (report.result === 'success' && report.identities.length > 0) {
    // A report is trusted as a list is: never one from a run that only a proposal started (SECURITY.md).
    const isForUse = changes.length > 0 && isJson(report) && report.baseUrl !== '' && !isProposed
    steps.push(
      `A run would ${changes.length > 0 ? changes.join(' and ') : 'enable nobody'}.${isForUse ? ' To apply this plan and nothing else, give its report (output `results-file`) to `from-report`.' : ''}`,
    )
  }
  if (fates['not-found'] + fates.unresolved > 0)
    steps.push('Correct or remove the entries that were not found: a run would report them as failed.')
  if (fates.refused > 0)
    steps.push('Take those who were refused off the list: they are not sent, and count as failures.')
  if (report.result === 'failure' && report.statesRead)
    steps.push('Plan again afterwards: a plan that failed cannot be applied.')
  return steps
}

interface Advice {
  readonly step: (count: string) => string
  /** Sending it again would end the same way. */
  readonly isFinal?: true
}

/** What to do about each kind of failure, in the order in which it is said. */
const ADVICE = {
  unconfirmed: {
    step: (count) =>
      `${count} accepted, but not confirmed as enabled: look at them in ISC; if they were only slow, raise \`verify-timeout\`.`,
  },
  'state-blocked': {
    isFinal: true,
    step: (count) =>
      `${count} refused because of the state, and not sent: take them off the list, or the state out of \`refuse-states\`.`,
  },
  changed: {
    isFinal: true,
    step: (count) =>
      `${count} refused because the lifecycle state is another one than in the plan: make a new plan, and have it approved.`,
  },
  'blocked-before': {
    isFinal: true,
    step: (count) =>
      `${count} refused because the run before refused them too: make a new plan, and have it approved.`,
  },
  'state-unknown': {
    isFinal: true,
    step: (count) => `${count} blocked because the lifecycle state is not known: check them in ISC.`,
  },
  'approval-unknown': {
    isFinal: true,
    step: (count) => `${count} blocked because the approved lifecycle state is not known: make a new plan.`,
  },
  ambiguous: {
    isFinal: true,
    step: (count) => `${count} with several matches: name the one that is meant by its id.`,
  },
  unknown: {
    isFinal: true,
    step: (count) =>
      `${count} unknown to this tenant: remove them from the list, or check that the tenant is the right one.`,
  },
  'refused-whole': {
    step: (count) =>
      `${count} in a request that was refused whole: mend the cause named above, then run again.`,
  },
  unanswered: {
    step: (count) =>
      `${count} without an answer: ISC may have taken the tasks on all the same. A plan (\`dry-run\`) shows who is enabled by now; enabling twice does no harm.`,
  },
  overloaded: {
    step: (count) => `${count} failed because ISC was overloaded or unavailable: run again later.`,
  },
} as const satisfies Readonly<Record<string, Advice>>

type Kind = keyof typeof ADVICE

/** The kind of a failure; null where its reason says all there is to say. */
function kindOf(cause: Cause): Kind | null {
  switch (cause.kind) {
    case 'answered':
      if (cause.statusCode === 404) return 'unknown'
      return isOverload(cause.statusCode) ? 'overloaded' : null
    case 'request-failed':
      if (cause.statusCode === null) return 'unanswered'
      return isOverload(cause.statusCode) ? 'overloaded' : 'refused-whole'
    case 'missing':
      return 'unanswered'
    case 'absent':
      return 'unknown'
    case 'already-enabled':
      return null
    default:
      return cause.kind
  }
}

function isOverload(statusCode: number): boolean {
  return statusCode === 429 || statusCode >= 500
}

function stepsOfRun(report: RunReport): string[] {
  const numbers = new Map<Kind, number>()
  let [isSent, inDoubt, worthAnotherTry] = [false, 0, report.counts.unprocessed]
  for (const { attempts, outcome, ignored, cause } of report.identities) {
    isSent ||= attempts > 0
    if (outcome === 'unprocessed' && attempts > 0) inDoubt += 1
    if (outcome !== 'failed' || ignored || cause === null) continue
    const kind = kindOf(cause)
    if (kind !== null) numbers.set(kind, (numbers.get(kind) ?? 0) + 1)
    if (kind === null || !isFinal(kind)) worthAnotherTry += 1
  }
  const steps = (Object.keys(ADVICE) as Kind[]).flatMap((kind) => {
    const count = numbers.get(kind) ?? 0
    return count === 0 ? [] : [ADVICE[kind].step(identitiesText(count))]
  })
  if (report.counts.unprocessed > 0 && !isSent) steps.push('Mend the cause named above, then run again.')
  else if (worthAnotherTry > 0) steps.push(againText(report, inDoubt))
  return steps
}

function isFinal(kind: Kind): boolean {
  const advice: Advice = ADVICE[kind]
  return advice.isFinal === true
}

/** How to run again only what is left to do: nothing that was refused as a whole is sent that way. */
function againText(report: RunReport, inDoubt: number): string {
  const { unprocessed } = report.counts
  const sent = inDoubt > 0 ? `, ${countText(inDoubt)} of them sent, and perhaps enabled` : ''
  const rest = unprocessed > 0 ? `${identitiesText(unprocessed)} not processed${sent}. ` : ''
  const how = isJson(report)
    ? 'give this run’s report (output `results-file`) to `from-report`.'
    : 'write the report as `.json` (`results-file`), and give it to `from-report`.'
  return `${rest}To run again only what failed or is left, ${how} Enabling twice does no harm.`
}

function isJson({ resultsFile }: RunReport): boolean {
  return resultsFile.toLowerCase().endsWith('.json')
}
