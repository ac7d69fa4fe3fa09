import { statusCodeOf, trackingIdOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { fateOf, type Fate } from './fates.ts'
import { clip } from '../words/harmless.ts'
import { messageOf } from '../words/sentences.ts'

/** Different reasons that are told apart; what comes after them is one group, so a million stays bounded. */
const MAX_REASONS = 100
const FIRST = 10

export const NO_REASON = 'no reason was given'

/** Identities that have the same status and message, apart from their own id in it. */
export interface Reason {
  readonly statusCode: number | null
  /** On one line, with `…` in place of the identity's own id and tracking id; null for none. */
  readonly message: string | null
  readonly ignored: boolean
  count: number
  /** The first of them. */
  readonly first: Identity[]
}

const WOULD_FAIL: ReadonlySet<Fate> = new Set(['refused', 'not-found', 'unresolved'])

/** Why identities failed; in a plan, why they would. */
export function reasonsOf(report: RunReport): Reason[] {
  const failed = report.identities
    .values()
    .filter((identity) =>
      report.dryRun ? WOULD_FAIL.has(fateOf(identity, report)) : identity.outcome === 'failed',
    )
  return groupByReason(failed, report)
}

/** Groups identities by why they ended as they did: those that count first, then the most frequent. */
export function groupByReason(identities: Iterable<Identity>, report: RunReport): Reason[] {
  const reasons = new Map<string, Reason>()
  for (const identity of identities) {
    const { ignored } = identity
    const statusCode = errorStatusOf(identity)
    const pattern = patternOf(identity, messageOf(identity, report))
    const key = `${statusCode ?? ''} ${String(ignored)} ${pattern ?? ''}`
    let reason = reasons.get(key)
    if (reason === undefined) {
      const isOther = reasons.size >= MAX_REASONS
      const otherKey = `other ${String(ignored)}`
      const message = isOther ? 'Other reasons' : pattern && clip(pattern)
      const fresh = { statusCode: isOther ? null : statusCode, message, ignored, count: 0, first: [] }
      reason = (isOther ? reasons.get(otherKey) : undefined) ?? fresh
      reasons.set(isOther ? otherKey : key, reason)
    }
    reason.count += 1
    if (reason.first.length < FIRST) reason.first.push(identity)
  }
  return [...reasons.values()].sort((a, b) => Number(a.ignored) - Number(b.ignored) || b.count - a.count)
}

/** The beginning of the message, without what is different for each identity or request. */
function patternOf({ cause, id, identifier }: Identity, message: string | null): string | null {
  if (message === null || message.trim() === '') return null
  const pattern = without(without(message.slice(0, 1_000), identifier), trackingIdOf(cause))
  return id === identifier ? pattern : without(pattern, id)
}

function without(message: string, own: string | null): string {
  if (!own || !message.includes(own)) return message
  if (own.length > 8) return message.replaceAll(own, '…')
  // A short one must not be taken out of the middle of words.
  return message.replace(new RegExp(`(?<!\\w)${RegExp.escape(own)}(?!\\w)`, 'gu'), '…')
}

/** The status to give as a reason: a task that ISC accepted (202) failed for another one. */
export function errorStatusOf({ cause }: Identity): number | null {
  return cause?.kind === 'unconfirmed' ? null : statusCodeOf(cause)
}

/** `404: Referenced identity "…" was not found.`; of one identity its own words. */
export function reasonText({ statusCode, message }: Pick<Reason, 'statusCode' | 'message'>): string {
  const words = clip(message ?? '').trim() || NO_REASON
  return statusCode === null ? words : `${statusCode}: ${words}`
}

/** The ids by which a reason is illustrated: `a, b, c, …`. */
export function firstIds(
  { first, count }: Reason,
  show: (identity: Identity) => string,
  max: number,
): string {
  const ids = first.slice(0, max).map(show)
  return ids.join(', ') + (count > ids.length ? ', …' : '')
}
