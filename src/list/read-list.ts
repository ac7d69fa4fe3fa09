import type { Excluded, Identity } from '../identity.ts'
import { excludedAs, isIscId, type Exclusion } from '../policy/exclusion.ts'
import { withProblemsOf, type Problems, type TellProblem } from '../problems.ts'
import type { IdentifyBy, ListSettings } from '../settings.ts'
import { changedFiles } from './added-since/changed-files.ts'
import { Collection, copied, Limit, takeShard, TooLong } from './collection.ts'
import { readDenyList, type DenyList } from './deny-list.ts'
import { readEarlierReport, type ReportFacts } from './earlier-report.ts'
import { FileFault, withLineFeeds } from './formats/decode.ts'
import { readJson } from './formats/json-list.ts'
import type { ListSink } from './formats/list-sink.ts'
import { extensionOf } from './formats/read-entries.ts'
import { readText } from './formats/text-list.ts'
import { identifierIn } from './identifier.ts'
import { findFiles } from './list-files.ts'
import { readListFile, type ListFile, type ListReading } from './list-reading.ts'
import { readStillListed, type StillListed } from './still-listed.ts'

/** The list, from any source, with what bears on it. */
export interface IdentityList {
  /** In the order first seen, without duplicates; of the shard, where there is one; without `excluded`. */
  readonly identities: readonly Identity[]
  /** How many identities the whole list has, before shard and exclusion; with those that a report has and that are done. */
  readonly listedCount: number
  /** Entries that repeat an earlier one, and are not counted. */
  readonly duplicates: number
  /** What the entries are: an earlier report says it itself. */
  readonly identifyBy: IdentifyBy
  /** Null where the list does not come from a report. */
  readonly report: ReportFacts | null
  /** IDs that a report has beside an alias or address, before shard and exclusion. */
  readonly reportedIds: readonly string[]
  /** Null: the guard is off. */
  readonly denyList: DenyList | null
  /**
   * Null: the guard is off. Identities that the report names by alias or address are to be asked for once more with
   * what ISC says of their IDs, so that an edited report enables no other identity.
   */
  readonly stillListed: StillListed | null
  /** What excludes identities, as more of their identifiers become known: the deny list first. */
  readonly exclusions: readonly Exclusion[]
  /** Identities of the report that are no longer listed. */
  readonly excluded: readonly Excluded[]
  /** Whether any list file changed, as far as `added-since` tells. */
  readonly haveChanged: boolean
  /** Sentences on what is no error, but worth to know. */
  readonly warnings: readonly string[]
}

/**
 * Reads the list, inline, from files or from an earlier report: entries are checked, repeated ones removed, the shard
 * taken; and what excludes identities. What is wrong is added to `problems`; the entries are then those that could be
 * read. @throws the reason of `stop` when it is aborted
 */
