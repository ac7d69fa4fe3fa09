import { statusCodeOf, type Cause, type Identity } from '../../identity.ts'
import type { StopReason } from '../../failure.ts'
import { isSameState } from '../../policy/decision.ts'
import { countOf } from '../../problems.ts'
import type { Findings } from '../findings/findings.ts'
import { unprocessedText } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { identitiesText } from '../words/phrases.ts'

/** What to do about the way the run ended, as Markdown without text from outside. */
export function nextStepsOf(findings: Findings): string[] {
  const { dryRun, problems, stop } = findings.report
  if (problems.length > 0)
    return [
      `Fix ${countOf(problems) === 1 ? 'this problem' : 'these problems'}. The action submitted nothing, so there is nothing to undo.`,
    ]
  if (stop?.reason === 'wrong-tenant')
    return [`Fix the cause described above, then ${dryRun ? 'make a new plan' : 'run again'}.`]
  const steps = dryRun ? stepsOfPlan(findings) : stepsOfRun(findings)
  return steps.filter((step) => typeof step === 'string')
}

/** A step, where it applies. */
type Step = string | false | null | undefined

/** What the reason's own sentence does not say. */
const STOPPED_PLAN: Readonly<Partial<Record<StopReason, string>>> = {
  cancelled: 'Make a new plan: this one is not complete.',
  authentication: 'Fix the credential, then make a new plan.',
  unreachable: 'Fix the connection to ISC, then make a new plan.',
  rejected: 'Fix the cause described above, then make a new plan.',
  'states-unknown': 'Fix the cause described above, then make a new plan.',
  'internal-error': 'Make a new plan. If this happens again, open an issue with the log of this run.',
}

function stepsOfPlan({ report, of, rare, repository }: Findings): Step[] {
  const { result, stop, statesRead, baseUrl } = report
  // A report is trusted as a list is: never one from a run that only a proposal started (SECURITY.md).
  const isUsable =
    result === 'success' && baseUrl !== '' && isJson(report) && repository?.isOnlyShown !== true
  return [
    rare.size > 0 &&
      `Check the lifecycle states in bold: ${identitiesText(rare.size)}. To keep leavers disabled, set \`refuse-states\`.`,
    isUsable &&
      of.enable.length + of.unknown.length > 0 &&
      'To apply exactly this plan, pass its report (output `results-file`) to `from-report` in a later step. If a job of this workflow does that after an approval, approve it.',
    of['not-found'].length + of.unresolved.length > 0 &&
      'Correct or remove the entries that were not found. A run would report them as failed.',
    of.blocked.length > 0 &&
      'Remove the blocked identities from the list. A run does not submit them, and they count as failed.',
    stop && STOPPED_PLAN[stop.reason],
    result === 'failure' && statesRead && 'Make a new plan: a plan that failed cannot be applied.',
  ]
}

type AdviceKind = Exclude<Cause['kind'], 'answered' | 'already-enabled'> | 'unreadable' | 'overloaded'

/** What to do about each kind of failure, in the order in which it is said. */
const ADVICE: Readonly<Record<AdviceKind, string>> = {
  unconfirmed:
    'Accepted, but not enabled yet: COUNT. Check them in ISC. If ISC is slow, increase `verify-timeout`.',
  'state-blocked':
    'Blocked by `refuse-states`: COUNT. Remove the entries from the list, or the value from `refuse-states`.',
  changed: 'Lifecycle state changed since the plan: COUNT. Make a new plan, and have it approved.',
  'blocked-before': 'Blocked by an earlier run: COUNT. Make a new plan, and have it approved.',
  'state-unknown': 'Blocked, with an unknown lifecycle state: COUNT. Check these identities in ISC.',
  'approval-unknown': 'Approved lifecycle state unknown: COUNT. Make a new plan, and have it approved.',
  ambiguous: 'Several matches: COUNT. List the right identity by its ID.',
  absent: 'Not found: COUNT. Remove the entries from the list, or check the tenant.',
  'request-failed': 'In a request that ISC rejected: COUNT. Fix the cause under Reasons.',
  unreadable:
    'In a request whose answer the action could not read: COUNT. ISC might have enabled them. Check `base-url` and the proxy, then make a plan (`dry-run`).',
  missing:
    'Without an answer: COUNT. ISC might have enabled them. A plan (`dry-run`) shows which are enabled.',
  overloaded: 'Failed because ISC was overloaded or unavailable: COUNT. Retry later.',
}

