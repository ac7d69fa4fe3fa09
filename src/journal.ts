import { Ledger } from './enablement/ledger.ts'
import type { Stop, Traffic } from './failure.ts'
import type { Result } from './identity.ts'
import type { IdentityList } from './list/read-list.ts'
import { NO_THRESHOLDS } from './policy/guards.ts'
import { ConfigurationError, reasonOf, type Problem } from './problems.ts'
import type { RunReport } from './report/run-report.ts'
import { stopText } from './report/words/failures.ts'
import { RunEnd } from './sailpoint/errors.ts'
import type { Destinations, Settings, Shard } from './settings.ts'
import { workflowRun } from './workflow-event.ts'

const NO_TRAFFIC: Traffic = { requests: 0, retries: 0, tokensRenewed: 0, waitedMs: 0, outageMs: 0 }

/** How far a run has come. The report is made of this, however the run ends. */
export class Journal {
  readonly #startedAt: Date
  readonly #summaryFile: string
  /** Where the report is written. This is the default path until the chosen path is known to overwrite no list. */
  resultsFile: string
  /** Null until the inputs are valid. */
  settings: Settings | null = null
  list: IdentityList | null = null
  ledger = new Ledger([], NO_THRESHOLDS)
  client: { readonly traffic: Traffic } | null = null
  /** All states were read before anything was decided. */
  areStatesRead = false
  /** Things worth knowing that change no result. */
  readonly notes: string[] = []
  #problems: readonly Problem[] = []
  #stop: Stop | null = null

  constructor(startedAt: Date, { defaultResultsFile, summaryFile }: Destinations) {
    this.#startedAt = startedAt
    this.#summaryFile = summaryFile
    this.resultsFile = defaultResultsFile
  }

  get isStopped(): boolean {
    return this.#stop !== null
  }

  /** Why the run ends before everything was done; the first reason is the one that counts. */
  stop(stop: Stop | null): void {
    this.#stop ??= stop
  }

  /** Ends the run by an error: invalid input, a run that cannot go on, or an error of the program itself. */
  end(error: unknown): void {
    if (error instanceof ConfigurationError) {
      this.#problems = error.problems
      this.stop({ reason: 'invalid-input' })
    } else if (error instanceof RunEnd) this.stop(error.stop)
    else this.stop({ reason: 'internal-error', message: reasonOf(error) })
  }

  /** Makes the report of everything so far. */
  close(finishedAt: Date, isCancelled: boolean): RunReport {
    const { settings, list, ledger, areStatesRead } = this
    // The run ended before verification did, or before it began.
    if (settings?.verify && !settings.dryRun) ledger.reopenUnconfirmed()
    const baseUrl = settings?.baseUrl ?? ''
    const dryRun = settings?.dryRun ?? false
    const stop: Stop | null = isCancelled ? { reason: 'cancelled' } : this.#stop
    return {
      startedAt: this.#startedAt,
      finishedAt,
      baseUrl,
      apiVersion: settings?.apiVersion ?? '',
      dryRun,
      verify: settings?.verify ?? false,
      showNames: settings?.showNames ?? false,
      identifyBy: list?.identifyBy ?? 'id',
      shard: shardText(settings?.list.shard ?? null),
      result: isCancelled ? 'cancelled' : this.#result(),
      stop,
      stopped: stop === null ? null : stopText(stop, { baseUrl, dryRun }),
      problems: this.#problems,
      notes: this.notes,
      counts: ledger.counts,
      thresholds: ledger.judgement,
      statesRead: areStatesRead,
      toEnableCount: areStatesRead ? ledger.plannedToEnable : null,
      excluded: ledger.excluded,
      isFromReport: list !== null && list.report !== null,
      haveListsChanged: list?.haveChanged ?? true,
      denyList: list?.denyList
        ? {
            entries: list.denyList.entries,
            matched: ledger.excluded.filter(({ by }) => by === 'deny-list').length,
          }
        : null,
      refuseStates: [...(settings?.refuseStates.values() ?? [])],
      run: workflowRun(process.env),
      identities: ledger.identities,
      traffic: this.client?.traffic ?? NO_TRAFFIC,
      resultsFile: this.resultsFile,
      summaryFile: this.#summaryFile,
    }
  }

  #result(): Result {
    const { settings, ledger } = this
    if (settings === null || this.#problems.length > 0 || this.isStopped) return 'failure'
    if (ledger.judgement.exceeded) return 'failure'
    return settings.dryRun || ledger.counts.unprocessed === 0 ? 'success' : 'failure'
  }
}

/** `i/n`, or null for the whole list. */
export function shardText(shard: Shard | null): string | null {
  return shard === null ? null : `${shard.index}/${shard.count}`
}
