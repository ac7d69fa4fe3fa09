import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { array, boolean, getDotPath, literal, number, object, picklist, safeParse, string } from 'valibot'

import { folded, type Entry, type PlannedState, type PlannedStates } from '../identity.ts'
import { quoted, type Problems } from '../problems.ts'
import { reasonOf } from '../reason.ts'
import { IDENTIFY_BY, type IdentifyBy } from '../settings.ts'
import { TooLong, type Limit } from './collection.ts'
import { JsonFault, readTokens, type OnToken, type OnValue } from './formats/json-tokens.ts'
import { readUtf8, type Pieces } from './formats/utf8-file.ts'
import { ReportStructure } from './report-structure.ts'
import { ReportedIdentities, type Reported } from './reported-identities.ts'

/** What is taken from an earlier run's report. */
export interface EarlierReport {
  readonly baseUrl: string
  readonly identifyBy: IdentifyBy
  readonly entries: readonly Entry[]
  /** Null where nothing is known. */
  readonly planned: PlannedStates | null
}

/** What a report says as a whole, as far as it matters here: docs/report.schema.json. */
const Head = object({
  schemaVersion: literal(1),
  baseUrl: string(),
  dryRun: boolean(),
  identifyBy: picklist(IDENTIFY_BY),
  result: picklist(['success', 'failure', 'cancelled']),
  problems: array(string()),
  counts: object({ total: number(), succeeded: number(), failed: number(), unprocessed: number() }),
})

const HEAD = Object.keys(Head.entries)

const PATHS = [...HEAD.map((name) => `$.${name}`), '$.identities.*']

/** In MiB. A report of a million identities has about 300. */
const LARGEST_MIB = 512

const GIVE = 'give the complete JSON report (results-file) of an earlier run'

/** Why a report cannot be taken; goes on behind its name. */
class ReportFault extends Error {}

/**
 * Reads the JSON report of an earlier run: of a plan those it would enable and those whose state it could not read,
 * of a run those who failed (ignored ones aside) or were left unprocessed; of either no more than one beyond `limit`.
 * One that cannot be taken is a problem. @throws the reason of `stop` when it is aborted
 */
export async function readEarlierReport(
  given: string,
  workspace: string,
  limit: Limit,
  problems: Problems,
  stop?: AbortSignal,
): Promise<EarlierReport | null> {
  const path = resolve(workspace, given)
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw new ReportFault('is not a file')
    if (stats.size > LARGEST_MIB * 1024 * 1024)
      throw new ReportFault(`is larger than ${LARGEST_MIB} MiB, the most that is read of a report`)
    return await read(readUtf8(path, stop), limit)
  } catch (error) {
    stop?.throwIfAborted()
    problems.add(`Input from-report: ${quoted(given)} ${faultText(error)}.`)
    return null
  }
}

function faultText(error: unknown): string {
  if (error instanceof ReportFault) return error.message
  if (error instanceof JsonFault)
    return `is not JSON, or only a part of a report (line ${error.line}); ${GIVE}`
  return `cannot be read: ${reasonOf(error)}`
}

/** @throws ReportFault, JsonFault */
async function read(pieces: Pieces, limit: Limit): Promise<EarlierReport> {
  const given = new Map<unknown, unknown>()
  const identities = new ReportedIdentities()
  const isWhole = await readValues(pieces, given, identities, limit)
  const head = safeParse(Head, Object.fromEntries(given), { abortEarly: true })
  if (!head.success) throw notAReport(`${getDotPath(head.issues[0]) ?? 'it'} is not as it has to be`)
  const { baseUrl, dryRun, identifyBy, result, problems, counts } = head.output
  if (problems.length > 0)
    throw new ReportFault(
      'is the report of a run whose inputs or list were refused, so nothing in it was checked; correct that run first',
    )
  if (dryRun && result !== 'success')
    throw new ReportFault(
      `is the report of a plan that ${result === 'cancelled' ? 'was cancelled' : 'failed'}, which cannot be applied; make the plan again`,
    )
  for (const [name, counted] of isWhole ? Object.entries(identities.counts) : []) {
    const said = counts[name as keyof typeof counts]
    if (said !== counted)
      throw new ReportFault(`is not complete: it counts ${said} (${name}) and holds ${counted}; ${GIVE}`)
  }
  const taken = identities.taken(dryRun, identifyBy)
  if (typeof taken === 'string') throw notAReport(taken)
  if (!dryRun && result === 'failure' && taken.length === 0) {
    throw new ReportFault(
      'is the report of a run that failed although it leaves nobody to try again (for example because it was for the wrong tenant); correct that run first',
    )
  }
  return {
    baseUrl,
    identifyBy,
    entries: taken.map(({ identifier, id, source }) => ({
      identifier,
      id,
      file: source?.file ?? null,
      line: source?.line ?? null,
    })),
    planned: plannedStates(taken, dryRun),
  }
}

/**
 * Reads what a report says as a whole into `given`, and its identities, to its end (true) or until the list is longer
 * than it may be. @throws ReportFault, JsonFault
 */
async function readValues(
  pieces: Pieces,
  given: Map<unknown, unknown>,
  identities: ReportedIdentities,
  limit: Limit,
): Promise<boolean> {
  const structure = new ReportStructure()
  const demand = (fault: string | null): void => {
    if (fault !== null) throw notAReport(fault)
  }
  const onToken: OnToken = (token, value) => demand(structure.take(token, value))
  const onValue: OnValue = (value, [name, index]) => {
    if (name !== 'identities') return void given.set(name, value)
    const fault = identities.add(value, given.get('dryRun'))
    demand(fault === null ? null : `of identity ${Number(index) + 1}, ${fault}`)
    structure.endIdentity()
    // Who is taken, and as what, is not known before the rest is.
    if (HEAD.every((key) => given.has(key))) limit.heed(identities.count)
  }
  try {
    await readTokens(pieces, onToken, { paths: PATHS, onValue })
  } catch (error) {
    if (error instanceof TooLong) return false
    throw error
  }
  demand(structure.end())
  return true
}

/**
 * What each identity was approved or tried with, so that a change since then is noticed. A run that ended early keeps
 * the states that its own plan was made with.
 */
function plannedStates(taken: readonly Reported[], dryRun: boolean): EarlierReport['planned'] {
  const planned = new Map<string, PlannedState>()
  for (const { id, plan, identityStatus, lifecycleState } of taken) {
    if (id === null) continue
    const isKnown = dryRun ? plan === 'enable' : identityStatus !== null || lifecycleState !== null
    if (plan === 'refused') planned.set(folded(id), 'refused')
    else if (isKnown)
      planned.set(folded(id), { identityStatus, lifecycleState, isLifecycleKnown: true, name: null })
  }
  return dryRun || planned.size > 0 ? planned : null
}

function notAReport(why: string): ReportFault {
  return new ReportFault(`is not a report of this action with schemaVersion 1 (${why}); ${GIVE}`)
}
