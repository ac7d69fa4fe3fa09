import type { IdentityOutcome, Result } from '../identity.ts'
import type { Problem } from '../problems.ts'

/** How many identities ended how; `ignored` are among the failed. */
export interface Counts {
  readonly total: number
  readonly succeeded: number
  readonly failed: number
  readonly ignored: number
  readonly unprocessed: number
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
}

/** Everything the outputs, the report file, the summary and the annotations are made from. */
export interface RunReport {
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly baseUrl: string
  readonly apiVersion: string
  readonly dryRun: boolean
  readonly skipEnabled: boolean
  readonly verify: boolean
  /** `i/n`, or null. */
  readonly shard: string | null
  readonly result: Result
  /** Why the run ended before everything was processed (cancelled, authentication lost, …), or null. */
  readonly stopped: string | null
  /** What was wrong with the inputs; empty in a run that got past them. */
  readonly problems: readonly Problem[]
  /** Things worth knowing that change no result (states that could not be read, locked identities, …). */
  readonly notes: readonly string[]
  readonly counts: Counts
  readonly thresholds: {
    readonly maxFailures: number | null
    readonly maxFailurePercent: number | null
    readonly exceeded: boolean
  }
  /** How many are not enabled yet; null where states were not read. */
  readonly toEnableCount: number | null
  /** All requested identities, in list order. */
  readonly identities: readonly IdentityOutcome[]
  readonly traffic: Traffic
  /** Absolute path of the report file. */
  readonly resultsFile: string
}
