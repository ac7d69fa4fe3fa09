export interface RateLimitOptions {
  readonly requests: number
  readonly windowMs: number
}

/** Counts requests in a sliding window, for each bucket by itself. */
export class RateLimit {
  readonly #options: RateLimitOptions | null
  readonly #starts = new Map<string, number[]>()

  /** null: no limit. */
  constructor(options: RateLimitOptions | null) {
    this.#options = options
  }

  /** Counts a request; the seconds to wait when it is over the limit, else null. */
  count(bucket: string, at: number): number | null {
    if (this.#options === null) return null
    const { requests, windowMs } = this.#options
    const recent = (this.#starts.get(bucket) ?? []).filter((start) => at - start < windowMs)
    this.#starts.set(bucket, recent)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= requests)
      return Math.max(1, Math.ceil((oldest + windowMs - at) / 1000))
    recent.push(at)
    return null
  }
}
