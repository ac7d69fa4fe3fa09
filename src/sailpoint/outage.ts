import type { Clock } from './clock.ts'

/**
 * The longest wait before the next attempt is between these: a quarter of the time that the outage has lasted, so that
 * at most a quarter of it is lost after its end; twice the wait before, where nothing has answered yet.
 */
const SHORTEST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

export interface OutageOptions {
  /** How long one may last, in milliseconds. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: () => number
  /** Aborted when no further request makes sense. */
  readonly halt: AbortSignal
  /** An attempt had no answer, and the next one starts in `ms`; the outage has lasted `lastedMs`. */
  readonly onWait: (ms: number, lastedMs: number) => void
  /** It has lasted since that moment. */
  readonly onBegin: (since: number) => void
  /** The service answers again. */
  readonly onEnd: () => void
  /** It has lasted too long. */
  readonly onTimeout: () => void
}

/** An attempt without an answer, or several of which is not known yet whether ISC responds to others. */
export interface Silence {
  /** Whether ISC does respond, but not to this: one request in flight then was answered, and one that started later. */
  othersWereAnswered: boolean
}

/**
 * An outage of one service (the API, or the token endpoint), decided by time: it lasts from an attempt without an answer
 * until anything is answered. Meanwhile one attempt at a time is made, with back-off.
 */
export class Outage {
  readonly #options: OutageOptions
  /** The last attempts without an answer, as long as nothing shows whether ISC responds to others. */
  #unexplained: Silence | null = null
  #silentAt = 0
  /** A request that was in flight then was answered. An outage may have begun nevertheless. */
  #isInDoubt = false
  #lastAnswerAt: number | null = null
  #since: number | null = null
  #noticedAt = 0
  #over = new AbortController()
  #nextAttemptAt = 0
  #attempts = 0
  /** Requests in flight: those that started in an outage, and all others. */
  readonly #inFlight = { attempts: 0, others: 0 }

  constructor(options: OutageOptions) {
    this.#options = options
  }

  /** Whether this service has answered in this run. */
  get hasAnswered(): boolean {
    return this.#lastAnswerAt !== null
  }

  /** Attempts without an answer since the one with which this outage began; 0 without an outage. */
  get attempts(): number {
    return this.#attempts
  }

  get isOn(): boolean {
    return this.#since !== null
  }

  /**
   * Milliseconds until the next attempt may start: 0 without an outage, infinite while one is in flight. The first waits
   * for what was in flight before, which may be answered yet, but not until that has timed out. A request whose last
   * attempt had no answer (`silence`) waits in the same way for what others are answered.
   */
  waitMs(silence: Silence | null): number {
    if (this.#since === null) {
      const isKnown = silence === null || silence !== this.#unexplained
      const { attempts, others } = this.#inFlight
      return isKnown || attempts + others === 0
        ? 0
        : this.#silentAt + LONGEST_WAIT_MS - this.#options.clock.now()
    }
    if (this.#inFlight.attempts > 0) return Infinity
    const patience = this.#inFlight.others > 0 ? this.#noticedAt + LONGEST_WAIT_MS : 0
    return Math.max(this.#nextAttemptAt, patience) - this.#options.clock.now()
  }

  /** A request to this service starts. Returns what to call when it is over. */
  enter(): () => void {
    const kind = this.#since === null ? 'others' : 'attempts'
    this.#inFlight[kind] += 1
    return () => (this.#inFlight[kind] -= 1)
  }

  /** Takes note that an attempt that started then was answered. */
  answered(startedAt: number): void {
    const { clock, onEnd } = this.#options
    const now = clock.now()
    this.#lastAnswerAt = now
    if (startedAt < this.#silentAt) this.#isInDoubt = true
    else if (this.#unexplained !== null) {
      this.#unexplained.othersWereAnswered = this.#isInDoubt
      this.#unexplained = null
    }
    if (this.#since === null) return
    this.#since = null
    this.#attempts = 0
    this.#over.abort()
    onEnd()
  }

  /** Takes note that an attempt that started then had no answer. */
  silent(startedAt: number): Silence {
    const { clock, random, onBegin, onWait } = this.#options
    const now = clock.now()
    if (this.#since === null) {
      this.#since = Math.max(startedAt, this.#lastAnswerAt ?? 0)
      this.#noticedAt = now
      this.#over = new AbortController()
      onBegin(this.#since)
      void this.#watch(this.#since, this.#over.signal)
    } else if (startedAt >= this.#noticedAt) this.#attempts += 1
    const growing =
      this.#lastAnswerAt === null ? SHORTEST_WAIT_MS * 2 ** this.#attempts : (now - this.#since) / 4
    const longest = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, growing))
    const wait = random() * longest
    this.#nextAttemptAt = now + wait
    onWait(wait, now - this.#since)
    this.#silentAt = now
    this.#isInDoubt = false
    this.#unexplained ??= { othersWereAnswered: false }
    return this.#unexplained
  }

  async #watch(since: number, over: AbortSignal): Promise<void> {
    const { clock, timeoutMs, halt, onTimeout } = this.#options
    // Without time to wait, retries decide: see `IscClient`.
    if (timeoutMs === 0) return
    try {
      await clock.sleep(Math.max(0, since + timeoutMs - clock.now()), AbortSignal.any([over, halt]))
    } catch {
      return // it is over, or the run is
    }
    onTimeout()
  }
}
