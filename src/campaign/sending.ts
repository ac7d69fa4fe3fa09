import { drain } from '../drain.ts'
import type { Cause, Identity } from '../identity.ts'
import { enableIdentities, type BulkAnswer, type ItemAnswer } from '../sailpoint/bulk-enable.ts'
import { isBeyondMending, isOwnStatus, isPoison, isSuccess } from '../sailpoint/answers/status.ts'
import { ApiError, SessionEnd } from '../sailpoint/errors.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger } from './ledger.ts'
import { Suspicion } from './suspicion.ts'

export interface SendingOptions {
  /** Identities per request. */
  readonly batchSize: number
  /** Further rounds for identities that ISC put off. */
  readonly maxRetries: number
  /** Start nothing further once the ledger's thresholds are exceeded. */
  readonly failFast: boolean
  /** Called after every answer. */
  readonly onProgress: () => void
}

/** Identities that go to ISC in one request. */
interface Batch {
  readonly identities: readonly Identity[]
  /** A piece of what was refused whole, or sent alone to tell why everything is. */
  readonly isPart: boolean
}

/** A part is there to find the culprit of a batch that has had its tries with this status. */
const FINAL_FOR_PARTS = new Set([500])

/**
 * Sends the ledger's unprocessed identities to ISC in batches until each is settled or the run has to end;
 * what is then left stays unprocessed. Returns why the run ended early, or null.
 * @throws nothing but errors of the program itself
 */
export async function enableAll(
  ledger: Ledger,
  session: Session,
  options: SendingOptions,
): Promise<string | null> {
  const sending = new Sending(ledger, session, options)
  await sending.run()
  return sending.stopped
}

class Sending {
  #stopped: string | null = null
  readonly #ledger: Ledger
  readonly #session: Session
  readonly #options: SendingOptions
  readonly #suspicion = new Suspicion()
  /** To be sent before anything else, the last first: halves of what was refused whole, and samples. */
  readonly #parts: (readonly Identity[])[] = []
  /** Identities that ISC put off (429 or 5xx of their own, a request without an answer) or left out of its answer. */
  readonly #putOff = new Map<Identity, Cause>()
  /** Those whose request is in flight: nobody is sent twice at once. */
  readonly #underWay = new Set<Identity>()
  /** Those who were found alone by splitting, with a status of their own. */
  readonly #foundAlone = new Set<Identity>()

  constructor(ledger: Ledger, session: Session, options: SendingOptions) {
    this.#ledger = ledger
    this.#session = session
    this.#options = options
  }

  /** Why nothing further is sent, or null. */
  get stopped(): string | null {
    return this.#stopped
  }

