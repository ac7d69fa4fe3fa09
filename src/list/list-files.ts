import { lstatSync, readdirSync, type Dirent, type Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, posix, resolve } from 'node:path'

import { folded } from '../identity.ts'
import { Problems, quoted, reasonOf } from '../problems.ts'
import type { ListSources } from '../settings.ts'
import {
  hasInvalidRange,
  isWithin,
  literalFolder,
  matcherOf,
  nameIn,
  namesOf,
  patternOf,
  unescaped,
  type PathPattern,
} from './glob.ts'
import type { ListFile, ListReading } from './list-reading.ts'

/** The input whose files are looked for. */
interface SearchedInput {
  readonly input: string
  /** The lines of other inputs: their files are not taken for forgotten ones. */
  readonly otherLines?: readonly string[]
  /** Whether it is an error that a glob matches nothing, or may have missed a file: a deny list must not get lost. */
  readonly isGuard?: boolean
}

/** What a search needs of a reading. */
type SearchReading = Pick<ListReading, 'problems' | 'warnings' | 'stop'> & {
  readonly settings: Pick<ListSources, 'workspace'>
}

/** Characters that hardly belong to the path itself: quotes, bullets, a comment after it. */
const MARKED = /^[^\p{L}\p{N}./\\*?[{_~@+]|["'`|<>]|\s#/u

/** Names of files that a person may take for a list, in any case of letters. */
const LIST_LIKE = /\.(txt|text|prn|csv|tsv|tab|json|ya?ml|xls[xmb]?|f?ods|numbers|slk|dif)$/i

/** Several paths on one line. */
const SEVERAL = /^\s*\[\s*["']|\.(txt|csv|json|ya?ml)["']?[\s,;|]+\S/i

/**
 * The files that the lines of an input name, in their order, each once. A line is the exact name of a file, or a glob,
 * whose files are sorted. Anything but a regular file of the workspace is a problem, and links are not followed.
 */
export async function findFiles(
  lines: readonly string[],
  searchedInput: SearchedInput,
  { settings: { workspace }, problems, warnings, stop }: SearchReading,
): Promise<ListFile[]> {
  const { input, isGuard = false, otherLines = [] } = searchedInput
  const root = await realpath(workspace).catch(() => null)
  if (root === null) {
    problems.add(
      `The workspace ${quoted(workspace)} (\`GITHUB_WORKSPACE\`) does not exist. Check out the repository first.`,
    )
    return []
  }
  const patterns = lines.map((line) => patternOf(line, [workspace, root]))
  const found = new Map<string, ListFile>()
  const near = new Set<string>()
  let isNone = true
  for (const [index, { given, glob, isExclude }] of patterns.entries()) {
    const problem = (reason: string): void =>
      problems.add(`Invalid path ${quoted(given)} in \`${input}\`: it ${reason}`)
    const exact = exactName(given, root)
    if (exact === null && !given.startsWith('#') && glob !== null && hasInvalidRange(glob)) {
      isNone = false
      problem('has an invalid range. Use ranges such as [a-z] and [0-9].')
      continue
    }
    if (exact === null && (isExclude || given.startsWith('#'))) continue
    isNone = false
    try {
      const places = exact === null ? searched(glob, root, stop) : [{ name: exact, kind: 'file' as const }]
      if (typeof places === 'string') {
        problem(SEVERAL.test(given) ? SEVERAL_FILES : places)
        continue
      }
      const excludes = patterns.slice(index + 1).filter((other) => other.isExclude)
      const matches = await matchesIn(places, exact === null ? glob : null, excludes, root)
      tellMatches(given, matches, searchedInput, problem, warnings)
      for (const name of matches.files.sort()) found.set(name, { path: join(root, name), name })
      if (matches.files.length > 0) for (const name of matches.near) near.add(name)
    } catch (error) {
      stop?.throwIfAborted()
      problem(`cannot be searched (${reasonOf(error)}). Check the path and its permissions.`)
    }
  }
  const isOfOthers = namesOf(otherLines, [workspace, root])
  const forgotten = [...near].filter((name) => !found.has(name) && !isOfOthers(name)).sort()
  if (forgotten.length > 0) {
    const shown = forgotten.slice(0, 5).map(quoted).join(', ')
    const more = forgotten.length > 5 ? ` (and ${forgotten.length - 5} more)` : ''
    const text = `The action does not read ${shown}${more}, because no line of \`${input}\` matches. Add a line for each list, or exclude the file with !.`
    if (isGuard) problems.add(text)
    else warnings.push(text)
  }
  if (isNone) problems.add(`Input \`${input}\` has no path or glob to read. Add one per line.`)
  return [...found.values()]
}

/**
 * Whether a file is one of those that are read: a list, a deny list, the earlier report, one of the older version in a
 * folder, or the payload of the event. A glob, another case, or a link makes no difference, because files are compared,
 * not names; in the older version, folders are. @throws the reason of `stop` when it is aborted
 */
export async function isSource(path: string, sources: ListSources, stop?: AbortSignal): Promise<boolean> {
  const file = await fileAt(path)
  if (file === null) return false
  const { files, excludeFiles, stillListed, fromReport, addedSince, workspace } = sources
  if (addedSince.kind === 'folder') {
    const older = await realpath(join(workspace, addedSince.folder)).catch(() => null)
    if (older !== null && isWithin(older, await realpath(path))) return true
  }
  const inputs = [files, excludeFiles, stillListed].filter((lines) => lines !== null)
  // What is wrong with a line is told when the lists are read.
  const reading = { settings: sources, problems: new Problems(), warnings: [], stop }
  const found = (await Promise.all(inputs.map((lines) => findFiles(lines, { input: '' }, reading)))).flat()
  const event = process.env['GITHUB_EVENT_PATH'] ?? ''
  const others = [...inputs.flat(), fromReport ?? '', event, ...found.map((other) => other.path)]
  const places = await Promise.all(others.map((other) => fileAt(resolve(workspace, other))))
  return places.includes(file)
}

/** What tells a file from every other of this machine; null where there is none. */
async function fileAt(path: string): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null)
  return stats === null ? null : `${stats.dev}:${stats.ino}`
}

/** The name of the regular file whose exact name is the line, with any characters; null where there is none. */
function exactName(given: string, root: string): string | null {
  const path = resolve(root, given)
  try {
    return isWithin(root, path) && kindAt(nameIn(root, path), root) === 'file' ? nameIn(root, path) : null
  } catch {
    return null // A glob may be longer than any name.
  }
}

/** What a line leads to, by names relative to the workspace. */
interface Matches {
  readonly files: string[]
  /** What matches and cannot be read. */
  readonly others: Place[]
  /** Files that would match if their extension, or its case, were another. */
  readonly near: Set<string>
  /** Linked folders, below which files may match. */
  readonly links: string[]
}

/** What a glob matches, without what a later line excludes; null: all places. */
async function matchesIn(
  places: AsyncIterable<Place> | readonly Place[],
  glob: string | null,
  excludes: readonly PathPattern[],
  root: string,
): Promise<Matches> {
  const matcher = glob === null ? /^/ : matcherOf(glob)
  // In the workspace's own folder, other files are hardly lists.
  const wider = literalFolder(glob ?? '') ? (glob ?? '').replace(LIST_LIKE, '.*') : (glob ?? '')
  const nearMatcher = new RegExp(matcherOf(wider), 'is')
  const not = excludes.flatMap((other) =>
    other.glob === null ? [] : [matcherOf(other.glob, { isFolder: true })],
  )
  const matches: Matches = { files: [], others: [], near: new Set(), links: [] }
  for await (const place of places) {
    const { name, kind } = place
    if (not.some((exclude) => exclude.test(name))) continue
    if (matcher.test(name)) {
      if (kind === 'file') matches.files.push(name)
      else matches.others.push(place)
    } else if (kind === 'file') {
      if (LIST_LIKE.test(name) && nearMatcher.test(name)) matches.near.add(name)
    } else if (kind === 'link' && name.split('/').length < depthOf(glob ?? '')) {
      const target = await stat(join(root, name)).catch(() => null)
      if (target?.isDirectory() === true) matches.links.push(name)
    }
  }
  return matches
}

const SEVERAL_FILES = 'names several files on one line. Use one path per line.'

/** Tells what is wrong with what a line leads to, or worth a warning. */
function tellMatches(
  given: string,
  { files, others, near, links }: Matches,
  { input, isGuard = false }: SearchedInput,
  problem: (reason: string) => void,
  warnings: string[],
): void {
  for (const { name, kind } of others)
    problem(
      kind === 'link'
        ? `matches ${quoted(name)}, which is a symbolic link. Use the file itself.`
        : `matches ${quoted(name)}, which is not a regular file. Remove it, or exclude it with !.`,
    )
  if (files.length + others.length === 0) {
    const [other] = [...near].sort()
    if (SEVERAL.test(given)) problem(SEVERAL_FILES)
    else if (MARKED.test(given))
      problem('matches no file. Use the path alone, without quotes, bullets, or a comment after it.')
    else if (isGuard) problem('matches no file. Check the path, which is relative to the workspace.')
    else
      warnings.push(
        `${quoted(given)} in \`${input}\` matches no file, so it is an empty list.${other === undefined ? '' : ` With another extension or case, it would match ${quoted(other)}. Rename the file, or correct the glob.`}`,
      )
  }
  const [first, ...more] = links
  if (first === undefined) return
  const linked = `does not follow symbolic links to folders: ${quoted(first)}${more.length > 0 ? ` and ${more.length} more` : ''}.`
  if (isGuard) problem(`${linked} Use the path of the folder itself, or exclude the link with !.`)
  else warnings.push(`${quoted(given)} in \`${input}\` ${linked}`)
}

/** How many names a path has at most that a glob matches. */
function depthOf(glob: string): number {
  return glob.includes('**') ? Infinity : glob.split('/').length
}

const CHECK_PATH =
  'Check the path, which is relative to the workspace, and that actions/checkout runs before this step.'

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
  if (literal !== null && kind !== 'folder')
    return `is below the folder ${quoted(name)}, which does not exist. ${CHECK_PATH}`
  if (kind === null) return `does not exist. ${lookalikeOf(name, root)}${CHECK_PATH}`
  if (literal !== null) return walk(literal, depthOf(glob), root, stop)
  if (kind === 'folder') return `is a folder. Use a glob, such as ${name === '' ? '' : `${name}/`}*.csv.`
  return kind === 'other' ? 'is not a regular file. Use a file with the list.' : [{ name, kind }]
}

/** Says which file there is whose name differs only in the case or the encoding of its letters. */
function lookalikeOf(name: string, root: string): string {
  const folder = posix.dirname(name)
  if (kindAt(folder, root) !== 'folder') return ''
  const other = readdirSync(join(root, folder)).find(
    (entry) => folded(entry) === folded(posix.basename(name)),
  )
  return other === undefined
    ? ''
    : `The file ${quoted(other)} differs only in the case or the encoding of its letters. Copy the name from the repository. `
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
  for (const name of path.split('/')) {
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
