import { lstat, realpath } from 'node:fs/promises'
import { relative, resolve } from 'node:path'

import {
  array,
  boolean,
  getDotPath,
  literal,
  number,
  object,
  picklist,
  safeParse,
  string,
  type InferOutput,
} from 'valibot'

import { memberOf, type Problems, quoted, reasonOf } from '../problems.ts'
import { IDENTIFY_BY, type IdentifyBy, type ListSettings } from '../settings.ts'
import { Collection, TooLong, type Limit } from './collection.ts'
import { bytesOf, decoded, FileFault, joined } from './formats/decode.ts'
import { InvalidJson, parseJson } from './formats/json-list.ts'
import { isWithin } from './glob.ts'
import { ReportedIdentities } from './reported-identities.ts'

/** What the report of an earlier run says as a whole. */
export interface ReportFacts {
  readonly baseUrl: string
  /** It is the report of a dry run. */
  readonly isPlan: boolean
  /** How many identities it has, and how many of them it knows to exist in the tenant. */
  readonly total: number
  readonly knownToExist: number
}

/** What is taken of the report of an earlier run. */
export interface EarlierReport {
  readonly facts: ReportFacts
  readonly identifyBy: IdentifyBy
  /** The identities that are taken. */
  readonly collection: Collection
}

/** What a report says as a whole, as far as it matters here: docs/report.schema.json. */
const HeadSchema = object({
  schemaVersion: literal(1),
  baseUrl: string(),
  dryRun: boolean(),
  identifyBy: picklist(IDENTIFY_BY),
  result: picklist(['success', 'failure', 'cancelled']),
  problems: array(string()),
  counts: object({ total: number(), succeeded: number(), failed: number(), unprocessed: number() }),
})

type Head = InferOutput<typeof HeadSchema>

const MIB = 1024 * 1024

/** The most that is read of a report in another form than this action writes, and of all that is not identities. */
const LARGEST_WHOLE_MIB = 64

/** Characters of a line, far more than an identity has. */
const LONGEST_LINE = 4 * MIB

const USE = 'Use the complete JSON report (`results-file`) of an earlier run.'

/** Why a report cannot be taken. The text continues a sentence after the name of the report. */
class ReportFault extends Error {}

/** The lines are not as this action writes them: one identity per line. */
class OtherForm extends Error {}

/**
 * Reads the JSON report of an earlier run: from a plan the identities that it would enable, or whose state it could not
 * read; from a run those that failed (without ignored ones) or were not processed. It takes at most `limit`. A report
 * that cannot be taken is a problem. @throws the reason of `stop` when it is aborted
 */
export async function readEarlierReport(
  given: string,
  settings: Pick<ListSettings, 'workspace' | 'temporary'>,
  limit: Limit,
  problems: Problems,
  stop?: AbortSignal,
): Promise<EarlierReport | null> {
  try {
    const path = await reportPath(given, settings)
    try {
      return await taken(limit, problems, (taking) => readByLine(path, taking, stop))
    } catch (error) {
      if (!(error instanceof OtherForm)) throw error
      return await taken(limit, problems, (taking) => readWhole(path, taking, stop))
    }
  } catch (error) {
    stop?.throwIfAborted()
    problems.add(`Invalid report ${quoted(given)} in \`from-report\`: ${faultText(error)}`)
    return null
  }
}

function faultText(error: unknown): string {
  if (error instanceof ReportFault) return error.message
  if (error instanceof FileFault) {
    const at = error.line === null ? '' : ` (line ${error.line})`
    return error instanceof InvalidJson
      ? `it is not valid JSON${at}, so the file is incomplete or not a report. ${USE}`
      : `it is incomplete or not a report${at}. ${error.message} ${USE}`
  }
  if (memberOf(error, 'code') === 'ENOENT')
    return 'the file does not exist. Check the path, and that an earlier step created or downloaded it.'
  return `it cannot be read (${reasonOf(error)}). Check the path, and that an earlier step created the file.`
}

