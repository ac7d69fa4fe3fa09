/** How many identities ended how; `ignored` are among the failed, `excluded` stand in no list at all. */
export interface Counts {
  readonly total: number
  readonly succeeded: number
  readonly failed: number
  readonly ignored: number
  readonly unprocessed: number
  readonly excluded: number
}

/** What the run asked of ISC. */
export interface Traffic {
  /** All requests started: enable, reads, tokens. */
  readonly requests: number
  /** Those among them that were further tries. */
  readonly retries: number
  /** Access tokens obtained after the first. */
  readonly tokensRenewed: number
  /** Milliseconds in which a request was ready but held back by the rate limit or a Retry-After. */
  readonly waitedMs: number
  /** Milliseconds for which ISC did not answer at all, having answered before. */
  readonly outageMs: number
}