export async function readList(
  settings: ListSettings,
  problems: Problems,
  stop?: AbortSignal,
): Promise<IdentityList> {
  const { inline, files, fromReport, excludeFiles, stillListed, idColumn, shard } = settings
  const limit = new Limit(settings.maxIdentities)
  const warnings: string[] = []
  const reading: ListReading = { settings, limit, problems, warnings, stop }
  const exclusions: Exclusion[] = []
  let collection = new Collection(limit)
  const read: ListFile[] = []
  let identifyBy = settings.identifyBy
  let report: ReportFacts | null = null
  let still: StillListed | null = null
  let haveChanged = true
  try {
    if (inline !== null)
      await withProblemsOf('Input `identity-ids`', null, problems, (tell) =>
        readInline(inline, identifyBy, collecting(collection, identifyBy, null, tell)),
      )
    if (files !== null) {
      const otherLines = excludeFiles ?? []
      const found = await findFiles(files, { input: 'identity-ids-file', otherLines }, reading)
      read.push(...found)
      const changes = await changedFiles(found, settings, problems, process.env, stop)
      const { before } = changes
      haveChanged = changes.haveChanged
      const options = { column: idColumn, identifyBy, allColumns: false } as const
      for (const file of changes.files)
        await readListFile(file, options, reading, (tell) => {
          const { onEntry, onProblem } = collecting(collection, identifyBy, file.name, tell)
          return {
            onProblem,
            onEntry: (entry) => {
              before?.addNow(entry.text, file.name, entry.line)
              onEntry(entry)
            },
          }
        })
      if (before !== null) {
        exclusions.push(before)
        const fault = identifyBy === 'id' ? before.faultBeside(collection.identities) : null
        if (fault !== null) problems.add(`Input \`added-since\`: ${fault}`)
      }
    }
    if (fromReport !== null) {
      const earlier = await readEarlierReport(fromReport, settings, limit, problems, stop)
      if (earlier !== null && identifyBy !== 'id' && identifyBy !== earlier.identifyBy)
        problems.add(
          `Invalid value "${identifyBy}" for \`identify-by\`. The report names its identities by \`${earlier.identifyBy}\`; use that, or remove \`identify-by\`.`,
        )
      // What an unreadable report holds is not known: in a deny list, anything may be right.
      identifyBy = earlier?.identifyBy ?? 'alias'
      report = earlier?.facts ?? null
      collection = earlier?.collection ?? collection
      if (stillListed !== null) {
        const listed = await readStillListed(stillListed, collection.identities, identifyBy, reading)
        still = listed.stillListed
        read.push(...listed.files)
      }
    }
  } catch (error) {
    if (!(error instanceof TooLong)) throw error
    problems.add(error.message)
  }
  const shape = { identifyBy, identities: collection.identities, has: (text: string) => collection.has(text) }
  const denied = excludeFiles === null ? null : await readDenyList(excludeFiles, shape, reading)
  if (denied !== null) exclusions.unshift(denied.denyList)
  read.push(...(denied?.files ?? []))
  if (
    idColumn !== null &&
    (inline !== null || read.length > 0) &&
    read.every(({ name }) => extensionOf(name) === '.txt')
  ) {
    problems.add(
      'Input `identity-id-column` is set, but no list has columns or keys. Remove it, or use CSV, JSON, or YAML files.',
    )
  }
  const part = shard === null ? collection.identities : takeShard(collection.identities, shard)
  const excluded: Excluded[] = []
  const isLeft = (identity: Identity): boolean => {
    const match = still?.match(identity, [identity.identifier]) ?? null
    const record = match && excludedAs(identity, match)
    if (record !== null) excluded.push(record)
    return match === null
  }
  return {
    identities: still === null ? part : part.filter(isLeft),
    listedCount: report?.total ?? collection.identities.length,
    duplicates: collection.duplicates,
    identifyBy,
    report,
    reportedIds:
      report === null || identifyBy === 'id' ? [] : collection.identities.flatMap(({ id }) => id ?? []),
    denyList: denied?.denyList ?? null,
    stillListed: still,
    exclusions,
    excluded,
    haveChanged,
    warnings,
  }
}

/** Takes what one source holds into the collection, each entry checked. */
function collecting(
  collection: Collection,
  identifyBy: IdentifyBy,
  file: string | null,
  tell: TellProblem,
): ListSink {
  const onProblem: TellProblem = (reason, line, cause) => {
    tell(reason, line, cause)
    collection.countMalformed()
  }
  return {
    onProblem,
    onEntry: ({ text, line, listedName, reason }) => {
      const found = identifierIn(text, identifyBy)
      if (typeof found !== 'string') return onProblem(found.message, line, found.cause)
      const identifier = copied(found)
      const id = identifyBy === 'id' ? identifier : null
      collection.add({ identifier, id, file, line, listedName, reason })
    },
  }
}

/** An inline list has no file in which a reader could find a line. */
async function readInline(
  text: string,
  identifyBy: IdentifyBy,
  { onEntry, onProblem }: ListSink,
): Promise<void> {
  const sink: ListSink = {
    onEntry: (entry) => onEntry({ ...entry, line: null }),
    onProblem: (reason, _line, cause) => onProblem(reason, null, cause),
  }
  const lines = withLineFeeds(text).trim()
  try {
    if (text.startsWith('['))
      return readJson(lines, { column: null, identifyBy, allColumns: false }, sink, { objects: false })
    const comment = lines.includes('\n') ? null : /(?:^|\s)#(.*)$/.exec(lines)
    const words = comment?.[1]?.split(/[\s,;]+/) ?? []
    if (/\s#/.test(comment?.[1] ?? '') || words.some((word) => isIscId(word) || word.includes('@')))
      throw new FileFault(
        'The list is one line, and its comment seems to hold entries: its line ends were lost. Use | instead of > in YAML, or a list file.',
      )
    await readText([lines], identifyBy, sink)
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    onProblem(error.message, null)
  }
}
