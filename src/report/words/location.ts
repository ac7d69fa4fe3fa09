import { forCode } from './harmless.ts'

interface Location {
  readonly file?: string | null
  readonly line?: number | null
}

/** The commit that holds the run's lists. */
export interface Repository {
  /** `https://github.com`, or that of an Enterprise Server. */
  readonly serverUrl: string
  /** `owner/name` */
  readonly repository: string
  readonly sha: string
  /** A plan of this run is looked at, and not applied. */
  readonly isOnlyShown: boolean
}

/** A longer path is only named, for the summary's size is limited. */
const LONGEST_LINKED_PATH = 500

/** `file:line`; empty without a file. */
export function locationText({ file, line }: Location): string {
  if (!file) return ''
  return line ? `${file}:${line}` : file
}

/**
 * A location as Markdown: `file:line`, with a link to that line where the commit is known; or nothing. A link needs no
 * more than the file's name where the page is short of space.
 */
export function locationLink(
  { file, line }: Location,
  repository: Repository | null,
  shown: 'path' | 'file name' = 'path',
): string {
  if (!file) return ''
  const isOutside = /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(file)
  const isLinked = repository !== null && !isOutside && file.length <= LONGEST_LINKED_PATH
  const name = isLinked && shown === 'file name' ? (file.split('/').at(-1) ?? file) : file
  const location = forCode(locationText({ file: name, line: line ?? null }))
  return isLinked ? `[${location}](${urlOf(file, line ?? null, repository)})` : location
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
