import { extname } from 'node:path'

import { requested, type IdentityOutcome } from '../identity.ts'
import type { Problems } from '../problems.ts'
import type { ListSettings } from '../settings.ts'
import { readCsv } from './csv-list.ts'
import { faultOf } from './entry.ts'
import { findFiles, type ListFile } from './list-files.ts'
import { readJson } from './json-list.ts'
import { takeShard } from './shard.ts'
import { entriesOfLine, readText, readWhole, withLineFeeds } from './text-list.ts'
import { readYaml } from './yaml-list.ts'

/** Takes an entry as it stands in the list, with its line (1-based). */
export type OnEntry = (text: string, line: number | null) => void

/** Takes what is wrong with the list, at a line or as a whole. */
export type OnProblem = (reason: string, line: number | null) => void

export interface IdentityList {
  /** Unprocessed, in the order first seen. */
  readonly identities: readonly IdentityOutcome[]
  /** Entries that stood in the list before, and were removed. */
  readonly duplicates: number
}

/**
 * Reads the list, inline or from files: entries are checked, repeated ones removed, the shard taken.
 * What is wrong is added to `problems`; the identities are then those that could be read.
 */
export async function readList(settings: ListSettings, problems: Problems): Promise<IdentityList> {
  const { inline, files, idColumn, identifyBy, maxIdentities, shard, workspace } = settings
  const seen = new Set<string>()
  const identities: IdentityOutcome[] = []
  let duplicates = 0

  const entriesOf = (file: string | null): OnEntry => {
    const where = file ?? 'Input identity-ids'
    return (text, line) => {
      const fault = faultOf(text, identifyBy)
      if (fault !== null) problems.addEntry(`${where}: ${fault}.`, file, line)
      else if (seen.has(text)) duplicates += 1
      else {
        seen.add(text)
        identities.push(requested(text, identifyBy === 'id' ? text : null, file, line))
      }
    }
  }

  if (inline !== null) {
    const fail: OnProblem = (reason) => problems.addEntry(`Input identity-ids: ${reason}.`, null, null)
    readInline(inline, entriesOf(null), fail)
  }
  const found = files === null ? [] : await findFiles(files, workspace, problems)
  for (const file of found) {
    const fail: OnProblem = (reason, line) => problems.addEntry(`${file.name}: ${reason}.`, file.name, line)
    await readFile(file, idColumn, entriesOf(file.name), fail)
  }
  if (idColumn !== null && found.every(({ name }) => extensionOf(name) === '.txt') && (inline ?? found[0])) {
    problems.add(
      'Input identity-id-column is given, but nothing in this list has columns or keys; it is for CSV, JSON and YAML files.',
    )
  }
  if (maxIdentities !== null && identities.length > maxIdentities) {
    problems.add(
      `Input max-identities: the list holds ${identities.length} identities, and at most ${maxIdentities} are accepted.`,
    )
  }
  return { identities: shard === null ? identities : takeShard(identities, shard), duplicates }
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
