import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { Problems, quoted, reasonOf } from '../problems.ts'
import type { ListSources } from '../settings.ts'
import { isWithin, literalFolder, matcherOf, nameIn, patternOf, unescaped, type PathPattern } from './glob.ts'

/** A file of the workspace. */
export interface ListFile {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** Relative to the workspace, with `/` on every system. */
  readonly name: string
}

/** Takes what is wrong with the files of a line, and what is worth a warning. */
interface Findings {
  readonly input: string
  readonly problems: Problems
  readonly warnings: string[]
  /** Whether a glob that matches nothing is an error: so that a deny list cannot get lost. */
  readonly isMatchNeeded?: boolean
}

/** What is not of the path itself, or hardly: quotes, bullets, a comment behind it. */
const MARKED = /^[^\p{L}\p{N}./\\*?[{_~@+]|["'`|<>]|\s#/u

/** Several paths on one line. */
const SEVERAL = /^\s*\[\s*["']|\.(txt|csv|json|ya?ml)["']?[\s,;|]+\S/i

/**
 * The files that the lines of an input name, in their order, each once: a line is the exact name of a file, or a glob,
 * whose files are sorted. Whatever is not a regular file of the workspace is a problem; links are not followed.
 */
export async function findFiles(
  lines: readonly string[],
  workspace: string,
  findings: Findings,
  stop?: AbortSignal,
): Promise<ListFile[]> {
  const { input, problems } = findings
  const root = await realpath(workspace).catch(() => null)
  if (root === null) {
    problems.add(
      `The workspace ${quoted(workspace)} (GITHUB_WORKSPACE) does not exist. Check out the repository first.`,
    )
    return []
  }
  const patterns = lines.map((line) => patternOf(line, [workspace, root]))
  const found = new Map<string, ListFile>()
  let isNone = true
  for (const [index, pattern] of patterns.entries()) {
    const problem = (reason: string): void =>
      problems.add(`Invalid path ${quoted(pattern.given)} in ${input}: it ${reason}`)
    try {
      const exact = await exactFile(pattern.given, root)
      if (exact === null && (pattern.isExclude || pattern.given.startsWith('#'))) continue
      isNone = false
      const later = patterns.slice(index + 1)
      for (const file of await filesOf(pattern, exact, later, root, findings, problem, stop))
        if (!found.has(file.path)) found.set(file.path, file)
    } catch (error) {
      stop?.throwIfAborted()
      problem(`cannot be searched (${reasonOf(error)}). Check the path and its permissions.`)
    }
  }
  if (isNone) problems.add(`Input ${input} has no path or glob to read. Add one per line.`)
  return [...found.values()]
}

/**
 * Whether a file is one of those that are read: a list, a deny list, or the earlier report. Be it named by a glob, in
 * another case, or by a link: files are compared, not names. @throws the reason of `stop` when it is aborted
 */
export async function isSource(path: string, sources: ListSources, stop?: AbortSignal): Promise<boolean> {
  const file = await fileAt(path)
  if (file === null) return false
  const { files, excludeFiles, stillListed, fromReport, workspace } = sources
  const lines = [...(files ?? []), ...(excludeFiles ?? []), ...(stillListed ?? [])]
  // What is wrong with a line is told when the lists are read.
  const findings = { input: '', problems: new Problems(), warnings: [] }
  const found = lines.length === 0 ? [] : await findFiles(lines, workspace, findings, stop)
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

/** The regular file of the workspace that has exactly this name. */
async function exactFile(name: string, root: string): Promise<ListFile | null> {
  const path = resolve(root, name)
  if (!isWithin(root, path)) return null
  const stats = await lstat(path).catch(() => null)
  // Through a link, the path is another.
  return stats?.isFile() === true && (await realpath(path)) === path ? fileOf(path, root) : null
}

function fileOf(path: string, root: string): ListFile {
  return { path, name: nameIn(root, path) }
}

/** The files that match, without those that a later line excludes. */
async function filesOf(
  { given, glob }: PathPattern,
  exact: ListFile | null,
  later: readonly PathPattern[],
  root: string,
  { input, warnings, isMatchNeeded = false }: Findings,
  problem: (reason: string) => void,
  stop: AbortSignal | undefined,
): Promise<ListFile[]> {
  const several = 'names several files on one line. Use one path per line.'
  const places =
    exact === null ? await searched(glob, root, stop) : [{ path: exact.path, kind: 'file' as const }]
  if (typeof places === 'string') {
    problem(SEVERAL.test(given) ? several : places)
    return []
  }
  const excludes = later.flatMap(({ isExclude, glob: not }) =>
    isExclude && not !== null ? [matcherOf(not, { isFolder: true })] : [],
  )
  const matcher = exact === null ? matcherOf(glob ?? '') : null
  const files: ListFile[] = []
  const links: string[] = []
  let matches = 0
  for await (const { path, kind, isNamed = false } of places) {
    const file = fileOf(path, root)
    const isMatch =
      (isNamed || matcher === null || matcher.test(file.name)) &&
      !excludes.some((exclude) => exclude.test(file.name))
    if (isMatch) matches += 1
    if (isMatch && kind === 'file') files.push(file)
    else if (isMatch)
      problem(
        kind === 'link'
          ? `matches ${quoted(file.name)}, which is a symbolic link. Use the file itself.`
          : `matches ${quoted(file.name)}, which is not a regular file. Remove it, or exclude it with !.`,
      )
    else if (
      kind === 'link' &&
      isDeeper(glob ?? '', file.name) &&
      (await stat(path).catch(() => null))?.isDirectory() === true
    )
      links.push(file.name)
  }
  if (matches === 0 && SEVERAL.test(given)) problem(several)
  else if (matches === 0 && MARKED.test(given))
    problem('matches no file. Use the path alone, without quotes, bullets, or a comment behind it.')
  else if (matches === 0 && isMatchNeeded)
    problem('matches no file. Check the path, which is relative to the workspace.')
  else if (matches === 0)
    warnings.push(`${quoted(given)} in ${input} matches no file, so it is an empty list.`)
  if (links[0] !== undefined)
    warnings.push(
      `${quoted(given)} in ${input} does not follow symbolic links to folders: ${quoted(links[0])}${links.length > 1 ? ` and ${links.length - 1} more` : ''}.`,
    )
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether a glob may match what is below this. */
function isDeeper(glob: string, name: string): boolean {
  return glob.includes('**') || name.split('/').length < glob.split('/').length
}

type Kind = 'file' | 'link' | 'other'

/** Something that is no folder. */
interface Place {
  readonly path: string
  readonly kind: Kind
  /** The line names it itself, and is no glob. */
  readonly isNamed?: boolean
}

/** Where a path or glob leads: all that may match, or why nothing can. */
async function searched(
  glob: string | null,
  root: string,
  stop: AbortSignal | undefined,
): Promise<AsyncIterable<Place> | Place[] | string> {
  if (glob === null) return 'is outside of the workspace. Use files of the workspace.'
  const literal = literalFolder(glob)
  const named = unescaped(literal ?? glob)
  const kind = await kindOf(named, root)
  if (kind === 'link') return 'is a symbolic link, or below one. Use the path of the file itself.'
  if (kind === 'none' || (literal !== null && kind !== 'folder'))
    return 'does not exist. Check the path, which is relative to the workspace.'
  if (literal !== null)
    return walk(join(root, literal), glob.includes('**') ? Infinity : glob.split('/').length, root, stop)
  if (kind === 'folder') return `is a folder. Use a glob, such as ${named === '' ? '' : `${named}/`}*.csv.`
  if (kind === 'other') return 'is not a regular file. Use a file with the list.'
  return [{ path: resolve(root, named), kind, isNamed: true }]
}

/** All that is below a folder and is no folder, down to this many names below the workspace. */
async function* walk(
  folder: string,
  depth: number,
  root: string,
  stop: AbortSignal | undefined,
): AsyncGenerator<Place, void> {
  stop?.throwIfAborted()
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (!entry.isDirectory())
      yield { path, kind: entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : 'other' }
    else if (nameIn(root, path).split('/').length < depth) yield* walk(path, depth, root, stop)
  }
}

/** What is at a path below the workspace, where each name of it may be a link. */
async function kindOf(path: string, root: string): Promise<'none' | 'folder' | Kind> {
  let at = root
  let stats = await lstat(at)
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (!stats.isDirectory()) return 'none'
    at = join(at, name)
    const next = await lstat(at).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    })
    if (next === null) return 'none'
    if (next.isSymbolicLink()) return 'link'
    stats = next
  }
  return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other'
}
