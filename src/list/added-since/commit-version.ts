import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'

import { quoted } from '../../problems.ts'
import type { WorkflowEvent } from '../../workflow-event.ts'
import { nameIn } from '../glob.ts'
import { gitOf, repositoryAbove, type Git } from './git.ts'
import { CannotCompare, lineFeedsOnly, type OlderFile, type OlderVersion } from './older-version.ts'

const DEEPER = 'Set `fetch-depth` to 0 for actions/checkout, and no `filter`.'
const MANUALLY =
  'Run the workflow manually. Set `added-since` to the full SHA of the last commit whose additions were all applied, or to `beginning`.'

/** Where the list files are. */
export interface ListPlaces {
  /** The workspace, without symbolic links. */
  readonly workspace: string
  /** The list files of now, relative to the workspace. */
  readonly names: readonly string[]
  /** The folders in which lists may be, or lists themselves, relative to the workspace. */
  readonly folders: readonly string[]
}

/**
 * The files of a commit, of the repository that holds the lists: of a revision, or of the commit before an event.
 * @throws CannotCompare
 */
export async function versionOfCommit(
  places: ListPlaces,
  wanted: string | WorkflowEvent,
  stop?: AbortSignal,
): Promise<OlderVersion> {
  const [root, prefix] = await repositoryOf(places)
  const git = gitOf(root, stop)
  const head = await commitOf(git, 'HEAD')
  if (head === null) throw new CannotCompare('HEAD of the checkout is not a commit.')
  const before = typeof wanted === 'string' ? wanted : await commitBefore(wanted, git, head)
  const commit = await commitOf(git, before)
  if (commit === null || !(await isAncestor(git, commit, head))) {
    // In a shallow clone, git does not see that a commit is an ancestor.
    const { output } = await git('rev-parse', '--is-shallow-repository')
    if (output.toString().trim() !== 'false')
      throw new CannotCompare(
        `This clone is shallow, and ${before} is not seen as an ancestor of HEAD. ${DEEPER}`,
      )
    const [fault, other] =
      commit === null ? ['in this clone', 'repository'] : ['an ancestor of HEAD', 'branch']
    throw new CannotCompare(
      `Commit ${before} is not ${fault}: the branch was force-pushed, or the commit is of another ${other}. ${MANUALLY}`,
    )
  }
  const tracked = await filesOf(git, head, prefix)
  const untracked = places.names.find((name) => tracked.get(name)?.kind !== 'file')
  if (untracked !== undefined)
    throw new CannotCompare(
      `The list file ${quoted(untracked)} is not tracked in HEAD, so its older version cannot be found. Commit it, or exclude it from \`identity-ids-file\`.`,
    )
  return {
    name: `commit ${commit}`,
    files: commit === head ? tracked : await filesOf(git, commit, prefix),
  }
}

/** The repository that holds all lists, and its path relative to the workspace: empty, or with `/` at its end. */
async function repositoryOf({ workspace, names, folders }: ListPlaces): Promise<readonly [string, string]> {
  const parents = new Set(names.length > 0 ? names.map((name) => dirname(name)) : folders)
  const roots = new Set<string | null>()
  for (const folder of parents) roots.add(await repositoryAbove(join(workspace, folder), workspace))
  const [root = null] = roots
  if (root === null || roots.has(null))
    throw new CannotCompare(
      'The list files are not in a Git repository. Check the repository out with actions/checkout, or set `added-since` to a folder with the older version, for example base/.',
    )
  if (roots.size > 1)
    throw new CannotCompare(
      'The list files are in several Git repositories. Use one step for each repository.',
    )
  const below = nameIn(workspace, root)
  return [root, below === '' ? '' : `${below}/`]
}

