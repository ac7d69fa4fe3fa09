import {
  boolean,
  check,
  maxLength,
  minValue,
  nullable,
  object,
  optional,
  picklist,
  pipe,
  safeInteger,
  number,
  string,
  type InferOutput,
} from 'valibot'

import type { Outcome, Plan } from '../identity.ts'
import { LONGEST_NOTE } from './collection.ts'
import { LONGEST_IDENTIFIER } from './identifier.ts'

const OUTCOMES = ['succeeded', 'failed', 'unprocessed'] as const satisfies Outcome[]
const PLANS = ['enable', 'already-enabled', 'not-found', 'refused'] as const satisfies Plan[]

const LONGEST_TEXT = 2 * LONGEST_IDENTIFIER
const LONGEST_PATH = 4096

const text = nullable(pipe(string(), maxLength(LONGEST_NOTE)))

/** An identity of a report, as far as it matters here: docs/report.schema.json. */
export const ReportedSchema = object({
  id: text,
  identifier: pipe(string(), maxLength(LONGEST_TEXT)),
  outcome: picklist(OUTCOMES),
  ignored: boolean(),
  plan: nullable(picklist(PLANS)),
  identityStatus: text,
  lifecycleState: text,
  // These are missing in reports of earlier versions.
  plannedLifecycleState: optional(text, null),
  listedName: optional(text, null),
  reason: optional(text, null),
  source: nullable(
    object({
      file: pipe(string(), maxLength(LONGEST_PATH), check(isWithinRepository)),
      line: nullable(pipe(number(), safeInteger(), minValue(1))),
    }),
  ),
})

export type Reported = InferOutput<typeof ReportedSchema>

/** Whether a location in a list is one: relative, with `/`, and not outside of the repository. */
function isWithinRepository(file: string): boolean {
  return file !== '' && !file.startsWith('/') && (!file.includes('..') || !file.split('/').includes('..'))
}

const COUNT = String.raw`(?:0|[1-9]\d*)`
/** Patterns for a text that is skipped, and for one that is taken, which has no escapes. */
const OTHER = String.raw`(?:null|"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt])*")`
const TEXT = String.raw`"([^"\\\x00-\x1f]*)"`
const TEXT_OR_NULL = `(?:null|${TEXT})`

/** How an identity is written: `reported` in report/file/report-file.ts. */
const FIELDS = {
  id: TEXT_OR_NULL,
  identifier: TEXT,
  outcome: `"(${OUTCOMES.join('|')})"`,
  statusCode: `(?:null|${COUNT})`,
  message: OTHER,
  attempts: COUNT,
  trackingId: OTHER,
  ignored: '(true|false)',
  plan: `(?:null|"(${PLANS.join('|')})")`,
  verified: '(?:null|true|false)',
  identityStatus: TEXT_OR_NULL,
  lifecycleState: TEXT_OR_NULL,
  plannedLifecycleState: TEXT_OR_NULL,
  name: OTHER,
  listedName: TEXT_OR_NULL,
  reason: TEXT_OR_NULL,
  source: String.raw`(?:null|\{"file":${TEXT},"line":(null|[1-9]\d{0,14})\})`,
}
const members = Object.entries(FIELDS).map(([name, pattern]) => `"${name}":${pattern}`)
const LINE = new RegExp(String.raw`^\{${members.join(',')}\}$`)

/**
 * The identity in a line of a report: what `ReportedSchema` makes of `JSON.parse`, in less than half of the time. Null for
 * a line that differs in any way from what this action writes, or where a text that is taken has escapes. The texts are
 * parts of the line, which V8 keeps as long as one of them.
 */
export function parsedLine(line: string): Reported | null {
  const match = LINE.exec(line)
  if (match === null) return null
  const [
    ,
    id = null,
    identifier = '',
    outcome,
    ignored,
    plan = null,
    identityStatus = null,
    lifecycleState = null,
    plannedLifecycleState = null,
    listedName = null,
    reason = null,
    file,
    fileLine,
  ] = match
  const texts = [id, identityStatus, lifecycleState, plannedLifecycleState, listedName, reason]
  const isLong = texts.some((one) => one !== null && one.length > LONGEST_NOTE)
  const isElsewhere = file !== undefined && (file.length > LONGEST_PATH || !isWithinRepository(file))
  if (isLong || isElsewhere || identifier.length > LONGEST_TEXT) return null
  return {
    id,
    identifier,
    outcome: outcome as Outcome,
    ignored: ignored === 'true',
    plan: plan as Plan | null,
    identityStatus,
    lifecycleState,
    plannedLifecycleState,
    listedName,
    reason,
    source: file === undefined ? null : { file, line: fileLine === 'null' ? null : Number(fileLine) },
  }
}
