import { appendFileSync } from 'node:fs'

import * as core from '@actions/core'

import { annotate } from './annotations.ts'
import type { Log } from './log.ts'
import { setOutputs } from './outputs.ts'
import type { Repository } from './place.ts'
import { writeReportFile } from './report-file.ts'
import type { RunReport } from './run-report.ts'
import { renderSummary } from './summary.ts'
import { verdictOf } from './verdict.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Gives the report to everyone it is for: later steps, the report file, people. Whatever cannot be written
 * is a warning, and the rest is written all the same. Synchronous, for a cancelled step has only seconds.
 */
export function publish(
  report: RunReport,
  log: Log,
  wantsSummary: boolean,
  environment: Environment = process.env,
): void {
  const attempt = (what: string, action: () => void): void => {
    try {
      action()
    } catch (error) {
      log.warning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  log.group('Result')
  attempt('Outputs', () => setOutputs(report, core.setOutput, log.warning))
  if (report.resultsFile !== '') attempt('Report', () => writeReportFile(report.resultsFile, report))
  if (wantsSummary) attempt('Job summary', () => writeSummary(report, environment))
  log.endGroup()
  const { icon, text } = verdictOf(report)
  log.info(`${icon} ${text}`)
  attempt('Annotations', () => annotate(report, core))
}

/** @throws Error when the runner's summary file cannot be written */
function writeSummary(report: RunReport, environment: Environment): void {
  const file = environment['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  appendFileSync(file, renderSummary(report, repositoryOf(environment)))
}

/** The commit of the run; null outside of GitHub. */
function repositoryOf(environment: Environment): Repository | null {
  const serverUrl = environment['GITHUB_SERVER_URL']
  const repository = environment['GITHUB_REPOSITORY']
  const sha = environment['GITHUB_SHA']
  return serverUrl && repository && sha ? { serverUrl, repository, sha } : null
}
