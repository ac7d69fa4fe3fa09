import {
  array,
  boolean,
  literal,
  looseObject,
  nullable,
  number,
  optional,
  picklist,
  safeParse,
  string,
  type InferOutput,
} from 'valibot'

import type { Entry, ObservedState } from '../identity.ts'
import { IDENTIFY_BY, type IdentifyBy } from '../settings.ts'
import { faultOf } from './entry.ts'

/** What is taken from an earlier run's report. */
export interface EarlierReport {
  readonly baseUrl: string
  readonly identifyBy: IdentifyBy
  readonly entries: readonly Entry[]
  /** By id, the state that a plan was made with, or that the run refused it; null for a run that refused nobody. */
  readonly planned: ReadonlyMap<string, ObservedState | 'refused'> | null
}

const Reported = looseObject({
  id: nullable(string()),
  identifier: string(),
  outcome: picklist(['succeeded', 'failed', 'unprocessed']),
  ignored: boolean(),
  plan: nullable(picklist(['enable', 'already-enabled', 'not-found', 'refused'])),
  identityStatus: nullable(string()),
  lifecycleState: nullable(string()),
  source: nullable(looseObject({ file: string(), line: nullable(number()) })),
})

/** The report as far as it matters here: docs/report.schema.json. */
const Report = looseObject({
  schemaVersion: literal(1),
  baseUrl: string(),
  dryRun: boolean(),
  identifyBy: picklist(IDENTIFY_BY),
  result: picklist(['success', 'failure', 'cancelled']),
  stopped: nullable(string()),
  problems: array(string()),
  counts: looseObject({ total: number() }),
  identities: array(Reported),
  statesRead: optional(boolean(), false),
})

/**
 * Reads the JSON report of an earlier run: of a plan those it would enable and those whose state it could not read,
 * of a run those who failed (ignored ones aside) or were left unprocessed. A string says why it cannot be taken.
 */
export function readEarlierReport(text: string): EarlierReport | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'is not JSON, or only a part of a report; give the complete JSON report (results-file) of an earlier run'
  }
  const parsed = safeParse(Report, json, { abortEarly: true })
  if (!parsed.success) {
    const [issue] = parsed.issues
    const path = issue.path?.map(({ key }) => String(key)).join('.') ?? ''
    return `is not a report of this action with schemaVersion 1 (${path === '' ? 'it' : path} is not as it has to be); give the JSON report (results-file) of an earlier run`
  }
  const report = parsed.output
  const fault = faultOfReport(report)
  if (fault !== null) return fault
  const taken = report.identities.filter((identity) =>
    report.dryRun
      ? identity.plan === 'enable' || identity.plan === null
      : identity.outcome === 'unprocessed' || (identity.outcome === 'failed' && !identity.ignored),
  )
  const planned = new Map<string, ObservedState | 'refused'>()
  for (const { id, plan, identityStatus, lifecycleState } of taken) {
    if (id === null) continue
    if (plan === 'refused') planned.set(id, 'refused')
    else if (report.dryRun && plan === 'enable')
      planned.set(id, { identityStatus, lifecycleState, name: null })
  }
  return {
    baseUrl: report.baseUrl,
    identifyBy: report.identifyBy,
    entries: taken.map(({ id, identifier, source }) => ({
      identifier,
      id,
      file: source?.file ?? null,
      line: source?.line ?? null,
    })),
    planned: report.dryRun || planned.size > 0 ? planned : null,
  }
}

function faultOfReport(report: InferOutput<typeof Report>): string | null {
  if (report.problems.length > 0)
    return 'is the report of a run whose inputs or list were refused, so nothing in it was checked; correct that run first'
  if (report.dryRun && report.result !== 'success')
    return `is the report of a plan that ${report.result === 'cancelled' ? 'was cancelled' : 'failed'}, which cannot be applied; make the plan again`
  if (report.counts.total !== report.identities.length)
    return `is incomplete: it counts ${report.counts.total} identities and holds ${report.identities.length}`
  for (const [index, { id, identifier }] of report.identities.entries()) {
    const fault =
      (id === null ? null : faultOf(id, 'id')) ??
      faultOf(identifier, id === null ? report.identifyBy : 'email')
    if (fault !== null) return `has an identity (the ${index + 1}th) that this action did not write: ${fault}`
  }
  return null
}
