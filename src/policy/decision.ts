import { type Approval, type Cause, type ObservedState, type Plan } from '../identity.ts'
import { comparable } from './exclusion.ts'

/** What an `identityStatus` means for enabling: the one table that plan, skip, verification, and README share. */
export interface StatusMeaning {
  /** Whether the identity's account in ISC is enabled; `unknown` is never reported as enabled. */
  readonly enabled: 'yes' | 'no' | 'unknown'
  /** What a person should know of an identity in this state; null where there is nothing to say. */
  readonly note: string | null
}

const ENABLED: StatusMeaning = { enabled: 'yes', note: null }
const NOT_PUBLISHED = 'what this status means is not published, so it never counts as enabled'

/** The statuses are those of ISC's API specification (`identityStatus` of `GET /identities`). */
const MEANINGS: Readonly<Record<string, StatusMeaning>> = {
  ACTIVE: ENABLED,
  REGISTERED: ENABLED,
  UNREGISTERED: ENABLED,
  PENDING: ENABLED,
  WARNING: ENABLED,
  LOCKED: { ...ENABLED, note: 'enabling does not unlock it' },
  ERROR: { ...ENABLED, note: 'ISC reports an error for it, which enabling does not fix' },
  DISABLED: { enabled: 'no', note: null },
  DEACTIVATED: { enabled: 'unknown', note: NOT_PUBLISHED },
  TERMINATED: { enabled: 'unknown', note: NOT_PUBLISHED },
}

const UNKNOWN: StatusMeaning = {
  enabled: 'unknown',
  note: 'this action does not know the status, so it never counts as enabled',
}

const ABSENT: StatusMeaning = {
  enabled: 'unknown',
  note: 'ISC gives no status, so it never counts as enabled',
}

/** All statuses that the table knows, in its order. */
export const KNOWN_STATUSES: readonly string[] = Object.keys(MEANINGS)

/** The meaning of a status, compared without regard to case; null where ISC gives none. */
export function meaningOf(identityStatus: string | null): StatusMeaning {
  if (identityStatus === null) return ABSENT
  const status = identityStatus.toUpperCase()
  return Object.hasOwn(MEANINGS, status) ? (MEANINGS[status] ?? UNKNOWN) : UNKNOWN
}

/** What the workflow author says of which identities may be enabled. */
export interface Rules {
  /** Lifecycle states and identity statuses, by how they are compared: no identity in one of them is enabled. */
  readonly refuseStates: Pick<ReadonlySet<string>, 'has' | 'size'>
  /** A plan needs the lifecycle state of each identity that it would enable: the run compares with it. */
  readonly isPlan: boolean
}

/** What a run does with one identity, and why. */
export interface Decision {
  readonly plan: Plan
  /** Why it is not enabled; null for those that are. */
  readonly cause: Cause | null
}

const ENABLE: Decision = { plan: 'enable', cause: null }
const ALREADY_ENABLED: Decision = { plan: 'already-enabled', cause: { kind: 'already-enabled' } }
const NOT_FOUND: Decision = { plan: 'not-found', cause: { kind: 'absent' } }

/**
 * Decides whether an identity is enabled, from its state as it was read now and, if it comes from an approved plan, the
 * lifecycle state that was approved. The order is the contract's: not found, blocked, already enabled, to enable.
 */
export function decide(
  now: ObservedState | 'absent',
  rules: Rules,
  approval: Approval | null = null,
): Decision {
  if (now === 'absent') return NOT_FOUND
  const cause = blockedBy(now, rules, approval)
  if (cause !== null) return { plan: 'refused', cause }
  if (meaningOf(now.identityStatus).enabled === 'yes') return ALREADY_ENABLED
  return rules.isPlan && !now.isLifecycleKnown
    ? { plan: 'refused', cause: { kind: 'state-unknown' } }
    : ENABLE
}

/** The guard that blocks an identity in this state, or null. */
function blockedBy(
  { identityStatus, lifecycleState, isLifecycleKnown }: ObservedState,
  { refuseStates }: Rules,
  approval: Approval | null,
): Cause | null {
  const state = [lifecycleState, identityStatus].find(
    (one) => one !== null && refuseStates.has(comparable(one)),
  )
  if (state) return { kind: 'state-blocked', state }
  if (approval?.kind === 'blocked') return { kind: 'blocked-before' }
  if (approval?.kind === 'unknown') return { kind: 'approval-unknown' }
  if (!isLifecycleKnown && (refuseStates.size > 0 || approval !== null)) return { kind: 'state-unknown' }
  if (approval?.kind !== 'approved' || isSameState(approval.lifecycleState, lifecycleState)) return null
  return { kind: 'changed', planned: approval.lifecycleState, now: lifecycleState }
}

/** Whether two lifecycle states are the same; null: none. */
export function isSameState(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : comparable(a) === comparable(b)
}