/** The advice for a cause, if there is any. It depends on the kind of the cause, and for answers on the status. */
function adviceKindOf(cause: Cause): string {
  const status = statusCodeOf(cause)
  if (cause.kind === 'request-failed' && cause.failure.kind === 'unreadable') return 'unreadable'
  if (cause.kind === 'request-failed' && status === null) return 'missing'
  if (cause.kind !== 'answered' && cause.kind !== 'request-failed') return cause.kind
  if (status !== null && (status === 429 || status >= 500)) return 'overloaded'
  return cause.kind === 'answered' && status === 404 ? 'absent' : cause.kind
}

/** Whether a plan approved another lifecycle state, so that the identity stays blocked without `refuse-states` too. */
function isOtherThanApproved({ approval, observed }: Identity): boolean {
  if (approval?.kind !== 'approved' || observed === null || observed === 'absent') return false
  return !isSameState(approval.lifecycleState, observed.lifecycleState)
}

function stepsOfRun({ report, of }: Findings): Step[] {
  const { counts, identities, stop } = report
  const kinds = Map.groupBy([...of.failed, ...of.blocked], (identity) => {
    if (identity.cause?.kind === 'state-blocked' && isOtherThanApproved(identity)) return 'changed'
    return identity.cause && adviceKindOf(identity.cause)
  })
  const steps: Step[] = Object.entries(ADVICE).map(([kind, text]) => {
    const found = kinds.get(kind)
    return found && text.replace('COUNT', identitiesText(found.length))
  })
  if (stop?.reason === 'internal-error')
    steps.push('If this error happens again, open an issue with the log of this run.')
  const isSubmitted = identities.some(({ attempts }) => attempts > 0)
  if (counts.unprocessed > 0 && !isSubmitted && stop?.reason !== 'cancelled')
    return [...steps, 'Fix the cause described above, then run again.']
  // What was blocked, not found, or found several times would end the same way again.
  const isFinal = (cause: Cause): boolean => ['absent', 'ambiguous'].includes(adviceKindOf(cause))
  const isRetryable = of.failed.some(({ cause }) => cause === null || !isFinal(cause))
  return [
    ...steps,
    of.unverified.length > 0 &&
      `ISC accepted ${identitiesText(of.unverified.length)}, but the run ended before verification. Make a plan (\`dry-run\`) to see which are enabled.`,
    of.unprocessed.length > 0 && unprocessedText(report, of.unprocessed),
    (counts.unprocessed > 0 || isRetryable) && retryStep(report),
  ]
}

/** How to retry only what a second try may change: nothing that was blocked is submitted that way. */
function retryStep(report: RunReport): string {
  // The sentence on an outage says already what to pass the report to.
  const isOutage = report.stop?.reason === 'outage'
  if (report.isFromReport && report.statesRead && !isOutage)
    return 'To retry, re-run the job (on GitHub: **Re-run failed jobs**). It takes the same report, and does not submit identities that are enabled.'
  const again = `${isOutage ? 'You can also' : 'To retry,'} run again with the same ${report.isFromReport ? 'report' : 'list'}. It enables identities that were disabled in the meantime, unless a guard prevents that.`
  if (!isJson(report))
    return `${again} To retry only these identities, write the report as \`.json\` (\`results-file\`), and pass it to \`from-report\`.`
  return isOutage
    ? `${again} To use the report later, upload it in a step, because the runner deletes it after the job.`
    : `${again} To retry only these identities, pass this run's report to \`from-report\`. The runner deletes the report (output \`results-file\`) after the job, unless a step uploads it.`
}

function isJson({ resultsFile }: RunReport): boolean {
  return resultsFile.toLowerCase().endsWith('.json')
}
