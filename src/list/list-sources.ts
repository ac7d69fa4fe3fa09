import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { Problems } from '../problems.ts'
import type { ListSources } from '../settings.ts'
import { findFiles } from './list-files.ts'

/**
 * Whether a file is one of those that are read: the list, who is left out, or the earlier report. Be it named by a
 * glob, in another case, or by a link: files are compared, not names. @throws the reason of `stop` when it is aborted
 */
export async function isSource(path: string, sources: ListSources, stop?: AbortSignal): Promise<boolean> {
  const file = await fileAt(path)
  if (file === null) return false
  const { files, excludeFiles, fromReport, workspace } = sources
  const lines = [...(files ?? []), ...(excludeFiles ?? [])]
  // What is wrong with a line is told when the lists are read.
  const found = lines.length === 0 ? [] : await findFiles('', lines, workspace, new Problems(), stop)
  const named = [...lines, ...(fromReport === null ? [] : [fromReport])].map((line) =>
    resolve(workspace, line),
  )
  const others = await Promise.all([...named, ...found.map((other) => other.path)].map(fileAt))
  return others.includes(file)
}

/** What tells a file from every other of this machine; null where there is none. */
async function fileAt(path: string): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null)
  return stats === null ? null : `${stats.dev}:${stats.ino}`
}
