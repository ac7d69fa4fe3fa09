import PQueue from 'p-queue'

import { CancelledError } from './errors.ts'

/**
 * Added to the window, because requests that start a window apart can arrive a little less than that apart.
 */
const GUARD_MS = 100

export interface PaceOptions {
  /** Requests in flight at once. */
  readonly concurrency: number
  /** Requests started in any window; 0: no limit. */
  readonly rateLimit: number
  readonly windowMs: number
  /** When aborted, nothing new starts and everything that waits is rejected. */
  readonly stop: AbortSignal
}

/** Decides when a request may start: concurrency, rate limit (a sliding window) and pauses that ISC asks for. */
export class Pace {
  readonly #queue: PQueue
  readonly #stop: AbortSignal
  #pausedUntil = 0
  #resume: NodeJS.Timeout | undefined
  #heldSince: number | null = null
  #waitedMs = 0

  constructor({ concurrency, rateLimit, windowMs, stop }: PaceOptions) {
    this.#stop = stop
    this.#queue = new PQueue({
      concurrency,
      ...(rateLimit > 0 ? { intervalCap: rateLimit, interval: windowMs + GUARD_MS, strict: true } : {}),
    })
    this.#queue.on('rateLimit', () => this.#hold())
    this.#queue.on('rateLimitCleared', () => this.#release())
    stop.addEventListener('abort', () => clearTimeout(this.#resume), { once: true })
  }

  /** Runs `request` when its turn has come. @throws CancelledError when the run stops before that. */
  async run<T>(request: () => Promise<T>): Promise<T> {
    if (this.#stop.aborted) throw new CancelledError()
    // Only the waiting can be given up: a request once started has its own end.
    const waiting = new AbortController()
    const giveUp = (): void => waiting.abort(new CancelledError())
    this.#stop.addEventListener('abort', giveUp, { once: true })
    const start = (): Promise<T> => {
      this.#stop.removeEventListener('abort', giveUp)
      return request()
    }
    return await this.#queue.add(start, { signal: waiting.signal })
  }

  /** Lets no request of the run start for that many milliseconds. */
  pauseFor(ms: number): void {
    const until = Date.now() + ms
    if (until <= this.#pausedUntil || this.#stop.aborted) return
    this.#pausedUntil = until
    this.#queue.pause()
    this.#hold()
    clearTimeout(this.#resume)
    this.#resume = setTimeout(() => {
      this.#release()
      this.#queue.start()
    }, ms)
  }

  /** Milliseconds so far in which requests were held back by the rate limit or a pause. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#heldSince === null ? 0 : Date.now() - this.#heldSince)
  }

  #hold(): void {
    this.#heldSince ??= Date.now()
  }

  #release(): void {
    this.#waitedMs = this.waitedMs
    this.#heldSince = null
  }
}
