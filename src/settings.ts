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

/** The version of the list files with which `added-since` compares. */
export type AddedSince =
  /** No version: all entries. */
  | { readonly kind: 'beginning' }
  /** The commit before the event that started the workflow. */
  | { readonly kind: 'event' }
  /** A full SHA, `HEAD^` or `HEAD~n`. */
  | { readonly kind: 'commit'; readonly revision: string }
  /** An older checkout in this folder of the workspace: relative, without a slash at its end. */
  | { readonly kind: 'folder'; readonly folder: string }

/** What is read of the workspace. */
export interface ListSources {
  /** Paths or globs, relative to the workspace. */
  readonly files: readonly string[] | null
  /** Path of an earlier run's report, relative to the workspace or absolute. */
  readonly fromReport: string | null
  /** Paths or globs of the deny lists; null: the guard is off. */
  readonly excludeFiles: readonly string[] | null
  /** Paths or globs of the lists in which an identity of a report must still be listed; null: the guard is off. */
  readonly stillListed: readonly string[] | null
  readonly addedSince: AddedSince
  /** Absolute path of `GITHUB_WORKSPACE`. */
  readonly workspace: string
  /** Absolute path of `RUNNER_TEMP`, in which a report may be as well. */
  readonly temporary: string
}

/** Where the list comes from and what it holds. Exactly one of `inline`, `files` and `fromReport` is not null. */
export interface ListSettings extends ListSources {
  readonly inline: string | null
  /** The input `identity-id-column`; null: the usual names. */
  readonly idColumn: string | null
  readonly identifyBy: IdentifyBy
  readonly maxIdentities: number | null
  readonly shard: Shard | null
}

/** When failures fail the job. */
export interface Thresholds {
  readonly maxFailures: number | null
  /** Of all requested identities, in percent. */
  readonly maxFailurePercent: number | null
  readonly ignoreStatusCodes: ReadonlySet<number>
}

/** Everything that the workflow author chose. There are settings only where no input is invalid. */
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
  readonly requestTimeoutMs: number
  readonly maxRetries: number
  /** How long the run waits while ISC does not respond, counted from its last answer. */
  readonly outageTimeoutMs: number
  readonly thresholds: Thresholds
  readonly failFast: boolean
  /** Lifecycle states and identity statuses that are blocked: as they are compared (`comparable`) -> as written. */
  readonly refuseStates: ReadonlyMap<string, string>
  readonly maxToEnable: number | null
  readonly dryRun: boolean
  readonly skipEnabled: boolean
  readonly verify: boolean
  readonly verifyTimeoutMs: number
  readonly showNames: boolean
}

/** Where the report goes; known even where every other input is invalid. */
export interface Destinations {
  /** Absolute path, ending in `.json` or `.csv`. */
  readonly resultsFile: string
  /** Where the report goes when it cannot go there. */
  readonly defaultResultsFile: string
  /** Absolute path of the summary as Markdown. */
  readonly summaryFile: string
  readonly jobSummary: boolean
}
