import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Identity } from '../../identity.ts'
import { forCode } from './harmless.ts'

type Location = Partial<Pick<Identity, 'file' | 'line'>>

/** The commit that holds the run's lists. */
export interface Repository {
  /** `https://github.com/owner/name`, or the same of an Enterprise Server. */
  readonly url: string
  readonly sha: string
  /** The plan of this run is only reviewed, not applied. */
  readonly isOnlyShown: boolean
}

/** `file:line`; empty without a file. */
export function locationText({ file, line }: Location): string {
  if (!file) return ''
  return line ? `${file}:${line}` : file
}

/** A longer path is only named, for the summary's size is limited. */
const LONGEST_LINKED_PATH = 500

/** A location as Markdown: its path, or its file name with a link to the line where the commit is known; or nothing. */
export function locationLink({ file, line = null }: Location, repository: Repository | null): string {
  if (!file) return ''
  const isOutside = /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(file)
  if (repository === null || isOutside || file.length > LONGEST_LINKED_PATH)
    return forCode(locationText({ file, line }))
  // What `encodeURIComponent` leaves alone has a meaning in Markdown.
  const path = encodeURIComponent(file.toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!'()*~_]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  const location = forCode(locationText({ file: file.slice(file.lastIndexOf('/') + 1), line }))
  // `plain=1`, because GitHub renders some kinds of files without lines to go to.
  const page = `${repository.url}/blob/${repository.sha}/${path}?plain=1${line === null ? '' : `#L${line}`}`
  return `[${location}](${page})`
}

/** Events whose plan is not applied: the commit is not merged yet, or no person started the run. */
const SHOWN_ONLY = ['pull_request', 'pull_request_target', 'merge_group', 'schedule']

/** The commit whose lists were read; null outside of GitHub. */
export function repositoryOf(environment: Readonly<Record<string, string | undefined>>): Repository | null {
  const server = environment['GITHUB_SERVER_URL']
  const name = environment['GITHUB_REPOSITORY']
  const sha = checkedOutCommit(environment['GITHUB_WORKSPACE']) ?? environment['GITHUB_SHA']
  if (!server || !name || !sha) return null
  return {
    url: `${server}/${name}`,
    sha,
    isOnlyShown: SHOWN_ONLY.includes(environment['GITHUB_EVENT_NAME'] ?? ''),
  }
}

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/**
 * The commit that is checked out in the workspace, which need not be the one that started the run; null where that
 * cannot be told. Read as Git lays it out (gitrepository-layout), for a runner need not have `git`.
 */
export function checkedOutCommit(workspace: string | undefined): string | null {
  if (!workspace) return null
  const head = gitFile(workspace, 'HEAD').trim()
  const ref = /^ref: (refs\/.+)$/.exec(head)?.[1]
  if (ref === undefined) return SHA.test(head) ? head : null
  // `packed-refs` has a line for each ref: `<sha> refs/heads/main`.
  const packed = gitFile(workspace, 'packed-refs').split('\n')
  const shas = [gitFile(workspace, ref), ...packed.filter((line) => line.endsWith(` ${ref}`))]
  return shas.map((line) => line.trim().split(' ')[0] ?? '').find((sha) => SHA.test(sha)) ?? null
}

/** Empty where it cannot be read: a link to the wrong commit is no reason to fail. */
function gitFile(workspace: string, file: string): string {
  try {
    return readFileSync(join(workspace, '.git', file), 'utf8')
  } catch {
    return ''
  }
}
