import { appendFileSync } from 'node:fs'

import * as core from '@actions/core'

import { reasonOf } from '../reason.ts'
import { writeReportFile } from './file/report-file.ts'
import { writeWhole } from './file/write-file.ts'
import { verdictLine, verdictOf } from './findings/headline.ts'
import { reasonsOf } from './findings/reasons.ts'
import type { Log } from './log/log.ts'
import { peopleLines } from './log/people.ts'
import { countsText } from './log/phases.ts'
import type { RunReport } from './run-report.ts'
import { annotate, type AnnotationCommands } from './runner/annotations.ts'
import { checkedOutCommit } from './runner/commit.ts'
import { setOutputs } from './runner/outputs.ts'
import { COMMENT_BYTES, JOB_SUMMARY_BYTES, renderSummary } from './summary/summary.ts'
import type { Repository } from './words/place.ts'

/** Events whose commit is not merged yet: nobody has to have approved it. */
const PROPOSALS: ReadonlySet<string> = new Set(['pull_request', 'pull_request_target', 'merge_group'])

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
  const reasons = reasonsOf(report)
  const repository = repositoryOf(environment)
  log.group('Result')
  const counts = countsText(report)
  if (counts !== null) log.info(counts)
  for (const line of peopleLines(report)) log.info(line)
  attempt('The outputs could not be set', log, () => setOutputs(report, commands.setOutput, log.warning))
  if (report.resultsFile !== '') attempt(null, log, () => writeReport(report, log))
  if (report.summaryFile !== '') {
    attempt(`The summary could not be written to ${report.summaryFile}`, log, () =>
      writeWhole(report.summaryFile, [renderSummary(report, reasons, repository, COMMENT_BYTES)]),
    )
  }
  const page = environment['GITHUB_STEP_SUMMARY']
  if (wantsSummary && page) {
    attempt('The job summary could not be written', log, () =>
      appendFileSync(page, renderSummary(report, reasons, repository, JOB_SUMMARY_BYTES)),
    )
  }
  log.endGroup()
  const verdict = verdictOf(report)
  log.info(`${verdict.icon} ${verdictLine(verdict)}`)
  annotate(report, reasons, commands)
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
    const reason = reasonOf(error)
    log.warning(meaning === null ? reason : `${meaning}: ${reason}`)
  }
}

/** The commit whose lists were read; null outside of GitHub. */
function repositoryOf(environment: Outside['environment']): Repository | null {
  const serverUrl = environment['GITHUB_SERVER_URL']
  const repository = environment['GITHUB_REPOSITORY']
  const sha = checkedOutCommit(environment['GITHUB_WORKSPACE']) ?? environment['GITHUB_SHA']
  const isProposed = PROPOSALS.has(environment['GITHUB_EVENT_NAME'] ?? '')
  return serverUrl && repository && sha ? { serverUrl, repository, sha, isProposed } : null
}
