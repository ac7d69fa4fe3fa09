/** What happens in each phase of a run, in a sentence each. Any text may be given: the log makes it harmless. */
import type { Identity } from '../../identity.ts'
import { countText, durationText, identitiesText } from '../words/numbers.ts'
import { categoryOf, COUNTED } from '../findings/categories.ts'

const NOUNS = { id: 'IDs', alias: 'aliases', email: 'email addresses' } as const

/** How many are on the list, and how many more entries were duplicates. */
export function listText(list: {
  readonly count: number
  readonly duplicates: number
  readonly shard: string | null
}): string {
  const { count, duplicates, shard } = list
  const part = shard === null ? '' : ` in shard ${shard}`
  const again =
    duplicates === 0
      ? ''
      : ` Removed ${countText(duplicates)} ${duplicates === 1 ? 'duplicate' : 'duplicates'}.`
  return `On the list: ${identitiesText(count)}${part}.${again}`
}

/** How fast the tenant is asked. */
export function paceText(settings: {
  readonly batchSize: number
  readonly concurrency: number
  readonly rateLimit: number
}): string {
  const { batchSize, concurrency, rateLimit } = settings
  const limit = rateLimit === 0 ? 'no rate limit' : `at most ${countText(rateLimit)} requests in 10 s`
  return `Pace: ${identitiesText(batchSize)} per request, ${concurrency} ${concurrency === 1 ? 'request' : 'requests'} at once, ${limit}.`
}

export function excludedCountText(count: number): string {
  return `Excluded ${identitiesText(count)}.`
}

export function resolvedText(
  attribute: 'id' | 'alias' | 'email',
  { found, unmatched }: { readonly found: number; readonly unmatched: number },
): string {
  const rest = unmatched === 0 ? '' : `, ${countText(unmatched)} without exactly one match`
  return `Resolved ${countText(found)} of ${countText(found + unmatched)} ${NOUNS[attribute]}${rest}.`
}

/** What a run is to do, by the states that were read. */
export function decidedText(identities: readonly Identity[]): string {
  const groups = Map.groupBy(identities, (identity) => categoryOf(identity, true))
  const parts = (['enable', 'already-enabled', 'blocked', 'not-found'] as const).flatMap((category) => {
    const count = groups.get(category)?.length ?? 0
    return count > 0 || category === 'enable' ? [`${countText(count)} ${COUNTED[category]}`] : []
  })
  return `Read the states: ${parts.join(', ')}.`
}

export function submittingText(total: number): string {
  return `Submitting ${identitiesText(total)}.`
}

/** What submitting came to; those left are not processed. */
export function submittedText(submitted: {
  readonly accepted: number
  readonly failed: number
  readonly left: number
  readonly ms: number
}): string {
  const { accepted, failed, left, ms } = submitted
  const rest = left === 0 ? '' : `, ${countText(left)} not processed`
  return `After ${durationText(ms)}, ISC accepted ${countText(accepted)} of ${identitiesText(accepted + failed + left)}; ${countText(failed)} failed${rest}.`
}

export function verifyingText(total: number, timeoutMs: number): string {
  return `Waiting until ISC reports ${identitiesText(total)} as enabled, for at most ${durationText(timeoutMs)}.`
}

/** What waiting came to. `isOver`: the time for it is up; else the run ended before. */
export function verifiedText(verified: {
  readonly confirmed: number
  readonly total: number
  readonly ms: number
  readonly isOver: boolean
}): string {
  const { confirmed, total, ms, isOver } = verified
  const after = `After ${durationText(ms)}, ${countText(confirmed)} of ${identitiesText(total)} ${total === 1 ? 'is' : 'are'} enabled.`
  const rest = total - confirmed
  if (rest === 0) return after
  return isOver
    ? `${after} ${countText(rest)} ${rest === 1 ? "isn't, and counts" : "aren't, and count"} as failed.`
    : `${after} The run ended before ${countText(rest)} ${rest === 1 ? 'was' : 'were'} verified.`
}

/** Why a run waits for more than 5 s. `ms`: how long; of an outage: for at most so long. */
export interface Wait {
  readonly reason: 'retry-after' | 'rate-limit' | 'back-off' | 'outage'
  readonly ms: number
  /** ISC's status that led to it; null for none. */
  readonly status: number | null
}

export function waitText({ reason, ms, status }: Wait): string {
  const answered = status === null ? 'ISC did not respond' : `ISC answered ${status}`
  switch (reason) {
    case 'retry-after':
      return `${answered} and asks to wait. The run continues in ${durationText(ms)} (\`Retry-After\`).`
    case 'rate-limit':
      return `The run waits ${durationText(ms)} for the rate limit (\`rate-limit\`).`
    case 'back-off':
      return `${answered}. The request is retried in ${durationText(ms)}.`
    case 'outage':
      return `ISC stopped responding${status === null ? '' : ` (${status})`}. The run tries one request at a time for up to ${durationText(ms)} (\`outage-timeout\`).`
  }
}

/** When a request is retried for the first time in a run; `status` null: no answer. */
export function firstRetryText(status: number | null): string {
  const answered = status === null ? 'A request got no answer' : `ISC answered a request with ${status}`
  return `${answered}. The action retries it, and counts further retries in the summary.`
}

export function outageEndedText(ms: number): string {
  return `ISC responds again, after ${durationText(ms)}.`
}

/** What in the runner's environment weakens or breaks the check of certificates. */
export function tlsWarningText(warning: { readonly kind: string; readonly file?: string }): string {
  switch (warning.kind) {
    case 'extra-ca-missing':
      return `NODE_EXTRA_CA_CERTS names a file that does not exist (${warning.file ?? ''}). Correct the path, or remove the variable.`
    case 'extra-ca-not-pem':
      return `NODE_EXTRA_CA_CERTS names a file that holds no certificate in PEM format (${warning.file ?? ''}). Convert it with: openssl x509 -inform der -in FILE -out FILE.pem`
    default:
      return 'NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are not checked, and a credential can be stolen on its way. Remove the variable.'
  }
}
