import { seeded } from './random.ts'

/** Faults of the connection, of the answer as a whole, and of the entries of an enable answer. */
export const CONNECTION_FAULTS = [
  /** The connection is closed on arrival; the request has no effect. */
  'refuse',
  /** It is reset before the answer; the request had its effect. The same for the next three. */
  'reset-before',
  'reset-in-body',
  'reset-after',
  /** Headers, then nothing. */
  'hang',
  /** A byte a second. */
  'drip',
] as const

export const ANSWER_FAULTS = [
  'wrong-length',
  'truncated-json',
  'invalid-json',
  'html',
  'empty-body',
  'empty-array',
] as const

export const ENTRY_FAULTS = [
  'leave-out',
  'repeat',
  /** Each id once accepted and once refused. */
  'conflict',
  'foreign',
  'shuffle',
  'string-status',
  'item-429',
  'item-500',
] as const

export const FAULT_KINDS = [
  ...CONNECTION_FAULTS,
  ...ANSWER_FAULTS,
  ...ENTRY_FAULTS,
  /** A refusal with `status`, and `retryAfter` if given; the request has no effect. */
  'status',
  /** An answer without end. */
  'endless',
  'redirect',
  /** Every message is the fault's `text`. */
  'text',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export type Endpoint = 'token' | 'enable' | 'identities'

/** A fault, and the requests that meet it: those that fulfil all of what is given. */
export interface Fault {
  readonly kind: FaultKind
  /** Default: `enable`. */
  readonly on?: Endpoint
  /** The n-th request (from 1) to that endpoint. */
  readonly nth?: number
  readonly probability?: number
  /** Requests with one of these ids in them. */
  readonly ids?: readonly string[]
  /** At most so many requests. */
  readonly times?: number
  readonly status?: number
  /** The header Retry-After: seconds, or a date that many seconds ahead. */
  readonly retryAfter?: { readonly seconds: number; readonly asDate?: boolean }
  readonly text?: string
}

/** Decides which fault a request meets; the first in the plan that fits. */
export class FaultPlan {
  readonly #faults: { readonly fault: Fault; left: number }[]
  readonly #random: () => number
  readonly #seen = new Map<Endpoint, number>()

  constructor(faults: readonly Fault[], seed: number) {
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }))
    this.#random = seeded(seed)
  }

  next(endpoint: Endpoint, ids: readonly string[]): Fault | null {
    const n = (this.#seen.get(endpoint) ?? 0) + 1
    this.#seen.set(endpoint, n)
    for (const entry of this.#faults) {
      const { on = 'enable', nth, probability, ids: culprits } = entry.fault
      if (on !== endpoint || entry.left <= 0 || (nth !== undefined && nth !== n)) continue
      if (culprits !== undefined && !ids.some((id) => culprits.includes(id))) continue
      if (probability !== undefined && this.#random() >= probability) continue
      entry.left -= 1
      return entry.fault
    }
    return null
  }
}

const STATUSES = [408, 425, 429, 500, 502, 503, 504]

/**
 * A mixed plan for property tests: every kind of fault that a client with five retries outlives, each at
 * random moments and no more than `times` in all. `hang` and `drip` are left out, for they take a time-out.
 */
export function randomFaults(seed: number, times = 5): Fault[] {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const kinds = [
    ...CONNECTION_FAULTS.filter((kind) => kind !== 'hang' && kind !== 'drip'),
    ...ANSWER_FAULTS,
    ...ENTRY_FAULTS,
    'status' as const,
    'status' as const,
  ]
  return Array.from({ length: times }, (): Fault => {
    const on = random() < 0.15 ? 'token' : 'enable'
    const kind = pick(
      kinds.filter((kind) => on === 'enable' || !(ENTRY_FAULTS as readonly string[]).includes(kind)),
    )
    const fault = { kind, on, times: 1, probability: 0.2 + random() * 0.8 } as const
    if (kind !== 'status') return fault
    if (on === 'enable' && random() < 0.15) return { ...fault, status: 401 }
    const retryAfter = { seconds: 0, asDate: random() < 0.5 }
    return { ...fault, status: pick(STATUSES), ...(random() < 0.3 ? { retryAfter } : {}) }
  })
}
