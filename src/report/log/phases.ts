/** What happened in each phase of a run, in a sentence each. */
import { countFates } from '../findings/fates.ts'
import type { RunReport } from '../run-report.ts'
import { countText, durationText, identitiesText } from '../words/numbers.ts'

const NOUNS = { id: 'ids', alias: 'aliases', email: 'e-mail addresses' } as const

/** How many are on the list, and how many more stood there twice. */
export function listText(list: {
  readonly count: number
  readonly duplicates: number
  readonly shard: string | null
}): string {
  const { count, duplicates, shard } = list
  const part = shard === null ? '' : ` in shard ${shard}`
  const again =
    duplicates === 0 ? '' : `; ${countText(duplicates)} more ${isOrAre(duplicates)} there twice and left out`
  return `On the list: ${identitiesText(count)}${part}${again}.`
}

/** Which tenant is asked, and how fast. */
export function paceText(settings: {
  readonly baseUrl: string
  readonly apiVersion: string
  readonly batchSize: number
  readonly concurrency: number
  readonly rateLimit: number
}): string {
  const { baseUrl, apiVersion, batchSize, concurrency, rateLimit } = settings
  if (baseUrl === '') return 'No tenant was given: the list is checked, and nothing is asked.'
  const limit = rateLimit === 0 ? 'without a rate limit' : `at most ${rateLimit} in 10 s`
  return `Tenant: ${baseUrl}, API ${apiVersion}; batches of ${batchSize}, ${concurrency} ${concurrency === 1 ? 'request' : 'requests'} at once, ${limit}.`
}

export function excludedText(count: number): string {
  return `${identitiesText(count)} ${count === 1 ? 'stands' : 'stand'} in exclude-ids-file, and ${isOrAre(count)} left out.`
}

export function lookUpText(
  attribute: 'id' | 'alias' | 'email',
  { found, unmatched }: { readonly found: number; readonly unmatched: number },
): string {
  const rest = unmatched === 0 ? '' : `, ${countText(unmatched)} without exactly one match`
  return `Looked up ${countText(found + unmatched)} ${NOUNS[attribute]}: ${countText(found)} found${rest}.`
}

/** What the states say: whom a run is to enable, and whom not. */
export function statesText(identities: RunReport['identities']): string {
  const fates = countFates({ identities, dryRun: true })
  const parts = [
    `${countText(fates.enable)} to enable`,
    fates['already-enabled'] > 0 && `${countText(fates['already-enabled'])} enabled already`,
    fates.refused > 0 && `${countText(fates.refused)} refused`,
    fates['not-found'] > 0 && `${countText(fates['not-found'])} not found`,
  ]
  return `States were read: ${parts.filter((part) => part !== false).join(', ')}.`
}

export function sendingText(total: number): string {
  return `Sending ${identitiesText(total)} to be enabled.`
}

/** What sending came to; those left are not processed. */
export function sentText(sent: {
  readonly accepted: number
  readonly failed: number
  readonly left: number
  readonly ms: number
}): string {
  const { accepted, failed, left, ms } = sent
  const rest = left === 0 ? '' : `, ${countText(left)} not processed`
  return `ISC accepted ${countText(accepted)} of ${identitiesText(accepted + failed + left)}, ${countText(failed)} failed${rest}; in ${durationText(ms)}.`
}

export function verifyingText(total: number, timeoutMs: number): string {
  return `Waiting until ISC reports ${identitiesText(total)} as enabled, for at most ${durationText(timeoutMs)}.`
}

/** What waiting came to: those not confirmed count as failed. */
export function verifiedText(confirmed: number, total: number, ms: number): string {
  const after = `After ${durationText(ms)} ISC reports`
  if (confirmed === total) return `${after} ${total === 1 ? 'it' : `all ${countText(total)}`} as enabled.`
  const rest = total - confirmed
  return `${after} ${countText(confirmed)} of ${identitiesText(total)} as enabled; ${countText(rest)} ${isOrAre(rest)} not confirmed, and ${rest === 1 ? 'counts' : 'count'} as failed.`
}

export function outageBeganText(timeoutMs: number): string {
  return `ISC has stopped answering. One request at a time is tried until it does, for at most ${durationText(timeoutMs)}.`
}

export function outageEndedText(ms: number): string {
  return `ISC answers again, after ${durationText(ms)}.`
}

/** How a run ended in numbers; null for a plan, of which nothing was done. */
export function countsText({ counts, dryRun, problems }: RunReport): string | null {
  const { total, succeeded, failed, ignored, unprocessed } = counts
  if (dryRun || total === 0 || problems.length > 0) return null
  const ofThem = ignored === 0 ? '' : ` (${countText(ignored)} of them ignored)`
  return `${identitiesText(total)}: ${countText(succeeded)} succeeded, ${countText(failed)} failed${ofThem}, ${countText(unprocessed)} not processed.`
}

function isOrAre(count: number): string {
  return count === 1 ? 'is' : 'are'
}
