import { Ledger } from './campaign/ledger.ts'
import type { Result } from './identity.ts'
import { NO_THRESHOLDS } from './policy/thresholds.ts'
import { ConfigurationError, type Problem } from './problems.ts'
import { reasonOf } from './reason.ts'
import type { RunReport } from './report/run-report.ts'
import type { Destinations, IdentifyBy, Settings, Shard } from './settings.ts'
import type { Traffic } from './totals.ts'

const NO_TRAFFIC: Traffic = { requests: 0, retries: 0, tokensRenewed: 0, waitedMs: 0, outageMs: 0 }

/** How far a run has come: whatever ends it, the report is made of this. */
export class Journal {
  readonly #startedAt: Date
  readonly #destinations: Destinations
  readonly #notes: string[] = []
  #settings: Settings | null = null
  #identifyBy: IdentifyBy = 'id'
  #ledger: Ledger | null = null
  #problems: readonly Problem[] = []
  #stopped: string | null = null
  #statesRead = false

  #session: { readonly traffic: Traffic } | null = null
  #resultsFile: string

  constructor(startedAt: Date, destinations: Destinations) {
    this.#startedAt = startedAt
    this.#destinations = destinations
    this.#resultsFile = destinations.defaultResultsFile
  }

  /** Where the report goes, once that is known to overwrite no list. */
  reportTo(resultsFile: string): void {
    this.#resultsFile = resultsFile
  }

  /** The inputs are right. */
  begin(settings: Settings): void {
    this.#settings = settings
  }

  /** Takes the ledger over, once: from now on the report is about its identities. */
  keep(ledger: Ledger, identifyBy: IdentifyBy): void {
    if (this.#ledger !== null) throw new Error('The journal has its ledger already.')
    this.#ledger = ledger
    this.#identifyBy = identifyBy
  }

  /** The session whose traffic is reported. */
  connect(session: { readonly traffic: Traffic }): void {
    this.#session = session
  }

  /** All states were read before anything was decided. */
  statesWereRead(): void {
    this.#statesRead = true
  }

  /** Something worth knowing that changes no result. */
  note(text: string): void {
    this.#notes.push(text)
  }

  /** Why the run ends before everything was processed; the first reason is the one that counts. */
  stop(reason: string): void {
    this.#stopped ??= reason
  }

  /** Ends the run by an error: bad input, a session that cannot go on, or an error of the program itself. */
  end(error: unknown): void {
    if (error instanceof ConfigurationError) this.#problems = error.problems
    else this.stop(reasonOf(error))
  }

  /** Closes the books, and draws up the report. */
  close(finishedAt: Date, isCancelled: boolean): RunReport {
    const settings = this.#settings
    const ledger = this.#ledger ?? new Ledger([], NO_THRESHOLDS)
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
      identifyBy: this.#identifyBy,
      shard: shardText(settings?.list.shard ?? null),
      result: isCancelled ? 'cancelled' : this.#resultOf(ledger),
      stopped: this.#stopped,
      stop: null,
      excluded: [],
      denyList: null,
      refuseStates: [],
      run: null,
      problems: this.#problems,
      notes: this.#notes,
      counts: ledger.counts,
      thresholds: ledger.judgement,
      statesRead: this.#statesRead,
      toEnableCount: this.#statesRead ? ledger.plannedToEnable : null,
      identities: ledger.identities,
      traffic: this.#session?.traffic ?? NO_TRAFFIC,
      resultsFile: this.#resultsFile,
      summaryFile: this.#destinations.summaryFile,
    }
  }

  #resultOf(ledger: Ledger): Result {
    const settings = this.#settings
    if (settings === null || this.#problems.length > 0 || this.#stopped !== null) return 'failure'
    if (ledger.judgement.exceeded) return 'failure'
    return settings.dryRun || ledger.counts.unprocessed === 0 ? 'success' : 'failure'
  }
}

/** `i/n`, or null for the whole list. */
export function shardText(shard: Shard | null): string | null {
  return shard === null ? null : `${shard.index}/${shard.count}`
}
