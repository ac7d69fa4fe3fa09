import type { IdentityOutcome } from '../identity.ts'
import { findIdentities } from '../sailpoint/identity-search.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger } from './ledger.ts'

/** What ISC says of an identity: its `identityStatus`, or that it does not exist. */
type State = string | null | undefined

/** States in which an identity counts as enabled although its person may not get in. */
const REMARKABLE: ReadonlyMap<State, string> = new Map([
  ['LOCKED', 'enabling does not unlock'],
  ['ERROR', 'ISC reports an error for it'],
])

/** Collects what there is to say of enabled identities. */
export class Remarks {
  readonly #counts = new Map<string, number>()

  /** What to say of an identity in this state, or null. */
  on(state: State): string | null {
    const remark = REMARKABLE.get(state)
    if (remark === undefined) return null
    const text = `${state ?? ''} (${remark})`
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1)
    return text
  }

  /** A note on each state; `which` names the identities: "already enabled". */
  notes(which: string): string[] {
    return [...this.#counts].map(([text, count]) => `${count} of the identities ${which}: ${text}.`)
  }
}

/** Reads the states of identities that have an id. @throws ApiError, AuthenticationError, CancelledError */
export async function readStates(
  identities: readonly IdentityOutcome[],
  session: Session,
): Promise<(identity: IdentityOutcome) => State> {
  const states = new Map<string, string | null>()
  const ids = identities.map(({ id }) => id).filter((id) => id !== null)
  await findIdentities(session, 'id', ids, ({ id, identityStatus }) => states.set(id, identityStatus))
  return ({ id }) => (id === null ? undefined : states.get(id))
}

/** The account is disabled while ISC says DISABLED, and only then. */
export function isDisabled(state: State): boolean {
  return state === 'DISABLED'
}

/**
 * Reads each identity's state and writes down what a run does with it.
 * Returns notes on states that enabling does not mend.
 * @throws ApiError, AuthenticationError, CancelledError
 */
export async function planAll(ledger: Ledger, session: Session): Promise<string[]> {
  const identities = ledger.unprocessed.filter(({ plan }) => plan === null).toArray()
  const stateOf = await readStates(identities, session)
  const remarks = new Remarks()
  for (const identity of identities) {
    const state = stateOf(identity)
    if (state === undefined) {
      identity.plan = 'not-found'
      identity.message = `Referenced identity "${identity.id ?? identity.identifier}" was not found.`
    } else if (isDisabled(state)) {
      identity.plan = 'enable'
    } else {
      identity.plan = 'already-enabled'
      identity.message = `Already enabled (identity status ${state ?? 'not set'}).`
      remarks.on(state)
    }
  }
  return remarks.notes('already enabled')
}

/** Settles what needs no sending; returns how many identities do need it. */
export function settlePlanned(ledger: Ledger): number {
  for (const identity of ledger.unprocessed) {
    const { plan, message } = identity
    if (plan === 'already-enabled') ledger.succeed(identity, { statusCode: null, message, trackingId: null })
    if (plan === 'not-found') ledger.fail(identity, { statusCode: 404, message, trackingId: null })
  }
  return ledger.counts.unprocessed
}
