import type { IdentityOutcome } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'

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
    yield `${separator}    ${entryText(identity)}`
    separator = ',\n'
  }
  yield '\n  ]\n}\n'
}

/** Written by hand, which takes half the time of a stringified object: a cancelled step has only seconds. */
function entryText(identity: IdentityOutcome): string {
  const { id, identifier, outcome, statusCode, message, attempts, trackingId, ignored, plan, verified } =
    identity
  const { file, line } = identity
  const source = file === null ? 'null' : `{"file":${JSON.stringify(file)},"line":${String(line)}}`
  return `{"id":${JSON.stringify(id)},"identifier":${JSON.stringify(identifier)},"outcome":"${outcome}","statusCode":${String(statusCode)},"message":${JSON.stringify(message)},"attempts":${attempts},"trackingId":${JSON.stringify(trackingId)},"ignored":${String(ignored)},"plan":${JSON.stringify(plan)},"verified":${String(verified)},"source":${source}}`
}
