import { realpath } from 'node:fs/promises'

import { isIscId, visible } from '../policy/exclusion.ts'
import { quoted, type Problems } from '../problems.ts'
import type { IdentifyBy, ListSettings } from '../settings.ts'
import { changesSince, type Changes, type TextSink } from './added-since/changes-since.ts'
import type { ListSink } from './formats/list-sink.ts'
import { extensionOf, readEntries } from './formats/read-entries.ts'
import { literalFolder, namesOf, patternOf } from './glob.ts'
import { identifierIn, spoilt } from './identifier.ts'
import type { ListFile } from './list-files.ts'

const ADDRESS = 'The entry is an email address, and the list of now holds IDs.'

/** The files to read; without `exclusion`, they are compared with nothing. */
type FilesToRead = Pick<Changes, 'files' | 'haveChanged'> & Partial<Pick<Changes, 'exclusion'>>

/**
 * The list files that changed since `added-since`, and what they listed then; null where that cannot be told, which is
 * then a problem. @throws the reason of `stop` when it is aborted
 */
export async function changedFiles(
  found: readonly ListFile[],
  { addedSince, files, workspace, idColumn: column, identifyBy }: ListSettings,
  problems: Problems,
  stop?: AbortSignal,
): Promise<FilesToRead | null> {
  if (addedSince.kind === 'beginning' || files === null) return { files: found, haveChanged: true }
  const root = await realpath(workspace)
  const roots = [workspace, root]
  const patterns = files.map((line) => patternOf(line, roots))
  /** How many entries of now are ISC IDs, and how many are not. */
  const now = { iscIds: 0, others: 0 }
  /** Older lists in which no entry is an ISC ID. */
  const foreign: string[] = []
  const lists = {
    workspace: root,
    files: found,
    matches: namesOf(files, roots),
    folders: patterns.flatMap(({ glob, isExclude }) => (glob === null || isExclude ? [] : [folderOf(glob)])),
    read: async (
      { name, bytes }: { readonly name: string; readonly bytes: Buffer },
      version: 'now' | 'older',
      sink: TextSink,
    ): Promise<void> => {
      const read = async (allColumns: false | 'usual' | 'every', to: ListSink): Promise<void> => {
        await readEntries({ name, bytes: [bytes] }, { column, identifyBy, allColumns }, to, stop)
      }
      if (version === 'now')
        return await read(false, {
          onEntry: ({ text, line }) => {
            now[isIscId(text) ? 'iscIds' : 'others'] += 1
            sink.onEntry(text, line)
          },
          onProblem: sink.onProblem,
        })
      const causes: unknown[] = []
      await read(false, {
        onEntry: () => undefined,
        onProblem: (_reason, _line, cause) => causes.push(cause),
      })
      const lacksColumn = causes.includes('columns')
      const older = { rows: 0, hasIscId: false }
      await read(lacksColumn ? 'every' : 'usual', {
        onProblem: sink.onProblem,
        onEntry: ({ text, others, line }) => {
          const texts = [text, ...others]
          const fault = faultOf(texts, identifyBy, lacksColumn)
          if (fault !== null) sink.onProblem(fault, line)
          older.rows += 1
          older.hasIscId ||= texts.some(isIscId)
          for (const one of texts) sink.onEntry(one, line)
        },
      })
      const headers = lacksColumn && extensionOf(name) === '.csv' ? 1 : 0
      if (older.rows > headers && !older.hasIscId) foreign.push(name)
    },
  }
  const changes = await changesSince(addedSince, lists, problems, process.env, stop)
  if (
    changes !== null &&
    identifyBy === 'id' &&
    foreign[0] !== undefined &&
    now.iscIds > 0 &&
    now.others === 0
  )
    problems.add(
      `Input added-since: ${quoted(foreign[0])} as of ${changes.since} has no ISC ID, and the list of now holds ISC IDs alone. Entries cannot be compared with it. Restore that file, and put the additions into a new one.`,
    )
  return changes
}

/** The folder in which a path or glob looks, relative to the workspace. */
function folderOf(glob: string): string {
  return literalFolder(glob) ?? glob.split('/').slice(0, -1).join('/')
}

/** Why no entry of now can be compared with an older one, given by all its texts; null where one can. */
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
