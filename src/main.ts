import * as core from '@actions/core'

import { listenForCancel } from './cancellation.ts'
import { decideIdentities } from './enablement/decide.ts'
import { enableIdentities } from './enablement/enable.ts'
import { resolveIdentities } from './enablement/resolve.ts'
import { verifyIdentities } from './enablement/verify.ts'
import { readActionInputs } from './inputs/action-inputs.ts'
import { Journal } from './journal.ts'
import { tooManyToEnable, wrongTenant } from './policy/guards.ts'
import { Problems } from './problems.ts'
import { createLog, type Log } from './report/log/log.ts'
import {
  decidedText,
  excludedCountText,
  resolvedText,
  submittedText,
  submittingText,
  verifiedText,
  verifyingText,
} from './report/log/phases.ts'
import { createProgress, type Progress } from './report/log/progress.ts'
import { publish } from './report/publish.ts'
import type { IscClient } from './sailpoint/client.ts'
import { ApiError } from './sailpoint/errors.ts'
import { connect, prepare, type Prepared } from './set-up.ts'
import { getsNoSecrets, readWorkflowEvent } from './workflow-event.ts'

/**
 * The whole job: reads inputs and list, enables the identities, and publishes what became of them, however the run ends.
 * Sets the exit code: 0 for the result `success`, 1 otherwise.
 */
export async function run(): Promise<void> {
  // What Node exits with when nothing is pending any longer, even if the end below was never reached.
  process.exitCode = 1
  const log = createLog(core.isDebug())
  const cancellation = listenForCancel()
  const problems = new Problems()
  const inputs = readActionInputs(process.env, problems, core.setSecret)
  const journal = new Journal(new Date(), inputs.destinations)
  const work = async (): Promise<void> => {
    const prepared = await prepare(inputs, problems, journal, cancellation.stop, log)
    const client = connect(prepared, journal, cancellation, log, core.setSecret)
    await new Pipeline(prepared, client, journal, log).run()
  }
  try {
    await Promise.race([work(), cancellation.forcedEnd])
  } catch (error) {
    journal.end(error)
  }
  const report = journal.close(new Date(), cancellation.stop.aborted)
  const { isComplete } = publish(report, log, inputs.destinations)
  if (report.result === 'success' && isComplete) process.exitCode = 0
}

/** The stages of a run, from the list to verification. Each is skipped where the one before leaves nothing to do. */
class Pipeline {
  readonly #prepared: Prepared
  readonly #client: IscClient | null
  readonly #journal: Journal
  readonly #log: Log

  constructor(prepared: Prepared, client: IscClient | null, journal: Journal, log: Log) {
    this.#prepared = prepared
    this.#client = client
    this.#journal = journal
    this.#log = log
  }

