import type { Identity } from '../../identity.ts'
import type { AddedSince, IdentifyBy, Settings } from '../../settings.ts'
import { categorized, countsOf } from '../findings/categories.ts'
import { clip, clipInput } from '../words/harmless.ts'
import { countedText, countText, durationText, identitiesText, phrase } from '../words/phrases.ts'

const NOUNS: Readonly<Record<IdentifyBy, string>> = { id: 'IDs', alias: 'aliases', email: 'email addresses' }

/** What happens in each phase of a run, in a sentence each. Any text may be given: the log makes it harmless. */
export const phaseText = {
  listed: (count: number, duplicates: number, shard: string | null): string => {
    const part = shard === null ? '' : ` in shard ${shard}`
    const again = duplicates === 0 ? '' : ` Removed ${countedText(duplicates, 'duplicate')}.`
    return `On the list: ${identitiesText(count)}${part}.${again}`
  },
  excluded: (count: number): string => `Excluded ${identitiesText(count)}.`,
  resolved: (attribute: IdentifyBy, found: number, unmatched: number): string => {
    const rest = unmatched === 0 ? '' : `, ${countText(unmatched)} without exactly one match`
    return `Resolved ${countText(found)} of ${countText(found + unmatched)} ${NOUNS[attribute]}${rest}.`
  },
  /** What a run is to do, by the states that were read. */
  decided: (identities: readonly Identity[]): string => {
    const of = categorized(identities, true)
    const others = countsOf(of, ['already-enabled', 'blocked', 'not-found'])
    return `Read lifecycle states and identity statuses: ${phrase(', ', `${countText(of.enable.length)} to enable`, ...others)}.`
  },
  submitting: (total: number): string => `Submitting ${identitiesText(total)}.`,
  submitted: ({ accepted, failed, left, ms }: Numbers<'accepted' | 'failed' | 'left' | 'ms'>): string => {
    const rest = left === 0 ? '' : `, ${countText(left)} not processed`
    return `After ${durationText(ms)}, ISC accepted ${countText(accepted)} of ${identitiesText(accepted + failed + left)}; ${countText(failed)} failed${rest}.`
  },
  verifying: (total: number, timeoutMs: number): string =>
    `Waiting until ISC reports ${identitiesText(total)} as enabled, for at most ${durationText(timeoutMs)}.`,
  /** `isOver`: the time for it is up; else the run ended before. */
  verified: ({ confirmed, total, ms }: Numbers<'confirmed' | 'total' | 'ms'>, isOver: boolean): string => {
    const after = `After ${durationText(ms)}, ${countText(confirmed)} of ${identitiesText(total)} ${total === 1 ? 'is' : 'are'} enabled.`
    const rest = total - confirmed
    if (rest === 0) return after
    return isOver
      ? `${after} ${countText(rest)} ${rest === 1 ? "isn't, and counts" : "aren't, and count"} as failed.`
      : `${after} The run ended before ${countText(rest)} ${rest === 1 ? 'was' : 'were'} verified.`
  },
}

type Numbers<Name extends string> = Readonly<Record<Name, number>>

/** Every guard that is on with its value, what is off, the tenant, the proxy (`host:port`; null: none), and the pace. */
export function settingsLines(settings: Settings, proxy: string | null): string[] {
  const { list, baseUrl, apiVersion, refuseStates, maxToEnable, batchSize, concurrency, rateLimit } = settings
  const guards = Object.entries({
    'exclude-ids-file': list.excludeFiles,
    'still-listed': list.stillListed,
    'refuse-states': refuseStates.size === 0 ? null : [...refuseStates.values()],
    'max-identities': list.maxIdentities,
    'max-to-enable': maxToEnable,
    'added-since': addedSinceText(list.addedSince),
  })
  const on = guards.flatMap(([name, value]) =>
    value === null ? [] : [`Guard on: \`${name}\` ${guardText(value)}`],
  )
  const off = guards.flatMap(([name, value]) => (value === null ? [`\`${name}\``] : []))
  const through = proxy === null ? 'without a proxy' : `through the proxy ${clip(proxy, 300)}`
  const limit = rateLimit === 0 ? 'no rate limit' : `at most ${countText(rateLimit)} requests in 10 s`
  return [
    ...on,
    ...(off.length === 0 ? [] : [`Guards off: ${off.join(', ')}.`]),
    baseUrl === ''
      ? 'No tenant is set: the action checks the list, and asks ISC nothing.'
      : `Tenant: ${baseUrl}, API ${apiVersion}, ${through}.`,
    `Pace: ${identitiesText(batchSize)} per request, ${countedText(concurrency, 'request')} at once, ${limit}.`,
  ]
}

function guardText(value: number | string | readonly string[]): string {
  if (typeof value === 'number') return countText(value)
  return phrase(', ', ...[value].flat().map((text) => clipInput(text, 100)))
}

function addedSinceText(since: AddedSince): string | null {
  if (since.kind === 'commit') return since.revision
  if (since.kind === 'folder') return `${since.folder}/`
  return since.kind === 'event' ? 'event' : null
}

/** What in the runner's environment weakens or breaks the check of certificates. */
export function tlsWarningText({
  kind,
  file = '',
}: {
  readonly kind: string
  readonly file?: string
}): string {
  if (kind === 'extra-ca-missing')
    return `\`NODE_EXTRA_CA_CERTS\` names a file that does not exist (${file}). Correct the path, or remove the variable.`
  if (kind === 'extra-ca-not-pem')
    return `\`NODE_EXTRA_CA_CERTS\` names a file that holds no certificate in PEM format (${file}). Convert it with \`openssl x509 -inform der -in FILE -out FILE.pem\`.`
  return '`NODE_TLS_REJECT_UNAUTHORIZED` is 0: certificates are not checked, and a credential can be stolen on its way. Remove the variable.'
}
