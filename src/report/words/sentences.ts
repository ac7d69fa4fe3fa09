import { stateOf, type Excluded, type Identity, type Observation } from '../../identity.ts'
import { meaningOf } from '../../policy/decision.ts'
import { isAccepted, isBlock, isUncertain, type GuardCause } from '../findings/categories.ts'
import type { RunReport } from '../run-report.ts'
import { failureText } from './failures.ts'
import { locationText } from './location.ts'

const ATTRIBUTES = { id: 'ID', alias: 'alias', email: 'email address' } as const

/**
 * What there is to say of an identity, in ISC's own words where it gave any; null where nothing is. Text from outside,
 * not yet made harmless. Sentences on an identity are made here, of facts, and nowhere else.
 */
export function messageOf(identity: Identity, report: RunReport): string | null {
  const { cause, observed, outcome, id, identifier } = identity
  const attribute = ATTRIBUTES[report.identifyBy]
  if (outcome === 'unprocessed' && !(report.dryRun && cause !== null))
    return unprocessedText(identity, report)
  if (cause === null) return null
  if (isBlock(cause)) return `Blocked: ${blockText(cause, observed)}.`
  switch (cause.kind) {
    case 'answered': {
      const note = outcome === 'succeeded' && identity.verified === true ? noteOf(observed) : null
      return note === null ? cause.message : `Enabled, but ${note}.`
    }
    case 'request-failed':
      return failureText(cause.failure)
    case 'missing':
      return "ISC's answer does not contain this identity."
    case 'absent':
      return report.identifyBy === 'id' || id !== null
        ? `Referenced identity "${id ?? identifier}" was not found.`
        : `No identity has the ${attribute} "${identifier}".`
    case 'ambiguous':
      return `${cause.ids.length} identities have the ${attribute} "${identifier}" (${cause.ids.slice(0, 5).join(', ')}). List the identity by its ID.`
    case 'already-enabled':
      return `Already enabled (identity status ${statusText(observed)}).`
    case 'unconfirmed':
      return `ISC accepted the task, but the identity is not confirmed as enabled: ${unconfirmedText(cause.seen)}.`
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
    case 'changed': {
      const [planned, now] = [cause.planned, cause.now].map((state) =>
        state === null ? 'none' : `"${state}"`,
      )
      return `its lifecycle state changed since the plan from ${planned} to ${now}`
    }
    case 'approval-unknown':
      return 'the lifecycle state that was approved is unknown; make a new plan'
    case 'blocked-before':
      return 'an earlier run blocked it; make a new plan'
  }
}

function unprocessedText(identity: Identity, report: RunReport): string | null {
  const { attempts, plan, observed, cause } = identity
  const { stopped, dryRun } = report
  if (dryRun && plan === 'enable') {
    const note = noteOf(observed)
    return note === null ? null : `Its identity status is ${note}.`
  }
  if (stopped === null) return null
  if (attempts === 0) return `Not submitted. ${stopped}`
  if (isAccepted(cause)) return `ISC accepted the task, but the run ended before it was verified. ${stopped}`
  if (cause?.kind === 'answered')
    return `ISC answered ${cause.statusCode}, and the run ended before a retry. ${stopped}`
  return !isUncertain(identity, report.stop)
    ? `Submitted. ${stopped}`
    : `Submitted, but the run ended before ISC confirmed it, so it might be enabled. ${stopped}`
}

function unconfirmedText(seen: Observation): string {
  if (seen === null) return 'its identity status was not read'
  if (seen === 'absent') return 'it no longer exists in ISC'
  const note = noteOf(seen)
  return note === null ? 'it is still disabled' : `its identity status is ${note}`
}

/** `LOCKED (enabling does not unlock it)`; null where there is nothing to say of the status. */
export function noteOf(observed: Observation): string | null {
  const state = stateOf(observed)
  const note = state && meaningOf(state.identityStatus).note
  return note === null ? null : `${statusText(observed)} (${note})`
}

function statusText(observed: Observation): string {
  return stateOf(observed)?.identityStatus ?? 'not set'
}

/** What excluded an identity, and what to do about it; it may hold text from outside. */
export function exclusionText({ by, bySource }: Excluded): string {
  const location = bySource === null ? '' : locationText(bySource)
  switch (by) {
    case 'deny-list':
      return `on the deny list${location && ` (${location})`}`
    case 'listed-again':
      return `listed again${location && ` (before in ${location})`}; to enable it again, add it to a new file`
    case 'not-listed':
      return `no longer listed${location && ` in ${location}`}`
  }
}
