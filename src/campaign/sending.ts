import { drain } from '../drain.ts'
import type { IdentityOutcome } from '../identity.ts'
import { enableIdentities, isAccepted, type BulkAnswer, type ItemAnswer } from '../sailpoint/bulk-enable.ts'
import { ApiError, AuthenticationError, CancelledError } from '../sailpoint/errors.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger, Verdict } from './ledger.ts'
import { Suspicion } from './suspicion.ts'

export interface CampaignOptions {
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
  readonly identities: readonly IdentityOutcome[]
  /** A half of a batch that was refused whole. */
  readonly isPart: boolean
}

/** Statuses of a whole request that one poisonous id can cause. */
const POISON = new Set([400, 413, 422, 500])

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
  options: CampaignOptions,
): Promise<string | null> {
  const campaign = new Campaign(ledger, session, options)
  await campaign.run()
  return campaign.stopped
}

class Campaign {
  #stopped: string | null = null
  readonly #ledger: Ledger
  readonly #session: Session
  readonly #options: CampaignOptions
  readonly #suspicion = new Suspicion()
  /** Halves of batches that were refused whole, to be sent before anything else, the last first. */
  readonly #parts: Batch[] = []
  /** Identities that ISC put off (429 or 5xx of their own) or left out of its answer. */
  readonly #putOff = new Map<IdentityOutcome, Verdict>()

  constructor(ledger: Ledger, session: Session, options: CampaignOptions) {
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
    for (let retry = 1; retry <= maxRetries && this.#putOff.size > 0 && this.stopped === null; retry += 1) {
      try {
        await this.#session.backOff(retry)
      } catch (error) {
        this.#stopFor(error)
        break
      }
      const again = [...this.#putOff.keys()]
      this.#putOff.clear()
      await this.#round(again.values(), retry === maxRetries)
    }
    for (const [identity, verdict] of this.#putOff) this.#ledger.fail(identity, verdict)
  }

  async #round(source: Iterator<IdentityOutcome, undefined>, isLast: boolean): Promise<void> {
    const nextBatch = (): Batch | undefined => {
      const identities: IdentityOutcome[] = []
      while (identities.length < this.#options.batchSize) {
        const { value } = source.next()
        if (value === undefined) break
        identities.push(value)
      }
      return identities.length === 0 ? undefined : { identities, isPart: false }
    }
    await drain(
      () => (this.stopped === null ? (this.#parts.pop() ?? nextBatch()) : undefined),
      (batch) => this.#send(batch, isLast),
      () => (this.#suspicion.isRaised ? 1 : this.#session.concurrency),
    )
  }

  async #send(batch: Batch, isLastRound: boolean): Promise<void> {
    const { identities, isPart } = batch
    try {
      const answer = await enableIdentities(this.#session, identities.map(sentId), {
        ...(isPart ? { final: FINAL_FOR_PARTS } : {}),
        onAttempt: () => {
          for (const identity of identities) identity.attempts += 1
        },
      })
      for (const identity of identities) this.#settle(identity, answer, isLastRound)
    } catch (error) {
      if (error instanceof ApiError) this.#refused(batch, error)
      else this.#stopFor(error)
    }
    this.#heedThresholds()
    this.#options.onProgress()
  }

  #settle(identity: IdentityOutcome, { items, trackingId }: BulkAnswer, isLastRound: boolean): void {
    const item = items.get(sentId(identity))
    const verdict = {
      statusCode: item?.status ?? null,
      message: item === undefined ? 'ISC left this identity out of its answer.' : item.message,
      trackingId,
    }
    if (item !== undefined && isAccepted(item.status)) {
      this.#suspicion.clear()
      this.#ledger.succeed(identity, verdict)
    } else if (isLastRound || !isWorthRetrying(item)) {
      this.#ledger.fail(identity, verdict)
    } else {
      this.#putOff.set(identity, verdict)
    }
  }

  /** A whole batch was refused: it is split to find the culprit, or its identities have failed. */
  #refused({ identities }: Batch, error: ApiError): void {
    const { status, trackingId } = error.refusal
    if (status !== null && POISON.has(status) && identities.length > 1) {
      this.#suspicion.raise()
      const middle = Math.ceil(identities.length / 2)
      this.#parts.push({ identities: identities.slice(middle), isPart: true })
      this.#parts.push({ identities: identities.slice(0, middle), isPart: true })
      return
    }
    for (const identity of identities) {
      this.#ledger.fail(identity, { statusCode: status, message: error.message, trackingId })
    }
    const [alone, ...others] = identities
    if (status === 401 || status === 403) {
      this.#stopped ??= error.message
    } else if (alone !== undefined && others.length === 0 && status !== null && status >= 400) {
      const reason = error.refusal.reason.replaceAll(sentId(alone), '…')
      if (this.#suspicion.isSystemic(reason)) {
        this.#stopped ??= `ISC refuses everything: nothing was accepted so far, and the identities that were sent alone were refused one after the other for the same reason. ${error.message}`
      }
    }
  }

  #heedThresholds(): void {
    if (this.#options.failFast && this.#ledger.exceeded) {
      this.#stopped ??= 'More identities failed than the thresholds allow, and fail-fast is set.'
    }
  }

  /** Nothing further can be sent. @throws what is not an end of the session */
  #stopFor(error: unknown): void {
    if (!(error instanceof AuthenticationError || error instanceof CancelledError)) throw error
    this.#stopped ??= error.message
  }
}

/** Every identity that reaches the campaign has an id. */
function sentId(identity: IdentityOutcome): string {
  if (identity.id === null) throw new Error(`${identity.identifier} has no id.`)
  return identity.id
}

function isWorthRetrying(item: ItemAnswer | undefined): boolean {
  return item === undefined || item.status === 429 || item.status >= 500
}
