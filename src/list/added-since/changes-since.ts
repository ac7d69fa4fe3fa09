import { readFile } from 'node:fs/promises'

import type { Exclusion } from '../../policy/exclusion.ts'
import { quoted, type Problems } from '../../problems.ts'
import type { AddedSince } from '../../settings.ts'
import { readWorkflowEvent } from '../../workflow-event.ts'
import type { ListFile } from '../list-files.ts'
import { versionOfCommit, type ListPlaces } from './commit-version.ts'
import { ListedBefore } from './listed-before.ts'
import {
  CannotCompare,
  lineFeedsOnly,
  versionInFolder,
  type OlderFile,
  type OlderVersion,
} from './older-version.ts'

/** Takes the texts of a list by which identities are named, and what is wrong with it: sentences. */
export interface TextSink {
  readonly onEntry: (text: string, line: number | null) => void
  readonly onProblem: (reason: string, line: number | null) => void
}

/** The list files of now, and how they are found and read. */
export interface ListsOfNow {
  /** The workspace, without symbolic links. */
  readonly workspace: string
  readonly files: readonly ListFile[]
  /** Whether `identity-ids-file` matches a path relative to the workspace, whatever files there are now. */
  readonly matches: (path: string) => boolean
  /** The folders in which its patterns look, relative to the workspace; empty for the workspace. */
  readonly folders: readonly string[]
  /**
   * Reads a list. Of an older version, every text that may name an identity is an entry: all usual columns, or, where
   * the column of now is missing, all cells. A text that cannot be compared with those of now is a problem.
   */
  readonly read: (
    file: { readonly name: string; readonly bytes: Buffer },
    version: 'now' | 'older',
    sink: TextSink,
  ) => Promise<void>
}

/** What changed. */
export interface Changes {
  /** The files to read: new ones, and those with other contents than before. */
  readonly files: readonly ListFile[]
  /** Identities of the older version of these files, and of deleted ones. */
  readonly exclusion: Exclusion
  /** Whether any list file is new, changed, or deleted. */
  readonly haveChanged: boolean
  /** With what the lists were compared, for the log: `commit 0123abc…`, or `base/`. */
  readonly since: string
}

/** Measured so that memory stays below 2 GiB, with as many entries now. */
const MOST_LISTED = 2_000_000

const POINTER = 'version https://git-lfs.github.com/spec/'

/**
 * What was added to the lists since an older version of them; null where that cannot be told, which is then a problem.
 * @throws the reason of `stop` when it is aborted
 */
export async function changesSince(
  addedSince: Exclude<AddedSince, { kind: 'beginning' }>,
  lists: ListsOfNow,
  problems: Problems,
  env: NodeJS.ProcessEnv,
  stop?: AbortSignal,
): Promise<Changes | null> {
  try {
    const version = await olderVersion(addedSince, lists, env, stop)
    return await compare(lists, version, stop)
  } catch (error) {
    stop?.throwIfAborted()
    const message = messageOf(error)
    if (message === null) throw error
    problems.add(`Input added-since: ${message}`)
    return null
  }
}

function messageOf(error: unknown): string | null {
  if (error instanceof CannotCompare) return error.message
  const { code, path, syscall } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') return null
  return syscall?.startsWith('spawn') === true
    ? `git cannot be started (${code}). Install git on the runner, or give a folder that holds the older version (base/).`
    : `${quoted(path ?? '')} cannot be read (${code}).`
}

async function olderVersion(
  addedSince: Exclude<AddedSince, { kind: 'beginning' }>,
  { workspace, files, folders }: ListsOfNow,
  env: NodeJS.ProcessEnv,
  stop: AbortSignal | undefined,
): Promise<OlderVersion> {
  const places: ListPlaces = { workspace, names: files.map(({ name }) => name), folders }
  switch (addedSince.kind) {
    case 'event':
      return await versionOfCommit(places, { event: readWorkflowEvent(env) }, stop)
    case 'commit':
      return await versionOfCommit(places, addedSince, stop)
    case 'folder': {
      const within = places.names.find((name) => name.startsWith(`${addedSince.folder}/`))
      if (within === undefined) return await versionInFolder(addedSince.folder, workspace)
      throw new CannotCompare(
        `identity-ids-file matches ${quoted(within)}, which belongs to the older version. Exclude it: !${addedSince.folder}/**`,
      )
    }
  }
}

