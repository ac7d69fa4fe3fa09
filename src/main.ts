import * as core from '@actions/core'

import { listenForCancel, type Cancellation } from './cancellation.ts'
import { listenForCrash } from './crash.ts'
import { enableAll } from './campaign/sending.ts'
import { Ledger } from './campaign/ledger.ts'
import { planAll, Remarks, settlePlanned } from './campaign/states.ts'
import { unconfirmed, verifyAll } from './campaign/verification.ts'
import { readList } from './list/read-list.ts'
import { resolveIdentities } from './list/look-up.ts'
import { readSettings } from './inputs/action-inputs.ts'
import { close, endBy, shardText, startJob, type Job } from './journal.ts'
import { Problems } from './problems.ts'
import { createLog, type Log } from './report/log/log.ts'
import { countText, identitiesText } from './report/words/numbers.ts'
import { createProgress } from './report/log/progress.ts'
import { publish } from './report/publish.ts'
import { ApiError } from './sailpoint/errors.ts'
import { findIdentities } from './sailpoint/identity-search.ts'
import { createSession, type Session } from './sailpoint/session.ts'
import type { Settings } from './settings.ts'
import { VERSION } from './version.ts'

/**
 * The whole job: reads inputs and list, enables the identities, and publishes what became of them, however
 * the run ends. Sets the exit code: 0 for the result `success`, 1 otherwise.
 */
export async function run(): Promise<void> {
  // What Node exits with when nothing is pending any more, even if the end below was never reached.
  process.exitCode = 1
  const log = createLog(core.isDebug())
  const job = startJob()
  const cancellation = listenForCancel()
  const crash = listenForCrash()
  try {
    await Promise.race([work(job, cancellation, log), cancellation.overdue, crash.happened])
  } catch (error) {
    endBy(job, error)
  }
  job.isCancelled = cancellation.stop.aborted
  const report = close(job)
  publish(report, log, job.settings?.jobSummary ?? true)
  cancellation.dispose()
  crash.dispose()
  if (report.result === 'success') process.exitCode = 0
}

async function work(job: Job, cancellation: Cancellation, log: Log): Promise<void> {
  const settings = await readInputs(job, log)
  if (job.ledger.identities.length === 0) return
  const session = openSession(job, settings, cancellation, log)
  if (session === null) return
  if (settings.dryRun) await plan(job, settings, session, log)
  else await enable(job, settings, session, log)
}

/** Settings and list; all problems with either are reported together. @throws ConfigurationError */
async function readInputs(job: Job, log: Log): Promise<Settings> {
  const problems = new Problems()
  const settings = readSettings(core.getInput, process.env, problems, core.setSecret)
  job.settings = settings
  log.group('Set-up')
  const { identities, duplicates } = await readList(settings.list, problems)
  job.ledger = new Ledger(identities, settings.thresholds)
  problems.throwIfAny()
  const { baseUrl, apiVersion, batchSize, concurrency, rateLimit } = settings
  const shard = shardText(settings.list.shard)
  log.info(
    `${identitiesText(identities.length)}${shard === null ? '' : ` in shard ${shard}`}, ${countText(duplicates)} duplicates removed.`,
  )
  log.info(
    `${baseUrl}, API ${apiVersion}; batches of ${batchSize}, ${concurrency} requests at once, ${rateLimit === 0 ? 'without a rate limit' : `at most ${rateLimit} in 10 s`}.`,
  )
  return settings
}

/** null in a dry run that was given no credential: nothing can be read then. */
function openSession(job: Job, settings: Settings, { stop, kill }: Cancellation, log: Log): Session | null {
  const { credential } = settings
  if (credential === null) {
    job.notes.push('No credential was given, so the list was checked, but the states are unknown.')
    return null
  }
  job.session = createSession({
    ...settings,
    credential,
    userAgent: `isc-enable-identities/${VERSION}`,
    stop,
    kill,
    onToken: core.setSecret,
    onExchange: ({ method, path, outcome, durationMs, attempt, trackingId }) =>
      log.debug(
        `${method} ${path} → ${outcome} in ${durationMs} ms, try ${attempt}, tracking id ${trackingId ?? 'none'}`,
      ),
  })
  return job.session
}

/** Looks up aliases or e-mail addresses, each of which must match exactly one identity. */
async function resolve(job: Job, settings: Settings, session: Session, log: Log): Promise<void> {
  const { identifyBy } = settings.list
  if (identifyBy === 'id') return
  const { identities, duplicates } = await resolveIdentities(
    job.ledger.identities,
    identifyBy,
    settings.dryRun,
    (attribute, values, onFound) => findIdentities(session, attribute, values, onFound),
  )
  job.ledger = new Ledger(identities, settings.thresholds)
  log.info(
    `Looked up by ${identifyBy}: ${identitiesText(identities.length)}, ${countText(duplicates)} duplicates removed.`,
  )
}

/** Reads states and writes down what a run would do; sends nothing that changes anything. */
async function plan(job: Job, settings: Settings, session: Session, log: Log): Promise<void> {
  try {
    await resolve(job, settings, session, log)
    job.notes.push(...(await planAll(job.ledger, session)))
    job.toEnableCount = job.ledger.identities.filter((identity) => identity.plan === 'enable').length
  } catch (error) {
    // A wrong credential is bad input; everything else leaves a plan from the list alone.
    if (!(error instanceof ApiError) || error.refusal.status === 401) throw error
    job.notes.push(`The states could not be read, so the plan is made from the list alone. ${error.message}`)
  }
}

async function enable(job: Job, settings: Settings, session: Session, log: Log): Promise<void> {
  await resolve(job, settings, session, log)
  const { ledger } = job
  if (settings.skipEnabled) {
    job.notes.push(...(await planAll(ledger, session)))
    job.toEnableCount = settlePlanned(ledger)
    log.info(`${identitiesText(job.toEnableCount)} to enable, the others need no sending.`)
  }
  const before = ledger.counts
  if (before.unprocessed === 0) return
  log.group('Sending')
  const sending = createProgress({ label: 'Enabling', total: before.unprocessed, log, now: Date.now })
  job.stopped = await enableAll(ledger, session, {
    ...settings,
    onProgress: () => {
      const { succeeded, failed } = ledger.counts
      sending.update(succeeded + failed - before.succeeded - before.failed, failed - before.failed)
    },
  })
  sending.finish()
  if (settings.verify) await verify(job, settings, session, log)
}

/** Waits until the accepted identities are enabled, as far as the time-out allows. */
async function verify(job: Job, settings: Settings, session: Session, log: Log): Promise<void> {
  const accepted = unconfirmed(job.ledger)
  if (accepted.length === 0) return
  log.group('Verifying')
  const verifying = createProgress({ label: 'Verifying', total: accepted.length, log, now: Date.now })
  const remarks = new Remarks()
  const ended = await verifyAll(accepted, job.ledger, session, {
    timeoutMs: settings.verifyTimeout * 1000,
    now: Date.now,
    remarks,
    onProgress: (confirmed) => verifying.update(confirmed, 0),
  })
  job.stopped ??= ended
  job.notes.push(...remarks.notes('confirmed as enabled'))
  verifying.finish()
}
