import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'

import type { Problems } from '../problems.ts'
import { shown } from './entry.ts'

/** A file of the workspace. */
export interface ListFile {
  /** Absolute. */
  readonly path: string
  /** Relative to the workspace, with `/` on every system. */
  readonly name: string
}

/**
 * The files that the lines of `identity-ids-file` name: paths or globs as @actions/glob reads them, relative
 * to the workspace, sorted, each once. Whatever is not a file of the workspace is a problem.
 */
export async function findFiles(
  patterns: readonly string[],
  workspace: string,
  problems: Problems,
): Promise<ListFile[]> {
  const root = await realpath(workspace)
  const excludes = patterns.filter((pattern) => pattern.startsWith('!'))
  const includes = patterns.filter((pattern) => !/^[!#]/.test(pattern))
  if (includes.length === 0)
    problems.add('Input identity-ids-file: no path or glob is given; give one a line.')
  const found = new Map<string, ListFile>()
  for (const pattern of includes) {
    const refuse = (reason: string): void =>
      problems.add(`Input identity-ids-file: ${shown(pattern)} ${reason}; give files of the workspace.`)
    // What precedes the first glob character decides where the search begins.
    if (!isWithin(workspace, resolve(workspace, /^[^*?[]*/.exec(pattern)?.[0] ?? ''))) {
      refuse('is outside of the workspace')
      continue
    }
    const paths = await search([pattern, ...excludes], workspace)
    if (paths.length === 0) refuse('matches no file')
    for (const path of paths) {
      const name = relative(workspace, path).split(sep).join('/')
      const fault = await faultOfFile(path, root)
      if (fault === null) found.set(path, { path, name })
      else refuse(`names ${shown(name)}, which ${fault}`)
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Paths that match; @actions/glob takes relative patterns from the working directory, so they are made absolute. */
async function search(patterns: readonly string[], workspace: string): Promise<string[]> {
  const { create } = await import('@actions/glob')
  const root = workspace.replace(/[[?*]/g, '[$&]')
  const absolute = patterns.map((pattern) => {
    const [, not = '', path = ''] = /^(!*)(.*)$/s.exec(pattern) ?? []
    return isAbsolute(path) ? pattern : `${not}${root}${sep}${path}`
  })
  const globber = await create(absolute.join('\n'), { implicitDescendants: false, matchDirectories: true })
  return await globber.glob()
}

/** Why this cannot be read as a list, or null: the real file must be one, within the real workspace. */
async function faultOfFile(path: string, root: string): Promise<string | null> {
  try {
    const real = await realpath(path)
    if (!isWithin(root, real)) return 'leads outside of the workspace by way of a symbolic link'
    const stats = await stat(real)
    if (stats.isDirectory()) return 'is a directory'
    return stats.isFile() ? null : 'is not a regular file'
  } catch (error) {
    return `cannot be read (${error instanceof Error ? error.message : String(error)})`
  }
}

function isWithin(folder: string, path: string): boolean {
  const from = relative(folder, path)
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from)
}
