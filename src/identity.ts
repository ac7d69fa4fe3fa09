import type { Failure } from './failure.ts'

/** What became of one requested identity. */
export type Outcome = 'succeeded' | 'failed' | 'unprocessed'

/** What a run does with an identity whose state was read: see `policy/decision.ts`. */
export type Plan = 'enable' | 'already-enabled' | 'not-found' | 'refused'

/** How the whole run ended: the output `result`. */
export type Result = 'success' | 'failure' | 'cancelled'

/** What ISC says of an identity's state. One object serves all identities of the same state. */
export interface ObservedState {
  /** For example ACTIVE, DISABLED, LOCKED; null where ISC gives none. */
  readonly identityStatus: string | null
  /** The name of its lifecycle state, which each tenant chooses; null where it has none, or it is unknown. */
  readonly lifecycleState: string | null
  /** False where ISC's answer lacks the lifecycle state, or has it in another shape than documented. */
  readonly isLifecycleKnown: boolean
  /** The display name; null unless names are asked for. */
  readonly name: string | null
}

/**
 * What a plan approved for an identity that comes from a report. `unknown`: it comes from a plan, but the approved
 * state is not known; `blocked`: an earlier run blocked it. Both block it again: only a new plan can tell.
 */
export type Approval =
  | { readonly kind: 'approved'; readonly lifecycleState: string | null }
  | { readonly kind: 'unknown' | 'blocked' }

/** `absent`: this tenant has no such identity; null: its state was not read. */
export type Observation = ObservedState | 'absent' | null

/** The state that was read; null where none was, or there is no such identity. */
export function stateOf(observed: Observation): ObservedState | null {
  return observed === 'absent' ? null : observed
}

/**
 * Why an identity was settled as it was. The kinds tell whose status it is: only what ISC said to the identity
 * alone (`answered`, `absent`) may be ignored; the status of a whole request may not. A cause is never changed,
 * so one object may serve many identities.
 */
export type Cause =
  /** ISC's own words on this identity: an entry of its answer, or the answer to a request for it alone. */
  | {
      readonly kind: 'answered'
      readonly statusCode: number
      readonly message: string | null
      readonly trackingId: string | null
    }
  /** The request that it was sent in got no usable answer; the status is the request's. */
  | {
      readonly kind: 'request-failed'
      readonly failure: Failure
    }
  /** ISC answered the request, but not for this identity. */
  | { readonly kind: 'missing'; readonly trackingId: string | null }
  /** This tenant has no such identity, as the answer about states or the resolving of the entry showed. */
  | { readonly kind: 'absent' }
  /** Several identities have the given alias or email address. */
  | { readonly kind: 'ambiguous'; readonly ids: readonly string[] }
  /** Enabled before anything was sent. */
  | { readonly kind: 'already-enabled' }
  /** Its lifecycle state or identity status is in `refuse-states`. */
  | { readonly kind: 'state-blocked'; readonly state: string }
  /** Its lifecycle state, which `refuse-states` or a plan needs, is not known. */
  | { readonly kind: 'state-unknown' }
  /** It comes from a plan, and the lifecycle state that was approved is not known. */
  | { readonly kind: 'approval-unknown' }
  /** Its lifecycle state is not the one that was planned with. */
  | { readonly kind: 'changed'; readonly planned: string | null; readonly now: string | null }
  /** The run whose report the list is taken from blocked it. */
  | { readonly kind: 'blocked-before' }
  /** ISC accepted the task (`accepted`), but the identity was not confirmed as enabled. */
  | { readonly kind: 'unconfirmed'; readonly accepted: Cause | null; readonly seen: Observation }

/**
 * One requested identity, from the list to the report, as all code but the ledger sees it. It is flat and of one
 * shape, because a run holds up to a million of them.
 */
export interface Identity {
  /** The text given in the list. */
  readonly identifier: string
  /** The ISC ID; null if it is not resolved yet, or could not be. */
  readonly id: string | null
  /** The location of the entry: path relative to the workspace with `/`, and line; null for an inline list. */
  readonly file: string | null
  readonly line: number | null
  /** The list's own words, where it has the columns `name` and `reason`. */
  readonly listedName: string | null
  readonly reason: string | null
  /** What was approved, where it comes from a plan, through any number of runs; null where it does not. */
  readonly approval: Approval | null
  readonly outcome: Outcome
  /** Why. While it is unprocessed: what ISC said last, if anything; in a plan, why it would not be enabled. */
  readonly cause: Cause | null
  /** Requests that were sent with this identity in them. */
  readonly attempts: number
  /** It failed (or would fail) with a status code of `ignore-status-codes`, and counts toward no threshold. */
  readonly ignored: boolean
  readonly plan: Plan | null
  /** What ISC said of it when its state was read last. */
  readonly observed: Observation
  /** With `verify`: whether ISC reported the identity as enabled. */
  readonly verified: boolean | null
}

