import { lstatSync, type Dirent, type Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { Problems, quoted, reasonOf } from '../problems.ts'
import type { ListSources } from '../settings.ts'
import {
  isWithin,
  literalFolder,
  matcherOf,
  nameIn,
  namesOf,
  patternOf,
  unescaped,
  type PathPattern,
} from './glob.ts'

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
  /** The lines of other inputs: their files are not taken for forgotten ones. */
  readonly otherLines?: readonly string[]
  /** Whether a glob that matches nothing is an error: so that a deny list cannot get lost. */
  readonly isMatchNeeded?: boolean
}

/** What is not of the path itself, or hardly: quotes, bullets, a comment behind it. */
const MARKED = /^[^\p{L}\p{N}./\\*?[{_~@+]|["'`|<>]|\s#/u

/** Files that a person may take for a list, whatever the case of the name. */
const LIST_LIKE = /\.(txt|csv|tsv|json|ya?ml|xlsx?|ods)$/i

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
  const { input, problems, warnings, isMatchNeeded = false, otherLines = [] } = findings
  const root = await realpath(workspace).catch(() => null)
  if (root === null) {
    problems.add(
      `The workspace ${quoted(workspace)} (GITHUB_WORKSPACE) does not exist. Check out the repository first.`,
    )
    return []
  }
  const patterns = lines.map((line) => patternOf(line, [workspace, root]))
  const found = new Map<string, ListFile>()
  /** Files that would match if their extension were another; true: if its case were. */
  const near = new Map<string, boolean>()
  let isNone = true
  for (const [index, pattern] of patterns.entries()) {
    const problem = (reason: string): void =>
      problems.add(`Invalid path ${quoted(pattern.given)} in ${input}: it ${reason}`)
    const exact = exactName(pattern.given, root)
    if (exact === null && (pattern.isExclude || pattern.given.startsWith('#'))) continue
    isNone = false
    try {
      const excludes = patterns.slice(index + 1).filter(({ isExclude }) => isExclude)
      for (const name of await namesMatching(pattern, exact, excludes, root, findings, problem, near, stop))
        if (!found.has(name)) found.set(name, { path: join(root, name), name })
    } catch (error) {
      stop?.throwIfAborted()
      problem(`cannot be searched (${reasonOf(error)}). Check the path and its permissions.`)
    }
  }
  const isOfOthers = namesOf(otherLines, [workspace, root])
  const forgotten = [...near.keys()].filter((name) => !found.has(name) && !isOfOthers(name)).sort()
  const [unread, ...more] = forgotten
  if (unread !== undefined) {
    const text = `${quoted(unread)}${more.length > 0 ? ` (and ${more.length} more)` : ''} looks like a list, but no line of ${input} matches it, so it is not read. Add a line for it, or exclude it with !.`
    if (isMatchNeeded && forgotten.some((name) => near.get(name))) problems.add(text)
    else warnings.push(text)
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
  const found = await findFiles(lines, workspace, findings, stop)
  const others = [...lines, fromReport ?? '', ...found.map((other) => other.path)]
  const places = await Promise.all(others.map((other) => fileAt(resolve(workspace, other))))
  return places.includes(file)
}

/** What tells a file from every other of this machine; null where there is none. */
async function fileAt(path: string): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null)
  return stats === null ? null : `${stats.dev}:${stats.ino}`
}

/** The name of the regular file that a line names as it is, whatever characters it has; null where there is none. */
function exactName(given: string, root: string): string | null {
  const path = resolve(root, given)
  try {
    return isWithin(root, path) && kindAt(nameIn(root, path), root) === 'file' ? nameIn(root, path) : null
  } catch {
    return null // A glob may be longer than any name.
  }
}

/** The files that a line matches, sorted, without those that a later line excludes. */
async function namesMatching(
  { given, glob }: PathPattern,
  exact: string | null,
  excludes: readonly PathPattern[],
  root: string,
  { input, warnings, isMatchNeeded = false }: Findings,
  problem: (reason: string) => void,
  near: Map<string, boolean>,
  stop: AbortSignal | undefined,
): Promise<string[]> {
  const several = 'names several files on one line. Use one path per line.'
  const places = exact === null ? searched(glob, root, stop) : [{ name: exact, kind: 'file' as const }]
  if (typeof places === 'string') {
    problem(SEVERAL.test(given) ? several : places)
    return []
  }
  const matcher = exact === null ? matcherOf(glob ?? '') : null
  // In the workspace's own folder, other files are hardly lists.
  const wider = literalFolder(glob ?? '') ? (glob ?? '').replace(LIST_LIKE, '.*') : (glob ?? '')
  const nearMatcher = new RegExp(matcherOf(wider), 'is')
  const not = excludes.flatMap((other) =>
    other.glob === null ? [] : [matcherOf(other.glob, { isFolder: true })],
  )
  const files: string[] = []
  const nearby: string[] = []
  const links: string[] = []
  let matches = 0
  for await (const { name, kind } of places) {
    const isExcluded = not.some((exclude) => exclude.test(name))
    if (matcher?.test(name) === false || isExcluded) {
      if (kind === 'file' && !isExcluded && LIST_LIKE.test(name) && nearMatcher.test(name)) nearby.push(name)
      const mayHoldLists = kind === 'link' && name.split('/').length < depthOf(glob ?? '')
      if (mayHoldLists && (await stat(join(root, name)).catch(() => null))?.isDirectory()) links.push(name)
      continue
    }
    matches += 1
    if (kind === 'file') files.push(name)
    else
      problem(
        kind === 'link'
          ? `matches ${quoted(name)}, which is a symbolic link. Use the file itself.`
          : `matches ${quoted(name)}, which is not a regular file. Remove it, or exclude it with !.`,
      )
  }
  if (matches === 0 && SEVERAL.test(given)) problem(several)
  else if (matches === 0 && MARKED.test(given))
    problem('matches no file. Use the path alone, without quotes, bullets, or a comment after it.')
  else if (matches === 0 && isMatchNeeded)
    problem('matches no file. Check the path, which is relative to the workspace.')
  else if (matches === 0)
    warnings.push(
      `${quoted(given)} in ${input} matches no file, so it is an empty list.${nearby.length > 0 ? ` With another extension or case, it would match ${quoted(nearby.sort()[0] ?? '')}.` : ''}`,
    )
  else for (const name of nearby) near.set(name, new RegExp(matcher?.source ?? '', 'is').test(name))
  const [first, ...more] = links
  if (first !== undefined)
    warnings.push(
      `${quoted(given)} in ${input} does not follow symbolic links to folders: ${quoted(first)}${more.length > 0 ? ` and ${more.length} more` : ''}.`,
    )
  return files.sort()
}

/** How many names a path has at most that a glob matches. */
function depthOf(glob: string): number {
  return glob.includes('**') ? Infinity : glob.split('/').length
}

type Kind = 'file' | 'folder' | 'link' | 'other'

/** What is at a path relative to the workspace. */
interface Place {
  readonly name: string
  readonly kind: Kind
}

/** Where a path or glob leads: all that may match, or why nothing can. */
function searched(
  glob: string | null,
  root: string,
  stop: AbortSignal | undefined,
): AsyncIterable<Place> | Place[] | string {
  if (glob === null) return 'is outside of the workspace. Use files of the workspace.'
  const literal = literalFolder(glob)
  const name = unescaped(literal ?? glob)
  const kind = kindAt(name, root)
  if (kind === 'link') return 'is a symbolic link, or is in a linked folder. Use the path of the file itself.'
  if (kind === null || (literal !== null && kind !== 'folder'))
    return 'does not exist. Check the path, which is relative to the workspace.'
  if (literal !== null) return walk(literal, depthOf(glob), root, stop)
  if (kind === 'folder') return `is a folder. Use a glob, such as ${name === '' ? '' : `${name}/`}*.csv.`
  return kind === 'other' ? 'is not a regular file. Use a file with the list.' : [{ name, kind }]
}

/** All that is below a folder and is no folder, down to this many names below the workspace. */
async function* walk(
  folder: string,
  depth: number,
  root: string,
  stop: AbortSignal | undefined,
): AsyncGenerator<Place, void> {
  stop?.throwIfAborted()
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    const kind = kindOf(entry)
    if (kind !== 'folder') yield { name, kind }
    else if (name.split('/').length < depth) yield* walk(name, depth, root, stop)
  }
}

/** What is at a path below the workspace, or the link on the way to it; null: nothing. */
function kindAt(path: string, root: string): Kind | null {
  let at = root
  let kind: Kind = 'folder'
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (kind !== 'folder') return kind === 'link' ? kind : null
    at = join(at, name)
    const stats = lstatSync(at, { throwIfNoEntry: false })
    if (stats === undefined) return null
    kind = kindOf(stats)
  }
  return kind
}

function kindOf(entry: Dirent | Stats): Kind {
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isDirectory()) return 'folder'
  return entry.isFile() ? 'file' : 'other'
}