  async run(): Promise<void> {
    const { settings, ledger } = this.#prepared
    const client = this.#client
    if (ledger.identities.length === 0) return this.#nothingToDo()
    if (client === null) return this.#withoutCredential()
    if (!(await this.#areStatesRead(client))) return
    this.#judge()
    if (settings.dryRun || this.#journal.isStopped || ledger.counts.unprocessed === 0) return
    await this.#enable(client)
    this.#judgeTenant()
    if (settings.verify && ledger.unconfirmed.next().done !== true) await this.#verify(client)
  }

  #nothingToDo(): void {
    const { excluded } = this.#prepared.ledger.counts
    if (excluded === 0)
      this.#journal.note(
        'The list is empty, so there is nothing to do. Check that `identity-ids-file` points to the right list.',
      )
  }

  /** Only a dry run comes here. Forks and Dependabot get no secrets; for anyone else the plan is worth nothing. */
  #withoutCredential(): void {
    const count = this.#prepared.ledger.identities.length
    if (getsNoSecrets(readWorkflowEvent(process.env), process.env))
      this.#journal.note(
        'This pull request gets no secrets, so the action checked only the list. States are unknown.',
      )
    else this.#journal.stop({ reason: 'states-unknown', count, failure: null })
  }

  /** Resolves the list and reads states, as far as anything depends on them. Where they cannot be read, nothing is enabled. */
  async #areStatesRead(client: IscClient): Promise<boolean> {
    const { settings, list, ledger, exclusions } = this.#prepared
    const { identifyBy, stillListed } = list
    const excludedBefore = ledger.counts.excluded
    try {
      if (identifyBy !== 'id') {
        await resolveIdentities(ledger, identifyBy, client, exclusions)
        const unmatched = ledger.identities.filter(({ id }) => id === null).length
        this.#log.info(resolvedText(identifyBy, { found: ledger.identities.length - unmatched, unmatched }))
      }
      if (this.#needsStates()) {
        await decideIdentities(ledger, client, {
          refuseStates: settings.refuseStates,
          isPlan: settings.dryRun,
          showNames: settings.showNames,
          exclusions,
          stillListed:
            stillListed === null
              ? null
              : (identity, row) => {
                  const text = { id: row.id, alias: row.alias, email: row.emailAddress }[identifyBy]
                  return stillListed.match(identity, text === null ? [] : [text])
                },
        })
        this.#journal.areStatesRead = true
        this.#log.info(decidedText(ledger.identities))
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#journal.stop({
        reason: 'states-unknown',
        count: ledger.counts.unprocessed,
        failure: error.failure,
      })
      return false
    } finally {
      const excluded = ledger.counts.excluded - excludedBefore
      if (excluded > 0) this.#log.info(excludedCountText(excluded))
    }
    return true
  }

  #needsStates(): boolean {
    const { settings, list, ledger } = this.#prepared
    const { dryRun, skipEnabled, refuseStates, maxToEnable, showNames } = settings
    const isAsked = dryRun || skipEnabled || refuseStates.size > 0 || maxToEnable !== null || showNames
    // Guards compare what ISC says now of the identities of a report, not what the report says.
    const isGuarded = list.report !== null && (list.denyList !== null || list.stillListed !== null)
    return isAsked || isGuarded || ledger.identities.some(({ approval }) => approval !== null)
  }

  #judge(): void {
    const { settings, ledger } = this.#prepared
    this.#judgeTenant()
    this.#journal.stop(tooManyToEnable(ledger.plannedToEnable, settings.maxToEnable))
  }

  #judgeTenant(): void {
    const { list, ledger } = this.#prepared
    const isResolved = list.identifyBy !== 'id' && ledger.identities.some(({ id }) => id !== null)
    const isAnyKnown = isResolved || ledger.isAnyExcludedKnown || (list.report?.knownToExist ?? 0) > 0
    this.#journal.stop(
      wrongTenant({ identities: ledger.identities, listedCount: list.listedCount, isAnyKnown }),
    )
  }

  async #enable(client: IscClient): Promise<void> {
    const { settings, ledger } = this.#prepared
    const before = ledger.counts
    this.#log.group('Enabling')
    this.#log.info(submittingText(before.unprocessed))
    const progress = this.#progress('submitted', before.unprocessed)
    const stop = await enableIdentities(ledger, client, {
      batchSize: settings.batchSize,
      maxRetries: settings.maxRetries,
      failFast: settings.failFast,
      onProgress: () => {
        const { succeeded, failed } = ledger.counts
        progress.update(succeeded + failed - before.succeeded - before.failed, failed - before.failed)
      },
    })
    this.#journal.stop(stop)
    const { succeeded, failed, unprocessed: left } = ledger.counts
    const [accepted, rejected] = [succeeded - before.succeeded, failed - before.failed]
    this.#log.info(submittedText({ accepted, failed: rejected, left, ms: progress.elapsed() }))
  }

  /** Waits until the accepted identities are enabled, as far as the time-out allows. */
  async #verify(client: IscClient): Promise<void> {
    const { settings, ledger } = this.#prepared
    const { verifyTimeoutMs: timeoutMs, showNames } = settings
    const accepted = ledger.unconfirmed.toArray()
    const total = accepted.length
    this.#log.group('Verifying')
    this.#log.info(verifyingText(total, timeoutMs))
    const progress = this.#progress('confirmed', total)
    const stop = await verifyIdentities(ledger, client, { timeoutMs, showNames, onProgress: progress.update })
    this.#journal.stop(stop)
    const confirmed = accepted.filter(({ verified }) => verified === true).length
    this.#log.info(verifiedText({ confirmed, total, ms: progress.elapsed(), isOver: stop === null }))
  }

  #progress(done: string, total: number): Progress {
    return createProgress({ done, total, log: this.#log, now: () => performance.now() })
  }
}
