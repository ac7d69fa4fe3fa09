import { readFile, realpath } from 'node:fs/promises'

import { isIscId, visible } from '../../policy/exclusion.ts'
import { quoted, type Problems } from '../../problems.ts'
import type { IdentifyBy, ListSettings } from '../../settings.ts'
import { readWorkflowEvent } from '../../workflow-event.ts'
import type { ListedEntry } from '../formats/list-sink.ts'
import { extensionOf, readEntries } from '../formats/read-entries.ts'
import { literalFolder, namesOf, patternOf } from '../glob.ts'
import { identifierIn, spoilt } from '../identifier.ts'
import type { ListFile } from '../list-reading.ts'
import { versionOfCommit, type ListPlaces } from './commit-version.ts'
import {
  CannotCompare,
  lineFeedsOnly,
  ListedBefore,
  versionInFolder,
  type OlderVersion,
} from './older-version.ts'

const POINTER = 'version https://git-lfs.github.com/spec/'
const ADDRESS = 'The entry is an email address, but the current list holds IDs.'

/** The list files to read, and what they listed before. */
export interface ChangedFiles {
  /** New ones, and those with other contents than before. */
  readonly files: readonly ListFile[]
  /** Identities of the older version of these files, and of deleted ones; null: they are compared with nothing. */
  readonly before: ListedBefore | null
  /** Whether any list file is new, changed, or deleted. */
  readonly haveChanged: boolean
}

/**
 * The list files that changed since `added-since`, and what they listed then. If that cannot be found out, it is a
 * problem, and all files are read. @throws the reason of `stop` when it is aborted
 */
export async function changedFiles(
  found: readonly ListFile[],
  settings: ListSettings,
  problems: Problems,
  env: NodeJS.ProcessEnv,
  stop?: AbortSignal,
): Promise<ChangedFiles> {
  const all = { files: found, before: null, haveChanged: true }
  if (settings.addedSince.kind === 'beginning') return all
  try {
    const workspace = await realpath(settings.workspace)
    const patterns = (settings.files ?? []).map((line) => patternOf(line, [settings.workspace, workspace]))
    const folders = patterns.flatMap(({ glob, isExclude }) =>
      glob === null || isExclude ? [] : [literalFolder(glob) ?? glob],
    )
    const places = { workspace, names: found.map(({ name }) => name), folders }
    return await compare(found, await olderVersion(settings, places, env, stop), places, settings, stop)
  } catch (error) {
    stop?.throwIfAborted()
    const message = messageOf(error)
    if (message === null) throw error
    problems.add(`Input \`added-since\`: ${message}`)
    return all
  }
}

