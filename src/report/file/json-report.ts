import { statusCodeOf, trackingIdOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { messageOf } from '../words/sentences.ts'

/** The report as JSON (docs/report.schema.json): a head, then one identity a line. */
export function* jsonLines(report: RunReport): Generator<string> {
  const { counts, thresholds } = report
  const head = {
    schemaVersion: 1,
    startedAt: report.startedAt,
    finishedAt: report.finishedAt,
    baseUrl: report.baseUrl,
    apiVersion: report.apiVersion,
    dryRun: report.dryRun,
    shard: report.shard,
    identifyBy: report.identifyBy,
    statesRead: report.statesRead,
    result: report.result,
    stopped: report.stopped,
    problems: report.problems.map(({ message }) => message),
    counts: {
      total: counts.total,
      succeeded: counts.succeeded,
      failed: counts.failed,
      ignored: counts.ignored,
      unprocessed: counts.unprocessed,
      excluded: counts.excluded,
    },
    thresholds: {
      maxFailures: thresholds.maxFailures,
      maxFailurePercent: thresholds.maxFailurePercent,
      exceeded: thresholds.exceeded,
    },
  }
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "identities": [`
  let separator = '\n'
  for (const identity of report.identities) {
    yield `${separator}    ${JSON.stringify(reported(identity, report))}`
    separator = ',\n'
  }
  yield '\n  ]\n}\n'
}

/** An identity as the report file has it, in JSON and CSV alike. */
export function reported(identity: Identity, report: RunReport) {
  const { id, identifier, outcome, cause, attempts, ignored, plan, verified, observed, file, line } = identity
  const state = observed === 'absent' ? null : observed
  return {
    id,
    identifier,
    outcome,
    statusCode: statusCodeOf(cause),
    message: messageOf(identity, report),
    attempts,
    trackingId: trackingIdOf(cause),
    ignored,
    plan,
    verified,
    identityStatus: state?.identityStatus ?? null,
    lifecycleState: state?.lifecycleState ?? null,
    name: state?.name ?? null,
    source: file === null ? null : { file, line },
  }
}