  /** Rounds: in each, what ISC put off in the one before is gathered into fresh batches. */
  async run(): Promise<void> {
    const { maxRetries } = this.#options
    this.#heedThresholds()
    await this.#round(this.#ledger.unprocessed, maxRetries === 0)
    for (let retry = 1; retry <= maxRetries && this.#putOff.size > 0 && this.#stopped === null; retry += 1) {
      try {
        await this.#session.backOff(retry)
      } catch (error) {
        this.#stopFor(error)
        return
      }
      const again = [...this.#putOff.keys()]
      this.#putOff.clear()
      await this.#round(again.values(), retry === maxRetries)
    }
  }

  async #round(source: Iterator<Identity, undefined>, isLast: boolean): Promise<void> {
    const nextBatch = (): Batch | undefined => {
      const identities: Identity[] = []
      while (identities.length < this.#options.batchSize) {
        const { value } = source.next()
        if (value === undefined) break
        if (this.#isOpen(value)) identities.push(value)
      }
      return identities.length === 0 ? undefined : { identities, isPart: false }
    }
    await drain(
      () => (this.#stopped === null ? (this.#nextPart() ?? nextBatch()) : undefined),
      (batch) => this.#send(batch, isLast),
      () => (this.#suspicion.isRaised ? 1 : this.#session.concurrency),
    )
  }

  /** The next part, without those of it that were settled or sent meanwhile, alone. */
  #nextPart(): Batch | undefined {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      const identities = part.filter((identity) => this.#isOpen(identity))
      if (identities.length > 0) return { identities, isPart: true }
    }
    return undefined
  }

  async #send(batch: Batch, isLastRound: boolean): Promise<void> {
    const { identities, isPart } = batch
    for (const identity of identities) this.#underWay.add(identity)
    try {
      const answer = await enableIdentities(this.#session, identities.map(sentId), {
        ...(isPart ? { final: FINAL_FOR_PARTS } : {}),
        onAttempt: () => this.#ledger.attempted(identities),
      })
      this.#settle(identities, answer, isLastRound)
    } catch (error) {
      if (error instanceof ApiError) this.#refused(batch, error, isLastRound)
      else this.#stopFor(error)
    } finally {
      for (const identity of identities) this.#underWay.delete(identity)
    }
    this.#heedThresholds()
    this.#options.onProgress()
  }

  #settle(identities: readonly Identity[], { itemOf, trackingId }: BulkAnswer, isLastRound: boolean): void {
    const leftOut: Cause = { kind: 'missing', trackingId }
    const wordless = new Map<number, Cause>()
    for (const identity of identities) {
      const item = itemOf(sentId(identity))
      if (item !== undefined) this.#ledger.identify(identity, item.id)
      const cause = item === undefined ? leftOut : (wordless.get(item.status) ?? answered(item, trackingId))
      // Most answers have no message, and one cause serves all of one status.
      if (item?.message === null) wordless.set(item.status, cause)
      if (item !== undefined && isSuccess(item.status)) {
        this.#suspicion.clear()
        this.#ledger.succeed(identity, cause)
      } else if (isLastRound || !isWorthRetrying(item)) {
        this.#ledger.fail(identity, cause)
      } else {
        this.#putOff.set(identity, cause)
      }
    }
  }

  /** A whole request was refused: it is split to find the culprit, or its identities are put off, or have failed. */
  #refused({ identities, isPart }: Batch, error: ApiError, isLastRound: boolean): void {
    const { status, trackingId, retryable } = error.refusal
    const [first] = identities
    if (first === undefined) return
    const isAlone = identities.length === 1
    if (isPoison(status) && !isAlone) {
      this.#suspicion.raise()
      const middle = Math.ceil(identities.length / 2)
      this.#parts.push(identities.slice(middle), identities.slice(0, middle))
      return
    }
    if (isPart && isAlone && isOwnStatus(status)) this.#foundAlone.add(first)
    const { message } = error
    const cause: Cause =
      isAlone && this.#foundAlone.has(first) && isOwnStatus(status)
        ? { kind: 'answered', statusCode: status, message, trackingId }
        : { kind: 'request-failed', statusCode: status, message, trackingId }
    if (!isLastRound && (retryable || (cause.kind === 'answered' && cause.statusCode >= 500))) {
      for (const identity of identities) this.#putOff.set(identity, cause)
      return
    }
    for (const identity of identities) this.#ledger.fail(identity, cause)
    if (cause.kind === 'answered' || isPoison(status)) this.#suspect(first, error)
    else if (isBeyondMending(status)) this.#stopped ??= error.message
  }

  /** Everything seems to be refused: is it? */
  #suspect(alone: Identity, error: ApiError): void {
    const reason = error.refusal.reason.replaceAll(sentId(alone), '…')
    const suspicion = this.#suspicion.count(reason)
    if (suspicion === 'none') return
    const left = this.#ledger.unprocessed
      .filter((identity) => this.#isOpen(identity) && !this.#putOff.has(identity))
      .toArray()
    if (suspicion === 'founded') {
      const samples = this.#suspicion.sample(left)
      // The last is sent first: the far end of the list is the best witness.
      this.#parts.push(...samples.map((identity) => [identity]))
    } else if (left.length > 0 && this.#ledger.judgementIfAllFailed(left.length).exceeded) {
      this.#stopped ??= `ISC refuses everything: nothing was accepted so far, and identities from all over the list that were sent alone were refused one after the other for the same reason. ${error.message}`
    }
  }

  /** Whether an identity is still to be sent. */
  #isOpen(identity: Identity): boolean {
    return identity.outcome === 'unprocessed' && !this.#underWay.has(identity)
  }

  #heedThresholds(): void {
    if (this.#options.failFast && this.#ledger.judgement.exceeded) {
      this.#stopped ??= 'More identities failed than the thresholds allow, and fail-fast is set.'
    }
  }

  /** Nothing further can be sent. @throws what is not an end of the session */
  #stopFor(error: unknown): void {
    if (!(error instanceof SessionEnd)) throw error
    this.#stopped ??= error.message
  }
}

function answered({ status: statusCode, message }: ItemAnswer, trackingId: string | null): Cause {
  return { kind: 'answered', statusCode, message, trackingId }
}

/** Every identity that is sent has an id. */
function sentId(identity: Identity): string {
  if (identity.id === null) throw new Error(`${identity.identifier} has no id.`)
  return identity.id
}

function isWorthRetrying(item: ItemAnswer | undefined): boolean {
  return item === undefined || item.status === 429 || item.status >= 500
}
