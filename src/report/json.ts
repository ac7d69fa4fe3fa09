import type { IdentityOutcome } from '../outcome.ts'
import type { RunReport } from './run-report.ts'

/** The report as JSON (docs/report.schema.json): a head, then one identity a line. */
export function* jsonLines(report: RunReport): Generator<string> {
  const { counts, thresholds } = report
  const head = JSON.stringify(
    {
      schemaVersion: 1,
      startedAt: report.startedAt,
      finishedAt: report.finishedAt,
      baseUrl: report.baseUrl,
      apiVersion: report.apiVersion,
      dryRun: report.dryRun,
      shard: report.shard,
      result: report.result,
      counts: {
        total: counts.total,
        succeeded: counts.succeeded,
        failed: counts.failed,
        ignored: counts.ignored,
        unprocessed: counts.unprocessed,
      },
      thresholds: {
        maxFailures: thresholds.maxFailures,
        maxFailurePercent: thresholds.maxFailurePercent,
        exceeded: thresholds.exceeded,
      },
    },
    null,
    2,
  )
  yield `${head.slice(0, -2)},\n  "identities": [`
  let separator = '\n'
  for (const identity of report.identities) {
    yield `${separator}    ${JSON.stringify(entryOf(identity))}`
    separator = ',\n'
  }
  yield '\n  ]\n}\n'
}

function entryOf(identity: IdentityOutcome): object {
  const { file, line } = identity
  return {
    id: identity.id,
    identifier: identity.identifier,
    outcome: identity.outcome,
    statusCode: identity.statusCode,
    message: identity.message,
    attempts: identity.attempts,
    trackingId: identity.trackingId,
    ignored: identity.ignored,
    plan: identity.plan,
    verified: identity.verified,
    source: file === null ? null : { file, line },
  }
}
