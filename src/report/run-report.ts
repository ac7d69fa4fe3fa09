import type { Counts, Excluded, Identity, Result } from '../identity.ts'
import type { Judgement } from '../policy/guards.ts'
import type { Problem } from '../problems.ts'
import type { Destinations, IdentifyBy, Settings } from '../settings.ts'
import type { Stop, Traffic } from '../failure.ts'
import type { WorkflowRun } from '../workflow-event.ts'

/** Everything the outputs, the report file, the summary and the annotations are made from. */
export interface RunReport
  extends
    Pick<Settings, 'baseUrl' | 'dryRun' | 'verify' | 'showNames'>,
    Pick<Destinations, 'resultsFile' | 'summaryFile'> {
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly apiVersion: string
  readonly identifyBy: IdentifyBy
  /** `i/n`, or null. */
  readonly shard: string | null
  readonly result: Result
  /** Why the run ended before all was done. Outputs and sentences are made of it. null: the run was completed. */
  readonly stop: Stop | null
  /** The same in a sentence, which may hold text from outside: `stopText`. */
  readonly stopped: string | null
  /** What is wrong with the inputs; empty in a run that got past them. */
  readonly problems: readonly Problem[]
  /** Things worth knowing that change no result (states that could not be read, locked identities, …). */
  readonly notes: readonly string[]
  readonly counts: Counts
  /** In a plan, what a run's failures would come to. */
  readonly thresholds: Judgement
  /** Whether the states were read before anything was decided. */
  readonly statesRead: boolean
  /** How many are (or were) to be enabled; null where states were not read. */
  readonly toEnableCount: number | null
  /** Identities of the list that are excluded and worth naming; `counts.excluded` counts all. */
  readonly excluded: readonly Excluded[]
  /** Whether the list is an earlier report (`from-report`). */
  readonly isFromReport: boolean
  /** Whether a list file changed, as far as `added-since` tells. */
  readonly haveListsChanged: boolean
  /** How many entries the deny lists have, and how many identities of this list are on them; null: the guard is off. */
  readonly denyList: { readonly entries: number; readonly matched: number } | null
  /** `refuse-states`, as the author wrote them; empty: the guard is off. */
  readonly refuseStates: readonly string[]
  /** Where the run was, and what started it: for an audit. Null outside of GitHub Actions. */
  readonly run: WorkflowRun | null
  /** All requested identities, in list order. */
  readonly identities: readonly Identity[]
  readonly traffic: Traffic
}
