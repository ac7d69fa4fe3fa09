import { forCode } from './harmless.ts'

/** The commit in which the run's lists stand. */
export interface Repository {
  /** `https://github.com`, or that of an Enterprise Server. */
  readonly serverUrl: string
  /** `owner/name` */
  readonly repository: string
  readonly sha: string
  /** Not merged yet. */
  readonly isProposed: boolean
}

/** A longer path is only named: room in the summary. */
const LONGEST_LINKED_PATH = 500

/**
 * Where something stands, as Markdown: `file:line`, a link to that line where the commit is known; or nothing. A link
 * needs no more than the file's name where room is scarce.
 */
export function placeOf(
  { file, line }: { readonly file?: string | null; readonly line?: number | null },
  repository: Repository | null,
  shown: 'path' | 'file name' = 'path',
): string {
  if (!file) return ''
  const isOutside = /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(file)
  const isLinked = repository !== null && !isOutside && file.length <= LONGEST_LINKED_PATH
  const name = isLinked && shown === 'file name' ? (file.split('/').at(-1) ?? file) : file
  const place = forCode(line ? `${name}:${line}` : name)
  if (!isLinked) return place
  return `[${place}](${urlOf(file, line ?? null, repository)})`
}

/** `plain=1`, because GitHub renders some kinds of files without lines to go to. */
function urlOf(file: string, line: number | null, { serverUrl, repository, sha }: Repository): string {
  const path = file.toWellFormed().split('/').map(encodeSegment).join('/')
  return `${serverUrl}/${repository}/blob/${sha}/${path}?plain=1${line === null ? '' : `#L${line}`}`
}

/** What `encodeURIComponent` leaves alone has a meaning in Markdown. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*~_]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
