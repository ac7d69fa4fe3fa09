import * as core from '@actions/core'

import { listenForCancel, type Cancellation } from './cancellation.ts'
import { Ledger } from './campaign/ledger.ts'
import { decideAll, leaveOutExcluded, lookUpAll } from './campaign/selection.ts'
import { enableAll } from './campaign/sending.ts'
import { statusNotes } from './campaign/states.ts'
import { verifyAll } from './campaign/verification.ts'
import { listenForCrash } from './crash.ts'
import { readActionInputs, type ActionInputs } from './inputs/action-inputs.ts'
import type { Identity, Plan } from './identity.ts'
import { Journal, shardText } from './journal.ts'
import { isSource } from './list/list-sources.ts'
import { readList, type IdentityList } from './list/read-list.ts'
import { knownToNobody, tooManyToEnable } from './policy/guards.ts'
import { NO_THRESHOLDS } from './policy/thresholds.ts'
import { Problems } from './problems.ts'
import { createLog, type Log } from './report/log/log.ts'
import {
  excludedText,
  listText,
  lookUpText,
  outageBeganText,
  outageEndedText,
  paceText,
  sendingText,
  sentText,
  statesText,
  verifiedText,
  verifyingText,
} from './report/log/phases.ts'
import { createProgress } from './report/log/progress.ts'
import { publish } from './report/publish.ts'
import { ApiError, OutageError, UnreachableError } from './sailpoint/errors.ts'
import { Session } from './sailpoint/session.ts'
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
  const cancellation = listenForCancel()
  const crash = listenForCrash()
  const problems = new Problems()
  const inputs = readActionInputs(core.getInput, process.env, problems, core.setSecret)
  const journal = new Journal(new Date(), inputs.destinations)
  try {
    await Promise.race([
      work(inputs, problems, journal, cancellation, log),
      cancellation.overdue,
      crash.happened,
    ])
  } catch (error) {
    journal.end(error)
  }
  const report = journal.close(new Date(), cancellation.stop.aborted)
  publish(report, log, inputs.destinations.jobSummary)
  cancellation.dispose()
  crash.dispose()
  if (report.result === 'success') process.exitCode = 0
}

/** The pipeline: inputs, list, look-up, states, decisions, sending, verification. */
async function work(
  inputs: ActionInputs,
  problems: Problems,
  journal: Journal,
  cancellation: Cancellation,
  log: Log,
): Promise<void> {
  const { settings, list, ledger } = await prepare(inputs, problems, journal, cancellation, log)
  leaveOut(ledger, list, log)
  if (ledger.identities.length === 0) {
    if (list.entries.length > 0) log.info('Everybody on the list is left out, so there is nothing to do.')
    else journal.note('Nobody is on the list, so there is nothing to do. Is it the list that was meant?')
    return
  }
  const session = openSession(settings, journal, cancellation, log)
  if (session === null) return
  if (!(await select(ledger, list, session, settings, journal, log))) return
  await send(ledger, session, settings, journal, log)
  if (settings.verify) await verify(ledger, session, settings, journal, log)
}

/** Settings and list; all problems with either are reported together. @throws ConfigurationError */
async function prepare(
  { settings, list: listSettings, sources, destinations }: ActionInputs,
  problems: Problems,
  journal: Journal,
  { stop }: Cancellation,
  log: Log,
): Promise<{ settings: Settings; list: IdentityList; ledger: Ledger }> {
  log.group('Set-up')
  if (await isSource(destinations.resultsFile, sources)) {
    problems.add(
      'Input results-file: it is one of the files that are read, which the report would overwrite; give another path.',
    )
  } else journal.reportTo(destinations.resultsFile)
  const list = listSettings === null ? null : await readList(listSettings, problems, stop)
  if (
    settings !== null &&
    list !== null &&
    list.reportBaseUrl !== null &&
    list.reportBaseUrl !== settings.baseUrl
  ) {
    problems.add(
      `Input from-report: the report is about ${list.reportBaseUrl}, and this run is for ${settings.baseUrl || 'no tenant'}; give the report of a run for the same tenant.`,
    )
  }
  const ledger = new Ledger(list?.entries ?? [], settings?.thresholds ?? NO_THRESHOLDS)
  journal.keep(ledger, list?.identifyBy ?? 'id')
  problems.throwIfAny()
  if (settings === null || list === null) throw new Error('Inputs without problems have settings and a list.')
  journal.begin(settings)
  const shard = shardText(settings.list.shard)
  log.info(listText({ count: list.entries.length, duplicates: list.duplicates, shard }))
  log.info(paceText(settings))
  return { settings, list, ledger }
}

/** Leaves out who stands on an exclude list, as far as that is known by now. */
function leaveOut(ledger: Ledger, list: IdentityList, log: Log): void {
  const before = ledger.counts.excluded
  leaveOutExcluded(ledger, list.excluded)
  const count = ledger.counts.excluded - before
  if (count > 0) log.info(excludedText(count))
}