/** The real path of a report: a file in the workspace or below RUNNER_TEMP, that no link leads to. @throws ReportFault */
async function reportPath(
  given: string,
  { workspace, temporary }: Pick<ListSettings, 'workspace' | 'temporary'>,
): Promise<string> {
  const path = resolve(workspace, given)
  const roots = [workspace, temporary].filter((root) => root !== '')
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))))
  const all = [...roots, ...real]
  const root = all.find((candidate) => isWithin(candidate, path))
  if (root === undefined)
    throw new ReportFault('it is outside of the workspace and of `RUNNER_TEMP`. Use a file in one of them.')
  const straight = resolve(real[all.indexOf(root) % real.length] ?? '', relative(root, path))
  const stats = await lstat(straight)
  if (stats.isSymbolicLink() || (await realpath(straight)) !== straight)
    throw new ReportFault('it is a symbolic link, or is in a linked folder. Use the path of the file itself.')
  if (stats.isDirectory()) throw new ReportFault('it is a folder. Use the path of the report in it.')
  if (!stats.isFile()) throw new ReportFault(`it is not a regular file. ${USE}`)
  return straight
}

/** Takes what `read` finds. @throws ReportFault, FileFault, OtherForm */
async function taken(
  limit: Limit,
  problems: Problems,
  read: (taking: Taking) => Promise<void>,
): Promise<EarlierReport> {
  const taking = new Taking(limit)
  try {
    await read(taking)
  } catch (error) {
    if (!(error instanceof TooLong)) throw error
    problems.add(error.message)
    return taking.result()
  }
  taking.checkWhole()
  return taking.result()
}

/** Takes a report: its head, then one identity after the other. */
class Taking {
  readonly #collection: Collection
  #given: { readonly head: Head; readonly identities: ReportedIdentities } | null = null

  constructor(limit: Limit) {
    this.#collection = new Collection(limit)
  }

  /** @throws ReportFault */
  takeHead(value: unknown): void {
    const head = headIn(value)
    this.#given = { head, identities: new ReportedIdentities(this.#collection, head) }
  }

  /** Takes the next identity, in the way that `add` says. @throws ReportFault, TooLong */
  takeIdentity(add: (identities: ReportedIdentities) => string | null): void {
    const { identities } = this.#report
    const fault = add(identities)
    if (fault !== null) throw notAReport(`identity ${identities.counts.total + 1}, ${fault}`)
  }