async function compare(
  { files, matches, folders, read }: ListsOfNow,
  older: OlderVersion,
  stop: AbortSignal | undefined,
): Promise<Changes> {
  const names = new Set(files.map(({ name }) => name))
  const places = placesOf([...names, ...folders])
  const before = new ListedBefore()
  const readOlder = async (name: string, bytes: Buffer): Promise<void> => {
    stop?.throwIfAborted()
    if (bytes.subarray(0, POINTER.length).toString('latin1') === POINTER)
      throw new CannotCompare(
        `${quoted(name)} is a Git LFS pointer in ${older.name}. Keep lists in the repository itself, not in LFS.`,
      )
    const onProblem: TextSink['onProblem'] = (reason, line) => {
      const at = `${quoted(name)} as of ${older.name}${line === null ? '' : `, line ${line}`}`
      throw new CannotCompare(
        `${at}: ${reason} Entries cannot be compared with it. Restore that file, and put the additions into a new one.`,
      )
    }
    await read({ name, bytes }, 'older', {
      onEntry: (text, line) => {
        before.addThen(text, name, line)
        if (before.size > MOST_LISTED)
          throw new CannotCompare(
            `The older versions of the changed files have more than ${MOST_LISTED} entries. Restore the largest file, and put the additions into a new one.`,
          )
      },
      onProblem,
    })
  }

  for (const [name, { kind }] of older.files) {
    if (kind !== 'file' && (matches(name) || places.has(name)))
      throw new CannotCompare(
        `${quoted(name)} is a ${kind} in ${older.name}, so the older lists are unknown. Put the additions into a new file in another folder, and list only that.`,
      )
  }
  const changed: ListFile[] = []
  let deleted = 0
  for (const file of files) {
    const bytes = await readFile(file.path)
    const bytesThen = await contentsThen(older.files.get(file.name), bytes)
    if (bytesThen === 'same') continue
    if (bytesThen !== null) await readOlder(file.name, bytesThen)
    changed.push(file)
  }
  for (const [name, then] of older.files) {
    if (then.kind !== 'file' || names.has(name) || !matches(name)) continue
    deleted += 1
    // Where no list of now is read, there is nothing to compare: a list of any kind can be deleted.
    if (changed.length > 0) await readOlder(name, await then.read())
  }
  for (const { path, name } of before.size === 0 ? [] : changed) {
    stop?.throwIfAborted()
    // What is wrong with a list of now is said when it is read for its entries.
    const sink: TextSink = { onEntry: (text) => before.addNow(text), onProblem: () => undefined }
    await read({ name, bytes: await readFile(path) }, 'now', sink)
  }
  return {
    files: changed,
    exclusion: before,
    haveChanged: changed.length + deleted > 0,
    since: older.name,
  }
}

/** These paths and all folders that they are in. */
function placesOf(paths: readonly string[]): ReadonlySet<string> {
  const places = new Set<string>()
  for (const path of paths) {
    const parts = path.split('/')
    for (let end = parts.length; end > 0; end -= 1) places.add(parts.slice(0, end).join('/'))
  }
  return places
}

/** What a file held; null where there was none. */
async function contentsThen(then: OlderFile | undefined, now: Buffer): Promise<Buffer | 'same' | null> {
  if (then?.kind !== 'file') return null
  if (then.isSame(now)) return 'same'
  const contents = await then.read()
  return lineFeedsOnly(contents).equals(lineFeedsOnly(now)) ? 'same' : contents
}
