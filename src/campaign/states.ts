import { folded, type Identity, type ObservedState } from '../identity.ts'
import { meaningOf } from '../policy/identity-status.ts'
import { ApiError } from '../sailpoint/errors.ts'
import { findIdentities } from '../sailpoint/identity-search.ts'
import type { Session } from '../sailpoint/session.ts'

/** What ISC says of identities' states, as far as they have been read. */
export class States {
  readonly #withNames: boolean
  /** By the folded id. */
  readonly #states = new Map<string, ObservedState>()
  /** Ids that ISC writes otherwise than folded. */
  readonly #ids = new Map<string, string>()
  readonly #shared = new Map<string, ObservedState>()

  constructor(withNames: boolean) {
    this.#withNames = withNames
  }

  /**
   * Reads the states of identities that have an id. Of several rows for one id, the one that is not enabled counts;
   * where they have different lifecycle states, there is no telling.
   * @throws ApiError, SessionEnd, the reason of `signal`; what was read before that is known
   */
  async read(identities: readonly Identity[], session: Session, signal?: AbortSignal): Promise<void> {
    const ids = identities.map(({ id }) => id).filter((id) => id !== null)
    await findIdentities(
      session,
      'id',
      ids,
      ({ id, identityStatus, lifecycleState, name }) => {
        const key = folded(id)
        const known = this.#states.get(key)
        if (known !== undefined && known.lifecycleState !== lifecycleState)
          throw new ApiError(`Reading identities: ISC gives two lifecycle states for ${id}.`, {})
        if (known !== undefined && meaningOf(known.identityStatus).enabled !== 'yes') return
        this.#states.set(
          key,
          this.#share({
            identityStatus,
            lifecycleState,
            isLifecycleKnown: true,
            name: this.#withNames ? name : null,
          }),
        )
        if (id !== key) this.#ids.set(key, id)
      },
      signal,
    )
  }

  /** The identity's state; null where there was none to be read. */
  of({ id }: Identity): ObservedState | null {
    return id === null ? null : (this.#states.get(folded(id)) ?? null)
  }

  /** The id of an identity whose state was read, as ISC writes it. */
  idOf({ id }: Identity): string | null {
    const key = folded(id ?? '')
    return this.#states.has(key) ? (this.#ids.get(key) ?? key) : null
  }

  /** Gives equal states as one object: a million identities have few different ones. Names are each one's own. */
  #share(state: ObservedState): ObservedState {
    if (state.name !== null) return state
    const key = JSON.stringify([state.identityStatus, state.lifecycleState])
    const shared = this.#shared.get(key) ?? state
    this.#shared.set(key, shared)
    return shared
  }
}
