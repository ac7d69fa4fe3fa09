import { stateOf, type Excluded, type Identity, type Observation } from '../../identity.ts'
import { meaningOf } from '../../policy/decision.ts'
import { isAccepted, isBlock, type GuardCause } from '../findings/categories.ts'
import type { RunReport } from '../run-report.ts'
import { failureText, stopText } from './failures.ts'
import { locationText } from './location.ts'

/** What a report's sentences depend on besides the identity that they are about. */
export interface Wording {
  readonly identifyBy: RunReport['identifyBy']
  readonly dryRun: boolean
  /** Why the run ended before all was done; null where it did not. */
  readonly stopped: string | null
}

export function wordingOf(report: RunReport): Wording {
  const { identifyBy, dryRun, stop } = report
  return { identifyBy, dryRun, stopped: stop === null ? null : stopText(stop, report) }
}

const ATTRIBUTES = { id: 'ID', alias: 'alias', email: 'email address' } as const

/**
 * What there is to say of an identity, in ISC's own words where it gave any; null where nothing is. Text from outside,
 * not yet made harmless. Sentences on an identity are made here, of facts, and nowhere else.
 */
export function messageOf(identity: Identity, wording: Wording): string | null {
  const { cause, observed, outcome, id, identifier } = identity
  const attribute = ATTRIBUTES[wording.identifyBy]
  if (outcome === 'unprocessed' && !(wording.dryRun && cause !== null))
    return unprocessedText(identity, wording)
  if (cause === null) return null
  if (isBlock(cause)) return `Blocked: ${blockText(cause, observed)}.`
  switch (cause.kind) {
    case 'answered':
      return outcome === 'succeeded' ? (confirmedText(identity) ?? cause.message) : cause.message
    case 'request-failed':
      return failureText(cause.failure)
    case 'missing':
      return "ISC's answer does not contain this identity."
    case 'absent':
      return wording.identifyBy === 'id' || id !== null
        ? `Referenced identity "${id ?? identifier}" was not found.`
        : `No identity has the ${attribute} "${identifier}".`
    case 'ambiguous':
      return `${cause.ids.length} identities have the ${attribute} "${identifier}" (${cause.ids.slice(0, 5).join(', ')}). List the identity by its ID.`
    case 'already-enabled':
      return `Already enabled (identity status ${statusText(observed)}).`
    case 'unconfirmed':
      return unconfirmedText(cause.seen)
  }
}

/** Why a guard blocked an identity; it may hold text from outside. */
export function blockText(cause: GuardCause, observed: Observation): string {
  switch (cause.kind) {
    case 'state-blocked': {
      const now = stateOf(observed)
      const isStatus = now !== null && now.lifecycleState !== cause.state
      return `its ${isStatus ? 'identity status' : 'lifecycle state'} "${cause.state}" is in \`refuse-states\``
    }
    case 'state-unknown':
      return 'its lifecycle state is unknown'
    case 'changed':
      return `its lifecycle state changed since the plan from ${stateText(cause.planned)} to ${stateText(cause.now)}`
    case 'approval-unknown':
      return 'the lifecycle state that was approved is unknown; make a new plan'
    case 'blocked-before':
      return 'an earlier run blocked it; make a new plan'
  }
}

function stateText(lifecycleState: string | null): string {
  return lifecycleState === null ? 'none' : `"${lifecycleState}"`
}

function unprocessedText({ attempts, plan, observed, cause }: Identity, wording: Wording): string | null {
  const { stopped, dryRun } = wording
  if (dryRun && plan === 'enable') {
    const note = noteOf(observed)
    return note === null ? null : `Its identity status is ${note}.`
  }
  if (stopped === null) return null
  if (attempts === 0) return `Not submitted. ${stopped}`
  if (isAccepted(cause)) return `ISC accepted the task, but the run ended before it was verified. ${stopped}`
  return cause?.kind === 'answered'
    ? `ISC answered ${cause.statusCode}, and the run ended before a retry. ${stopped}`
    : `Submitted, but the run ended before ISC confirmed it, so it might be enabled. ${stopped}`
}

function confirmedText({ verified, observed }: Identity): string | null {
  const note = verified === true ? noteOf(observed) : null
  return note === null ? null : `Enabled, but ${note}.`
}

function unconfirmedText(seen: Observation): string {
  const known =
    seen === null
      ? 'its state was not read'
      : seen === 'absent'
        ? 'it no longer exists in ISC'
        : meaningOf(seen.identityStatus).note === null
          ? 'it is still disabled'
          : `its identity status is ${noteOf(seen) ?? ''}`
  return `ISC accepted the task, but the identity is not confirmed as enabled: ${known}.`
}

/** `LOCKED (enabling does not unlock)`; null where there is nothing to say of the status. */
export function noteOf(observed: Observation): string | null {
  const state = stateOf(observed)
  const note = state && meaningOf(state.identityStatus).note
  return note === null ? null : `${statusText(observed)} (${note})`
}

/** The status of an identity that was enabled already, or of whose status there is more to say. */
export function statusWorthNaming({ cause, observed }: Identity): string | null {
  const isWorthIt = cause?.kind === 'already-enabled' || noteOf(observed) !== null
  return isWorthIt ? (stateOf(observed)?.identityStatus ?? null) : null
}

function statusText(observed: Observation): string {
  return stateOf(observed)?.identityStatus ?? 'not set'
}

/** What excluded an identity, and what to do about it; it may hold text from outside. */
export function exclusionText({ by, bySource }: Excluded): string {
  const location = bySource === null ? '' : locationText(bySource)
  switch (by) {
    case 'deny-list':
      return `on the deny list${location === '' ? '' : ` (${location})`}`
    case 'listed-again':
      return `listed again${location === '' ? '' : ` (before in ${location})`}; to enable it again, add it to a new file`
    case 'not-listed':
      return `no longer listed${location === '' ? '' : ` in ${location}`}`
  }
}