function messageOf(error: unknown): string | null {
  if (error instanceof CannotCompare) return error.message
  if (error instanceof SyntaxError)
    return 'The payload of the event (`GITHUB_EVENT_PATH`) is not JSON. Set a full commit SHA instead of `event`.'
  const { code, path, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return null
  return syscall.startsWith('spawn')
    ? `git cannot be started (${code}). Install git on the runner, or give a folder that holds the older version (base/).`
    : `${quoted(path ?? '')} cannot be read (${code}).`
}

async function olderVersion(
  { addedSince }: ListSettings,
  places: ListPlaces,
  env: NodeJS.ProcessEnv,
  stop: AbortSignal | undefined,
): Promise<OlderVersion> {
  if (addedSince.kind === 'commit') return await versionOfCommit(places, addedSince.revision, stop)
  if (addedSince.kind !== 'folder') return await versionOfCommit(places, readWorkflowEvent(env), stop)
  const { folder } = addedSince
  const within = places.names.find((name) => name.startsWith(`${folder}/`))
  if (within === undefined) return await versionInFolder(folder, places.workspace)
  throw new CannotCompare(
    `\`identity-ids-file\` matches ${quoted(within)}, which belongs to the older version. Exclude it: !${folder}/**`,
  )
}

async function compare(
  found: readonly ListFile[],
  older: OlderVersion,
  { workspace, names, folders }: ListPlaces,
  settings: ListSettings,
  stop: AbortSignal | undefined,
): Promise<ChangedFiles> {
  const matches = namesOf(settings.files ?? [], [settings.workspace, workspace])
  const places = [...names, ...folders]
  for (const [name, { kind }] of older.files) {
    if (kind === 'file') continue
    if (matches(name) || places.some((place) => `${place}/`.startsWith(`${name}/`)))
      throw new CannotCompare(
        `${quoted(name)} is a ${kind} in ${older.name}, so the older lists are unknown. Put the additions into a new file in another folder, and list only that.`,
      )
  }
  const before = new ListedBefore(older.name)
  const files: ListFile[] = []
  for (const file of found) {
    const then = older.files.get(file.name)
    if (then?.kind === 'file') {
      const now = await readFile(file.path)
      if (then.isSame(now)) continue
      const contents = await then.read()
      if (lineFeedsOnly(contents).equals(lineFeedsOnly(now))) continue
      await readOlder(file.name, contents, before, settings, stop)
    }
    files.push(file)
  }
  const isFound = new Set(names)
  let isAnyDeleted = false
  for (const [name, then] of older.files) {
    if (then.kind !== 'file' || isFound.has(name) || !matches(name)) continue
    isAnyDeleted = true
    // Where no list of now is read, there is nothing to compare: a list of any kind can be deleted.
    if (files.length > 0) await readOlder(name, await then.read(), before, settings, stop)
  }
  return { files, before, haveChanged: isAnyDeleted || files.length > 0 }
}

/**
 * Reads the older version of a list. Every text that may name an identity is an entry: all usual columns, or, where the
 * column of now is missing, all cells. @throws CannotCompare
 */
async function readOlder(
  name: string,
  contents: Buffer,
  before: ListedBefore,
  { idColumn: column, identifyBy }: ListSettings,
  stop: AbortSignal | undefined,
): Promise<void> {
  stop?.throwIfAborted()
  const fail = (reason: string, line: number | null): never => {
    const at = `${quoted(name)} as of ${before.version}${line === null ? '' : `, line ${line}`}`
    throw new CannotCompare(
      `${at}: ${reason} The action cannot compare entries with it. Restore that file, and put the additions into a new one.`,
    )
  }
  if (contents.subarray(0, POINTER.length).toString('latin1') === POINTER)
    throw new CannotCompare(
      `${quoted(name)} is a Git LFS pointer in ${before.version}. Keep lists in the repository itself, not in LFS.`,
    )
  const file = { name, bytes: [contents] }
  const causes = new Set<string | undefined>()
  const onProblem = (_reason: string, _line: number | null, cause?: string): void => void causes.add(cause)
  await readEntries(
    file,
    { column, identifyBy, allColumns: false },
    { onEntry: () => undefined, onProblem },
    stop,
  )
  const lacksColumn = causes.has('columns')
  // If all cells are read, the first entry has those of the header.
  const seen = { rows: lacksColumn && extensionOf(name) === '.csv' ? -1 : 0, hasIscId: false }
  const sink = {
    onProblem: fail,
    onEntry: ({ text, others, line }: ListedEntry): void => {
      const texts = [text, ...others]
      const fault = faultOf(texts, identifyBy, lacksColumn)
      if (fault !== null) fail(fault, line)
      seen.rows += 1
      seen.hasIscId ||= texts.some(isIscId)
      for (const one of texts) before.addThen(one, name, line)
    },
  }
  await readEntries(file, { column, identifyBy, allColumns: lacksColumn ? 'every' : 'usual' }, sink, stop)
  if (seen.rows > 0 && !seen.hasIscId) before.withoutIscId ??= name
}

/** Why an entry, given by all its texts, cannot be compared with older entries; null if it can. */
function faultOf(texts: readonly string[], identifyBy: IdentifyBy, areAllCells: boolean): string | null {
  const isKnown = areAllCells ? isIscId : (text: string): boolean => isComparable(text, identifyBy)
  if (texts.some(isKnown)) return null
  if (identifyBy === 'id' && texts.some((text) => text.includes('@'))) return ADDRESS
  const fault = areAllCells ? '' : identifierIn(texts[0] ?? '', identifyBy)
  return typeof fault === 'string' ? null : fault.message
}

/** Whether a text is an identifier. ISC gives all identifiers where the list of now holds aliases or addresses. */
function isComparable(text: string, identifyBy: IdentifyBy): boolean {
  return identifyBy === 'id' || (identifyBy === 'email' && text.includes('@'))
    ? typeof identifierIn(text, identifyBy) === 'string'
    : spoilt(visible(text)) === null
}
