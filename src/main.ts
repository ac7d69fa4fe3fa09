import * as core from '@actions/core'

import { listenForCancel } from './cancellation.ts'
import { decideIdentities } from './enablement/decide.ts'
import { enableIdentities } from './enablement/enable.ts'
import { resolveIdentities } from './enablement/resolve.ts'
import { verifyIdentities } from './enablement/verify.ts'
import { readActionInputs } from './inputs/action-inputs.ts'
import { Journal } from './journal.ts'
import { tooManyToEnable, wrongTenant } from './policy/guards.ts'
import { Problems, reasonOf } from './problems.ts'
import { createLog, createProgress } from './report/log/log.ts'
import { phaseText } from './report/log/phases.ts'
import { publish } from './report/publish.ts'
import { forAnnotation } from './report/words/harmless.ts'
import type { IscClient } from './sailpoint/client.ts'
import { ApiError } from './sailpoint/errors.ts'
import { valueIn } from './sailpoint/identity-search.ts'
import { setUp, type Run } from './set-up.ts'
import { readWorkflowEvent, reasonForNoSecrets } from './workflow-event.ts'

/**
 * The whole job: reads inputs and list, enables the identities, and publishes what became of them, however the run ends.
 * Sets the exit code: 0 for the result `success`, 1 otherwise.
 */
export async function run(): Promise<void> {
  // Node exits with this code when nothing is pending, even if the run never reached the end below.
  process.exitCode = 1
  try {
    if (await runAndPublish()) process.exitCode = 0
  } catch (error) {
    core.error(
      forAnnotation(
        `Unexpected error: ${reasonOf(error)}. The outputs and the report can be incomplete. If this error happens again, open an issue with the log of this run.`,
      ),
    )
  }
}

/** Returns whether the job succeeded. @throws only errors of the program itself that prevent publishing */
async function runAndPublish(): Promise<boolean> {
  const log = createLog(core.isDebug())
  const cancellation = listenForCancel()
  const problems = new Problems()
  const inputs = readActionInputs(process.env, problems, core.setSecret)
  const [startedAt, begin] = [new Date(), now()]
  const journal = new Journal(startedAt, inputs.destinations)
  const work = async (): Promise<void> =>
    enableList(await setUp(inputs, problems, journal, cancellation, log, core.setSecret))
  try {
    await Promise.race([work(), cancellation.forcedEnd])
  } catch (error) {
    journal.end(error)
  }
  // The duration is correct even if the system's time is set during the run.
  const finishedAt = new Date(startedAt.getTime() + now() - begin)
  const report = journal.close(finishedAt, cancellation.stop.aborted)
  const { isComplete } = publish(report, log, inputs.destinations)
  return report.result === 'success' && isComplete
}

/** The stages of a run, from the list to verification. Each is skipped where the one before leaves nothing to do. */
async function enableList(run: Run): Promise<void> {
  const { settings, ledger, client, journal } = run
  if (ledger.identities.length === 0) {
    if (ledger.counts.excluded === 0 && run.list.haveChanged)
      journal.notes.push(
        'The list is empty, so there is nothing to do. Check that `identity-ids-file` points to the right list.',
      )
    return
  }
  if (client === null) return checkListOnly(run)
  if (!(await readStates(run, client))) return
  judgeTenant(run)
  journal.stop(tooManyToEnable(ledger.plannedToEnable, settings.maxToEnable))
  if (settings.dryRun || journal.isStopped || ledger.counts.unprocessed === 0) return
  await enable(run, client)
  judgeTenant(run)
  if (settings.verify && ledger.unconfirmed.next().done !== true) await verify(run, client)
}

/**
 * Only a dry run reaches this place. Forks and Dependabot get no secrets. In other runs, a plan without a credential
 * has no value.
 */
function checkListOnly({ ledger, journal }: Run): void {
  if (reasonForNoSecrets(readWorkflowEvent(process.env)) !== null)
    journal.notes.push(
      'This pull request gets no secrets, so the action checked only the list. Lifecycle states and identity statuses are unknown.',
    )
  else journal.stop({ reason: 'states-unknown', count: ledger.identities.length, failure: null })
}

