import type { Cause, Identity, Observation } from '../../identity.ts'
import { meaningOf } from '../../policy/identity-status.ts'
import type { RunReport } from '../run-report.ts'

type Run = Pick<RunReport, 'identifyBy' | 'stopped' | 'dryRun'>

const ATTRIBUTES = { id: 'id', alias: 'alias', email: 'e-mail address' } as const

/**
 * What there is to say of an identity, in ISC's own words where it gave any; null where nothing is. Text from outside,
 * not yet made harmless. Sentences on an identity are made here, of facts, and nowhere else.
 */
export function messageOf(identity: Identity, run: Run): string | null {
  const { cause, observed, outcome } = identity
  if (outcome === 'unprocessed' && !(run.dryRun && cause !== null)) return unprocessedText(identity, run)
  switch (cause?.kind) {
    case undefined:
      return null
    case 'answered':
      return outcome === 'succeeded' ? (confirmedText(identity) ?? cause.message) : cause.message
    case 'request-failed':
      return cause.message
    case 'missing':
      return 'ISC left this identity out of its answer.'
    case 'absent':
      return run.identifyBy === 'id' || identity.id !== null
        ? `Referenced identity "${identity.id ?? identity.identifier}" was not found.`
        : `No identity has the ${ATTRIBUTES[run.identifyBy]} "${identity.identifier}".`
    case 'ambiguous':
      return `${cause.ids.length} identities have the ${ATTRIBUTES[run.identifyBy]} "${identity.identifier}" (${cause.ids.slice(0, 5).join(', ')}); name the one by its id.`
    case 'already-enabled':
      return `Already enabled (identity status ${statusText(observed)}).`
    case 'state-blocked':
      return `Refused: it is in the state ${cause.state}, which stands in refuse-states.`
    case 'changed':
      return `Refused: it changed since the plan, when its lifecycle state was ${cause.planned ?? 'not set'}; now it is ${cause.now ?? 'not set'}.`
    case 'state-unknown':
      return 'Blocked: its lifecycle state is not known.'
    case 'approval-unknown':
    case 'blocked-before':
      return 'Refused: the run before refused it, and the state in which it was approved is not known any more; make a new plan.'
    case 'unconfirmed':
      return unconfirmedText(cause)
  }
}

function unprocessedText({ attempts, plan, observed }: Identity, { stopped, dryRun }: Run): string | null {
  if (dryRun && plan === 'enable') {
    const note = noteOf(observed)
    return note === null ? null : `Its identity status is ${note}.`
  }
  if (stopped === null) return null
  return attempts === 0
    ? `Not sent. ${stopped}`
    : `Sent, but the run ended before ISC confirmed it; it may have been enabled. ${stopped}`
}

function confirmedText({ verified, observed }: Identity): string | null {
  const note = verified === true ? noteOf(observed) : null
  return note === null ? null : `Enabled, but ${note}.`
}

function unconfirmedText({ seen }: Extract<Cause, { kind: 'unconfirmed' }>): string {
  const known =
    seen === null
      ? 'its state was not read'
      : seen === 'absent'
        ? 'ISC does not know it any more'
        : meaningOf(seen.identityStatus).note === null
          ? 'it is still disabled'
          : `its identity status is ${noteOf(seen) ?? ''}`
  return `ISC accepted the task, but the identity is not confirmed as enabled: ${known}.`
}

/** `LOCKED (enabling does not unlock)`; null where there is nothing to say of the status. */
export function noteOf(observed: Observation): string | null {
  if (observed === null || observed === 'absent') return null
  const { note } = meaningOf(observed.identityStatus)
  return note === null ? null : `${observed.identityStatus ?? ''} (${note})`
}

/** The status of someone who was enabled already, or of whose status there is more to say. */
export function statusWorthNaming({ cause, observed }: Identity): string | null {
  if (observed === null || observed === 'absent') return null
  return cause?.kind === 'already-enabled' || noteOf(observed) !== null ? observed.identityStatus : null
}

function statusText(observed: Observation): string {
  return (observed === null || observed === 'absent' ? null : observed.identityStatus) ?? 'not set'
}
