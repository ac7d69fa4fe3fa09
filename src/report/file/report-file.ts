import { requested, stateOf, statusCodeOf, trackingIdOf, type Identity } from '../../identity.ts'
import { reasonOf } from '../../problems.ts'
import type { RunReport } from '../run-report.ts'
import { forCsvCell } from '../words/harmless.ts'
import { locationText } from '../words/location.ts'
import { messageOf, wordingOf, type Wording } from '../words/sentences.ts'
import { writeWhole } from './write-file.ts'

/** Writes the report as CSV or JSON, by the name's ending. @throws Error when it cannot be written */
export function writeReportFile(path: string, report: RunReport): void {
  try {
    writeWhole(path, path.toLowerCase().endsWith('.csv') ? csvLines(report) : jsonLines(report))
  } catch (cause) {
    throw new Error(`The report could not be written to ${path}: ${reasonOf(cause)}`, { cause })
  }
}

/** The report as JSON (docs/report.schema.json): a head, then one identity per line. */
export function* jsonLines(report: RunReport): Generator<string> {
  const { showNames } = report
  const { maxFailures, maxFailurePercent, exceeded } = report.thresholds
  const wording = wordingOf(report)
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
    stopped: wording.stopped,
    problems: report.problems.map(({ message }) => message),
    counts: report.counts,
    thresholds: { maxFailures, maxFailurePercent, exceeded },
  }
  yield JSON.stringify(head, null, 2).slice(0, -2)
  yield* jsonArray('excluded', report.excluded, ({ id, identifier, name, file, line, by, bySource }) => ({
    id,
    identifier,
    name: showNames ? name : null,
    source: file === null ? null : { file, line },
    by,
    bySource: bySource === null ? null : { file: bySource.file, line: bySource.line },
  }))
  yield* jsonArray('identities', report.identities, (identity) => reported(identity, showNames, wording))
  yield '\n}\n'
}

/** A member that is an array, one item per line. */
function* jsonArray<T>(name: string, items: readonly T[], fieldsOf: (item: T) => object): Generator<string> {
  yield `,\n  "${name}": [`
  let separator = '\n'
  for (const item of items) {
    yield `${separator}    ${JSON.stringify(fieldsOf(item))}`
    separator = ',\n'
  }
  yield items.length === 0 ? ']' : '\n  ]'
}

const NO_ENTRY = requested({ identifier: '', id: null, file: null, line: null })

/** The report as CSV (RFC 4180): a header, then one row per identity. null is empty, `source` is `file:line`. */
function* csvLines(report: RunReport): Generator<string> {
  const wording = wordingOf(report)
  yield `${Object.keys(reported(NO_ENTRY, false, wording)).join(',')}\r\n`
  for (const identity of report.identities) {
    const row = { ...reported(identity, report.showNames, wording), source: locationText(identity) }
    yield `${Object.values(row)
      .map((cell) => forCsvCell(String(cell ?? '')))
      .join(',')}\r\n`
  }
}

/** An identity as the report file has it, in JSON and CSV alike. */
function reported(identity: Identity, showNames: boolean, wording: Wording) {
  const { id, identifier, outcome, cause, attempts, ignored, verified, observed, file, line } = identity
  const state = stateOf(observed)
  return {
    id,
    identifier,
    outcome,
    statusCode: statusCodeOf(cause),
    message: messageOf(identity, wording),
    attempts,
    trackingId: trackingIdOf(cause),
    ignored,
    plan: wording.dryRun ? identity.plan : planOf(identity),
    verified,
    identityStatus: state?.identityStatus ?? null,
    lifecycleState: state?.lifecycleState ?? null,
    plannedLifecycleState: plannedStateOf(identity),
    name: showNames ? (state?.name ?? null) : null,
    listedName: identity.listedName,
    reason: identity.reason,
    source: file === null ? null : { file, line },
  }
}

/** An identity that only a new plan can unblock stays blocked in later runs, whatever this run could read of it. */
function planOf({ approval, plan }: Identity): Identity['plan'] {
  return approval === null || approval.kind === 'approved' ? plan : 'refused'
}

/** What a plan approved; "" for none; null where it comes from no plan, or the approved state is unknown. */
function plannedStateOf({ approval }: Identity): string | null {
  return approval?.kind === 'approved' ? (approval.lifecycleState ?? '') : null
}