/** null in a dry run that was given no credential: nothing can be read then. */
function openSession(
  settings: Settings,
  journal: Journal,
  { stop, kill }: Cancellation,
  log: Log,
): Session | null {
  const { credential } = settings
  if (credential === null) {
    journal.note('No credential was given, so the list was checked, but the states are unknown.')
    return null
  }
  const session = new Session({
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
    onOutage: (endedAfterMs) =>
      log.info(
        endedAfterMs === null
          ? outageBeganText(settings.outageTimeout * 1000)
          : outageEndedText(endedAfterMs),
      ),
  })
  journal.connect(session)
  return session
}

/** Finds out who is to be sent, and whether that may be; false: nothing is. */
async function select(
  ledger: Ledger,
  list: IdentityList,
  session: Session,
  settings: Settings,
  journal: Journal,
  log: Log,
): Promise<boolean> {
  const { dryRun, baseUrl } = settings
  try {
    if (list.identifyBy !== 'id') {
      await lookUpAll(ledger, list.identifyBy, session, dryRun)
      leaveOut(ledger, list, log)
      const unmatched = ledger.identities.filter(({ id }) => id === null).length
      log.info(lookUpText(list.identifyBy, { found: ledger.identities.length - unmatched, unmatched }))
    }
    if (needsStates(settings, list)) {
      await decideAll(ledger, session, settings, list.planned)
      journal.statesWereRead()
      const planned = (as: Plan): Identity[] => ledger.identities.filter(({ plan }) => plan === as)
      for (const note of statusNotes(planned('enable'), 'to be enabled')) journal.note(note)
      for (const note of statusNotes(planned('already-enabled'), 'already enabled')) journal.note(note)
      log.info(statesText(ledger.identities))
    }
  } catch (error) {
    if (!dryRun || !leavesAPlan(error)) throw error
    journal.note(`The states could not be read, so the plan is made from the list alone. ${error.message}`)
  }
  const refusal =
    knownToNobody(ledger.identities, baseUrl) ?? tooManyToEnable(ledger.plannedToEnable, settings.maxToEnable)
  if (refusal !== null) journal.stop(refusal)
  return refusal === null && !dryRun && ledger.counts.unprocessed > 0
}

/** A wrong credential is bad input; where ISC cannot be read otherwise, there is still a plan from the list alone. */
function leavesAPlan(error: unknown): error is Error {
  if (error instanceof ApiError) return error.refusal.status !== 401
  return error instanceof UnreachableError || error instanceof OutageError
}

/** Whether anything depends on what ISC says of the identities before they are sent. */
function needsStates(settings: Settings, { planned }: IdentityList): boolean {
  const { dryRun, skipEnabled, refuseStates, maxToEnable, showNames } = settings
  return (
    dryRun || skipEnabled || refuseStates.size > 0 || maxToEnable !== null || showNames || planned !== null
  )
}

async function send(
  ledger: Ledger,
  session: Session,
  settings: Settings,
  journal: Journal,
  log: Log,
): Promise<void> {
  log.group('Sending')
  const before = ledger.counts
  log.info(sendingText(before.unprocessed))
  const sending = createProgress({ done: 'sent', total: before.unprocessed, log, now: Date.now })
  const stopped = await enableAll(ledger, session, {
    ...settings,
    onProgress: () => {
      const { succeeded, failed } = ledger.counts
      sending.update(succeeded + failed - before.succeeded - before.failed, failed - before.failed)
    },
  })
  if (stopped !== null) journal.stop(stopped)
  const after = ledger.counts
  log.info(
    sentText({
      accepted: after.succeeded - before.succeeded,
      failed: after.failed - before.failed,
      left: after.unprocessed,
      ms: sending.elapsed(),
    }),
  )
  const refusal = knownToNobody(ledger.identities, settings.baseUrl)
  if (refusal !== null) journal.stop(refusal)
}

/** Waits until the accepted identities are enabled, as far as the time-out allows. */
async function verify(
  ledger: Ledger,
  session: Session,
  settings: Settings,
  journal: Journal,
  log: Log,
): Promise<void> {
  const accepted = ledger.unconfirmed.toArray()
  if (accepted.length === 0) return
  log.group('Verifying')
  const timeoutMs = settings.verifyTimeout * 1000
  log.info(verifyingText(accepted.length, timeoutMs))
  const verifying = createProgress({ done: 'confirmed', total: accepted.length, log, now: Date.now })
  const stopped = await verifyAll(ledger, session, {
    timeoutMs,
    withNames: settings.showNames,
    onProgress: verifying.update,
  })
  if (stopped !== null) journal.stop(stopped)
  for (const note of statusNotes(
    accepted.filter(({ verified }) => verified === true),
    'confirmed as enabled',
  ))
    journal.note(note)
  const confirmed = accepted.filter(({ verified }) => verified === true).length
  log.info(verifiedText(confirmed, accepted.length, verifying.elapsed()))
}
