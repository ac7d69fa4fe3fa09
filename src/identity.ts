/** What became of one requested identity. */
export type Outcome = 'succeeded' | 'failed' | 'unprocessed'

/** What a reading of the identity's state says a run does (dry-run, skip-enabled). */
export type Plan = 'enable' | 'already-enabled' | 'not-found'

/** How the whole run ended: the output `result`. */
export type Result = 'success' | 'failure' | 'cancelled'

/**
 * One requested identity, from the list to the report. Flat and of one shape, because a run
 * holds up to a million of them. Only `enable/` (and the look-up of aliases and e-mails) writes to it.
 */
export interface IdentityOutcome {
  /** The text given in the list. */
  readonly identifier: string
  /** The ISC id; null while, or because, it could not be resolved. */
  id: string | null
  /** Where the entry stands: path relative to the workspace with `/`, and line; null for an inline list. */
  readonly file: string | null
  readonly line: number | null
  outcome: Outcome
  /** The per-identity status of ISC's answer, or the status of a request refused whole. */
  statusCode: number | null
  /** The reason of a failure, or of being left unprocessed; text from the server, not yet made harmless. */
  message: string | null
  /** Requests that were sent with this identity in them. */
  attempts: number
  trackingId: string | null
  /** Failed with a status code of `ignore-status-codes`. */
  ignored: boolean
  plan: Plan | null
  /** With `verify`: whether ISC reported the identity as enabled. */
  verified: boolean | null
}

/** An entry of the list before anything was done for it. */
export function requested(
  identifier: string,
  id: string | null,
  file: string | null,
  line: number | null,
): IdentityOutcome {
  return {
    identifier,
    id,
    file,
    line,
    outcome: 'unprocessed',
    statusCode: null,
    message: null,
    attempts: 0,
    trackingId: null,
    ignored: false,
    plan: null,
    verified: null,
  }
}

/** The text by which an identity stands in outputs and lists: its id, or what was given where none was found. */
export function idOf(identity: IdentityOutcome): string {
  return identity.id ?? identity.identifier
}
