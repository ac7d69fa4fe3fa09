import { statusCodeOf } from '../../identity.ts'
import { identitiesText } from '../words/numbers.ts'
import { countIntents } from '../findings/intents.ts'
import type { RunReport } from '../run-report.ts'

/** What to do about the way the run ended, as Markdown without text from outside. */
export function nextStepsOf(report: RunReport): string[] {
  if (report.problems.length > 0)
    return ['Correct the inputs named above. Nothing was sent, so nothing has to be undone.']
  if (report.dryRun) return report.result === 'success' ? stepsOfPlan(report) : []
  return stepsOfRun(report)
}

function stepsOfPlan({ identities, skipEnabled }: RunReport): string[] {
  const intents = countIntents(identities)
  const steps: string[] = []
  const changes: string[] = []
  if (intents.enable > 0) changes.push(`enable ${identitiesText(intents.enable)}`)
  if (intents.unknown > 0) changes.push(`send ${identitiesText(intents.unknown)} of unknown state`)
  if (identities.length > 0) {
    steps.push(
      `A run without \`dry-run\` would ${changes.length > 0 ? changes.join(' and ') : 'enable nobody'}.`,
    )
  }
  if (intents['already-enabled'] > 0 && !skipEnabled) {
    steps.push(
      'It would send those already enabled too, which changes nothing; `skip-enabled: true` leaves them out.',
    )
  }
  if (intents['not-found'] + intents.unresolved > 0) {
    steps.push('Correct or remove the entries that were not found: a run would report them as failed.')
  }
  return steps
}

interface Kind {
  readonly includes: (statusCode: number | null, verified: boolean | null) => boolean
  readonly step: (count: string) => string
}

/** Kinds of failures, and what to do about each. The first that includes a failure is its kind. */
const KINDS: readonly Kind[] = [
  {
    includes: (_, verified) => verified === false,
    step: (count) =>
      `${count} accepted, but not confirmed as enabled: look at them in ISC; if they were only slow, raise \`verify-timeout\`.`,
  },
  {
    includes: (statusCode) => statusCode === 404,
    step: (count) =>
      `${count} unknown to this tenant: remove them from the list, or check that the tenant is the right one.`,
  },
  {
    includes: (statusCode) => statusCode === 401,
    step: (count) => `${count} refused for want of a valid token: check the credential, then run again.`,
  },
  {
    includes: (statusCode) => statusCode === 403,
    step: (count) =>
      `${count} refused for want of permission: the credential needs the scope \`idn:accounts-state:manage\` and the user level \`ORG_ADMIN\`.`,
  },
  {
    includes: (statusCode) => statusCode === 429 || (statusCode !== null && statusCode >= 500),
    step: (count) =>
      `${count} failed because ISC was overloaded or unavailable: run again later with the ids in \`failed-ids\`.`,
  },
]

function stepsOfRun({ identities, counts }: RunReport): string[] {
  const numbers = KINDS.map(() => 0)
  for (const { outcome, cause, verified } of identities) {
    if (outcome !== 'failed') continue
    const statusCode = statusCodeOf(cause)
    const kind = KINDS.findIndex(({ includes }) => includes(statusCode, verified))
    if (kind >= 0) numbers[kind] = (numbers[kind] ?? 0) + 1
  }
  const steps = KINDS.flatMap(({ step }, kind) => {
    const count = numbers[kind] ?? 0
    return count === 0 ? [] : [step(identitiesText(count))]
  })
  if (counts.unprocessed > 0) {
    steps.push(
      `${identitiesText(counts.unprocessed)} not processed: run again with the ids in \`unprocessed-ids\` (or those of the report with that outcome). Enabling twice does no harm.`,
    )
  }
  return steps
}
