import type { Clock } from './clock.ts'
import type { Outage, Silence } from './outage.ts'

/** Added to the window, because requests that start a window apart can arrive a little less than that apart. */
const GUARD_MS = 100

/** Why requests that are ready wait. */
export type Hold = 'rate-limit' | 'retry-after'

export interface PaceOptions {
  /** All requests in flight. */
  readonly concurrency: number
  /** Requests started in any window; 0: no limit. */
  readonly rateLimit: number
  readonly windowMs: number
  readonly clock: Clock
  /** When aborted, nothing new starts, and everything that waits is rejected with its reason. */
  readonly halt: AbortSignal
  /** Requests wait from now on, for so many milliseconds. */
  readonly onHold: (hold: Hold, ms: number, status?: number) => void
}

/** A request that waits for its turn. */
interface Waiting {
  /** The outage that may hold it, and its own last attempt, if that had no answer. */
  readonly outage: Outage
  readonly silence: Silence | null
  /** Gets what to call when the request is over. */
  readonly turn: PromiseWithResolvers<() => void>
}

/**
 * Decides when a request may start: concurrency, rate limit (a sliding window, on a clock that cannot be set), pauses
 * that ISC asks for, and one attempt at a time while ISC does not respond.
 */
export class Pace {
  readonly #options: PaceOptions
  readonly #waiting: Waiting[] = []
  /** When the last `rateLimit` requests started. */
  readonly #starts: number[] = []
  #inFlight = 0
  #pausedUntil = -Infinity
  #timer: AbortController | null = null
  #heldSince: number | null = null
  #waitedMs = 0

  constructor(options: PaceOptions) {
    this.#options = options
    options.halt.addEventListener('abort', () => {
      this.#timer?.abort()
      this.#holdEnds()
      for (const { turn } of this.#waiting.splice(0)) turn.reject(options.halt.reason)
    })
  }

  /** Waits for a turn. Returns what to call when it is over. @throws the reason of `halt` when it is aborted before that */
  async enter(outage: Outage, silence: Silence | null = null): Promise<() => void> {
    this.#options.halt.throwIfAborted()
    const turn = Promise.withResolvers<() => void>()
    this.#waiting.push({ outage, silence, turn })
    this.#admit()
    return await turn.promise
  }

  /** Lets no request of the run start for that many milliseconds, as an answer with this status asked. */
  pauseFor(ms: number, status: number): void {
    const until = this.#options.clock.now() + ms
    if (until <= this.#pausedUntil) return
    this.#pausedUntil = until
    this.#options.onHold('retry-after', ms, status)
  }

  /** Milliseconds so far in which requests were held back by the rate limit or a pause. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#heldSince === null ? 0 : this.#options.clock.now() - this.#heldSince)
  }

  /** Starts every request that may start now, and comes back when the next one may. */
  #admit(): void {
    const { clock, concurrency, rateLimit, windowMs, onHold } = this.#options
    this.#timer?.abort()
    this.#timer = null
    while (this.#waiting.length > 0 && this.#inFlight < concurrency) {
      const now = clock.now()
      const isFull = rateLimit > 0 && this.#starts.length === rateLimit
      const limited = isFull ? (this.#starts[0] ?? 0) + windowMs + GUARD_MS - now : 0
      const paused = this.#pausedUntil - now
      const held = Math.max(limited, paused)
      if (held > 0) {
        if (this.#heldSince === null && limited >= paused) onHold('rate-limit', limited)
        this.#heldSince ??= now
        return this.#later(held)
      }
      this.#holdEnds()
      const waits = this.#waiting.map(({ outage, silence }) => outage.waitMs(silence))
      const at = waits.findIndex((ms) => ms <= 0)
      if (at === -1) return this.#later(Math.min(...waits))
      const [next] = this.#waiting.splice(at, 1)
      if (next === undefined) return
      this.#inFlight += 1
      if (isFull) this.#starts.shift()
      if (rateLimit > 0) this.#starts.push(now)
      const leaveOutage = next.outage.enter()
      next.turn.resolve(() => {
        this.#inFlight -= 1
        leaveOutage()
        this.#admit()
      })
    }
  }

  /** Requests are held back no longer, or none is left. */
  #holdEnds(): void {
    this.#waitedMs = this.waitedMs
    this.#heldSince = null
  }

  /** An infinite wait ends when something in flight does. */
  #later(ms: number): void {
    if (ms === Infinity) return
    const timer = new AbortController()
    this.#timer = timer
    this.#options.clock.sleep(ms, timer.signal).then(
      () => this.#admit(),
      () => undefined, // replaced by another, or the run is over
    )
  }
}
