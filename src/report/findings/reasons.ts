import { statusCodeOf, trackingIdOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from '../words/harmless.ts'
import { countText, identitiesText } from '../words/phrases.ts'
import { messageOf } from '../words/sentences.ts'
import { isRejection, isUncertain, type Categorized, type Category } from './categories.ts'

/** Different reasons that are told apart; what comes after them is one group, so a million stays bounded. */
const MAX_REASONS = 100

/** Enough for ISC's words and the advice of this action. */
export const LONGEST_REASON = 500

const BAD = ['failed', 'ignored', 'blocked', 'not-found', 'unresolved'] as const

/** Identities that have the same status and message, apart from their own ID in it. */
export interface Reason {
  readonly category: Category
  readonly ignored: boolean
  /** `404: Referenced identity "…" was not found.`: on one line, without their own IDs and tracking IDs. */
  readonly text: string
  /** In list order. */
  readonly identities: Identity[]
}

/** Why identities failed, or would: the reasons that count first, then the most frequent. */
export function reasonsOf(of: Categorized, report: RunReport): readonly Reason[] {
  const reasons = new Map<string, Reason>()
  for (const category of BAD)
    for (const identity of of[category]) {
      const { ignored } = identity
      const status = ownStatusOf(identity)
      const pattern = patternOf(identity, messageOf(identity, report))
      const ownKey = `${category} ${String(ignored)} ${String(status)} ${pattern}`
      const isOther = reasons.size >= MAX_REASONS && !reasons.has(ownKey)
      const key = isOther ? `other ${category} ${String(ignored)}` : ownKey
      const reason = reasons.get(key) ?? {
        category,
        ignored,
        text: isOther ? 'Other reasons' : reasonText(status, pattern),
        identities: [],
      }
      reason.identities.push(identity)
      reasons.set(key, reason)
    }
  return [...reasons.values()].sort(
    (a, b) => Number(a.ignored) - Number(b.ignored) || b.identities.length - a.identities.length,
  )
}

/** The beginning of the message, without what is different for each identity or request. */
function patternOf({ cause, id, identifier }: Identity, message: string | null): string {
  const own = [identifier, trackingIdOf(cause), id === identifier ? null : id]
  return own.reduce(without, (message ?? '').slice(0, 1_000))
}

/** A short text only where it is quoted, not within words. No regular expression: there may be a million of them. */
function without(message: string, own: string | null): string {
  if (!own || !message.includes(own)) return message
  return own.length > 8 ? message.replaceAll(own, '…') : message.replaceAll(`"${own}"`, '"…"')
}

/** ISC's status for the identity alone. The text of a request that failed says its status itself. */
function ownStatusOf({ cause }: Identity): number | null {
  return cause?.kind === 'answered' || cause?.kind === 'absent' ? statusCodeOf(cause) : null
}

function reasonText(statusCode: number | null, message: string): string {
  const words = clip(message, LONGEST_REASON).trim() || 'ISC gave no reason.'
  return statusCode === null ? words : `${statusCode}: ${words}`
}

/** A reason without the word that is its category's title already. */
export function untitledText({ text }: Reason): string {
  return text.replace(/^Blocked: (.)/, (_, first: string) => first.toUpperCase())
}

/** `404: Referenced identity "2c91…" was not found.` */
export function ownReasonText(identity: Identity, report: RunReport): string {
  return reasonText(ownStatusOf(identity), messageOf(identity, report) ?? '')
}

/** The IDs by which a reason is illustrated: `a, b, c, …`. */
export function firstIds({ identities }: Reason, show: (identity: Identity) => string, max: number): string {
  return identities.slice(0, max).map(show).join(', ') + (identities.length > max ? ', …' : '')
}

/** What became of identities that were not processed, and whether they might be enabled nevertheless. */
export function unprocessedText({ stop }: RunReport, identities: readonly Identity[]): string {
  const all = identities.length
  const what = `${identitiesText(all)} ${all === 1 ? 'was' : 'were'} not processed`
  const count = identities.filter((identity) => isUncertain(identity, stop)).length
  if (count === 0) return isRejection(stop) ? `${what}, because ISC rejected the request.` : `${what}.`
  const submitted = all === 1 ? 'it' : `${count === all ? 'all' : countText(count)} of them`
  return `${what}. The action submitted ${submitted}, so ${count === 1 ? 'it' : 'they'} might be enabled.`
}
