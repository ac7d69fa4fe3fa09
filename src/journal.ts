import { Ledger } from './campaign/ledger.ts'
import { revokeUnconfirmed } from './campaign/verification.ts'
import { ConfigurationError, type Problem } from './problems.ts'
import type { Result } from './identity.ts'
import type { RunReport } from './report/run-report.ts'
import type { Session } from './sailpoint/session.ts'
import type { Settings, Shard } from './settings.ts'

/** A run as far as it has come: whatever ends it, the report is made of this. */
export interface Job {
  readonly startedAt: Date
  settings: Settings | null
  ledger: Ledger
  session: Session | null
  problems: readonly Problem[]
  /** Things worth knowing that change no result. */
  notes: string[]
  /** Why the run ended before everything was processed, or null. */
  stopped: string | null
  isCancelled: boolean
  toEnableCount: number | null
}

export function startJob(): Job {
  return {
    startedAt: new Date(),
    settings: null,
    ledger: new Ledger([], { maxFailures: null, maxFailurePercent: null, ignoreStatusCodes: new Set() }),
    session: null,
    problems: [],
    notes: [],
    stopped: null,
    isCancelled: false,
    toEnableCount: null,
  }
}

/** Ends a job by an error: bad input, a session that cannot go on, or an error of the program itself. */
export function endBy(job: Job, error: unknown): void {
  if (error instanceof ConfigurationError) job.problems = error.problems
  else job.stopped ??= error instanceof Error ? error.message : String(error)
}

/** Closes the books, and draws up the report. */
export function close(job: Job): RunReport {
  const { settings, ledger, session, problems, stopped } = job
  if (settings?.verify && !settings.dryRun) {
    revokeUnconfirmed(ledger, stopped ?? 'the run ended before it was verified')
  }
  if (stopped !== null) ledger.explainUnprocessed(stopped)
  const { counts } = ledger
  return {
    startedAt: job.startedAt,
    finishedAt: new Date(),
    baseUrl: settings?.baseUrl ?? '',
    apiVersion: settings?.apiVersion ?? '',
    dryRun: settings?.dryRun ?? false,
    skipEnabled: settings?.skipEnabled ?? false,
    verify: settings?.verify ?? false,
    shard: shardText(settings?.list.shard ?? null),
    result: resultOf(job),
    stopped,
    problems,
    notes: job.notes,
    counts,
    thresholds: {
      maxFailures: settings?.thresholds.maxFailures ?? null,
      maxFailurePercent: settings?.thresholds.maxFailurePercent ?? null,
      exceeded: ledger.exceeded,
    },
    toEnableCount: job.toEnableCount,
    identities: ledger.identities,
    traffic: session?.traffic ?? { requests: 0, retries: 0, tokensRenewed: 0, waitedMs: 0 },
    resultsFile: settings?.resultsFile ?? '',
  }
}

/** `i/n`, or null for the whole list. */
export function shardText(shard: Shard | null): string | null {
  return shard === null ? null : `${shard.index}/${shard.count}`
}

function resultOf({ settings, ledger, problems, stopped, isCancelled }: Job): Result {
  if (isCancelled) return 'cancelled'
  if (settings === null || problems.length > 0 || stopped !== null) return 'failure'
  if (settings.dryRun) return 'success'
  return ledger.exceeded || ledger.counts.unprocessed > 0 ? 'failure' : 'success'
}
