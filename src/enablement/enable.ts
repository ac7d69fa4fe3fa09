import { drain } from '../drain.ts'
import type { Failure, Stop } from '../failure.ts'
import type { Cause, Identity } from '../identity.ts'
import { submitEnable, type BulkAnswer } from '../sailpoint/bulk-enable.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { ApiError, RunEnd } from '../sailpoint/errors.ts'
import { meaningOfFailure, meaningOfStatus } from '../sailpoint/status.ts'
import type { Ledger } from './ledger.ts'

export interface EnableOptions {
  /** Identities per request. */
  readonly batchSize: number
  /** Retries of a request, and further rounds for identities that ISC put off. */
  readonly maxRetries: number
  /** Start nothing further once the ledger's thresholds are exceeded. */
  readonly failFast: boolean
  /** Called after every answer. */
  readonly onProgress: () => void
  /** From 0 to 1: which identities are sampled. */
  readonly random: () => number
}

/** Identities that go to ISC in one request. */
interface Batch {
  readonly identities: readonly Identity[]
  /** A part of a batch that was rejected whole. */
  readonly isPart: boolean
  /** How many identities were accepted in this run when the batch, or what it is a part of, was submitted first. */
  readonly acceptedBefore: number
}

/** The number of attempts for an identity, and how many identities had been accepted in this run at that time. */
interface Attempts {
  readonly count: number
  readonly accepted: number
}

const NO_ATTEMPTS: Attempts = { count: 0, accepted: 0 }

/**
 * If ISC rejects a whole batch, so many of its identities, and so many of the rest of the list, are submitted alone.
 * The answers show whether ISC rejects everything (a wrong body, a tenant without bulk requests) or one identity caused
 * it.
 */
const SAMPLES = { batch: 30, rest: 15 } as const

/**
 * Submits the ledger's unprocessed identities to ISC in batches until each is settled or the run has to end; what is
 * then left stays unprocessed. Returns why the run ended early, or null.
 * @throws nothing but errors of the program itself
 */
export async function enableIdentities(
  ledger: Ledger,
  client: IscClient,
  options: EnableOptions,
): Promise<Stop | null> {
  return await new Enabling(ledger, client, options).run()
}

class Enabling {
  readonly #ledger: Ledger
  readonly #client: IscClient
  readonly #options: EnableOptions
  /** Halves of rejected batches. They are submitted before anything else, the last first. */
  readonly #parts: Batch[] = []
  /** Identities that ISC put off. */
  #putOff = new Map<Identity, Attempts>()
  /** Those whose request is in flight: none is submitted twice at once. */
  readonly #inFlight = new Set<Identity>()
  /** What ISC said of those that it rejected alone. */
  readonly #rejectedAlone = new Map<Identity, Cause>()
  /** Samples are submitted one at a time. */
  #sampling: Promise<unknown> = Promise.resolve()
  /** Tasks that ISC has accepted so far. */
  #accepted = 0
  #stopped: Stop | null = null

  constructor(ledger: Ledger, client: IscClient, options: EnableOptions) {
    this.#ledger = ledger
    this.#client = client
    this.#options = options
  }

