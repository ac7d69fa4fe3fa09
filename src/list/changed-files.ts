import { realpath } from 'node:fs/promises'

import { isIscId } from '../policy/exclusion.ts'
import type { Problems } from '../problems.ts'
import type { ListSettings } from '../settings.ts'
import { changesSince, type Changes, type TextSink } from './added-since/changes-since.ts'
import type { ListSink } from './formats/list-sink.ts'
import { readEntries } from './formats/read-entries.ts'
import { isListed, literalFolder, patternOf } from './glob.ts'
import type { ListFile } from './list-files.ts'

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
  const lists = {
    workspace: root,
    files: found,
    matches: (path: string) => isListed(path, files, roots),
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
          onEntry: ({ text, line }) => sink.onEntry(text, line),
          onProblem: sink.onProblem,
        })
      const causes: unknown[] = []
      await read(false, {
        onEntry: () => undefined,
        onProblem: (_reason, _line, cause) => causes.push(cause),
      })
      const lacksColumn = causes.includes('columns')
      await read(lacksColumn ? 'every' : 'usual', {
        onProblem: sink.onProblem,
        onEntry: ({ text, others, line }) => {
          const texts = [text, ...others]
          if (identifyBy === 'id' && isAddressOnly(texts, lacksColumn))
            sink.onProblem('The entry is an email address, and the list of now holds IDs.', line)
          for (const one of texts) sink.onEntry(one, line)
        },
      })
    },
  }
  return await changesSince(addedSince, lists, problems, process.env, stop)
}

/** The folder in which a path or glob looks, relative to the workspace. */
function folderOf(glob: string): string {
  return literalFolder(glob) ?? glob.split('/').slice(0, -1).join('/')
}

/** Whether an older entry names an identity by its address alone: no ID of now can be compared with it. */
function isAddressOnly(texts: readonly string[], areAllCells: boolean): boolean {
  const isAddress = (text: string): boolean => text.includes('@')
  return areAllCells ? texts.some(isAddress) && !texts.some(isIscId) : texts.every(isAddress)
}
