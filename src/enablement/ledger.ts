import type { Cause, Counts, Excluded, Identity, Observation } from '../identity.ts'
import type { Decision } from '../policy/decision.ts'
import { excludedAs, matchOf, type Exclusion, type ExclusionMatch } from '../policy/exclusion.ts'
import { judge, type Judgement } from '../policy/guards.ts'
import type { FoundIdentity } from '../sailpoint/identity-search.ts'
import type { Thresholds } from '../settings.ts'

/** Why an identity is excluded, and what ISC says of it, as far as guards compare it; undefined where that is not known. */
export interface ExclusionReason {
  readonly match: ExclusionMatch
  readonly row?: Pick<FoundIdentity, 'id' | 'alias' | 'emailAddress' | 'name'> | undefined
}

/** An identity's record as the ledger alone may write it. */
type Writable = { -readonly [Key in keyof Identity]: Identity[Key] }

/**
 * The one writer of identities. Each begins as unprocessed and is settled once. So it ends in exactly one of the three
 * outcome lists with any answer of the server. Only verification takes a success back.
 */
export class Ledger {
  readonly #thresholds: Thresholds
  readonly #isPlan: boolean
  #records: readonly Writable[]
  readonly #excluded: Excluded[]
  #isAnyExcludedKnown = false
  /** `toEnable`: decided to be enabled; `wouldFail`: what a plan says would fail, and is not ignored. */
  readonly #counts = { succeeded: 0, failed: 0, ignored: 0, excluded: 0, toEnable: 0, wouldFail: 0 }

  /**
   * Takes the identities over, as they were requested, for a run or only for a plan of one. `excluded`: those of the
   * list that were excluded as it was read.
   */
  constructor(
    identities: readonly Identity[],
    thresholds: Thresholds,
    isPlan = false,
    excluded: readonly Excluded[] = [],
  ) {
    this.#isPlan = isPlan
    this.#thresholds = thresholds
    this.#records = identities
    this.#excluded = [...excluded]
    this.#counts.excluded = excluded.length
  }

  /** In list order. */
  get identities(): readonly Identity[] {
    return this.#records
  }

  /** Those not settled when their turn comes, in list order. */
  get unprocessed(): IteratorObject<Identity, undefined> {
    return this.#records.values().filter(({ outcome }) => outcome === 'unprocessed')
  }

  /** Notes the ID that was resolved, or as ISC writes it. */
  identify(identity: Identity, id: string | null): void {
    // The same text in another string would be kept a second time.
    if (identity.id !== id) writable(identity).id = id
  }

  /** Two entries of the list that are one identity: these are removed. */
  removeDuplicates(duplicates: ReadonlySet<Identity>): void {
    if (duplicates.size > 0) this.#records = this.#records.filter((record) => !duplicates.has(record))
  }

