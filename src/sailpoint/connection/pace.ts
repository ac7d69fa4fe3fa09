import PQueue from 'p-queue'

import type { Clock } from '../clock.ts'
import { AbortAll } from './abort-all.ts'

/**
 * Added to the window, because requests that start a window apart can arrive a little less than that apart.
 */
const GUARD_MS = 100

export interface PaceOptions {
  /** Requests in flight at once, whatever asks for them. */
  readonly concurrency: number
  /** Requests started in any window; 0: no limit. */
  readonly rateLimit: number
  readonly windowMs: number
  readonly clock: Clock
  /** When aborted, nothing new starts and everything that waits is rejected with its reason. */
  readonly halt: AbortSignal
}

/** Decides when a request may start: concurrency, rate limit (a sliding window) and pauses that ISC asks for. */
export class Pace {
  readonly #queue: PQueue
  readonly #clock: Clock
  readonly #halt: AbortSignal
  readonly #waiting: AbortAll
  #pausedUntil = 0
  readonly #heldBy = new Set<'limit' | 'pause'>()
  #heldSince = 0
  #waitedMs = 0

  constructor({ concurrency, rateLimit, windowMs, clock, halt }: PaceOptions) {
    this.#clock = clock
    this.#halt = halt
    this.#waiting = new AbortAll(halt)
    this.#queue = new PQueue({
      concurrency,
      ...(rateLimit > 0 ? { intervalCap: rateLimit, interval: windowMs + GUARD_MS, strict: true } : {}),
    })
    this.#queue.on('rateLimit', () => this.#hold('limit'))
    this.#queue.on('rateLimitCleared', () => this.#release('limit'))
  }

  /** Runs `request` when its turn has come. @throws the reason of `signal` or `halt` when it is aborted before that */
  async run<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#halt.throwIfAborted()
    signal?.throwIfAborted()
    // Only the waiting can be given up: a request once started has its own end.
    const waiting = new AbortController()
    const forget = this.#waiting.add((reason) => waiting.abort(reason))
    const giveUp = (): void => waiting.abort(signal?.reason)
    signal?.addEventListener('abort', giveUp, { once: true })
    const start = (): Promise<T> => {
      forget()
      signal?.removeEventListener('abort', giveUp)
      return request()
    }
    return await this.#queue.add(start, { signal: waiting.signal })
  }

  /** Lets no request of the run start for that many milliseconds. */
  pauseFor(ms: number): void {
    const until = this.#clock.now() + ms
    if (until <= this.#pausedUntil || this.#halt.aborted) return
    this.#pausedUntil = until
    this.#queue.pause()
    this.#hold('pause')
    this.#clock.sleep(ms, this.#halt).then(
      () => {
        if (this.#pausedUntil !== until) return // a longer pause came meanwhile
        this.#release('pause')
        this.#queue.start()
      },
      () => undefined, // nothing is to start any more
    )
  }

  /** Milliseconds so far in which requests were held back by the rate limit or a pause. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#heldBy.size === 0 ? 0 : this.#clock.now() - this.#heldSince)
  }

  #hold(by: 'limit' | 'pause'): void {
    if (this.#heldBy.size === 0) this.#heldSince = this.#clock.now()
    this.#heldBy.add(by)
  }

  #release(by: 'limit' | 'pause'): void {
    this.#waitedMs = this.waitedMs
    this.#heldSince = this.#clock.now()
    this.#heldBy.delete(by)
  }
}
