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

/** How many of which sort there are; they get ids one after the other, in this order. */
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

/** The id of the n-th identity (from 0) of a tenant with this seed. */
export function identityId(n: number, seed = 1): string {
  return `2c9180${n.toString(16).padStart(10, '0')}${hex(seeded(seed * 1_000_003 + n), 16)}`
}

/** The ids of the first so many identities of a tenant. */
export function identityIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => identityId(n))
}

/** Makes the identities, the n-th with alias `user.n` and address `user.n@example.com`. */
export function createPopulation(options: PopulationOptions, seed = 1): Map<string, Identity> {
  const { disabled = 0, active = 0, locked = 0, error = 0, never = 0, vanishes = 0 } = options
  const sorts: [number, string, Fate][] = [
    [disabled, 'DISABLED', 'enables'],
    [active, 'ACTIVE', 'enables'],
    [locked, 'LOCKED', 'enables'],
    [error, 'ERROR', 'enables'],
    [never, 'DISABLED', 'never'],
    [vanishes, 'DISABLED', 'vanishes'],
  ]
  const identities = new Map<string, Identity>()
  for (const [count, identityStatus, fate] of sorts) {
    for (let made = 0; made < count; made += 1) {
      const n = identities.size
      const id = identityId(n, seed)
      const alias = `user.${n}`
      const emailAddress = `user.${n}@example.com`
      const state = { identityStatus, lifecycleState: null, fate, dueAt: null }
      identities.set(id, { id, name: `User ${n}`, alias, emailAddress, ...state })
    }
  }
  return identities
}

/** Takes the task to enable it, whose effect comes after the delay. */
export function acceptTask(identity: Identity, now: number, delayMs: number): void {
  if (identity.identityStatus === 'DISABLED') identity.dueAt ??= now + delayMs
}

/** Changes an identity; a task that was accepted before has no effect any more. */
export function changeIdentity(identity: Identity, { identityStatus, lifecycleState }: Change): void {
  if (identityStatus !== undefined) {
    identity.identityStatus = identityStatus
    identity.dueAt = null
  }
  if (lifecycleState !== undefined) {
    identity.lifecycleState =
      lifecycleState === null ? null : { stateName: lifecycleState, manuallyUpdated: false }
  }
}

/** The identity as it is now; undefined when it is gone. */
export function currentState(identity: Identity, now: number): Identity | undefined {
  if (identity.dueAt === null || now < identity.dueAt || identity.fate === 'never') return identity
  if (identity.fate === 'vanishes') return undefined
  identity.identityStatus = 'ACTIVE'
  return identity
}