  /** Takes identities out of the list on which nothing is decided yet, and for which this gives a reason. */
  exclude(reasonOf: (identity: Identity) => ExclusionReason | null): void {
    this.#records = this.#records.filter((record) => {
      const isUndecided = record.plan === null && record.outcome === 'unprocessed'
      const reason = isUndecided ? reasonOf(record) : null
      if (reason === null) return true
      const named = excludedAs(record, reason.match, reason.row?.name)
      if (named !== null) this.#excluded.push(named)
      this.#isAnyExcludedKnown ||= reason.row !== undefined
      this.#counts.excluded += 1
      return false
    })
  }

  /**
   * Excludes those that an exclusion matches: by the text given, the ID, or what ISC says of them. With `rowOf`, only
   * those with a row.
   */
  excludeMatches(
    exclusions: readonly Exclusion[],
    rowOf?: (identity: Identity) => ExclusionReason['row'],
  ): void {
    if (exclusions.length === 0) return
    this.exclude((identity) => {
      const row = rowOf?.(identity)
      if (rowOf !== undefined && row === undefined) return null
      const { identifier, id } = identity
      const match = matchOf(exclusions, [identifier, id, row?.id, row?.alias, row?.emailAddress])
      return match && { match, row }
    })
  }

  /** Whether an excluded identity is known to exist in the tenant. */
  get isAnyExcludedKnown(): boolean {
    return this.#isAnyExcludedKnown
  }

  /** Excluded identities that are worth naming. */
  get excluded(): readonly Excluded[] {
    return this.#excluded
  }

  /** A request with these identities in it is sent. */
  attempted(identities: readonly Identity[]): void {
    for (const identity of identities) writable(identity).attempts += 1
  }

  /** What ISC said of the identity's state. */
  observe(identity: Identity, observed: Observation): void {
    writable(identity).observed = observed
  }

  /** Notes a decision, and settles an identity that is not to be enabled; in a plan, none is settled. */
  decide(identity: Identity, { plan, cause }: Decision): void {
    const record = writable(identity)
    record.plan = plan
    if (plan === 'enable') this.#counts.toEnable += 1
    else if (this.#isPlan) {
      record.cause = cause
      record.ignored = this.#isIgnored(cause)
      if (plan !== 'already-enabled' && !record.ignored) this.#counts.wouldFail += 1
    } else if (plan === 'already-enabled') this.succeed(identity, cause)
    else this.fail(identity, cause)
  }

  /** ISC put the identity off: it is submitted again, and this is what ISC says of it so far. */
  putOff(identity: Identity, cause: Cause): void {
    this.#unsettled(identity).cause = cause
  }

  succeed(identity: Identity, cause: Cause | null): void {
    const record = this.#unsettled(identity)
    record.outcome = 'succeeded'
    record.cause = cause
    this.#counts.succeeded += 1
  }

  fail(identity: Identity, cause: Cause | null): void {
    this.#fail(this.#unsettled(identity), cause, this.#isIgnored(cause))
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

  /** Takes back every success that was not confirmed. Each counts as failed, and no status code makes it ignored. */
  takeBackUnconfirmed(): void {
    for (const identity of this.unconfirmed) {
      const { cause, verified, observed } = identity
      const seen = verified === null ? null : observed
      this.#counts.succeeded -= 1
      this.#fail(identity, { kind: 'unconfirmed', accepted: cause, seen }, false)
      writable(identity).verified = false
    }
  }

  /** Makes every success that was not confirmed unprocessed: the run ended before the time for that was over. */
  reopenUnconfirmed(): void {
    for (const identity of this.unconfirmed) {
      this.#counts.succeeded -= 1
      writable(identity).outcome = 'unprocessed'
    }
  }

  #unsettled(identity: Identity): Writable {
    if (identity.outcome !== 'unprocessed') throw new Error(`${identity.identifier} is settled already.`)
    return writable(identity)
  }

  #fail(record: Writable, cause: Cause | null, isIgnored: boolean): void {
    record.outcome = 'failed'
    record.cause = cause
    record.ignored = isIgnored
    this.#counts.failed += 1
    if (isIgnored) this.#counts.ignored += 1
  }

  /** Only a status that ISC gave to the identity alone may be ignored. */
  #isIgnored(cause: Cause | null): boolean {
    const { ignoreStatusCodes } = this.#thresholds
    if (cause?.kind === 'absent') return ignoreStatusCodes.has(404)
    return cause?.kind === 'answered' && ignoreStatusCodes.has(cause.statusCode)
  }

  /** How many were decided to be enabled. */
  get plannedToEnable(): number {
    return this.#counts.toEnable
  }

  get counts(): Counts {
    const { succeeded, failed, ignored, excluded } = this.#counts
    const total = this.#records.length
    return { total, succeeded, failed, ignored, unprocessed: total - succeeded - failed, excluded }
  }

  /** What the failures so far, or those that a plan foresees, mean for the job. */
  get judgement(): Judgement {
    return this.judgementIfAllFailed(0)
  }

  /** The judgement if so many more failed. */
  judgementIfAllFailed(more: number): Judgement {
    const { failed, ignored, wouldFail } = this.#counts
    return judge(failed - ignored + wouldFail + more, this.#records.length, this.#thresholds)
  }
}

/** The ledger took every record over, and gives them away to be read only. */
function writable(identity: Identity): Writable {
  return identity
}