  /** Submits in rounds. Each round submits in new batches the identities that ISC put off in the previous one. */
  async run(): Promise<Stop | null> {
    this.#checkThresholds()
    let source: Iterator<Identity, undefined> = this.#ledger.unprocessed
    for (let round = 0; ; round += 1) {
      await this.#round(source, round)
      if (this.#putOff.size === 0 || this.#stopped !== null) return this.#stopped
      await this.#client.backOff(round + 1).catch((error: unknown) => this.#stopFor(error))
      source = [...this.#putOff.keys()].values()
    }
  }

  async #round(source: Iterator<Identity, undefined>, round: number): Promise<void> {
    const used = this.#putOff
    this.#putOff = new Map()
    const inVain = (identity: Identity): number => this.#inVain(used.get(identity) ?? NO_ATTEMPTS)
    await drain(
      () => this.#nextBatch(source),
      (batch) => this.#submit(batch, round, Math.max(...batch.identities.map(inVain))),
      this.#client.concurrency,
    )
  }

  /**
   * The next part, or else a batch of the source, without identities that were settled or submitted alone meanwhile.
   */
  #nextBatch(source: Iterator<Identity, undefined>): Batch | undefined {
    if (this.#stopped !== null) return undefined
    const part = this.#parts.pop()
    const from = part?.identities.values() ?? source
    const identities: Identity[] = []
    while (identities.length < this.#options.batchSize) {
      const { value } = from.next()
      if (value === undefined) break
      if (this.#isOpen(value)) identities.push(value)
    }
    if (identities.length > 0) return { isPart: false, acceptedBefore: this.#accepted, ...part, identities }
    return part && this.#nextBatch(source)
  }

  /** `used`: attempts of its identities in earlier rounds since anything was accepted. */
  async #submit(batch: Batch, round: number, used: number): Promise<void> {
    const { identities } = batch
    const accepted = this.#accepted
    for (const identity of identities) this.#inFlight.add(identity)
    const result = await this.#request(identities, batch.isPart, used)
    let parts: readonly Batch[] = []
    if (result instanceof ApiError) parts = await this.#rejected(batch, result.failure, round)
    // Attempts of a request and rounds have one limit together, as long as nothing is accepted.
    else if (result) this.#settle(identities, result, round, { count: used + result.retries + 1, accepted })
    for (const identity of identities) this.#inFlight.delete(identity)
    this.#parts.push(...parts)
    this.#checkThresholds()
    this.#options.onProgress()
  }

  /** Sends one request for these. Returns what ISC answers; null where the run ends. */
  async #request(
    identities: readonly Identity[],
    isPart: boolean,
    used: number,
  ): Promise<BulkAnswer | ApiError | null> {
    try {
      return await submitEnable(this.#client, identities.map(submittedId), {
        maxRetries: Math.max(0, this.#options.maxRetries - used),
        isPart,
        onAttempt: () => this.#ledger.attempted(identities),
      })
    } catch (error) {
      if (error instanceof ApiError) return error
      this.#stopFor(error)
      return null
    }
  }

  #settle(
    identities: readonly Identity[],
    { itemOf, trackingId }: BulkAnswer,
    round: number,
    attempts: Attempts,
  ): void {
    const missing: Cause = { kind: 'missing', trackingId }
    const putOff: (readonly [Identity, Cause])[] = []
    // Most answers have no message, and one cause serves all of one status.
    const wordless = new Map<number, Cause>()
    for (const identity of identities) {
      const item = itemOf(submittedId(identity))
      if (item === undefined) {
        putOff.push([identity, missing])
        continue
      }
      const { id, statusCode, message } = item
      const { isSuccess, isPutOff } = meaningOfStatus(statusCode)
      const known = message === null ? wordless.get(statusCode) : undefined
      const cause = known ?? answered(statusCode, message, trackingId)
      if (message === null) wordless.set(statusCode, cause)
      this.#ledger.identify(identity, id)
      if (isSuccess) {
        this.#accepted += 1
        this.#ledger.succeed(identity, cause)
      } else if (isPutOff) putOff.push([identity, cause])
      else this.#ledger.fail(identity, cause)
    }
    for (const [identity, cause] of putOff) this.#again(identity, cause, round, attempts)
  }