  /** @throws ReportFault when the report holds something else than it counts, or leaves nothing to do */
  checkWhole(): void {
    const { head, identities } = this.#report
    for (const name of ['total', 'succeeded', 'failed', 'unprocessed'] as const)
      if (head.counts[name] !== identities.counts[name])
        throw new ReportFault(
          `it is not complete: its counts say ${head.counts[name]} (${name}), but it lists ${identities.counts[name]}. ${USE}`,
        )
    const repeated = this.#collection.repeated()
    if (repeated !== null) throw notAReport(`${quoted(repeated.identifier)} appears twice`)
    if (!head.dryRun && head.result === 'failure' && this.#collection.identities.length === 0)
      throw new ReportFault(
        'the run failed, but no identity is left to retry (for example, it was for the wrong tenant). Fix that run first.',
      )
  }

  result(): EarlierReport {
    const { head, identities } = this.#report
    const { baseUrl, dryRun: isPlan, identifyBy } = head
    const { counts, knownToExist } = identities
    return {
      facts: { baseUrl, isPlan, total: counts.total, knownToExist },
      identifyBy,
      collection: this.#collection,
    }
  }

  get #report() {
    if (this.#given === null) throw new Error('A report is read from its head on.')
    return this.#given
  }
}

/** @throws ReportFault */
function headIn(value: unknown): Head {
  const head = safeParse(HeadSchema, value, { abortEarly: true })
  if (!head.success) throw notAReport(getDotPath(head.issues[0]) ?? 'it')
  const { dryRun, result, problems } = head.output
  if (problems.length > 0)
    throw new ReportFault(
      'that run had invalid inputs or an invalid list, so nothing in its report was checked. Fix that run first.',
    )
  if (dryRun && result !== 'success')
    throw new ReportFault(
      `that plan ${result === 'cancelled' ? 'was cancelled' : 'failed'}, so it cannot be applied. Make a new plan.`,
    )
  return head.output
}

function notAReport(where: string): ReportFault {
  return new ReportFault(`it is not a report of this action with schemaVersion 1 (invalid: ${where}). ${USE}`)
}

const LIST = '  "identities": ['
const EXCLUDED = '  "excluded": ['

/** Characters behind the identities: brackets and spaces. */
const LONGEST_END = 16

/** Reads a report as this action writes it: a head, then one identity per line. @throws OtherForm, ReportFault, TooLong */
async function readByLine(path: string, taking: Taking, stop?: AbortSignal): Promise<void> {
  const head: string[] = []
  let headSize = 0
  let section: 'head' | 'excluded' | 'identities' | 'end' = 'head'
  let isMoreMeant = false
  let isFirst = true
  let end = ''
  for await (const lines of linesOf(path, stop)) {
    for (const line of lines) {
      if (section === 'identities' && line.startsWith('    {')) {
        if (!isMoreMeant) throw new OtherForm()
        isMoreMeant = line.endsWith(',')
        isFirst = false
        const text = line.slice(4, isMoreMeant ? -1 : undefined)
        taking.takeIdentity((identities) => parsed(() => identities.addLine(text)))
      } else if (section === 'identities' || section === 'end') {
        section = 'end'
        end += line
        if (end.length > LONGEST_END) throw new OtherForm()
      } else if (section === 'excluded' && line.startsWith('    {') && /},?$/.test(line)) {
        // Counted in the head, and named for people: nothing of it is taken.
        parsed(() => JSON.parse(line.slice(4).replace(/,$/, '')) as unknown)
      } else {
        head.push(line)
        headSize += line.length
        if (headSize > LARGEST_WHOLE_MIB * MIB) throw new OtherForm()
        section = line === EXCLUDED ? 'excluded' : line === LIST ? 'identities' : 'head'
        if (section !== 'identities') continue
        taking.takeHead(parsed(() => parseJson(`${head.join('\n')}]}`)))
        isMoreMeant = true
      }
    }
  }
  if (section !== 'end' || (isMoreMeant && !isFirst) || !/^ {2}\] *}$/.test(end)) throw new OtherForm()
}

/** What is parsed of JSON. @throws OtherForm where it is none */
function parsed<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof FileFault) throw new OtherForm()
    throw error
  }
}

/** The lines of a file, as many at once as come. @throws OtherForm when one is too long */
async function* linesOf(path: string, stop?: AbortSignal): AsyncGenerator<string[], void> {
  let held = ''
  for await (const piece of decoded(bytesOf(path), stop)) {
    const lines = (held + piece).split('\n')
    held = lines.pop() ?? ''
    if (held.length > LONGEST_LINE) throw new OtherForm()
    yield lines
  }
  yield [held]
}

/** Reads a report that another program has written anew. @throws FileFault, ReportFault, TooLong */
async function readWhole(path: string, taking: Taking, stop?: AbortSignal): Promise<void> {
  const text = await joined(
    decoded(bytesOf(path), stop),
    LARGEST_WHOLE_MIB,
    () =>
      new ReportFault(
        `it is not complete, or no longer one identity per line, and larger than ${LARGEST_WHOLE_MIB} MiB. Use the file as the action wrote it.`,
      ),
  )
  const report = parseJson(text)
  taking.takeHead(report)
  const { identities } = report as { readonly identities?: unknown }
  if (!Array.isArray(identities)) throw notAReport('identities')
  for (const identity of identities as unknown[])
    taking.takeIdentity((identities) => identities.addValue(identity))
}
