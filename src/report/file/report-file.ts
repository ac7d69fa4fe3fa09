import { requested, stateOf, statusCodeOf, trackingIdOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { forCsvCell } from '../words/harmless.ts'
import { locationText } from '../words/location.ts'
import { messageOf } from '../words/sentences.ts'
import { writeWhole } from './write-file.ts'

/** Writes the report as CSV or JSON, by its path's ending. @throws Error when it cannot be written */
export function writeReportFile(report: RunReport): void {
  const { resultsFile } = report
  writeWhole(resultsFile, resultsFile.toLowerCase().endsWith('.csv') ? csvLines(report) : jsonLines(report))
}

/** The report as JSON (docs/report.schema.json): a head, then one identity per line. */
export function* jsonLines(report: RunReport): Generator<string> {
  const { maxFailures, maxFailurePercent, exceeded } = report.thresholds
  const head = {
    schemaVersion: 1,
    startedAt: report.startedAt,
    finishedAt: report.finishedAt,
    run: report.run,
    baseUrl: report.baseUrl,
    apiVersion: report.apiVersion,
    dryRun: report.dryRun,
    shard: report.shard,
    identifyBy: report.identifyBy,
    statesRead: report.statesRead,
    result: report.result,
    stopReason: report.stop?.reason ?? null,
    stopped: report.stopped,
    problems: report.problems.map(({ message }) => message),
    counts: report.counts,
    thresholds: { maxFailures, maxFailurePercent, exceeded },
  }
  yield JSON.stringify(head, null, 2).slice(0, -2)
  yield* jsonArray('excluded', report.excluded, ({ id, identifier, name, file, line, by, bySource }) => ({
    id,
    identifier,
    name: report.showNames ? name : null,
    source: file === null ? null : { file, line },
    by,
    bySource,
  }))
  yield* jsonArray('identities', report.identities, (identity) => reported(identity, report))
  yield '\n}\n'
}

/** A member that is an array, one item per line. */
function* jsonArray<T>(name: string, items: readonly T[], fieldsOf: (item: T) => object): Generator<string> {
  yield `,\n  "${name}": [`
  for (const [index, item] of items.entries())
    yield `${index === 0 ? '' : ','}\n    ${JSON.stringify(fieldsOf(item))}`
  yield items.length === 0 ? ']' : '\n  ]'
}

const NO_ENTRY = requested({ identifier: '', id: null, file: null, line: null })

/** The report as CSV (RFC 4180): a header, then one row per identity. null is empty, `source` is `file:line`. */
function* csvLines(report: RunReport): Generator<string> {
  yield `${Object.keys(reported(NO_ENTRY, report)).join(',')}\r\n`
  for (const identity of report.identities) {
    const row = Object.values({ ...reported(identity, report), source: locationText(identity) })
    yield `${row.map((cell) => forCsvCell(String(cell ?? ''))).join(',')}\r\n`
  }
}

/** An identity as the report file has it, in JSON and CSV alike. */
function reported(identity: Identity, report: RunReport) {
  const { id, identifier, outcome, cause, attempts, ignored, verified, file, line, approval } = identity
  const { listedName, reason } = identity
  const state = stateOf(identity.observed)
  // An identity that only a new plan can unblock stays blocked in later runs, also if this run could not read its state.
  const isStillBlocked = !report.dryRun && approval !== null && approval.kind !== 'approved'
  return {
    id,
    identifier,
    outcome,
    statusCode: statusCodeOf(cause),
    message: messageOf(identity, report),
    attempts,
    trackingId: trackingIdOf(cause),
    ignored,
    plan: isStillBlocked ? 'refused' : identity.plan,
    verified,
    identityStatus: state?.identityStatus ?? null,
    lifecycleState: state?.lifecycleState ?? null,
    // What a plan approved; "" for none; null where it comes from no plan, or the approved state is unknown.
    plannedLifecycleState: approval?.kind === 'approved' ? (approval.lifecycleState ?? '') : null,
    name: report.showNames ? (state?.name ?? null) : null,
    listedName,
    reason,
    source: file === null ? null : { file, line },
  }
}
