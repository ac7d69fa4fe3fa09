import type { IdentityOutcome } from '../identity.ts'
import type { Thresholds } from '../settings.ts'
import { isExceeded } from '../policy/thresholds.ts'

/** What ISC said of an identity, or why it said nothing. */
export interface Verdict {
  readonly statusCode: number | null
  readonly message: string | null
  readonly trackingId: string | null
}

/**
 * The one place that settles identities. Each begins unprocessed and is settled once, so it ends in exactly
 * one of the three lists whatever the server answers; only verification takes a success back.
 */
export class Ledger {
  readonly identities: readonly IdentityOutcome[]
  readonly #thresholds: Thresholds
  #succeeded = 0
  #failed = 0
  #ignored = 0

  constructor(identities: readonly IdentityOutcome[], thresholds: Thresholds) {
    this.identities = identities
    this.#thresholds = thresholds
    for (const identity of identities) if (identity.outcome === 'failed') this.#count(identity)
  }

  /** Those not settled when their turn comes, in list order. */
  get unprocessed(): IteratorObject<IdentityOutcome, undefined> {
    return this.identities.values().filter(({ outcome }) => outcome === 'unprocessed')
  }

  succeed(identity: IdentityOutcome, verdict: Verdict): void {
    this.#settle(identity, verdict)
    identity.outcome = 'succeeded'
    this.#succeeded += 1
  }

  fail(identity: IdentityOutcome, verdict: Verdict): void {
    this.#settle(identity, verdict)
    this.#count(identity)
  }

  /** Takes back the success of an identity that is not enabled after all. */
  revoke(identity: IdentityOutcome, message: string): void {
    if (identity.outcome !== 'succeeded') throw new Error(`${identity.identifier} has not succeeded.`)
    identity.message = message
    this.#succeeded -= 1
    this.#count(identity)
  }

  /** Tells each identity that is left why it is. */
  explainUnprocessed(reason: string): void {
    for (const identity of this.unprocessed) {
      identity.message =
        identity.attempts === 0
          ? `Not sent. ${reason}`
          : `Sent, but the run ended before ISC confirmed it; it may have been enabled. ${reason}`
    }
  }

  #settle(identity: IdentityOutcome, { statusCode, message, trackingId }: Verdict): void {
    if (identity.outcome !== 'unprocessed') throw new Error(`${identity.identifier} is settled already.`)
    identity.statusCode = statusCode
    identity.message = message
    identity.trackingId = trackingId
  }

  #count(identity: IdentityOutcome): void {
    identity.outcome = 'failed'
    this.#failed += 1
    const { statusCode } = identity
    identity.ignored = statusCode !== null && this.#thresholds.ignoreStatusCodes.has(statusCode)
    if (identity.ignored) this.#ignored += 1
  }

  get counts(): { total: number; succeeded: number; failed: number; ignored: number; unprocessed: number } {
    const total = this.identities.length
    const [succeeded, failed, ignored] = [this.#succeeded, this.#failed, this.#ignored]
    return { total, succeeded, failed, ignored, unprocessed: total - succeeded - failed }
  }

  /** Whether the failures so far fail the job. */
  get exceeded(): boolean {
    return isExceeded(this.#failed - this.#ignored, this.identities.length, this.#thresholds)
  }
}
