import type { Cause, Identity, Observation, Plan } from '../identity.ts'
import type { Decision } from '../policy/decision.ts'
import { judge, type Judgement } from '../policy/thresholds.ts'
import type { Thresholds } from '../settings.ts'
import type { Counts } from '../totals.ts'

/** An identity's record as the ledger alone may write it. */
type Writable = { -readonly [Key in keyof Identity]: Identity[Key] }

/**
 * The one writer of identities. Each begins unprocessed and is settled once, so it ends in exactly one of the
 * three lists whatever the server answers; only verification takes a success back.
 */
export class Ledger {
  readonly #thresholds: Thresholds
  readonly #isPlan: boolean
  #records: readonly Writable[]
  #succeeded = 0
  #failed = 0
  #ignored = 0
  #excluded = 0
  #plannedToEnable = 0
  /** What a plan says would fail, and which of it would be ignored. */
  #wouldFail = 0
  #wouldBeIgnored = 0

  /** Takes the identities over, as they were requested, for a run or only for a plan of one. */
  constructor(identities: readonly Identity[], thresholds: Thresholds, isPlan = false) {
    this.#isPlan = isPlan
    this.#thresholds = thresholds
    this.#records = identities
  }

  /** In list order. */
  get identities(): readonly Identity[] {
    return this.#records
  }

  /** Those not settled when their turn comes, in list order. */
  get unprocessed(): IteratorObject<Identity, undefined> {
    return this.#records.values().filter(({ outcome }) => outcome === 'unprocessed')
  }

  /** Writes down the id that a look-up found, or as ISC writes it. */
  identify(identity: Identity, id: string | null): void {
    // The same text in another string would be kept a second time.
    if (identity.id !== id) writable(identity).id = id
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

  /** Writes down a decision, and settles whoever is not to be sent; in a plan, nobody is settled. */
  decide(identity: Identity, { plan, cause }: Decision): void {
    writable(identity).plan = plan
    if (plan === 'enable') this.#plannedToEnable += 1
    else if (this.#isPlan) this.#foresee(writable(identity), plan, cause)
    else if (plan === 'already-enabled') this.succeed(identity, cause)
    else this.fail(identity, cause)
  }

  #foresee(record: Writable, plan: Plan, cause: Cause | null): void {
    record.cause = cause
    if (plan === 'already-enabled') return
    this.#wouldFail += 1
    record.ignored = this.#isIgnored(cause)
    if (record.ignored) this.#wouldBeIgnored += 1
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

  /** What ISC said of an accepted identity's state, and whether that is enabled. */
  verify(identity: Identity, observed: Observation, isEnabled: boolean): void {
    const record = writable(identity)
    record.observed = observed
    record.verified = isEnabled
  }

  /** Accepted identities that ISC has not yet reported as enabled. */
  get unconfirmed(): IteratorObject<Identity, undefined> {
    return this.#records
      .values()
      .filter(
        ({ outcome, plan, verified }) =>
          outcome === 'succeeded' && plan !== 'already-enabled' && verified !== true,
      )
  }

  /** Takes back every success that was not confirmed; each counts as a failure, whatever is ignored. */
  takeBackUnconfirmed(): void {
    for (const identity of this.unconfirmed) {
      const { cause, verified, observed } = identity
      const record = writable(identity)
      this.#succeeded -= 1
      this.#fail(record, { kind: 'unconfirmed', accepted: cause, seen: verified === null ? null : observed })
      record.verified = false
    }
  }

  /** Leaves every success that was not confirmed unprocessed: the run ended before the time for that was up. */
  reopenUnconfirmed(): void {
    for (const identity of this.unconfirmed) {
      const record = writable(identity)
      this.#succeeded -= 1
      record.outcome = 'unprocessed'
      record.cause = null
    }
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

  /** How many were decided to be sent. */
  get plannedToEnable(): number {
    return this.#plannedToEnable
  }

  get counts(): Counts {
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
    return this.judgementIfAllFailed(0)
  }

  /** The judgement if so many more failed. */
  judgementIfAllFailed(more: number): Judgement {
    const failing = this.#failed - this.#ignored + this.#wouldFail - this.#wouldBeIgnored + more
    return judge(failing, this.#records.length, this.#thresholds)
  }
}

/** The ledger took every record over, and gives them away to be read only. */
function writable(identity: Identity): Writable {
  return identity
}
