import { folded, type Identity, type ObservedState } from '../identity.ts'
import { meaningOf } from '../policy/decision.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { unreadableAnswer } from '../sailpoint/errors.ts'
import { findIdentities, type FoundIdentity } from '../sailpoint/identity-search.ts'

/** A state, and the ID as ISC writes it where that is another text than the folded one. */
interface Known {
  readonly state: ObservedState
  readonly id: string | null
}

/** So many identities are read at a time: what it takes to find them in the answers is freed before the next are read. */
const AT_ONCE = 50_000

/** What ISC says of identities' states, as far as they have been read. */
export class States {
  readonly #keepsName: (id: string) => boolean
  readonly #states = new Map<Identity, Known>()
  readonly #shared = new Map<string, Known>()

  /** `keepsName`: whether to keep the display name of the identity with this folded ID. */
  constructor(keepsName: (id: string) => boolean) {
    this.#keepsName = keepsName
  }

  /**
   * Reads the states of identities that have an ID. Of several rows for one ID, the one that is not enabled counts;
   * where they have different lifecycle states, the answer cannot be used. Each row is handed to `onRow`.
   * @throws ApiError, RunEnd, DeadlineError; what was read before that is known
   */
  async read(
    identities: readonly Identity[],
    client: IscClient,
    onRow?: (row: FoundIdentity) => void,
  ): Promise<void> {
    for (let start = 0; start < identities.length; start += AT_ONCE)
      await this.#readSome(identities.slice(start, start + AT_ONCE), client, onRow)
  }

  async #readSome(
    identities: readonly Identity[],
    client: IscClient,
    onRow?: (row: FoundIdentity) => void,
  ): Promise<void> {
    /** By the folded ID. */
    const found = new Map<string, Known>()
    const take = (row: FoundIdentity): void => {
      onRow?.(row)
      const key = folded(row.id)
      const lifecycleState = row.lifecycleState ?? null
      const isLifecycleKnown = row.lifecycleState !== undefined
      const known = found.get(key)?.state
      if (
        known !== undefined &&
        (known.lifecycleState !== lifecycleState || known.isLifecycleKnown !== isLifecycleKnown)
      )
        throw unreadableAnswer('it has two lifecycle states for one identity')
      if (known !== undefined && meaningOf(known.identityStatus).enabled !== 'yes') return
      const name = this.#keepsName(key) ? row.name : null
      const state = { identityStatus: row.identityStatus, lifecycleState, isLifecycleKnown, name }
      found.set(key, this.#shareable(state, row.id === key ? null : row.id))
    }
    try {
      await findIdentities(
        client,
        'id',
        identities.map(({ id }) => id).filter((id) => id !== null),
        take,
      )
    } finally {
      for (const identity of identities) {
        const known = found.get(folded(identity.id ?? ''))
        if (known !== undefined) this.#states.set(identity, known)
      }
    }
  }

  /** The identity's state; null where it was not read. */
  of(identity: Identity): ObservedState | null {
    return this.#states.get(identity)?.state ?? null
  }

  /** The ID of an identity whose state was read, as ISC writes it. */
  idOf(identity: Identity): string | null {
    const known = this.#states.get(identity)
    return known === undefined ? null : (known.id ?? folded(identity.id ?? ''))
  }

  /** Equal states are one object: a million identities have few different ones. A name is each one's own. */
  #shareable(state: ObservedState, id: string | null): Known {
    if (state.name !== null || id !== null) return { state, id }
    const text = JSON.stringify([state.identityStatus, state.lifecycleState, state.isLifecycleKnown])
    const shared = this.#shared.get(text) ?? { state, id }
    this.#shared.set(text, shared)
    return shared
  }
}
