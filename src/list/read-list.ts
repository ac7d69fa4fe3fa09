import { readFile as readBytes, realpath, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'

import type { Entry, ObservedState } from '../identity.ts'
import type { Problems } from '../problems.ts'
import type { IdentifyBy, ListSettings } from '../settings.ts'
import { readCsv } from './csv-list.ts'
import { readEarlierReport, type EarlierReport } from './earlier-report.ts'
import { faultOf } from './entry.ts'
import { folded } from './exclusion.ts'
import { readJson } from './json-list.ts'
import { findFiles, type ListFile } from './list-files.ts'
import type { OnEntry, OnProblem } from './list-sinks.ts'
import { takeShard } from './shard.ts'
import { entriesOfLine, readText, readWhole, withLineFeeds } from './text-list.ts'
import { readYaml } from './yaml-list.ts'

export interface IdentityList {
  /** In the order first seen, without duplicates; of the shard, where there is one. */
  readonly entries: readonly Entry[]
  /** Entries that stood in the list before, and were removed. */
  readonly duplicates: number
  /** What the entries are: an earlier report says it itself. */
  readonly identifyBy: IdentifyBy
  /** The base URL of the earlier report that the list was taken from. */
  readonly reportBaseUrl: string | null
  /** By id: the state that an approved plan was made with, or that an earlier run refused it; null where there is neither. */
  readonly planned: ReadonlyMap<string, ObservedState | 'refused'> | null
  /** Texts to leave out, folded to one case; null: none. */
  readonly excluded: ReadonlySet<string> | null
  /** Real paths of everything that was read. */
  readonly files: readonly string[]
}

/** Ends the reading of a list that is longer than it may be. */
class TooLong extends Error {}

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
  const { inline, files, fromReport, excludeFiles, idColumn, maxIdentities, shard, workspace } = settings
  const report = fromReport === null ? null : await readReport(fromReport, workspace, problems)
  const identifyBy = report?.content?.identifyBy ?? settings.identifyBy
  const collected = new Collection(maxIdentities)
  const found = files === null ? [] : await findFiles('identity-ids-file', files, workspace, problems)
  const isChecked = identifyBy
  try {
    if (inline !== null) {
      const fail: OnProblem = (reason) => problems.addEntry(`Input identity-ids: ${reason}.`, null, null)
      readInline(inline, checking(isChecked, 'Input identity-ids', null, problems, collected), fail)
    }
    for (const file of found) {
      stop?.throwIfAborted()
      const fail: OnProblem = (reason, line) => problems.addEntry(`${file.name}: ${reason}.`, file.name, line)
      await readFile(file, idColumn, checking(isChecked, file.name, file.name, problems, collected), fail)
    }
    for (const entry of report?.content?.entries ?? []) collected.add(entry)
  } catch (error) {
    if (!(error instanceof TooLong)) throw error
    problems.add(
      `Input max-identities: the list holds more than ${maxIdentities ?? 0} identities, which is what is accepted; it was read no further.`,
    )
  }
  if (idColumn !== null && found.every(({ name }) => extensionOf(name) === '.txt') && (inline ?? found[0])) {
    problems.add(
      'Input identity-id-column is given, but nothing in this list has columns or keys; it is for CSV, JSON and YAML files.',
    )
  }
  const exclusion = excludeFiles === null ? null : await readExclusion(excludeFiles, settings, problems, stop)
  return {
    entries: shard === null ? collected.entries : takeShard(collected.entries, shard),
    duplicates: collected.duplicates,
    identifyBy,
    reportBaseUrl: report?.content?.baseUrl ?? null,
    planned: report?.content?.planned ?? null,
    excluded: exclusion?.texts ?? null,
    files: [...found, ...(exclusion?.files ?? [])].map(({ path }) => path).concat(report?.path ?? []),
  }
}

/** The entries of a list as they come, each once. */
class Collection {
  readonly entries: Entry[] = []
  duplicates = 0
  readonly #seen = new Set<string>()
  readonly #max: number | null

  constructor(max: number | null) {
    this.#max = max
  }

