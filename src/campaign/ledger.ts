import type { Cause, Entry, Identity, Observation, ObservedState } from '../identity.ts'
import type { Decision } from '../policy/decision.ts'
import { judge, type Judgement } from '../policy/thresholds.ts'
import type { Thresholds } from '../settings.ts'

/** An identity's record as the ledger alone may write it. */
type Writable = { -readonly [Key in keyof Identity]: Identity[Key] }

/**
 * The one writer of identities. Each begins unprocessed and is settled once, so it ends in exactly one of the
 * three lists whatever the server answers; only verification takes a success back.
 */
export class Ledger {
  readonly #thresholds: Thresholds
  #records: readonly Writable[]
  #succeeded = 0
  #failed = 0
  #ignored = 0
  #excluded = 0
  /** What a plan says would fail, and which of it would be ignored. */
  #wouldFail = 0
  #wouldBeIgnored = 0

  constructor(entries: readonly Entry[], thresholds: Thresholds) {
    this.#thresholds = thresholds
    this.#records = entries.map(({ identifier, id, file, line }) => ({
      identifier,
      id,
      file,
      line,
      outcome: 'unprocessed',
      cause: null,
      attempts: 0,
      ignored: false,
      plan: null,
      observed: null,
      verified: null,
    }))
  }

  /** In list order. */
  get identities(): readonly Identity[] {
    return this.#records
  }

  /** Those not settled when their turn comes, in list order. */
  get unprocessed(): IteratorObject<Identity, undefined> {
    return this.#records.values().filter(({ outcome }) => outcome === 'unprocessed')
  }

  /** Writes down the id that a look-up found. */
  identify(identity: Identity, id: string): void {
    writable(identity).id = id
  }

  /** Takes identities out of the list, as duplicates or as excluded ones: they end in none of the three lists. */
  leaveOut(identities: ReadonlySet<Identity>, why: 'duplicate' | 'excluded'): void {
    if (identities.size === 0) return
    this.#records = this.#records.filter((record) => !identities.has(record))
    if (why === 'excluded') this.#excluded += identities.size
  }

  /** A request with these identities in it goes out. */
  attempted(identities: readonly Identity[]): void {
    for (const identity of identities) writable(identity).attempts += 1
  }

  /** What ISC said of the identity's state. */
  observe(identity: Identity, observed: Observation): void {
    writable(identity).observed = observed
  }

  /** Writes down what a run would do, and settles nothing. */
  plan(identity: Identity, { plan, cause }: Decision): void {
    const record = writable(identity)
    record.plan = plan
    record.cause = cause
    if (plan !== 'not-found' && plan !== 'refused') return
    this.#wouldFail += 1
    record.ignored = this.#isIgnored(cause)
    if (record.ignored) this.#wouldBeIgnored += 1
  }

  /** Settles an identity by a decision, unless it is to be sent. */
  settle(identity: Identity, { plan, cause }: Decision): void {
    writable(identity).plan = plan
    if (plan === 'already-enabled') this.succeed(identity, cause)
    else if (plan !== 'enable') this.fail(identity, cause)
  }

  succeed(identity: Identity, cause: Cause | null): void {
    const record = this.#unsettled(identity)
    record.outcome = 'succeeded'
    record.cause = cause
    this.#succeeded += 1
  }

  fail(identity: Identity, cause: Cause | null): void {
    const record = this.#unsettled(identity)
    record.ignored = this.#isIgnored(cause)
    if (record.ignored) this.#ignored += 1
    this.#fail(record, cause)
  }

  /** ISC reports the identity as enabled. */
  confirm(identity: Identity, observed: ObservedState): void {
    const record = writable(identity)
    record.observed = observed
    record.verified = true
  }

  /** Takes back the success of an identity that is not enabled after all; it counts, whatever is ignored. */
  takeBack(identity: Identity, seen: Observation): void {
    if (identity.outcome !== 'succeeded') throw new Error(`${identity.identifier} has not succeeded.`)
    const record = writable(identity)
    record.verified = false
    this.#succeeded -= 1
    this.#fail(record, { kind: 'unconfirmed', accepted: identity.cause, seen })
  }

  #unsettled(identity: Identity): Writable {
    if (identity.outcome !== 'unprocessed') throw new Error(`${identity.identifier} is settled already.`)
    return writable(identity)
  }

  #fail(record: Writable, cause: Cause | null): void {
    record.outcome = 'failed'
    record.cause = cause
    this.#failed += 1
  }

  /** Only a status that ISC gave to the identity alone may be ignored. */
  #isIgnored(cause: Cause | null): boolean {
    const { ignoreStatusCodes } = this.#thresholds
    if (cause?.kind === 'absent') return ignoreStatusCodes.has(404)
    return cause?.kind === 'answered' && ignoreStatusCodes.has(cause.statusCode)
  }

  get counts(): Record<'total' | 'succeeded' | 'failed' | 'ignored' | 'unprocessed' | 'excluded', number> {
    const total = this.#records.length
    const [succeeded, failed, ignored, excluded] = [
      this.#succeeded,
      this.#failed,
      this.#ignored,
      this.#excluded,
    ]
    return { total, succeeded, failed, ignored, unprocessed: total - succeeded - failed, excluded }
  }

  /** What the failures so far, or those that a plan foresees, mean for the job. */
  get judgement(): Judgement {
    const failing = this.#failed - this.#ignored + this.#wouldFail - this.#wouldBeIgnored
    return judge(failing, this.#records.length, this.#thresholds)
  }
}

/** The ledger made every record, and gives them away to be read only. */
function writable(identity: Identity): Writable {
  return identity
}
