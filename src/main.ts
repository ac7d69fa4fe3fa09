import * as core from '@actions/core'

import { listenForCancel, type Cancellation } from './cancellation.ts'
import { readActionInputs, type ActionInputs } from './inputs/action-inputs.ts'
import { Journal } from './journal.ts'
import { Problems } from './problems.ts'
import { createLog, type Log } from './report/log/log.ts'
import { publish } from './report/publish.ts'
import { choose, leaveOut } from './steps/choose.ts'
import { confirm } from './steps/confirm.ts'
import { connect } from './steps/connect.ts'
import { prepare } from './steps/prepare.ts'
import { send } from './steps/send.ts'

/**
 * The whole job: reads inputs and list, enables the identities, and publishes what became of them, however
 * the run ends. Sets the exit code: 0 for the result `success`, 1 otherwise.
 */
export async function run(): Promise<void> {
  // What Node exits with when nothing is pending any more, even if the end below was never reached.
  process.exitCode = 1
  const log = createLog(core.isDebug())
  const cancellation = listenForCancel()
  const problems = new Problems()
  const inputs = readActionInputs(process.env, problems, core.setSecret)
  const journal = new Journal(new Date(), inputs.destinations)
  try {
    await Promise.race([work(inputs, problems, journal, cancellation, log), cancellation.forcedEnd])
  } catch (error) {
    journal.end(error)
  }
  const report = journal.close(new Date(), cancellation.stop.aborted)
  const { isComplete } = publish(report, log, inputs.destinations)
  if (report.result === 'success' && isComplete) process.exitCode = 0
}

/** The pipeline: inputs and list, look-up, states and decisions, sending, verification. */
async function work(
  inputs: ActionInputs,
  problems: Problems,
  journal: Journal,
  cancellation: Cancellation,
  log: Log,
): Promise<void> {
  const { settings, list, ledger } = await prepare(inputs, problems, journal, cancellation, log)
  leaveOut({ ledger, log }, list)
  if (ledger.identities.length === 0) {
    if (ledger.counts.excluded > 0) log.info('Everybody on the list is left out, so there is nothing to do.')
    else journal.note('Nobody is on the list, so there is nothing to do. Is it the list that was meant?')
    return
  }
  const session = connect(settings, journal, cancellation, log, core.setSecret)
  if (session === null) return
  const context = { settings, session, ledger, journal, log }
  if (!(await choose(context, list))) return
  await send(context)
  if (settings.verify) await confirm(context)
}