const IDENTITY_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

/** Whether a text is accepted as an ID. ISC's own are narrower: `isIscId`. */
export function isIdentityId(text: string): boolean {
  return IDENTITY_ID.test(text)
}

const NOT_ASCII = /[^ -~]/

/**
 * The form in which IDs, aliases, email addresses and names of states are compared: without regard to case, as ISC
 * does. The two small sigmas count as one letter, and all encodings of an accent are equal.
 */
export function folded(text: string): string {
  const lower = text.toLowerCase()
  const same = NOT_ASCII.test(lower) ? lower.normalize().replaceAll('ς', 'σ') : lower
  // The same text in another string would be kept a second time.
  return same === text ? text : same
}

/** An entry of the list. */
export type Entry = Pick<Identity, 'identifier' | 'id' | 'file' | 'line'> &
  Partial<Pick<Identity, 'listedName' | 'reason' | 'approval'>>

/** The values that neighbors in a list often share, so that one object serves both. */
type Origin = Pick<Identity, 'file' | 'listedName' | 'reason' | 'approval'>

let latest: Origin = { file: null, listedName: null, reason: null, approval: null }

/**
 * An identity before anything is known of it. Few have a name, a reason, or an approval, and most are in the same file:
 * with a field for each of these, a run with a million identities takes 25 MiB more (`npm run bench -- volume`).
 */
class Requested implements Identity {
  readonly identifier: string
  readonly id: string | null
  readonly line: number | null
  readonly outcome = 'unprocessed'
  readonly cause = null
  readonly attempts = 0
  readonly ignored = false
  readonly plan = null
  readonly observed = null
  readonly verified = null
  readonly #origin: Origin

  constructor({ identifier, id, line, file, listedName = null, reason = null, approval = null }: Entry) {
    this.identifier = identifier
    this.id = id
    this.line = line
    const isNew =
      latest.file !== file ||
      latest.listedName !== listedName ||
      latest.reason !== reason ||
      latest.approval !== approval
    if (isNew) latest = { file, listedName, reason, approval }
    this.#origin = latest
  }

  get file(): string | null {
    return this.#origin.file
  }

  get listedName(): string | null {
    return this.#origin.listedName
  }

  get reason(): string | null {
    return this.#origin.reason
  }

  get approval(): Approval | null {
    return this.#origin.approval
  }
}

/** The identity that an entry asks for, before anything is known of it. */
export function requested(entry: Entry): Identity {
  return new Requested(entry)
}

/** The text that names an identity in outputs and lists: its ID, or the entry's text where no ID was found. */
export function idOf({ id, identifier }: Pick<Identity, 'id' | 'identifier'>): string {
  return id ?? identifier
}

/** The status code that a cause is reported with; null where it has none. */
export function statusCodeOf(cause: Cause | null): number | null {
  switch (cause?.kind) {
    case 'answered':
      return cause.statusCode
    case 'request-failed':
      return cause.failure.kind === 'no-answer' ? null : cause.failure.status
    case 'absent':
      return 404
    case 'unconfirmed':
      return statusCodeOf(cause.accepted)
    default:
      return null
  }
}

/** ISC's ID of the request, which SailPoint's support asks for. */
export function trackingIdOf(cause: Cause | null): string | null {
  switch (cause?.kind) {
    case 'answered':
    case 'missing':
      return cause.trackingId
    case 'request-failed':
      return cause.failure.kind === 'no-answer' ? null : cause.failure.trackingId
    case 'unconfirmed':
      return trackingIdOf(cause.accepted)
    default:
      return null
  }
}

/** Where an entry is. */
export interface Location {
  /** Path relative to the workspace, with `/`. */
  readonly file: string
  readonly line: number | null
}

/** An identity of the list that is excluded: it is in none of the three outcome lists. */
export interface Excluded {
  readonly id: string | null
  readonly identifier: string
  /** As ISC has it, or else the list; shown only where names are. */
  readonly name: string | null
  /** Where the list has it. */
  readonly file: string | null
  readonly line: number | null
  readonly by: 'deny-list' | 'listed-again' | 'not-listed'
  /** What excluded it: the deny list's entry, the older list's entry, or the file that no longer lists it. */
  readonly bySource: Location | null
}

/** How many identities ended how; `ignored` are among the failed, `excluded` are in no list at all. */
export interface Counts {
  readonly total: number
  readonly succeeded: number
  readonly failed: number
  readonly ignored: number
  readonly unprocessed: number
  readonly excluded: number
}
