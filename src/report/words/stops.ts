import type { NetworkFault, Stop } from '../../failure.ts'
import type { RunReport } from '../run-report.ts'
import { CHECK_WAY, failureText } from './failures.ts'
import { countText, durationText, identitiesText } from './numbers.ts'

/** What may have any cause; of one request among others, there is nothing to check. */
const UNADVISED: ReadonlySet<NetworkFault> = new Set(['timeout', 'connection', 'tls'])

/** Why a run ended before all was done, and what to do. It may hold text from outside. */
export function stopText(stop: Stop, { baseUrl, dryRun }: Pick<RunReport, 'baseUrl' | 'dryRun'>): string {
  switch (stop.reason) {
    case 'invalid-input':
      return 'Inputs or the list are invalid, so the action submitted nothing.'
    case 'cancelled':
      return 'The run was cancelled.'
    case 'fail-fast':
      return 'A failure threshold was exceeded, and `fail-fast` is set.'
    case 'authentication':
      return failureText(stop.failure)
    case 'unreachable': {
      const text = failureText(stop.failure)
      const isAdvised = stop.failure.kind !== 'no-answer' || !UNADVISED.has(stop.failure.fault)
      return isAdvised ? text : `${text} ${CHECK_WAY}`
    }
    case 'outage': {
      const what = `ISC did not respond for ${durationText(stop.timeoutMs)} (\`outage-timeout\`).`
      return dryRun
        ? `${what} Make the plan again when ISC is back.`
        : `${what} Pass this run's report to \`from-report\` when ISC is back.`
    }
    case 'rejected':
      return stop.isEverything
        ? `ISC accepted no identity. The action also submitted identities from across the list one at a time, and ISC rejected each for the same reason. ${failureText(stop.failure)}`
        : failureText(stop.failure)
    case 'wrong-tenant':
      return `None of the ${countText(stop.count)} identities exists in ${hostOf(baseUrl)}. Check \`tenant\` (or \`base-url\`) and the list.`
    case 'max-to-enable':
      return `${identitiesText(stop.toEnable)} would be enabled, and \`max-to-enable\` is ${countText(stop.max)}. Split the list, or increase \`max-to-enable\`.`
    case 'states-unknown': {
      const states = `The ${stop.count === 1 ? 'state' : 'states'} of ${identitiesText(stop.count)}`
      return stop.failure === null
        ? `${states} could not be read without a credential. Set \`client-id\` and \`client-secret\`. If you set them from GitHub secrets, check that the secrets exist for this repository or environment.`
        : `${states} could not be read. ${failureText(stop.failure)}`
    }
    case 'internal-error':
      return `Internal error: ${stop.message}`
  }
}

/** The host of the tenant's API; empty where no tenant was given. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}
