import { appendFileSync } from 'node:fs'

import * as core from '@actions/core'

import { annotate, type AnnotationCommands } from './runner/annotations.ts'
import type { Log } from './log/log.ts'
import { countText, identitiesText } from './words/numbers.ts'
import { setOutputs } from './runner/outputs.ts'
import type { Repository } from './words/place.ts'
import { writeReportFile } from './file/report-file.ts'
import type { RunReport } from './run-report.ts'
import { renderSummary } from './summary/summary.ts'
import { verdictOf } from './findings/headline.ts'

export interface Outside {
  readonly commands: AnnotationCommands & { readonly setOutput: (name: string, value: string) => void }
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Gives the report to everyone it is for: later steps, the report file, people. Whatever cannot be written
 * is a warning, and the rest is written all the same. Synchronous, for a cancelled step has only seconds.
 */
export function publish(
  report: RunReport,
  log: Log,
  wantsSummary: boolean,
  { commands, environment }: Outside = { commands: core, environment: process.env },
): void {
  log.group('Result')
  const { total, succeeded, failed, ignored, unprocessed } = report.counts
  log.info(
    `${identitiesText(total)}: ${countText(succeeded)} succeeded, ${countText(failed)} failed (${countText(ignored)} of them ignored), ${countText(unprocessed)} not processed.`,
  )
  attempt('The outputs could not be set', log, () => setOutputs(report, commands.setOutput, log.warning))
  if (report.resultsFile !== '') attempt(null, log, () => writeReport(report, log))
  if (wantsSummary)
    attempt('The job summary could not be written', log, () => writeSummary(report, environment))
  log.endGroup()
  const { icon, text } = verdictOf(report)
  log.info(`${icon} ${text}`)
  annotate(report, commands)
}

function writeReport(report: RunReport, log: Log): void {
  writeReportFile(report.resultsFile, report)
  log.info(`Report: ${report.resultsFile}`)
}

/** Whatever goes wrong is a warning, with what that means before the error's own words. */
function attempt(meaning: string | null, log: Log, action: () => void): void {
  try {
    action()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    log.warning(meaning === null ? reason : `${meaning}: ${reason}`)
  }
}

/** @throws Error when the runner's summary file cannot be written */
function writeSummary(report: RunReport, environment: Outside['environment']): void {
  const file = environment['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  appendFileSync(file, renderSummary(report, repositoryOf(environment)))
}

/** The commit of the run; null outside of GitHub. */
function repositoryOf(environment: Outside['environment']): Repository | null {
  const serverUrl = environment['GITHUB_SERVER_URL']
  const repository = environment['GITHUB_REPOSITORY']
  const sha = environment['GITHUB_SHA']
  return serverUrl && repository && sha ? { serverUrl, repository, sha } : null
}
