import type { Identity, PlannedStates } from '../identity.ts'
import type { Problems } from '../problems.ts'
import type { IdentifyBy, ListSettings } from '../settings.ts'
import { Collection, Limit, TooLong } from './collection.ts'
import { readEarlierReport } from './earlier-report.ts'
import { faultOf } from './entry.ts'
import { readExclusion } from './exclusion.ts'
import { readJson } from './formats/json-list.ts'
import { extensionOf, readListFile } from './formats/list-format.ts'
import type { ListSink, OnEntry } from './formats/list-sink.ts'
import { readText } from './formats/text-list.ts'
import { withLineFeeds } from './formats/utf8-file.ts'
import { findFiles } from './list-files.ts'
import { takeShard } from './shard.ts'

export interface IdentityList {
  /** In the order first seen, without duplicates; of the shard, where there is one. */
  readonly identities: readonly Identity[]
  /** Entries that stood in the list before, and were removed. */
  readonly duplicates: number
  /** What the entries are: an earlier report says it itself. */
  readonly identifyBy: IdentifyBy
  /** The base URL of the earlier report that the list was taken from. */
  readonly reportBaseUrl: string | null
  /** Of an earlier report; null where nothing is known. */
  readonly planned: PlannedStates | null
  /** Texts to leave out, as they are compared; null: none. */
  readonly excluded: ReadonlySet<string> | null
}

/**
 * Reads the list, inline, from files or from an earlier report: entries are checked, repeated ones removed, the shard
 * taken; and who is to be left out. What is wrong is added to `problems`; the entries are then those that could be read.
 * @throws the reason of `stop` when it is aborted
 */
export async function readList(
  settings: ListSettings,
  problems: Problems,
  stop?: AbortSignal,
): Promise<IdentityList> {
  const { inline, files, fromReport, excludeFiles, idColumn, identifyBy, shard, workspace } = settings
  const limit = new Limit(settings.maxIdentities)
  const collection = new Collection(limit)
  const sinkFor = (where: string, file: string | null): ListSink =>
    checking(identifyBy, where, file, collection, problems)
  const found = files === null ? [] : await findFiles('identity-ids-file', files, workspace, problems, stop)
  const report =
    fromReport === null ? null : await readEarlierReport(fromReport, workspace, limit, problems, stop)
  try {
    if (inline !== null) await readInline(inline, sinkFor('Input identity-ids', null))
    for (const file of found) {
      await readListFile(file, idColumn, sinkFor(file.name, file.name), stop)
    }
    for (const entry of report?.entries ?? []) collection.add(entry)
  } catch (error) {
    if (!(error instanceof TooLong)) throw error
    problems.add(error.message)
  }
  // What an unreadable report holds, nobody knows: of who is to be left out, anything may be right.
  const named = {
    ...settings,
    identifyBy: report?.identifyBy ?? (fromReport === null ? identifyBy : 'alias'),
  }
  const exclusion = excludeFiles === null ? null : await readExclusion(excludeFiles, named, problems, stop)
  const names = [...found, ...(exclusion?.files ?? [])].map(({ name }) => name)
  if (idColumn !== null && (inline !== null || names.length > 0) && names.every(isText)) {
    problems.add(
      'Input identity-id-column is given, but nothing in this list has columns or keys; it is for CSV, JSON and YAML files.',
    )
  }
  return {
    identities: shard === null ? collection.identities : takeShard(collection.identities, shard),
    duplicates: collection.duplicates,
    identifyBy: named.identifyBy,
    reportBaseUrl: report?.baseUrl ?? null,
    planned: report?.planned ?? null,
    excluded: exclusion?.texts ?? null,
  }
}

/** Takes what one source holds, each entry checked. */
function checking(
  identifyBy: IdentifyBy,
  where: string,
  file: string | null,
  collection: Collection,
  problems: Problems,
): ListSink {
  const onProblem: ListSink['onProblem'] = (reason, line) => {
    problems.addEntry(`${where}: ${reason}.`, file, line)
    collection.countMalformed()
  }
  const onEntry: OnEntry = (text, line) => {
    const fault = faultOf(text, identifyBy)
    if (fault === null)
      collection.add({ identifier: text, id: identifyBy === 'id' ? text : null, file, line })
    else onProblem(fault, line)
  }
  return { onEntry, onProblem }
}

/** An inline list has no lines that anybody could look up. */
async function readInline(text: string, sink: ListSink): Promise<void> {
  const onEntry: OnEntry = (entry) => sink.onEntry(entry, null)
  const pieces = [withLineFeeds(text)]
  if (text.startsWith('[')) {
    const onProblem = (reason: string): void => sink.onProblem(reason, null)
    await readJson(pieces, null, { onEntry, onProblem }, { objects: false })
  } else {
    await readText(pieces, onEntry)
  }
}

function isText(name: string): boolean {
  return extensionOf(name) === '.txt'
}
