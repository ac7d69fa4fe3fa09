import type { Stop } from '../../failure.ts'
import type { Cause, Identity } from '../../identity.ts'
import { countText } from '../words/phrases.ts'

/**
 * What became of an identity, or would: finer than its outcome. In the order of the tables; `counted` is how a sentence
 * counts them: `2 not found`.
 */
export const CATEGORIES = {
  enable: { icon: '🟢', text: 'Would enable', counted: 'to enable' },
  confirmed: { icon: '🟢', text: 'Enabled', counted: 'confirmed as enabled' },
  accepted: { icon: '🟢', text: 'Accepted', counted: 'accepted' },
  unverified: { icon: '🟠', text: 'Accepted, not verified', counted: 'accepted but not verified' },
  'already-enabled': { icon: '🔵', text: 'Already enabled', counted: 'already enabled' },
  failed: { icon: '🔴', text: 'Failed', counted: 'failed' },
  'not-found': { icon: '🔴', text: 'Not found', counted: 'not found' },
  unresolved: { icon: '🟠', text: 'Without exactly one match', counted: 'without exactly one match' },
  blocked: { icon: '🟣', text: 'Blocked', counted: 'blocked' },
  ignored: { icon: '🟡', text: 'Failed, ignored', counted: 'failed, but ignored' },
  unprocessed: { icon: '⚪', text: 'Not processed', counted: 'not processed' },
  unknown: { icon: '⚪', text: 'Lifecycle state unknown', counted: 'of unknown lifecycle state' },
} as const

export type Category = keyof typeof CATEGORIES
export const CATEGORY_NAMES = Object.keys(CATEGORIES) as readonly Category[]

/** The identities of each category, in list order. */
export type Categorized = Readonly<Record<Category, readonly Identity[]>>

export function categorized(identities: readonly Identity[], dryRun: boolean): Categorized {
  const sizes = new Map<Category, number>()
  for (const identity of identities) {
    const category = categoryOf(identity, dryRun)
    sizes.set(category, (sizes.get(category) ?? 0) + 1)
  }
  // An array that grows to a million leaves 20 MiB behind.
  const lists = CATEGORY_NAMES.map((name) => [name, new Array<Identity>(sizes.get(name) ?? 0)])
  const of = Object.fromEntries(lists) as Record<Category, Identity[]>
  for (const identity of identities) {
    const category = categoryOf(identity, dryRun)
    const left = sizes.get(category) ?? 0
    of[category][of[category].length - left] = identity
    sizes.set(category, left - 1)
  }
  return of
}

/** `1 blocked`, `2 not found`: those that there are. */
export function countsOf(of: Categorized, categories: readonly Category[]): string[] {
  const counted = categories.filter((category) => of[category].length > 0)
  return counted.map((category) => `${countText(of[category].length)} ${CATEGORIES[category].counted}`)
}

const BLOCKS = ['state-blocked', 'state-unknown', 'approval-unknown', 'changed', 'blocked-before'] as const

/** A guard blocked the identity. */
export type GuardCause = Extract<Cause, { kind: (typeof BLOCKS)[number] }>

export function isBlock(cause: Cause | null): cause is GuardCause {
  return BLOCKS.some((kind) => kind === cause?.kind)
}

/** ISC accepted the task to enable it. */
export function isAccepted(cause: Cause | null): boolean {
  return cause?.kind === 'answered' && cause.statusCode < 300
}

/** It was submitted, and no answer shows whether ISC enabled it. After a rejection, nothing in flight was cut off. */
export function isUncertain({ outcome, attempts, cause }: Identity, stop: Stop | null): boolean {
  const isAnswered = isRejection(stop) && (cause === null || cause.kind === 'answered')
  return outcome === 'unprocessed' && attempts > 0 && !isAccepted(cause) && !isAnswered
}

/** ISC rejected an enable request, and that ended the run. */
export function isRejection(stop: Stop | null): boolean {
  const failure = stop !== null && 'failure' in stop ? stop.failure : null
  return failure?.kind === 'status' && failure.operation === 'enable'
}

/** Each identity has one category: in a plan what a run would do with it, else what became of it. */
function categoryOf(identity: Identity, dryRun: boolean): Category {
  const { outcome, cause, ignored, verified, plan, id } = identity
  if (dryRun) {
    if (plan === 'refused') return 'blocked'
    // `unresolved`: an alias or email address that matches not exactly one identity.
    return plan === 'not-found' && id === null ? 'unresolved' : (plan ?? 'unknown')
  }
  if (outcome === 'unprocessed') return isAccepted(cause) ? 'unverified' : 'unprocessed'
  if (outcome === 'succeeded') {
    if (cause?.kind === 'already-enabled') return 'already-enabled'
    return verified === true ? 'confirmed' : 'accepted'
  }
  if (ignored) return 'ignored'
  return isBlock(cause) ? 'blocked' : 'failed'
}
