import type { Clock } from '../clock.ts'
import { OutageError } from '../errors.ts'

/** So many exchanges in a row without an answer are an outage. */
const BEGINS_AT = 5

/**
 * The longest wait before a probe: a quarter of the time that the outage has lasted, between these. So what is lost
 * after it has ended is no more than a quarter of it.
 */
const SHORTEST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

export interface OutageOptions {
  /** How long one may last, in milliseconds. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: () => number
  /** Aborted when nothing further is to be sent. */
  readonly halt: AbortSignal
  readonly onBegin: () => void
  /** Called with its length in milliseconds when ISC has answered again. */
  readonly onEnd: (ms: number) => void
  /** Called when it has lasted too long. */
  readonly onTimeout: (error: OutageError) => void
}

/** An outage that is going on. */
interface Current {
  /** When the first exchange without an answer ended. */
  readonly since: number
  /** Ends the watch over its length. */
  readonly over: AbortController
  isProbing: boolean
  /** Resolves when something has changed for those who wait. */
  change: PromiseWithResolvers<void>
}

/**
 * Notices when ISC, having answered before, stops answering altogether: one request at a time is then a probe, and
 * everything else waits, until one is answered or the time is up.
 */
export class Outage {
  readonly #options: OutageOptions
  #hasAnswered = false
  #silences = 0
  #silentSince = 0
  #current: Current | null = null
  #pastMs = 0

  constructor(options: OutageOptions) {
    this.#options = options
    options.halt.addEventListener('abort', () => this.#current?.change.resolve(), { once: true })
  }

  /** Whether ISC has answered in this run. */
  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  get isOn(): boolean {
    return this.#current !== null
  }

  /** Milliseconds in all outages so far. */
  get lastedMs(): number {
    return this.#pastMs + (this.#current === null ? 0 : this.#options.clock.now() - this.#current.since)
  }

  /**
   * Waits for its turn to send: in an outage until it is over, or as its one probe, which is true and to be released
   * when it has ended. @throws the reason of `halt`
   */
  async turn(): Promise<boolean> {
    for (let outage = this.#current; outage !== null; outage = this.#current) {
      this.#options.halt.throwIfAborted()
      if (!outage.isProbing) {
        outage.isProbing = true
        await this.#wait(outage)
        return true
      }
      await outage.change.promise
    }
    return false
  }

  /** The probe has ended; somebody else may be the next. */
  release(): void {
    const outage = this.#current
    if (outage === null) return
    outage.isProbing = false
    outage.change.resolve()
    outage.change = Promise.withResolvers()
  }

  /** Takes note that an exchange was answered. */
  answered(): void {
    this.#hasAnswered = true
    this.#silences = 0
    const outage = this.#current
    if (outage === null) return
    const ms = this.#options.clock.now() - outage.since
    this.#pastMs += ms
    this.#current = null
    outage.over.abort()
    this.#options.onEnd(ms)
    outage.change.resolve()
  }

  /** Takes note that an exchange had no answer. */
  silent(): void {
    const { clock, onBegin } = this.#options
    this.#silences += 1
    if (this.#silences === 1) this.#silentSince = clock.now()
    if (!this.#hasAnswered || this.#current !== null || this.#silences < BEGINS_AT) return
    this.#current = {
      since: this.#silentSince,
      over: new AbortController(),
      isProbing: false,
      change: Promise.withResolvers(),
    }
    onBegin()
    void this.#watch(this.#current)
  }

  async #wait({ since }: Current): Promise<void> {
    const { clock, random, halt } = this.#options
    const longest = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, (clock.now() - since) / 4))
    await clock.sleep(random() * longest, halt)
  }

  async #watch({ since, over }: Current): Promise<void> {
    const { clock, timeoutMs, halt, onTimeout } = this.#options
    try {
      await clock.sleep(Math.max(0, since + timeoutMs - clock.now()), AbortSignal.any([over.signal, halt]))
    } catch {
      return // it is over, or the run is
    }
    onTimeout(
      new OutageError(
        `ISC has not answered for ${timeoutMs / 1000} s (outage-timeout), having answered before. Run again with this run's report as from-report when it is back.`,
      ),
    )
  }
}
