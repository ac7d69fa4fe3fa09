import { folded, type Cause, type ObservedState, type Plan, type PlannedState } from '../identity.ts'
import { meaningOf } from './identity-status.ts'

/** What the workflow author says of who may be sent. */
export interface Rules {
  /** Lifecycle states and identity statuses, folded: nobody in one of them is sent. */
  readonly refuseStates: ReadonlySet<string>
}

/** What a run does with one identity, and why. */
export interface Decision {
  readonly plan: Plan
  /** Why it is not sent; null for those that are. */
  readonly cause: Cause | null
}

const ENABLE: Decision = { plan: 'enable', cause: null }
const ALREADY_ENABLED: Decision = { plan: 'already-enabled', cause: { kind: 'already-enabled' } }
const NOT_FOUND: Decision = { plan: 'not-found', cause: { kind: 'absent' } }

/**
 * Decides whether an identity is sent, from its state as it was read now and, if it comes from an approved plan,
 * the lifecycle state it was planned with. Whom the run before refused is refused again: only a new plan can tell
 * whether that change was meant. The order is the contract's: not found, refused, already enabled,
 * to enable.
 */
export function decide(
  now: ObservedState | 'absent',
  { refuseStates }: Rules,
  planned: PlannedState | null = null,
): Decision {
  if (now === 'absent') return NOT_FOUND
  const { identityStatus, lifecycleState } = now
  const refused = [lifecycleState, identityStatus].find(
    (state) => state !== null && refuseStates.has(folded(state.trim())),
  )
  if (refused !== undefined && refused !== null)
    return { plan: 'refused', cause: { kind: 'state-blocked', state: refused } }
  if (planned === 'refused') return { plan: 'refused', cause: { kind: 'blocked-before' } }
  if (planned !== null && !isSame(planned.lifecycleState, lifecycleState)) {
    return {
      plan: 'refused',
      cause: { kind: 'changed', planned: planned.lifecycleState, now: lifecycleState },
    }
  }
  return meaningOf(identityStatus).enabled === 'yes' ? ALREADY_ENABLED : ENABLE
}

function isSame(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : folded(a) === folded(b)
}
