import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'

import { quoted, type Problems } from '../problems.ts'
import { reasonOf } from '../reason.ts'

/** A file of the workspace. */
export interface ListFile {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** Relative to the workspace, with `/` on every system. */
  readonly name: string
}

/** A line of `identity-ids-file`. */
interface Pattern {
  readonly given: string
  readonly isExclude: boolean
  /** Relative to the workspace; null outside of it. */
  readonly glob: string | null
}

/**
 * The files that the lines of an input name: paths or globs as @actions/glob reads them, relative
 * to the workspace, sorted, each once. Whatever is not a file of the workspace is a problem.
 */
export async function findFiles(
  input: string,
  lines: readonly string[],
  workspace: string,
  problems: Problems,
  stop?: AbortSignal,
): Promise<ListFile[]> {
  const root = await realpath(workspace).catch(() => null)
  if (root === null) {
    problems.add(`Input ${input}: the workspace ${quoted(workspace)} (GITHUB_WORKSPACE) is not there.`)
    return []
  }
  const patterns = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => patternOf(line, [workspace, root]))
  if (patterns.every(({ isExclude }) => isExclude))
    problems.add(`Input ${input}: no path or glob is given; give one a line.`)

  const found: ListFile[] = []
  for (const [index, { given, isExclude, glob }] of patterns.entries()) {
    if (isExclude) continue
    const refuse = (reason: string): void =>
      problems.add(`Input ${input}: ${quoted(given)} ${reason}; give files of the workspace.`)
    if (glob === null) {
      refuse('is outside of the workspace')
      continue
    }
    try {
      found.push(...(await filesOf(glob, patterns.slice(index + 1), root, refuse, stop)))
    } catch (error) {
      stop?.throwIfAborted()
      refuse(`cannot be searched (${reasonOf(error)})`)
    }
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1))
  return [...Map.groupBy(found, ({ path }) => path).values()].flatMap(([first]) => first ?? [])
}

function patternOf(given: string, folders: readonly string[]): Pattern {
  const [, nots = '', path = ''] = /^(!*)\s*(.*)$/s.exec(given) ?? []
  const absolute = resolve(folders[0] ?? '', path)
  const folder = folders.find((candidate) => isWithin(candidate, absolute))
  return {
    given,
    isExclude: nots.length % 2 === 1,
    glob: folder === undefined ? null : relative(folder, absolute),
  }
}

/** The files that match, without those that a later line excludes. A directory is a mistake only if named itself. */
async function filesOf(
  glob: string,
  later: readonly Pattern[],
  root: string,
  refuse: (reason: string) => void,
  stop: AbortSignal | undefined,
): Promise<ListFile[]> {
  const { create } = await import('@actions/glob')
  // As @actions/glob escapes what is to be taken literally.
  const base = root.replaceAll('\\', '\\\\').replace(/[[?*]/g, '[$&]')
  const excludes = later.flatMap(({ isExclude, glob: not }) =>
    isExclude && not !== null ? [`!${base}${sep}${not}${sep}**`] : [],
  )
  const globber = await create([base + sep + glob, ...excludes].join('\n'), { implicitDescendants: false })
  const isNamed = !/[*?[]/.test(glob)
  const files: ListFile[] = []
  let matches = 0
  for await (const path of globber.globGenerator()) {
    stop?.throwIfAborted()
    const name = relative(root, path).split(sep).join('/')
    const [fault, real] = await lookAt(path, root)
    if (fault === IS_DIRECTORY && !isNamed) continue
    matches += 1
    if (fault === null) files.push({ path: real, name })
    else refuse(`${name === glob ? '' : `names ${quoted(name)}, which `}${fault}`)
  }
  if (matches === 0) refuse('matches no file')
  return files
}

const IS_DIRECTORY = 'is a directory'

/** Why this cannot be read as a list, or null: the real file must be one, within the real workspace. */
async function lookAt(path: string, root: string): Promise<readonly [string | null, string]> {
  const real = await realpath(path)
  if (!isWithin(root, real)) return ['leads outside of the workspace by way of a symbolic link', real]
  const stats = await stat(real)
  if (stats.isDirectory()) return [IS_DIRECTORY, real]
  return [stats.isFile() ? null : 'is not a regular file', real]
}

function isWithin(folder: string, path: string): boolean {
  const from = relative(folder, path)
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from)
}
