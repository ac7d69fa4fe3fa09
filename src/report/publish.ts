import { appendFileSync } from 'node:fs'

import * as core from '@actions/core'

import { reasonOf } from '../problems.ts'
import type { Destinations } from '../settings.ts'
import { summaryFactsLine } from './summary/summary-facts.ts'
import { writeReportFile } from './file/report-file.ts'
import { writeWhole } from './file/write-file.ts'
import { findingsOf } from './findings/findings.ts'
import { verdictLine, verdictOf } from './findings/headline.ts'
import type { Log } from './log/log.ts'
import { idLines, resultLines } from './log/result-lines.ts'
import type { RunReport } from './run-report.ts'
import { annotate, type AnnotationCommands } from './runner/annotations.ts'
import { setOutputs } from './runner/outputs.ts'
import { COMMENT_BYTES, JOB_SUMMARY_BYTES, summaryOf } from './summary/summary.ts'
import { forAnnotation } from './words/harmless.ts'
import { repositoryOf } from './words/location.ts'

interface Outside {
  readonly commands: AnnotationCommands & { readonly setOutput: (name: string, value: string) => void }
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Gives the report to later steps, to the report file and to people, in this order: a cancelled step has only seconds,
 * so it is synchronous, and what others depend on comes before anything costly. The job has to fail where `isComplete`
 * is false: outputs or report could not be written. All else that cannot be written is a warning.
 */
export function publish(
  report: RunReport,
  log: Log,
  { defaultResultsFile, jobSummary }: Pick<Destinations, 'defaultResultsFile' | 'jobSummary'>,
  { commands, environment }: Outside = { commands: core, environment: process.env },
): { readonly isComplete: boolean } {
  log.group('Result')
  const { written, isComplete } = writeRecords(report, log, defaultResultsFile, commands)
  const findings = findingsOf(written, repositoryOf(environment))
  for (const line of resultLines(findings)) log.info(line)
  const summary = summaryOf(findings)
  const enabled = findings.of.accepted.length + findings.of.confirmed.length
  const facts = { changed: written.haveListsChanged, failed: written.result !== 'success', enabled }
  const isWritten = attempt(`The summary could not be written to ${report.summaryFile}`, log.warning, () =>
    writeWhole(report.summaryFile, [summary(COMMENT_BYTES), `\n${summaryFactsLine(facts)}\n`]),
  )
  // A later step must not take what another one left at the path.
  if (!isWritten)
    attempt('The output `summary-file` could not be emptied', log.warning, () =>
      commands.setOutput('summary-file', ''),
    )
  const page = environment['GITHUB_STEP_SUMMARY']
  if (jobSummary && page)
    attempt('The job summary could not be written', log.warning, () =>
      appendFileSync(page, summary(JOB_SUMMARY_BYTES)),
    )
  log.endGroup()
  // Otherwise, the annotations say it, and the runner writes them to the log.
  if (written.result === 'success') log.info(`${verdictOf(findings).icon} ${verdictLine(findings)}`)
  attempt('The annotations could not be written', log.warning, () => annotate(findings, commands))
  return { isComplete }
}

/**
 * Sets the outputs and writes the report: to its default path where it cannot be written to its own. Where something
 * cannot be written, all that is written afterwards says that the job fails, and the log holds the IDs.
 */
function writeRecords(
  report: RunReport,
  log: Log,
  defaultResultsFile: string,
  { error, setOutput }: Outside['commands'],
): { readonly written: RunReport; readonly isComplete: boolean } {
  const fail = (message: string): void => error(forAnnotation(message))
  const result = report.result === 'success' ? 'failure' : report.result
  let cut: readonly string[] = []
  const areSet = attempt('The outputs could not be set', fail, () => {
    cut = setOutputs(report, setOutput)
  })
  let written = areSet ? report : { ...report, result }
  const isWritten = (): boolean =>
    attempt(`The report could not be written to ${written.resultsFile}`, fail, () => {
      writeReportFile(written)
      log.info(`Report: ${written.resultsFile}`)
    })
  const isAtItsPath = isWritten()
  if (!isAtItsPath) written = { ...report, result, resultsFile: defaultResultsFile }
  const isSaved = isAtItsPath || (report.resultsFile !== defaultResultsFile && isWritten())
  if (!isAtItsPath && areSet)
    attempt('The outputs could not be set', fail, () => {
      setOutput('result', result)
      // A later step must not take what another one left at the path.
      setOutput('results-file', isSaved ? defaultResultsFile : '')
    })
  for (const name of cut)
    log.warning(
      `The output \`${name}\` is empty: with it, the outputs would be larger than the 1 MiB that GitHub allows. The complete list is in the report (output \`results-file\`).`,
    )
  if (!areSet || !isSaved) for (const line of idLines(report)) log.info(line)
  return { written, isComplete: areSet && isAtItsPath }
}

/** Runs a step. If it throws, logs this text and the error's message. Returns whether nothing was thrown. */
function attempt(what: string, tell: (message: string) => void, action: () => void): boolean {
  try {
    action()
    return true
  } catch (error) {
    tell(`${what}: ${reasonOf(error)}`)
    return false
  }
}
