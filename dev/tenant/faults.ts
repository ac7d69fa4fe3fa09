import { seeded } from './random.ts'

/** Faults of the connection: any endpoint may have them. */
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
  /** `101 Switching Protocols`, which the request did not ask for. */
  'upgrade',
] as const

/** Forms of an answer that are no fault, but that not every client reads. 40 KiB of headers are large. */
export const UNUSUAL_FORMS = ['gzip', 'deflate', 'br', 'byte-order-mark', 'large-headers'] as const

/** Faults of the answer as a whole: any endpoint may have them. */
export const ANSWER_FAULTS = [
  'wrong-length',
  'truncated-json',
  'invalid-json',
  'html',
  'empty-body',
  'empty-array',
  /** An answer without end. */
  'endless',
  'redirect',
] as const

/** Faults of a list of entries or rows: a third of them is concerned. */
export const LIST_FAULTS = [
  'leave-out',
  'repeat',
  /** Each once as it is, and once as its opposite. */
  'conflict',
  'foreign',
  'shuffle',
] as const

/** Faults of the entries of an enable answer. */
export const ITEM_FAULTS = ['string-status', 'item-429', 'item-500'] as const

/** Faults of a page of identities. */
export const PAGE_FAULTS = [
  /** A full page of identities that the request did not ask for, at every offset. */
  'strangers',
  /** Rows move by one place from request to request, so that pages by offset overlap and leave gaps. */
  'shift',
] as const

/** Faults that need no more than their name. */
export const PLAIN_FAULTS = [
  ...CONNECTION_FAULTS,
  ...ANSWER_FAULTS,
  ...LIST_FAULTS,
  ...ITEM_FAULTS,
  ...PAGE_FAULTS,
] as const

export type Endpoint = 'token' | 'enable' | 'identities'

/** Milliseconds since the first request. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** The requests that meet a fault: those that fulfil all of what is given. */
interface Occasion {
  /** The n-th request (from 1) to that endpoint. */
  readonly nth?: number
  readonly probability?: number
  /** Requests with one of these IDs in them. */
  readonly ids?: readonly string[]
  /** At most so many requests. */
  readonly times?: number
  readonly during?: Period
}

/** `on`: the endpoint whose requests meet it; by default the only one that can, or `enable`. */
interface Anywhere extends Occasion {
  readonly on?: Endpoint
}

/** A rejection. The request has no effect. */
export interface StatusFault extends Anywhere {
  readonly kind: 'status'
  readonly status: number
  /** The header Retry-After: seconds, or a date that many seconds ahead. */
  readonly retryAfter?: { readonly seconds: number; readonly asDate?: boolean }
  readonly text?: string
  /** A page, as a firewall gives it. */
  readonly isPage?: boolean
}

export type Fault =
  | StatusFault
  | (Anywhere & { readonly kind: (typeof CONNECTION_FAULTS)[number] | (typeof ANSWER_FAULTS)[number] })
  | (Occasion & { readonly kind: (typeof LIST_FAULTS)[number]; readonly on?: 'enable' | 'identities' })
  | (Occasion & { readonly kind: (typeof ITEM_FAULTS)[number]; readonly on?: 'enable' })
  | (Occasion & { readonly kind: (typeof PAGE_FAULTS)[number]; readonly on?: 'identities' })
  /** Every entry is rejected with 400 and this message. */
  | (Occasion & { readonly kind: 'text'; readonly text: string; readonly on?: 'enable' })
  | (Anywhere & { readonly kind: 'unusual'; readonly form: (typeof UNUSUAL_FORMS)[number] })
  /** The body comes in two halves, that many milliseconds apart. */
  | (Anywhere & { readonly kind: 'slow'; readonly ms: number })
  /** This tracking ID. */
  | (Anywhere & { readonly kind: 'tracking-id'; readonly text: string })
  /** An array of that many empty objects. */
  | (Anywhere & { readonly kind: 'many-elements'; readonly count: number })
  /** Every identity twice, the second time in this lifecycle state. */
  | (Occasion & { readonly kind: 'twice'; readonly lifecycleState: string; readonly on?: 'identities' })
  /** Status 200 with an OAuth error. */
  | (Occasion & { readonly kind: 'oauth-error'; readonly on?: 'token' })
  /** This in place of the token's seconds. */
  | (Occasion & { readonly kind: 'expires-in'; readonly value: string | null; readonly on?: 'token' })

/** The endpoint whose requests meet a fault. */
function endpointOf(fault: Fault): Endpoint {
  if (fault.on !== undefined) return fault.on
  if (fault.kind === 'expires-in' || fault.kind === 'oauth-error') return 'token'
  return fault.kind === 'twice' || PAGE_FAULTS.some((kind) => kind === fault.kind) ? 'identities' : 'enable'
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

  /** The fault of the next request, `at` milliseconds after the first one. */
  next(endpoint: Endpoint, ids: readonly string[], at: number): Fault | null {
    const n = (this.#seen.get(endpoint) ?? 0) + 1
    this.#seen.set(endpoint, n)
    for (const entry of this.#faults) {
      const { nth = n, probability = 1, ids: culprits, during } = entry.fault
      if (endpointOf(entry.fault) !== endpoint || entry.left <= 0 || nth !== n) continue
      if (during !== undefined && !isWithin(during, at)) continue
      if (culprits !== undefined && !ids.some((id) => culprits.includes(id))) continue
      if (probability < 1 && this.#random() >= probability) continue
      entry.left -= 1
      return entry.fault
    }
    return null
  }
}

export function isWithin({ from, to }: Period, at: number): boolean {
  return at >= from && at < to
}
