import { hex, seeded } from './random.ts'

/** An identity of the simulated tenant. */
export interface Identity {
  readonly id: string
  readonly name: string
  readonly alias: string
  readonly emailAddress: string
  /** Any text: ISC may name a status that is not published. */
  identityStatus: string | null
  lifecycleState: LifecycleState | null
  /** What happens after the task to enable it was accepted. */
  readonly fate: Fate
  /** When it becomes enabled or is gone; null while no task was accepted. */
  dueAt: number | null
}

/** As ISC publishes it; each tenant has its own names. */
export interface LifecycleState {
  readonly stateName: string
  readonly manuallyUpdated: boolean
}

/** What HR, or ISC itself, makes of an identity. */
export interface Change {
  readonly identityStatus?: string | null
  /** The state's name. */
  readonly lifecycleState?: string | null
}

/** `enables` after the delay, `never` (stays disabled), `vanishes` (is deleted meanwhile). */
export type Fate = 'enables' | 'never' | 'vanishes'

/** How many of which sort there are; they get IDs one after the other, in this order. */
export interface PopulationOptions {
  /** Disabled, and enabled by the task. */
  readonly disabled?: number
  readonly active?: number
  readonly locked?: number
  readonly error?: number
  /** Disabled, and never enabled although the task is accepted. */
  readonly never?: number
  /** Disabled, and gone after the task is accepted. */
  readonly vanishes?: number
}

/** The identities that a request asks for. */
export interface Filter {
  /** In lower case, each once, where it asks for IDs alone. */
  readonly ids: readonly string[] | null
  readonly matches: (identity: Identity) => boolean
}

/** The ID of the n-th identity (from 0) of a tenant with this seed. */
export function identityId(n: number, seed = 1): string {
  return `2c9180${n.toString(16).padStart(10, '0')}${hex(seeded(seed * 1_000_003 + n), 16)}`
}

/** The IDs of the first so many identities of a tenant. */
export function identityIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => identityId(n))
}

/** The people of a tenant. IDs are compared without regard to case, as ISC does. */
export class Population {
  readonly #identities = new Map<string, Identity>()
  readonly #byFoldedId = new Map<string, Identity>()
  readonly #isAnybody: boolean

  /** `any`: every identity exists and is disabled, and no change is kept. */
  constructor(options: PopulationOptions | 'any', seed: number) {
    this.#isAnybody = options === 'any'
    for (const identity of options === 'any' ? [] : people(options, seed)) this.#keep(identity)
  }

  /** By ID. */
  get identities(): ReadonlyMap<string, Identity> {
    return this.#identities
  }

  /** Adds an identity with these attributes. It is disabled unless they say otherwise. */
  add(attributes: Partial<Identity>, random: () => number): void {
    const id = attributes.id ?? hex(random, 32)
    this.#keep({ ...nobody(id), ...attributes, id })
  }

  /** @throws Error when there is no identity with this ID */
  change(id: string, { identityStatus, lifecycleState }: Change): void {
    const identity = this.#byFoldedId.get(id.toLowerCase())
    if (identity === undefined) throw new Error(`There is no identity ${id}.`)
    currentState(identity)
    if (identityStatus !== undefined) {
      identity.identityStatus = identityStatus
      identity.dueAt = null
    }
    if (lifecycleState !== undefined) {
      identity.lifecycleState =
        lifecycleState === null ? null : { stateName: lifecycleState, manuallyUpdated: false }
    }
  }

  /** Accepts the task to enable an identity, which has its effect after the delay. Returns the ID; null: no such identity. */
  enable(id: string, delayMs: number): string | null {
    if (this.#isAnybody) return id
    const known = this.#byFoldedId.get(id.toLowerCase())
    const identity = known && currentState(known)
    if (identity === undefined) return null
    if (identity.identityStatus === 'DISABLED') identity.dueAt ??= Date.now() + delayMs
    return identity.id
  }

  /** Those who match, as they are now. */
  select({ ids, matches }: Filter): Identity[] {
    if (ids !== null && this.#isAnybody) return ids.map((id) => nobody(id))
    const candidates =
      ids === null
        ? this.#identities.values()
        : ids.map((id) => this.#byFoldedId.get(id)).filter((found) => found !== undefined)
    const found: Identity[] = []
    for (const candidate of candidates) {
      const identity = currentState(candidate)
      if (identity !== undefined && matches(identity)) found.push(identity)
    }
    return found
  }

  #keep(identity: Identity): void {
    this.#identities.set(identity.id, identity)
    this.#byFoldedId.set(identity.id.toLowerCase(), identity)
  }
}

/** The identities, the n-th with alias `user.n` and address `user.n@example.com`. */
function* people(options: PopulationOptions, seed: number): Generator<Identity> {
  const { disabled = 0, active = 0, locked = 0, error = 0, never = 0, vanishes = 0 } = options
  const sorts: [number, string, Fate][] = [
    [disabled, 'DISABLED', 'enables'],
    [active, 'ACTIVE', 'enables'],
    [locked, 'LOCKED', 'enables'],
    [error, 'ERROR', 'enables'],
    [never, 'DISABLED', 'never'],
    [vanishes, 'DISABLED', 'vanishes'],
  ]
  let n = 0
  for (const [count, identityStatus, fate] of sorts) {
    for (let made = 0; made < count; made += 1) {
      const attributes = { name: `User ${n}`, alias: `user.${n}`, emailAddress: `user.${n}@example.com` }
      yield { ...nobody(identityId(n, seed)), ...attributes, identityStatus, fate }
      n += 1
    }
  }
}

function nobody(id: string): Identity {
  return {
    ...{ id, name: '', alias: id, emailAddress: '' },
    ...{ identityStatus: 'DISABLED', lifecycleState: null, fate: 'enables', dueAt: null },
  }
}

/** The identity as it is now; undefined when it is gone. */
function currentState(identity: Identity): Identity | undefined {
  if (identity.dueAt === null || Date.now() < identity.dueAt || identity.fate === 'never') return identity
  if (identity.fate === 'vanishes') return undefined
  identity.identityStatus = 'ACTIVE'
  return identity
}
