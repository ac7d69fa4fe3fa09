import { folded, type Identity, type ObservedState } from '../identity.ts'
import { meaningOf } from '../policy/decision.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { unreadableAnswer } from '../sailpoint/errors.ts'
import { findIdentities, type FoundIdentity } from '../sailpoint/identity-search.ts'

/** What ISC says of identities' states, as far as they have been read. */
export class States {
  readonly #keepsName: (id: string) => boolean
  /** By the folded ID, with the ID as ISC writes it where that is another text. */
  readonly #states = new Map<string, { readonly state: ObservedState; readonly id: string | null }>()
  readonly #shared = new Map<string, { readonly state: ObservedState; readonly id: null }>()

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
    const ids = identities.map(({ id }) => id).filter((id) => id !== null)
    const take = (row: FoundIdentity): void => {
      onRow?.(row)
      const key = folded(row.id)
      const lifecycleState = row.lifecycleState ?? null
      const isLifecycleKnown = row.lifecycleState !== undefined
      const known = this.#states.get(key)?.state
      if (
        known !== undefined &&
        (known.lifecycleState !== lifecycleState || known.isLifecycleKnown !== isLifecycleKnown)
      )
        throw unreadableAnswer('it has two lifecycle states for one identity')
      if (known !== undefined && meaningOf(known.identityStatus).enabled !== 'yes') return
      const name = this.#keepsName(key) ? row.name : null
      this.#keep(key, row.id, { identityStatus: row.identityStatus, lifecycleState, isLifecycleKnown, name })
    }
    await findIdentities(client, 'id', ids, take)
  }

  /** The identity's state; null where it was not read. */
  of({ id }: Identity): ObservedState | null {
    return id === null ? null : (this.#states.get(folded(id))?.state ?? null)
  }

  /** The ID of an identity whose state was read, as ISC writes it. */
  idOf({ id }: Identity): string | null {
    const key = folded(id ?? '')
    const known = this.#states.get(key)
    return known === undefined ? null : (known.id ?? key)
  }

  /** Equal states are one object: a million identities have few different ones. A name is each one's own. */
  #keep(key: string, id: string, state: ObservedState): void {
    if (state.name !== null || id !== key)
      return void this.#states.set(key, { state, id: id === key ? null : id })
    const text = JSON.stringify([state.identityStatus, state.lifecycleState, state.isLifecycleKnown])
    const shared = this.#shared.get(text) ?? { state, id: null }
    this.#shared.set(text, shared)
    this.#states.set(key, shared)
  }
}
