import { Ledger } from './enablement/ledger.ts'
import type { Result } from './identity.ts'
import { NO_THRESHOLDS } from './policy/guards.ts'
import { ConfigurationError, type Problem, reasonOf } from './problems.ts'
import type { RunReport } from './report/run-report.ts'
import { RunEnd } from './sailpoint/errors.ts'
import type { IdentityList } from './list/read-list.ts'
import type { Destinations, Settings, Shard } from './settings.ts'
import type { Stop, Traffic } from './failure.ts'
import { workflowRun } from './workflow-event.ts'

const NO_TRAFFIC: Traffic = { requests: 0, retries: 0, tokensRenewed: 0, waitedMs: 0, outageMs: 0 }

/** How far a run has come: whatever ends it, the report is made of this. */
export class Journal {
  readonly #startedAt: Date
  readonly #destinations: Destinations
  readonly #notes: string[] = []
  #settings: Settings | null = null
  #list: IdentityList | null = null
  #ledger: Ledger | null = null
  #problems: readonly Problem[] = []
  #stop: Stop | null = null
  /** All states were read before anything was decided. */
  areStatesRead = false
  #resultsFile: string
  #client: { readonly traffic: Traffic } | null = null

  constructor(startedAt: Date, destinations: Destinations) {
    this.#startedAt = startedAt
    this.#destinations = destinations
    this.#resultsFile = destinations.defaultResultsFile
  }

  /** Where the report goes, once that is known to overwrite no list. */
  reportTo(resultsFile: string): void {
    this.#resultsFile = resultsFile
  }

  get isStopped(): boolean {
    return this.#stop !== null
  }

  /** The inputs are valid. */
  begin(settings: Settings): void {
    this.#settings = settings
  }

  /** Takes the ledger over, once: from now on the report is about its identities. */
  keep(ledger: Ledger, list: IdentityList): void {
    if (this.#ledger !== null) throw new Error('The journal has its ledger already.')
    this.#ledger = ledger
    this.#list = list
  }

  /** The client whose traffic is reported. */
  connect(client: { readonly traffic: Traffic }): void {
    this.#client = client
  }

  /** Something worth knowing that changes no result. */
  note(text: string): void {
    this.#notes.push(text)
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
    const settings = this.#settings
    const ledger = this.#ledger ?? new Ledger([], NO_THRESHOLDS)
    const { denyList = null } = this.#list ?? {}
    // The run ended before verification did, or before it began.
    if (settings?.verify && !settings.dryRun) ledger.reopenUnconfirmed()
    return {
      startedAt: this.#startedAt,
      finishedAt,
      baseUrl: settings?.baseUrl ?? '',
      apiVersion: settings?.apiVersion ?? '',
      dryRun: settings?.dryRun ?? false,
      skipEnabled: settings?.skipEnabled ?? false,
      verify: settings?.verify ?? false,
      showNames: settings?.showNames ?? false,
      identifyBy: this.#list?.identifyBy ?? 'id',
      shard: shardText(settings?.list.shard ?? null),
      result: isCancelled ? 'cancelled' : this.#resultOf(ledger),
      stop: isCancelled ? { reason: 'cancelled' } : this.#stop,
      problems: this.#problems,
      notes: this.#notes,
      counts: ledger.counts,
      thresholds: ledger.judgement,
      statesRead: this.areStatesRead,
      toEnableCount: this.areStatesRead ? ledger.plannedToEnable : null,
      excluded: ledger.excluded,
      haveListsChanged: this.#list?.haveChanged ?? true,
      denyList: denyList && {
        entries: denyList.entries,
        matched: ledger.excluded.filter(({ by }) => by === 'deny-list').length,
      },
      refuseStates: [...(settings?.refuseStates.values() ?? [])],
      run: workflowRun(process.env),
      identities: ledger.identities,
      traffic: this.#client?.traffic ?? NO_TRAFFIC,
      resultsFile: this.#resultsFile,
      summaryFile: this.#destinations.summaryFile,
    }
  }

  #resultOf(ledger: Ledger): Result {
    const settings = this.#settings
    if (settings === null || this.#problems.length > 0 || this.#stop !== null) return 'failure'
    if (ledger.judgement.exceeded) return 'failure'
    return settings.dryRun || ledger.counts.unprocessed === 0 ? 'success' : 'failure'
  }
}

/** `i/n`, or null for the whole list. */
export function shardText(shard: Shard | null): string | null {
  return shard === null ? null : `${shard.index}/${shard.count}`
}