/** The full SHA of a commit; null where the clone does not have it. */
async function commitOf(git: Git, revision: string): Promise<string | null> {
  const { status, output } = await git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`)
  return status === 0 ? output.toString().trim() : null
}

async function isAncestor(git: Git, commit: string, head: string): Promise<boolean> {
  return (await git('merge-base', '--is-ancestor', commit, head)).status === 0
}

/** @throws CannotCompare where the event has no commit before it, or another one is checked out */
async function commitBefore(event: WorkflowEvent, git: Git, head: string): Promise<string> {
  switch (event.name) {
    case 'pull_request': {
      // The commit object itself names its parents. In a shallow clone, rev-parse does not show them.
      const { output } = await git('cat-file', 'commit', head)
      const [fields = ''] = output.toString().split('\n\n', 1)
      const [base = '', second, ...more] = [...fields.matchAll(/^parent ([0-9a-f]+)$/gm)].map(
        ([, sha]) => sha,
      )
      const isMerge = more.length === 0 && second === event.at('pull_request', 'head', 'sha')
      if (head !== event.commit || second === undefined || !isMerge) throw elsewhere(event, head)
      return base
    }
    case 'push': {
      const before = shaOf(event.at('before'))
      // The newest commit of the branch may be checked out, so that removed identities are not enabled.
      if (head !== event.commit && !(await isAncestor(git, shaOf(event.commit), head)))
        throw elsewhere(event, head)
      if (/^0+$/.test(before))
        throw new CannotCompare(`This push created the branch, so there is no commit before it. ${MANUALLY}`)
      return before
    }
    case 'merge_group':
      if (head !== event.commit) throw elsewhere(event, head)
      return shaOf(event.at('merge_group', 'base_sha'))
    default:
      throw new CannotCompare(
        `The event ${quoted(event.name)} has no commit before it; pull_request, push and merge_group do. Use a full commit SHA or \`beginning\` instead of \`event\`.`,
      )
  }
}

function elsewhere({ name, commit }: WorkflowEvent, head: string): CannotCompare {
  return new CannotCompare(
    `The checkout is at commit ${head}, not at the commit of this ${name} event (${commit}). Remove \`ref\` and \`repository\` from actions/checkout.`,
  )
}

function shaOf(value: unknown): string {
  if (typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) return value
  throw new CannotCompare(`The payload of the event (\`GITHUB_EVENT_PATH\`) names no commit. ${MANUALLY}`)
}

/** An entry of `ls-tree -z`: `<mode> SP <type> SP <object> TAB <path>`. */
const ENTRY = /^(\d+) \w+ ([0-9a-f]+)\t(.+)$/s

/** Several names may be read as the same one, so none of them is known. */
const NAMELESS: OlderFile = { kind: 'file whose name is not UTF-8' }

/** All files of a commit, by path relative to the workspace. @throws CannotCompare */
async function filesOf(git: Git, commit: string, prefix: string): Promise<ReadonlyMap<string, OlderFile>> {
  const { status, output, error } = await git('ls-tree', '-r', '-z', '--full-tree', commit)
  if (status !== 0) throw unreadable(commit, error)
  const files = new Map<string, OlderFile>()
  for (const entry of output.toString().split('\0')) {
    const [, mode = '', object = '', path] = ENTRY.exec(entry) ?? []
    if (path !== undefined)
      files.set(prefix + path, path.includes('\ufffd') ? NAMELESS : fileOf(git, mode, object, commit))
  }
  return files
}

function fileOf(git: Git, mode: string, object: string, commit: string): OlderFile {
  if (mode === '120000') return { kind: 'symbolic link' }
  if (mode === '160000') return { kind: 'submodule' }
  return {
    kind: 'file',
    read: async () => {
      const { status, output, error } = await git('cat-file', 'blob', object)
      if (status !== 0) throw unreadable(commit, error)
      return output
    },
    // Git for Windows checks files out with its line ends.
    isSame: (contents) =>
      [contents, lineFeedsOnly(contents)].some((bytes) => {
        // What git names a file's contents by, in repositories of SHA-1 (40 digits) and SHA-256.
        const hash = createHash(object.length === 40 ? 'sha1' : 'sha256')
        return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === object
      }),
  }
}

function unreadable(commit: string, error: string): CannotCompare {
  return new CannotCompare(`Commit ${commit} cannot be read from this clone (${quoted(error)}). ${DEEPER}`)
}