  /** @throws TooLong */
  add(entry: Entry): void {
    const key = folded(entry.id ?? entry.identifier)
    if (this.#seen.has(key)) {
      this.duplicates += 1
      return
    }
    if (this.entries.length === this.#max) throw new TooLong()
    this.#seen.add(key)
    this.entries.push(entry)
  }
}

/** Takes the entries of one source, each checked. */
function checking(
  identifyBy: IdentifyBy,
  where: string,
  file: string | null,
  problems: Problems,
  collected: Collection,
): OnEntry {
  return (text, line) => {
    const fault = faultOf(text, identifyBy)
    if (fault === null) collected.add({ identifier: text, id: identifyBy === 'id' ? text : null, file, line })
    else problems.addEntry(`${where}: ${fault}.`, file, line)
  }
}

async function readReport(
  given: string,
  workspace: string,
  problems: Problems,
): Promise<{ content: EarlierReport | null; path: string }> {
  const path = resolve(workspace, given)
  const fail = (reason: string): { content: null; path: string } => {
    problems.add(`Input from-report: ${JSON.stringify(given)} ${reason}.`)
    return { content: null, path }
  }
  let text
  try {
    if ((await stat(path)).size > MAX_REPORT_BYTES)
      return fail('is larger than any report that this action reads')
    text = await readBytes(path, 'utf8')
  } catch (error) {
    return fail(`cannot be read: ${reasonOf(error)}`)
  }
  const content = readEarlierReport(text)
  return typeof content === 'string' ? fail(content) : { content, path: await realpath(path) }
}

/** A report of a million identities has about 300 MB. */
const MAX_REPORT_BYTES = 512 * 1024 * 1024 - 1

/** Who is to be left out, by whatever name: ids, aliases and e-mail addresses alike. */
async function readExclusion(
  lines: readonly string[],
  { workspace, idColumn }: ListSettings,
  problems: Problems,
  stop: AbortSignal | undefined,
): Promise<{ texts: ReadonlySet<string>; files: readonly ListFile[] }> {
  const texts = new Set<string>()
  const files = await findFiles('exclude-ids-file', lines, workspace, problems)
  for (const file of files) {
    stop?.throwIfAborted()
    const fail: OnProblem = (reason, line) => problems.addEntry(`${file.name}: ${reason}.`, file.name, line)
    const take: OnEntry = (text, line) => {
      const fault = faultOf(text, 'email')
      if (fault === null) texts.add(folded(text))
      else problems.addEntry(`${file.name}: ${fault}.`, file.name, line)
    }
    await readFile(file, extensionOf(file.name) === '.txt' ? null : idColumn, take, fail)
  }
  return { texts, files }
}

function readInline(text: string, onEntry: OnEntry, onProblem: OnProblem): void {
  if (text.startsWith('[')) {
    readJson(text, null, (entry) => onEntry(entry, null), onProblem, { objects: false })
    return
  }
  for (const line of withLineFeeds(text).split('\n')) {
    for (const entry of entriesOfLine(line)) onEntry(entry, null)
  }
}

async function readFile(
  { path, name }: ListFile,
  column: string | null,
  onEntry: OnEntry,
  onProblem: OnProblem,
): Promise<void> {
  try {
    switch (extensionOf(name)) {
      case '.txt':
        return await readText(path, onEntry)
      case '.csv':
        return await readCsv(path, column, onEntry, onProblem)
      case '.json':
        return readJson(await readWhole(path), column, onEntry, onProblem)
      case '.yml':
      case '.yaml':
        return await readYaml(await readWhole(path), column, onEntry, onProblem)
      default:
        onProblem('its extension is not one of .txt, .csv, .json, .yml, .yaml', null)
    }
  } catch (error) {
    if (error instanceof TooLong) throw error
    onProblem(`it cannot be read: ${reasonOf(error)}`, null)
  }
}

function extensionOf(name: string): string {
  return extname(name).toLowerCase()
}

function reasonOf(error: unknown): string {
  const { code, message = String(error) } = error as Partial<NodeJS.ErrnoException>
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return 'it is not UTF-8 text (UTF-16, as some spreadsheets save it, is not accepted)'
  return message
}
