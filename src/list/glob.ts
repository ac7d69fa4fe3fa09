import { isAbsolute, relative, resolve, sep } from 'node:path'

/** A line of `identity-ids-file` and its like. */
export interface PathPattern {
  readonly given: string
  /** It begins with `!`, and takes out what earlier lines match. */
  readonly isExclude: boolean
  /** Relative to the workspace, with `/`; null outside of it. */
  readonly glob: string | null
}

/** Windows writes folders with the character by which others escape one. */
const isWindows = sep === '\\'
const MAGIC = isWindows ? /[*?[]/ : /(?<!\\)[*?[]/

/** What a line names; `roots`: the workspace, by all its paths. */
export function patternOf(given: string, roots: readonly string[]): PathPattern {
  const [, nots = '', path = ''] = /^(!*)\s*(.*)$/s.exec(given) ?? []
  const absolute = resolve(roots[0] ?? '', path)
  const root = roots.find((candidate) => isWithin(candidate, absolute))
  return {
    given,
    isExclude: nots.length % 2 === 1,
    glob: root === undefined ? null : nameIn(root, absolute),
  }
}

/** A path relative to a folder, with `/` on every system. */
export function nameIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/')
}

/** Whether a path is this folder, or below it. */
export function isWithin(folder: string, path: string): boolean {
  const from = relative(folder, path)
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from)
}

/** The folders with which a glob begins that are names and no patterns; null where all of it is a name. */
export function literalFolder(glob: string): string | null {
  const parts = glob.split('/')
  const at = parts.findIndex((part) => MAGIC.test(part))
  return at === -1 ? null : unescaped(parts.slice(0, at).join('/'))
}

/** The text of a path in which no character is special. */
export function unescaped(glob: string): string {
  return isWindows ? glob : glob.replace(/\\(.)/g, '$1')
}

/**
 * What a glob matches, as `@actions/glob` does: `*`, `?`, `[…]` within a name, `**` for folders of any depth; names may
 * begin with a dot, and braces are characters like others. `isFolder`: also all that is below a match.
 */
export function matcherOf(glob: string, { isFolder = false } = {}): RegExp {
  const parts = glob.split('/').filter((part, at, all) => part !== '**' || all[at - 1] !== '**')
  const source = parts.map((part, at) => {
    const isLast = at === parts.length - 1
    if (part === '**') return isLast ? '.+' : '(?:[^/]+/)*'
    return nameSource(part) + (isLast ? '' : '/')
  })
  return new RegExp(`^${source.join('')}${isFolder ? '(?:/.*)?' : ''}$`, isWindows ? 'is' : 's')
}

/** Tells whether the lines name a file by its path, relative to the workspace: exactly, or by a glob. */
export function namesOf(lines: readonly string[], roots: readonly string[]): (path: string) => boolean {
  const patterns = lines.map((line) => {
    const { glob, isExclude } = patternOf(line, roots)
    return { line, isExclude, matcher: glob === null ? null : matcherOf(glob, { isFolder: isExclude }) }
  })
  return (path) =>
    patterns.reduce((isIn, { line, isExclude, matcher }) => {
      if (line === path) return true
      return matcher?.test(path) === true ? !isExclude : isIn
    }, false)
}

const NAME_PARTS = isWindows ? /\*+|\?|\[[!^]?\]?[^\]]*\]|./gs : /\*+|\?|\\.|\[[!^]?\]?[^\]]*\]|./gs

function nameSource(name: string): string {
  if (/^\*+$/.test(name)) return '[^/]+'
  return name.replace(NAME_PARTS, (part) => {
    if (part.startsWith('*')) return '[^/]*'
    if (part === '?') return '[^/]'
    if (isClass(part)) return classSource(part) ?? '(?!)'
    return (part.length > 1 ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
}

/** Whether a part of a name is a class such as `[a-c]`. */
function isClass(part: string): boolean {
  return part.length > 1 && part.startsWith('[')
}

/** Of a class such as `[a-c]`; null where a range in it cannot be read. */
function classSource(part: string): string | null {
  const [, not, characters = ''] = /^\[([!^]?)(.*)\]$/s.exec(part) ?? []
  const source = `(?!/)[${not ? '^' : ''}${characters.replace(/[\\[\]^]/g, '\\$&')}]`
  try {
    new RegExp(source)
    return source
  } catch {
    return null
  }
}

/** Whether a glob has a range that runs backwards, as in `[z-a]`, or cannot be read. Such a glob matches nothing. */
export function hasInvalidRange(glob: string): boolean {
  const parts = glob.split('/').flatMap((name) => name.match(NAME_PARTS) ?? [])
  return parts.some((part) => isClass(part) && classSource(part) === null)
}
