import type { Cause } from '../../identity.ts'
import type { StopReason } from '../../failure.ts'
import type { Findings } from '../findings/findings.ts'
import type { RunReport } from '../run-report.ts'
import { countText, identitiesText } from '../words/numbers.ts'

/** What to do about the way the run ended, as Markdown without text from outside. */
export function nextStepsOf(findings: Findings, isOnlyShown: boolean): string[] {
  const { report } = findings
  const reason = report.stop?.reason
  if (report.problems.length > 0)
    return ['Fix these problems. The action submitted nothing, so there is nothing to undo.']
  if (reason === 'wrong-tenant')
    return [`Fix the cause described above, then ${report.dryRun ? 'make a new plan' : 'run again'}.`]
  return report.dryRun ? stepsOfPlan(findings, isOnlyShown) : stepsOfRun(findings)
}

function stepsOfPlan({ report, of, rare }: Findings, isOnlyShown: boolean): string[] {
  const steps: string[] = []
  if (rare.size > 0)
    steps.push(
      `Check the lifecycle states in bold: ${identitiesText(rare.size)}. To keep leavers disabled, set \`refuse-states\`.`,
    )
  const isUsable = report.result === 'success' && report.baseUrl !== '' && isJson(report)
  // A report is trusted as a list is: never one from a run that only a proposal started (SECURITY.md).
  if (isUsable && !isOnlyShown && of.enable.length + of.unknown.length > 0)
    steps.push(
      'To apply exactly this plan, pass its report (output `results-file`) to `from-report` in a later step. If a job of this workflow does that after an approval, approve it.',
    )
  const notFound = of['not-found'].length + of.unresolved.length
  if (notFound > 0)
    steps.push('Correct or remove the entries that were not found. A run would report them as failed.')
  if (of.blocked.length > 0)
    steps.push(
      'Remove the blocked identities from the list. A run does not submit them, and they count as failed.',
    )
  const stop = report.stop && STOPPED_PLAN[report.stop.reason]
  if (stop) steps.push(stop)
  if (report.result === 'failure' && report.statesRead)
    steps.push('Make a new plan: a plan that failed cannot be applied.')
  return steps
}

/** What the reason's own sentence does not say. */
const STOPPED_PLAN: Readonly<Partial<Record<StopReason, string>>> = {
  cancelled: 'Make a new plan: this one is not complete.',
  authentication: 'Fix the credential, then make a new plan.',
  unreachable: 'Fix the connection to ISC, then make a new plan.',
  rejected: 'Fix the cause described above, then make a new plan.',
  'states-unknown': 'Make a new plan: this one does not show what a run would do.',
  'internal-error': 'Make a new plan. If this happens again, open an issue with the log of this run.',
}

/** What to do about each kind of failure, in the order in which it is said. `true`: a retry would end the same way. */
const ADVICE = {
  unconfirmed: [
    'Accepted, but not enabled yet',
    'Check them in ISC. If ISC is slow, increase `verify-timeout`.',
  ],
  'state-blocked': [
    'Blocked by `refuse-states`',
    'Remove the entries from the list, or the state from `refuse-states`.',
    true,
  ],
  changed: ['Lifecycle state changed since the plan', 'Make a new plan, and have it approved.', true],
  'blocked-before': ['Blocked by an earlier run', 'Make a new plan, and have it approved.', true],
  'state-unknown': ['Blocked, with an unknown lifecycle state', 'Check these identities in ISC.', true],
  'approval-unknown': ['Approved lifecycle state unknown', 'Make a new plan, and have it approved.', true],
  ambiguous: ['Several matches', 'List the right identity by its ID.', true],
  unknown: ['Not found', 'Remove the entries from the list, or check the tenant.', true],
  'rejected-whole': [
    'In a request that ISC rejected as a whole',
    'Fix the cause that is listed under Reasons.',
  ],
  unanswered: ['Without an answer', 'ISC might have enabled them. A plan (`dry-run`) shows their state now.'],
  overloaded: ['Failed because ISC was overloaded or unavailable', 'Retry later.'],
} as const satisfies Readonly<Record<string, readonly [what: string, advice: string, isFinal?: true]>>

type AdviceKind = keyof typeof ADVICE

/** null where the reason says all there is to say. */
function adviceKindOf(cause: Cause): AdviceKind | null {
  switch (cause.kind) {
    case 'answered':
      if (cause.statusCode === 404) return 'unknown'
      return isOverload(cause.statusCode) ? 'overloaded' : null
    case 'request-failed':
      if (cause.failure.kind === 'no-answer') return 'unanswered'
      return isOverload(cause.failure.status) ? 'overloaded' : 'rejected-whole'
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

function stepsOfRun({ report, of }: Findings): string[] {
  const numbers = new Map<AdviceKind, number>()
  let retryable = report.counts.unprocessed
  for (const { cause } of [...of.failed, ...of.blocked]) {
    const kind = cause && adviceKindOf(cause)
    if (kind !== null) numbers.set(kind, (numbers.get(kind) ?? 0) + 1)
    if (kind === null || ADVICE[kind].length < 3) retryable += 1
  }
  const steps = (Object.keys(ADVICE) as AdviceKind[]).flatMap((kind) => {
    const [what, advice] = ADVICE[kind]
    const number = numbers.get(kind)
    return number === undefined ? [] : [`${what}: ${identitiesText(number)}. ${advice}`]
  })
  const isSubmitted = report.identities.some(({ attempts }) => attempts > 0)
  if (report.stop?.reason === 'internal-error')
    steps.push('If this error happens again, open an issue with the log of this run.')
  if (report.counts.unprocessed > 0 && !isSubmitted && report.stop?.reason !== 'cancelled')
    return [...steps, 'Fix the cause described above, then run again.']
  if (report.counts.unprocessed > 0) steps.push(unprocessedStep(report, of.unverified.length))
  if (retryable > 0) steps.push(retryStep(report))
  return steps
}

function unprocessedStep({ identities, counts }: RunReport, unverified: number): string {
  const submitted = identities.filter(
    ({ outcome, attempts }) => outcome === 'unprocessed' && attempts > 0,
  ).length
  const what = `${identitiesText(counts.unprocessed)} ${counts.unprocessed === 1 ? 'was' : 'were'} not processed.`
  const might = (count: number): string => (count === 1 ? 'it might' : 'they might')
  if (unverified > 0)
    return `${what} ISC accepted ${countText(unverified)} of them, so ${might(unverified)} be enabled.`
  const were = submitted === 1 ? 'was' : 'were'
  return submitted === 0
    ? what
    : `${what} ${countText(submitted)} of them ${were} submitted, so ${might(submitted)} be enabled.`
}

/** How to retry only what a second try may change: nothing that was blocked is submitted that way. */
function retryStep(report: RunReport): string {
  const again = 'To retry, run again with the same list: enabling an identity twice is harmless.'
  // The sentence on the outage says already what to pass the report to.
  if (report.stop?.reason === 'outage')
    return isJson(report)
      ? `${again} The runner deletes the report (output \`results-file\`) after the job, unless a step uploads it.`
      : `${again} Only a report written as \`.json\` (\`results-file\`) can be passed on.`
  return isJson(report)
    ? `${again} To retry only these identities, pass this run's report (output \`results-file\`) to \`from-report\`. The runner deletes the report after the job, unless a step uploads it.`
    : `${again} To retry only these identities, write the report as \`.json\` (\`results-file\`), and pass it to \`from-report\`.`
}

function isJson({ resultsFile }: RunReport): boolean {
  return resultsFile.toLowerCase().endsWith('.json')
}
