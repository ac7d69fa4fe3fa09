export const API_VERSIONS = ['beta', 'v2024', 'v2025', 'v2026', 'v1'] as const
export type ApiVersion = (typeof API_VERSIONS)[number]

export const IDENTIFY_BY = ['id', 'alias', 'email'] as const
export type IdentifyBy = (typeof IDENTIFY_BY)[number]

/** How the run proves who it is to ISC. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }

/** The i-th (1-based) of n disjoint parts of the list. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** Where the list comes from and what it holds. */
export interface ListSettings {
  /** Exactly one of the two is not null. */
  readonly inline: string | null
  /** Paths or globs, relative to the workspace. */
  readonly files: readonly string[] | null
  /** The input `identity-id-column`; null: the usual names. */
  readonly idColumn: string | null
  readonly identifyBy: IdentifyBy
  readonly maxIdentities: number | null
  readonly shard: Shard | null
  /** Absolute path of `GITHUB_WORKSPACE`. */
  readonly workspace: string
}

/** When failures fail the job. */
export interface Thresholds {
  readonly maxFailures: number | null
  /** Of all requested identities, in percent. */
  readonly maxFailurePercent: number | null
  readonly ignoreStatusCodes: ReadonlySet<number>
}

/** Everything the workflow author chose, validated. */
export interface Settings {
  readonly list: ListSettings
  /** null only in a dry run that was given none. */
  readonly credential: Credential | null
  /** Without a slash at the end; empty only in a dry run without credential and address. */
  readonly baseUrl: string
  readonly apiVersion: ApiVersion
  readonly batchSize: number
  readonly concurrency: number
  /** Requests started in any 10 seconds; 0: no limit. */
  readonly rateLimit: number
  /** Seconds. */
  readonly requestTimeout: number
  readonly maxRetries: number
  readonly thresholds: Thresholds
  readonly failFast: boolean
  readonly dryRun: boolean
  readonly skipEnabled: boolean
  readonly verify: boolean
  /** Seconds. */
  readonly verifyTimeout: number
  /** Absolute path, ending in `.json` or `.csv`. */
  readonly resultsFile: string
  readonly jobSummary: boolean
}
