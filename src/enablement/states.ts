import { folded, type Identity, type ObservedState } from '../identity.ts'
import { meaningOf } from '../policy/decision.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { unreadableAnswer } from '../sailpoint/errors.ts'
import { findIdentities, type FoundIdentity } from '../sailpoint/identity-search.ts'

/** What ISC says of an identity. */
export interface KnownState {
  readonly state: ObservedState
  /** As ISC writes the ID; null where that is the folded ID. */
  readonly id: string | null
}

/** The ID of this identity as ISC writes it. */
export function writtenId({ id }: Identity, known: KnownState): string {
  return known.id ?? folded(id ?? '')
}

export interface StateOptions {
  /** Whether to keep the display name of the identity with this folded ID. */
  readonly keepsName: (id: string) => boolean
  /** Is handed each row. */
  readonly onRow?: (row: FoundIdentity) => void
}

/** So many identities are read at a time: what it takes to find them in the answers is freed before the next are read. */
const AT_ONCE = 50_000

/**
 * Reads the states of identities, and hands each to `onState`; null: it has no ID, or there is no such identity. Of
 * several rows for one ID, the one that is not enabled counts; where they have different lifecycle states, the answer
 * cannot be used. @throws ApiError, RunEnd, DeadlineError; what was read before that is handed over too
 */
export async function readStates(
  identities: readonly Identity[],
  client: IscClient,
  { keepsName, onRow }: StateOptions,
  onState: (identity: Identity, known: KnownState | null) => void,
): Promise<void> {
  // Equal states are one object: a million identities have few different ones. A name is each one's own.
  const shared = new Map<string, KnownState>()
  const shareable = (state: ObservedState, id: string | null): KnownState => {
    if (state.name !== null || id !== null) return { state, id }
    const text = JSON.stringify([state.identityStatus, state.lifecycleState, state.isLifecycleKnown])
    const known = shared.get(text) ?? { state, id }
    shared.set(text, known)
    return known
  }
  for (let start = 0; start < identities.length; start += AT_ONCE) {
    const some = identities.slice(start, start + AT_ONCE)
    /** By the folded ID. */
    const found = new Map<string, KnownState>()
    const take = (row: FoundIdentity): void => {
      onRow?.(row)
      const key = folded(row.id)
      const lifecycleState = row.lifecycleState ?? null
      const isLifecycleKnown = row.lifecycleState !== undefined
      const known = found.get(key)?.state
      if (
        known !== undefined &&
        (known.lifecycleState !== lifecycleState || known.isLifecycleKnown !== isLifecycleKnown)
      ) {
        found.delete(key)
        throw unreadableAnswer('it has two lifecycle states for one identity')
      }
      if (known !== undefined && meaningOf(known.identityStatus).enabled !== 'yes') return
      const name = keepsName(key) ? row.name : null
      const state = { identityStatus: row.identityStatus, lifecycleState, isLifecycleKnown, name }
      found.set(key, shareable(state, row.id === key ? null : row.id))
    }
    let isComplete = false
    try {
      const ids = some.map(({ id }) => id).filter((id) => id !== null)
      await findIdentities(client, 'id', ids, take)
      isComplete = true
    } finally {
      for (const identity of some) {
        const known = identity.id === null ? undefined : found.get(folded(identity.id))
        if (known !== undefined || isComplete) onState(identity, known ?? null)
      }
    }
  }
}
