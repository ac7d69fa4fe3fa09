import type { Identity, Observation, ObservedState } from '../identity.ts'
import { meaningOf } from '../policy/identity-status.ts'
import { findIdentities } from '../sailpoint/identity-search.ts'
import type { Session } from '../sailpoint/session.ts'

/**
 * Reads the states of identities that have an id; what is returned tells each one's. An id for which ISC sends
 * several rows has the one that is not enabled.
 * @throws ApiError, and what ends a session
 */
export async function readStates(
  identities: readonly Identity[],
  session: Session,
  withNames: boolean,
): Promise<(identity: Identity) => Observation> {
  const states = new Map<string, ObservedState>()
  const share = sharing()
  const ids = identities.map(({ id }) => id).filter((id) => id !== null)
  await findIdentities(session, 'id', ids, ({ id, identityStatus, lifecycleState, name }) => {
    const key = id.toLowerCase()
    const known = states.get(key)
    if (known !== undefined && meaningOf(known.identityStatus).enabled !== 'yes') return
    states.set(key, share({ identityStatus, lifecycleState, name: withNames ? name : null }))
  })
  return ({ id }) => (id === null ? null : (states.get(id.toLowerCase()) ?? 'absent'))
}

/** Gives equal states as one object: a million identities have few different ones. Names are each one's own. */
function sharing(): (state: ObservedState) => ObservedState {
  const known = new Map<string, ObservedState>()
  return (state) => {
    if (state.name !== null) return state
    const key = JSON.stringify([state.identityStatus, state.lifecycleState])
    const shared = known.get(key) ?? state
    known.set(key, shared)
    return shared
  }
}

/** Notes on identities that count as what they do although there is more to say of their status; `what` names them. */
export function statusNotes(identities: Iterable<Identity>, what: string): string[] {
  const counts = new Map<string, number>()
  for (const { observed } of identities) {
    if (observed === null || observed === 'absent') continue
    const { note } = meaningOf(observed.identityStatus)
    if (note === null) continue
    const text = `${observed.identityStatus ?? ''} (${note})`
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => `${count} of the identities ${what}: ${text}.`)
}