  /** How many attempts led to nothing: none where anything was accepted since. */
  #inVain({ count, accepted }: Attempts): number {
    return accepted === this.#accepted ? count : 0
  }

  /** Submits an identity again in the next round, if there is one for it. */
  #again(identity: Identity, cause: Cause, round: number, attempts: Attempts): void {
    const { maxRetries } = this.#options
    if (round >= maxRetries || this.#inVain(attempts) > maxRetries) return this.#ledger.fail(identity, cause)
    this.#ledger.putOff(identity, cause)
    this.#putOff.set(identity, attempts)
  }

  /**
   * A whole request was rejected: its identities are put off, or have failed, or are to be submitted in parts to find the
   * culprit. Returns these parts, the last first.
   */
  async #rejected(batch: Batch, failure: Failure, round: number): Promise<readonly Batch[]> {
    const { identities, isPart, acceptedBefore } = batch
    const { isRetryable, isSplittable, isOwn, isFatal } = meaningOfFailure(failure)
    const cause: Cause = { kind: 'request-failed', failure }
    if (isSplittable && !isPart && !(await this.#isAnyAccepted(batch, failure, round))) {
      for (const identity of identities)
        if (identity.outcome === 'unprocessed' && !this.#putOff.has(identity))
          this.#ledger.fail(identity, this.#rejectedAlone.get(identity) ?? cause)
      return []
    }
    if (isSplittable && identities.length > 1) {
      const middle = Math.ceil(identities.length / 2)
      const halves = [identities.slice(middle), identities.slice(0, middle)]
      return halves.map((half) => ({ identities: half, isPart: true, acceptedBefore }))
    }
    const [alone] = identities
    // If other identities were accepted, a batch of one identity is rejected because of that identity. The same is true
    // for a part with one identity.
    if ((isPart || isSplittable) && identities.length === 1 && alone !== undefined)
      this.#noteOwn(alone, failure)
    for (const identity of identities) {
      const own = isOwn ? this.#rejectedAlone.get(identity) : undefined
      if (isRetryable && this.#accepted > acceptedBefore)
        this.#again(identity, own ?? cause, round, NO_ATTEMPTS)
      else this.#ledger.fail(identity, own ?? cause)
      if (isFatal && own === undefined) this.#stopped ??= { reason: 'rejected', failure, isEverything: false }
    }
    return []
  }

  /**
   * Whether anything was accepted since a batch was first submitted. If not, samples are submitted alone, one after the
   * other, until one is accepted. The run ends if no sample is accepted, nothing was accepted in this run, and the
   * thresholds do not allow the rest to fail.
   */
  async #isAnyAccepted(batch: Batch, failure: Failure, round: number): Promise<boolean> {
    const isKnown = (): boolean => this.#stopped !== null || this.#accepted > batch.acceptedBefore
    const sampling = this.#sampling.then(async () => {
      // An identity that was rejected alone is not submitted once more for that.
      const ofBatch = new Set(
        this.#sample(batch.identities.length > 1 ? batch.identities : [], SAMPLES.batch),
      )
      const rest = this.#ledger.unprocessed.filter((identity) => this.#isOpen(identity)).toArray()
      for (const identity of [...ofBatch, ...this.#sample(rest, SAMPLES.rest)]) {
        if (isKnown()) return true
        const isOfRest = !ofBatch.has(identity)
        if (isOfRest && !this.#isOpen(identity)) continue
        await this.#submitAlone(identity, round)
        // Its turn may have passed meanwhile.
        if (isOfRest && this.#isOpen(identity) && this.#stopped === null)
          this.#putOff.set(identity, NO_ATTEMPTS)
      }
      if (isKnown()) return true
      const { unprocessed } = this.#ledger.counts
      if (this.#accepted === 0 && rest.length > 0 && this.#ledger.judgementIfAllFailed(unprocessed).exceeded)
        this.#stopped ??= { reason: 'rejected', failure, isEverything: true }
      return false
    })
    this.#sampling = sampling
    return await sampling
  }

  /** So many of these at random, so that the order of the list has no influence. */
  #sample(identities: readonly Identity[], count: number): Identity[] {
    const left = [...identities]
    const sample: Identity[] = []
    while (sample.length < count && left.length > 0)
      sample.push(...left.splice(Math.floor(this.#options.random() * left.length), 1))
    return sample
  }

  /** Submits a sample. One that is rejected with a status of its own has failed, unless it may succeed later. */
  async #submitAlone(identity: Identity, round: number): Promise<void> {
    const isOfBatch = this.#inFlight.has(identity)
    this.#inFlight.add(identity)
    const result = await this.#request([identity], true, 0)
    if (result instanceof ApiError) {
      const { failure } = result
      const { isRetryable, isFatal } = meaningOfFailure(failure)
      const own = this.#noteOwn(identity, failure)
      if (own === null && isFatal) this.#stopped ??= { reason: 'rejected', failure, isEverything: false }
      if (own !== null && !isRetryable) this.#ledger.fail(identity, own)
    } else if (result) this.#settle([identity], result, round, NO_ATTEMPTS)
    if (!isOfBatch) this.#inFlight.delete(identity)
    this.#checkThresholds()
    this.#options.onProgress()
  }

  /** Notes what ISC said of an identity that it rejected alone, if it is about that identity, and returns it. */
  #noteOwn(identity: Identity, failure: Failure): Cause | null {
    if (failure.kind !== 'status' || !meaningOfFailure(failure).isOwn) return null
    const own = answered(failure.status, failure.said, failure.trackingId)
    this.#rejectedAlone.set(identity, own)
    return own
  }

  /** Whether an identity is still to be submitted. */
  #isOpen(identity: Identity): boolean {
    return identity.outcome === 'unprocessed' && !this.#inFlight.has(identity) && !this.#putOff.has(identity)
  }

  #checkThresholds(): void {
    if (this.#options.failFast && this.#ledger.judgement.exceeded) this.#stopped ??= { reason: 'fail-fast' }
  }

  /** Nothing further can be submitted. @throws what is not the end of a run */
  #stopFor(error: unknown): void {
    if (!(error instanceof RunEnd)) throw error
    this.#stopped ??= error.stop
  }
}

function answered(statusCode: number, message: string | null, trackingId: string | null): Cause {
  return { kind: 'answered', statusCode, message, trackingId }
}

/** Every identity that is submitted has an ID. */
function submittedId(identity: Identity): string {
  if (identity.id === null) throw new Error(`${identity.identifier} has no ID.`)
  return identity.id
}