/** Resolves the list and reads states, as far as anything depends on them. Where they cannot be read, nothing is enabled. */
async function readStates(run: Run, client: IscClient): Promise<boolean> {
  const { settings, list, ledger, journal, log } = run
  const { identifyBy, stillListed, exclusions, reportedIds } = list
  const excludedBefore = ledger.counts.excluded
  try {
    if (identifyBy !== 'id') {
      await resolveIdentities(ledger, identifyBy, client, exclusions, reportedIds)
      const unmatched = ledger.identities.filter(({ id }) => id === null).length
      log.info(phaseText.resolved(identifyBy, ledger.identities.length - unmatched, unmatched))
    }
    if (needsStates(run)) {
      await decideIdentities(ledger, client, {
        refuseStates: settings.refuseStates,
        isPlan: settings.dryRun,
        showNames: settings.showNames,
        exclusions,
        stillListed:
          stillListed === null
            ? null
            : (identity, row) => {
                const text = valueIn(row, identifyBy)
                return stillListed.match(identity, text === null ? [] : [text])
              },
      })
      journal.areStatesRead = true
      log.info(phaseText.decided(ledger.identities))
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    journal.stop({ reason: 'states-unknown', count: ledger.counts.unprocessed, failure: error.failure })
    return false
  } finally {
    const excluded = ledger.counts.excluded - excludedBefore
    if (excluded > 0) log.info(phaseText.excluded(excluded))
  }
  return true
}

function needsStates({ settings, list, ledger }: Run): boolean {
  const { dryRun, skipEnabled, refuseStates, maxToEnable, showNames } = settings
  const isAsked = dryRun || skipEnabled || refuseStates.size > 0 || maxToEnable !== null || showNames
  // Guards compare what ISC says now of the identities of a report, not what the report says.
  const isGuarded = list.report !== null && (list.denyList !== null || list.stillListed !== null)
  return isAsked || isGuarded || ledger.identities.some(({ approval }) => approval !== null)
}

function judgeTenant({ list, ledger, journal }: Run): void {
  const { identities } = ledger
  const isResolved = list.identifyBy !== 'id' && identities.some(({ id }) => id !== null)
  const isAnyKnown = isResolved || ledger.isAnyExcludedKnown || (list.report?.knownToExist ?? 0) > 0
  journal.stop(wrongTenant({ identities, listedCount: list.listedCount, isAnyKnown }))
}

async function enable({ settings, ledger, journal, log }: Run, client: IscClient): Promise<void> {
  const { batchSize, maxRetries, failFast } = settings
  const before = ledger.counts
  log.group('Enabling')
  log.info(phaseText.submitting(before.unprocessed))
  const progress = createProgress(log, 'submitted', before.unprocessed, now, () => client.isDown)
  const soFar = () => {
    const { succeeded, failed, unprocessed: left } = ledger.counts
    return { accepted: succeeded - before.succeeded, failed: failed - before.failed, left }
  }
  const onProgress = (): void => {
    const { accepted, failed } = soFar()
    progress.update(accepted + failed, failed)
  }
  journal.stop(
    await enableIdentities(ledger, client, {
      batchSize,
      maxRetries,
      failFast,
      random: Math.random,
      onProgress,
    }),
  )
  log.info(phaseText.submitted({ ...soFar(), ms: progress.elapsed() }))
}

/** Waits until the accepted identities are enabled, as far as the time-out allows. */
async function verify({ settings, ledger, journal, log }: Run, client: IscClient): Promise<void> {
  const { verifyTimeoutMs: timeoutMs, showNames } = settings
  const accepted = ledger.unconfirmed.toArray()
  const total = accepted.length
  log.group('Verifying')
  log.info(phaseText.verifying(total, timeoutMs))
  const progress = createProgress(log, 'confirmed', total, now, () => client.isDown)
  const stop = await verifyIdentities(ledger, client, { timeoutMs, showNames, onProgress: progress.update })
  journal.stop(stop)
  const confirmed = accepted.filter(({ verified }) => verified === true).length
  log.info(phaseText.verified({ confirmed, total, ms: progress.elapsed() }, stop === null))
}

/** Milliseconds of a clock that cannot be set. */
function now(): number {
  return performance.now()
}
