import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'

import { changedFiles, type ChangedFiles } from '../../../src/list/added-since/changed-files.ts'
import { Problems } from '../../../src/problems.ts'
import type { ListFile } from '../../../src/list/list-reading.ts'
import type { AddedSince, ListSettings } from '../../../src/settings.ts'
import { GitRepository } from '../../../dev/git-repository.ts'
import { listSettings, textsIn } from '../../support/list-reading.ts'

type Compared = Exclude<AddedSince, { kind: 'beginning' }>

/** A script can be no program on Windows. */
const onPosix = process.platform === 'win32' ? test.skip : test

const ids = (...names: string[]): string => names.map((name) => `${name}\n`).join('')
const made: GitRepository[] = []
let repository: GitRepository
let first: string

function keep(one: GitRepository): GitRepository {
  made.push(one)
  return one
}

beforeEach(() => {
  repository = keep(new GitRepository())
  first = repository.commit({ 'lists/a.txt': ids('a1', 'a2'), 'lists/b.txt': ids('b1') })
})

afterAll(() => {
  for (const one of made) one.remove()
})

interface Outcome {
  readonly changes: ChangedFiles
  readonly problem: string | null
  /** Texts of the changed files, with what excludes each. */
  readonly entries: Readonly<Record<string, string>>
  readonly added: readonly string[]
}

async function compared(
  addedSince: Compared,
  {
    env = {},
    workspace = repository.root,
    pattern = 'lists/*.txt',
    stop,
    ...more
  }: Partial<ListSettings> & {
    env?: NodeJS.ProcessEnv
    workspace?: string
    pattern?: string
    stop?: AbortSignal
  } = {},
): Promise<Outcome> {
  const problems = new Problems()
  const names = globSync(pattern, { cwd: workspace }).sort()
  const found = names.map((name) => ({ name, path: join(workspace, name) }))
  const settings = listSettings({ workspace, files: [pattern], addedSince, ...more })
  const changes = await changedFiles(found, settings, problems, env, stop)
  const entries: Record<string, string> = {}
  for (const text of await textsIn(changes)) entries[text] = changes.before?.match([text])?.by ?? 'added'
  let problem: string | null = null
  try {
    problems.throwIfAny()
  } catch (error) {
    problem = (error as Error).message
  }
  expect(problem === null).toBe(changes.before !== null)
  const added = Object.keys(entries).filter((text) => entries[text] === 'added')
  return { changes, problem, entries, added }
}

/**
 * Puts a program named git, which does this, before all others. `started` waits for its first call, `seen` is what it
 * got: the environment and arguments of each call.
 */
async function withGit(
  command: string,
  act: (started: () => Promise<void>, seen: () => string) => Promise<void>,
): Promise<void> {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'))
  const log = join(bin, 'seen')
  writeFileSync(join(bin, 'git'), `#!/bin/sh\nenv >> ${log}\necho "$*" >> ${log}\n${command}\n`)
  chmodSync(join(bin, 'git'), 0o755)
  const { PATH } = process.env
  process.env['PATH'] = `${bin}:${PATH ?? ''}`
  try {
    const started = async (): Promise<void> => {
      while (!existsSync(log)) await setTimeout(10)
    }
    await act(started, () => readFileSync(log, 'utf8'))
  } finally {
    process.env['PATH'] = PATH
  }
}

const since = (revision: string): Compared => ({ kind: 'commit', revision })

/** The environment of a workflow that this event started. */
function event(name: string, payload: unknown, commit = repository.head): NodeJS.ProcessEnv {
  const file = join(mkdtempSync(join(tmpdir(), 'event-')), 'event.json')
  writeFileSync(file, JSON.stringify(payload))
  return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file, GITHUB_SHA: commit }
}

describe('what is added', () => {
  test('is what a changed file holds now and held nowhere before', async () => {
    repository.commit({ 'lists/a.txt': ids('a1', 'a2', 'a3'), 'lists/c.txt': ids('c1') })
    const { added, changes } = await compared(since(first))
    expect(added).toEqual(['a3', 'c1'])
    expect(changes.haveChanged).toBe(true)
    expect(changes.files.map(({ name }) => name)).toEqual(['lists/a.txt', 'lists/c.txt'])
    expect(changes.before?.version).toBe(`commit ${first}`)
  })

  test.each([
    ['an entry moved to another file', { 'lists/a.txt': ids('a1'), 'lists/b.txt': ids('b1', 'a2') }],
    ['a file renamed', { 'lists/a.txt': null, 'lists/z.txt': ids('a1', 'a2') }],
    ['a file split', { 'lists/a.txt': null, 'lists/y.txt': ids('a1'), 'lists/z.txt': ids('a2') }],
    ['entries in another order and case', { 'lists/a.txt': ids('A2', 'a1') }],
    ['an entry with a zero-width space', { 'lists/a.txt': ids('a1', 'a\u200b2') }],
    ['an entry removed', { 'lists/a.txt': ids('a1') }],
  ])('is nothing after %s', async (_, files) => {
    repository.commit(files)
    expect(await compared(since(first))).toMatchObject({ added: [], problem: null })
  })

  test('counts what is copied from a file that did not change', async () => {
    repository.commit({ 'lists/c.txt': ids('a1') })
    expect((await compared(since(first))).entries).toEqual({ a1: 'added' })
  })

  test('is nothing where only line ends changed', async () => {
    repository.commit({ 'lists/a.txt': 'a1\r\na2\r\n' })
    repository.write({ 'lists/b.txt': 'b1\r\n' }) // as Git for Windows checks it out
    expect((await compared(since(first))).changes.files).toEqual([])
  })

  onPosix.each(['sha1', 'sha256'])(
    'is nothing, and nothing is read, in files that did not change: %s',
    async (hash) => {
      const other = keep(
        new GitRepository(mkdtempSync(join(tmpdir(), 'repository-')), [`--object-format=${hash}`]),
      )
      const before = other.commit({ 'lists/a.txt': ids('a1'), 'lists/b.txt': ids('b1') })
      other.write({ 'lists/b.txt': 'b1\r\n' }) // as Git for Windows checks it out
      await withGit(`exec ${other.git('--exec-path')}/git "$@"`, async (_started, seen) => {
        expect((await compared(since(before), { workspace: other.root })).changes.files).toEqual([])
        expect(seen()).toContain('ls-tree')
        expect(seen()).not.toContain('cat-file')
        other.write({ 'lists/b.txt': 'b1\nb2\n' })
        expect((await compared(since(before), { workspace: other.root })).added).toEqual(['b2'])
        expect(seen().match(/cat-file/g)).toHaveLength(1)
      })
    },
  )

  test('names what is listed more often than before, and where it was listed', async () => {
    repository.commit({ 'lists/a.txt': ids('a1', 'a2', 'A2') })
    const { changes, entries } = await compared(since(first))
    expect(entries).toEqual({ a1: 'listed-before', a2: 'listed-again', A2: 'listed-again' })
    expect(changes.before?.match(['a2'])).toEqual({
      by: 'listed-again',
      bySource: { file: 'lists/a.txt', line: 2 },
      listedAt: { file: 'lists/a.txt', line: 3 },
    })
  })

  test('is asked again by every identifier that is known', async () => {
    repository.commit({ 'lists/a.txt': null, 'lists/c.csv': 'email\nada@example.org\n' })
    const { changes } = await compared(since(first), { pattern: 'lists/*' })
    expect(changes.before?.match(['ada@example.org'])).toBeNull()
    expect(changes.before?.match(['ada@example.org', 'A1', 'ada'])).toEqual({
      by: 'listed-before',
      bySource: { file: 'lists/a.txt', line: 1 },
    })
  })

  test('is not asked of files that are no lists', async () => {
    const before = repository.commit({ 'docs/a.txt': ids('c1', '!broken') })
    repository.commit({ 'docs/a.txt': null, 'lists/c.txt': ids('c1') })
    expect((await compared(since(before))).added).toEqual(['c1'])
  })

  test('counts since HEAD^ and HEAD~2', async () => {
    repository.commit({ 'lists/c.txt': ids('c1') })
    repository.commit({ 'lists/d.txt': ids('d1') })
    expect((await compared(since('HEAD^'))).added).toEqual(['d1'])
    expect((await compared(since('HEAD~2'))).added).toEqual(['c1', 'd1'])
  })

  test('is nothing where all lists were deleted', async () => {
    repository.commit({ 'lists/a.txt': null, 'lists/b.txt': null })
    const { added, changes } = await compared(since(first))
    expect([added, changes.files, changes.haveChanged]).toEqual([[], [], true])
    const { changes: none } = await compared(since(repository.head))
    expect(none.haveChanged).toBe(false)
  })

  test('is found in a repository below the workspace', async () => {
    const workspace = keep(new GitRepository(mkdtempSync(join(tmpdir(), 'workspace-'))))
    rmSync(join(workspace.root, '.git'), { recursive: true })
    mkdirSync(join(workspace.root, 'checkout/one'), { recursive: true })
    const inner = new GitRepository(join(workspace.root, 'checkout/one'))
    const before = inner.commit({ 'lists/a.txt': ids('a1') })
    inner.commit({ 'lists/a.txt': ids('a1', 'a2') })
    const { added } = await compared(since(before), {
      workspace: workspace.root,
      pattern: 'checkout/one/lists/*.txt',
    })
    expect(added).toEqual(['a2'])

    // Also where all lists are gone, or are in a folder of their own below.
    inner.commit({ 'lists/a.txt': null })
    for (const files of [
      ['checkout/one/lists/*.txt', '!elsewhere/**', '../outside/*.txt'],
      ['checkout/one/lists/a.txt'],
    ])
      expect(
        await compared(since(before), { workspace: workspace.root, files, pattern: 'none' }),
      ).toMatchObject({
        problem: null,
        changes: { files: [], haveChanged: true },
      })
    expect(
      (await compared(since(before), { workspace: workspace.root, files: ['*.txt'] })).problem,
    ).toContain('not in a Git repository')
  })

  test.each(['list', 'lists-2', 'docs/lists'])(
    'is not asked of a link beside the lists: %s',
    async (link) => {
      mkdirSync(join(repository.root, 'docs'))
      symlinkSync('elsewhere', join(repository.root, link))
      const before = repository.commit()
      repository.commit({ 'lists/c.txt': ids('c1') })
      expect(await compared(since(before))).toMatchObject({ added: ['c1'], problem: null })
    },
  )

  test('is found in a repository whose objects are named by SHA-256', async () => {
    const other = keep(new GitRepository(mkdtempSync(join(tmpdir(), 'sha256-')), ['--object-format=sha256']))
    const before = other.commit({ 'lists/a.txt': ids('a1'), 'lists/b.txt': ids('b1') })
    other.commit({ 'lists/a.txt': ids('a1', 'a2') })
    const { changes, added } = await compared(since(before), { workspace: other.root })
    expect(before).toHaveLength(64)
    expect(added).toEqual(['a2'])
    expect(changes.files).toHaveLength(1)
    const env = event('push', { before }, other.head)
    expect((await compared({ kind: 'event' }, { env, workspace: other.root })).added).toEqual(['a2'])
  })
})

describe('the commit before the event', () => {
  test('push: the payload’s, also where the branch has moved on', async () => {
    const pushed = repository.commit({ 'lists/c.txt': ids('c1', 'c2') })
    const env = event('push', { before: first }, pushed)
    expect((await compared({ kind: 'event' }, { env })).added).toEqual(['c1', 'c2'])
    repository.commit({ 'lists/c.txt': ids('c2') })
    expect((await compared({ kind: 'event' }, { env })).added).toEqual(['c2'])
  })

  test('pull_request: the first parent of the merge commit', async () => {
    repository.git('checkout', '--quiet', '-b', 'joiners')
    const head = repository.commit({ 'lists/c.txt': ids('c1') })
    repository.git('checkout', '--quiet', 'main')
    // Merged and done meanwhile: not an addition of this pull request.
    repository.commit({ 'lists/b.txt': null, 'lists/d.txt': ids('d1') })
    repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'joiners')
    const payload = { pull_request: { head: { sha: head } } }
    const env = event('pull_request', payload)
    expect((await compared({ kind: 'event' }, { env })).added).toEqual(['c1'])

    const two = keep(repository.clone('--depth=2'))
    expect((await compared({ kind: 'event' }, { env, workspace: two.root })).added).toEqual(['c1'])

    const { problem } = await compared({ kind: 'event' }, { env: { ...env, GITHUB_SHA: head } })
    expect(problem).toContain('Remove `ref`')
    repository.git('checkout', '--quiet', 'joiners')
    expect((await compared({ kind: 'event' }, { env })).problem).toContain('Remove `ref`')
    const elsewhere = event('pull_request', payload) // as of a run that is about the branch's own commit
    expect((await compared({ kind: 'event' }, { env: elsewhere })).problem).toContain('Remove `ref`')
  })

  test('pull_request: not of a merge of another branch, or of several', async () => {
    for (const branches of [['joiners'], ['joiners', 'others']]) {
      repository.git('checkout', '--quiet', '-B', 'others', first)
      const others = repository.commit({ 'lists/o.txt': ids('o1') })
      repository.git('checkout', '--quiet', '-B', 'joiners', first)
      const head = repository.commit({ 'lists/c.txt': ids('c1') })
      repository.git('checkout', '--quiet', '-B', 'main', first)
      repository.git('merge', '--quiet', '--no-ff', '--no-edit', ...branches)
      const sha = branches.length === 1 ? others : head
      const env = event('pull_request', { pull_request: { head: { sha } } })
      const nameless = event('pull_request', {}, first)
      repository.git('checkout', '--quiet', first)
      expect((await compared({ kind: 'event' }, { env: nameless })).problem).toContain('Remove `ref`')
      repository.git('checkout', '--quiet', 'main')
      expect((await compared({ kind: 'event' }, { env })).problem).toBe(
        `Input \`added-since\`: The checkout is at commit ${repository.head}, not at the commit of this pull_request event (${repository.head}). Remove \`ref\` and \`repository\` from actions/checkout.`,
      )
    }
  })

  test('merge_group: its base', async () => {
    repository.commit({ 'lists/c.txt': ids('c1') })
    const env = event('merge_group', { merge_group: { base_sha: first } })
    expect((await compared({ kind: 'event' }, { env })).added).toEqual(['c1'])
  })

  test.each([
    ['workflow_dispatch', {}, 'has no commit before it'],
    ['schedule', {}, 'has no commit before it'],
    ['pull_request_target', {}, 'has no commit before it'],
    ['push', { before: '0'.repeat(40) }, 'created the branch'],
    ['push', { before: '0'.repeat(64) }, 'created the branch'],
    ['push', { before: `${'0'.repeat(39)}1` }, 'is not in this clone'],
    ['push', { before: `1${'0'.repeat(39)}` }, 'is not in this clone'],
    ['push', { before: 'A'.repeat(40) }, 'names no commit'],
    ['push', { before: 'a'.repeat(41) }, 'names no commit'],
    ['push', { before: `${'a'.repeat(40)}^` }, 'names no commit'],
    ['push', { before: 4 }, 'names no commit'],
    ['push', { before: 'a'.repeat(40) }, 'Run the workflow manually'],
    ['push', { before: 'main' }, 'names no commit'],
    ['push', {}, 'names no commit'],
    ['merge_group', {}, 'names no commit'],
  ])('%s %j: error', async (name, payload, message) => {
    const { problem } = await compared({ kind: 'event' }, { env: event(name, payload) })
    expect(problem).toContain(message)
  })

  test('a payload that is not JSON: error', async () => {
    const env = event('push', {})
    writeFileSync(env['GITHUB_EVENT_PATH'] ?? '', '{')
    const { problem } = await compared({ kind: 'event' }, { env })
    expect(problem).toContain('The payload of the event (`GITHUB_EVENT_PATH`) is not JSON.')
  })

  test.each(['push', 'merge_group'])('%s, another commit is checked out: error', async (name) => {
    repository.git('checkout', '--quiet', '-b', 'other')
    const other = repository.commit({ 'lists/c.txt': ids('c1') })
    repository.git('checkout', '--quiet', 'main')
    const env = event(name, { before: first, merge_group: { base_sha: first } }, other)
    expect((await compared({ kind: 'event' }, { env })).problem).toContain('Remove `ref`')
  })

  test('force-push: error', async () => {
    const before = repository.commit({ 'lists/c.txt': ids('c1') })
    repository.git('reset', '--quiet', '--hard', first)
    repository.commit({ 'lists/d.txt': ids('d1') })
    const { problem } = await compared({ kind: 'event' }, { env: event('push', { before }) })
    const todo =
      'Run the workflow manually. Set `added-since` to the full SHA of the last commit whose additions were all applied, or to `beginning`.'
    expect(problem).toBe(
      `Input \`added-since\`: Commit ${before} is not an ancestor of HEAD: the branch was force-pushed, or the commit is of another branch. ${todo}`,
    )
    const unknown = 'b'.repeat(40)
    expect((await compared(since(unknown))).problem).toBe(
      `Input \`added-since\`: Commit ${unknown} is not in this clone: the branch was force-pushed, or the commit is of another repository. ${todo}`,
    )
  })
})

describe('error, and what to do', () => {
  test.each([
    ['a shallow clone', ['--depth=1']],
    ['a shallow clone that has the commit before', ['--depth=2']],
  ])('%s', async (_, options) => {
    repository.commit({ 'lists/c.txt': ids('c1') })
    repository.commit({ 'lists/d.txt': ids('d1') })
    const clone = keep(repository.clone(...options))
    const { problem } = await compared(since(first), { workspace: clone.root })
    expect(problem).toBe(
      `Input \`added-since\`: This clone is shallow, and ${first} is not seen as an ancestor of HEAD. Set \`fetch-depth\` to 0 for actions/checkout, and no \`filter\`.`,
    )
  })

  test('a partial clone, which fetches nothing', async () => {
    repository.git('config', 'uploadpack.allowFilter', 'true')
    repository.commit({ 'lists/a.txt': ids('a1', 'a3') })
    const clone = keep(repository.clone('--filter=blob:none'))
    const { problem } = await compared(since(first), { workspace: clone.root })
    expect(problem).toContain('no `filter`')
    expect(clone.git('cat-file', '--batch-all-objects', '--batch-check', '--unordered')).not.toContain(
      repository.git('rev-parse', `${first}:lists/a.txt`),
    )
  })

  test('a clone that lost the files of a commit, and one that has no commit', async () => {
    const before = repository.commit({ 'lists/a.txt': ids('a1') })
    repository.commit({ 'lists/a.txt': ids('a1', 'a3') })
    const tree = repository.git('rev-parse', `${before}^{tree}`)
    rmSync(join(repository.root, '.git/objects', tree.slice(0, 2), tree.slice(2)))
    expect((await compared(since(before))).problem).toMatch(
      /Commit [0-9a-f]{40} cannot be read from this clone \("fatal: [^\n]+"\)\. Set `fetch-depth` to 0/,
    )
    const empty = keep(new GitRepository())
    empty.write({ 'lists/a.txt': ids('a1') })
    expect((await compared(since(before), { workspace: empty.root })).problem).toBe(
      'Input `added-since`: HEAD of the checkout is not a commit.',
    )
  })

  test('a payload that cannot be read', async () => {
    const env = { GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: '/nowhere/event.json' }
    expect((await compared({ kind: 'event' }, { env })).problem).toBe(
      'Input `added-since`: "/nowhere/event.json" cannot be read (ENOENT).',
    )
  })

  test('a list that is not tracked', async () => {
    repository.write({ 'lists/generated.txt': ids('g1') })
    const { problem } = await compared(since(first))
    expect(problem).toContain('"lists/generated.txt" is not tracked in HEAD')
    repository.git('rm', '--quiet', '--cached', 'lists/b.txt')
    repository.git('commit', '--quiet', '--message', 'Track no list')
    rmSync(join(repository.root, 'lists/generated.txt'))
    expect((await compared(since(first))).problem).toContain('"lists/b.txt" is not tracked in HEAD')
  })

  test('lists in several repositories, and in none', async () => {
    mkdirSync(join(repository.root, 'lists/inner'))
    const inner = new GitRepository(join(repository.root, 'lists/inner'))
    inner.commit({ 'i.txt': ids('i1') })
    expect((await compared(since(first), { pattern: 'lists/**/*.txt' })).problem).toContain('several')
    rmSync(join(repository.root, '.git'), { recursive: true })
    rmSync(join(repository.root, 'lists/inner'), { recursive: true })
    expect((await compared(since(first))).problem).toContain('not in a Git repository')
  })

  test('lists of which some are in no repository, or in one around the workspace', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'workspace-'))
    const inner = new GitRepository(mkdtempSync(join(workspace, 'a-')))
    const before = inner.commit({ 'a.txt': ids('a1') })
    writeFileSync(join(workspace, 'b.txt'), ids('b1'))
    const some = await compared(since(before), { workspace, pattern: '**/*.txt' })
    expect(some.problem).toContain('not in a Git repository')
    const around = await compared(since(first), {
      workspace: join(repository.root, 'lists'),
      pattern: '*.txt',
    })
    expect(around.problem).toContain('not in a Git repository')
    rmSync(workspace, { recursive: true })
  })

  test('an older version that cannot be read', async () => {
    const before = repository.commit({ 'lists/a.txt': ids('a1', '!broken') })
    repository.commit({ 'lists/a.txt': ids('a1', 'a3') })
    const { problem } = await compared(since(before))
    expect(problem).toContain(`"lists/a.txt" as of commit ${before}, line 2: Invalid ID "!broken".`)
    expect(problem).toContain('put the additions into a new one')
  })

  test.each([
    ['symbolic link', 'lists/c.txt'],
    ['symbolic link', 'lists'],
    ['symbolic link', 'a'],
    ['symbolic link', 'other'],
  ])('%s among the lists of then: %s', async (kind, at) => {
    const nested = { 'a/lists/n.txt': ids('n1'), 'other/o.txt': ids('o1') }
    repository.write(nested)
    rmSync(join(repository.root, at), { recursive: true, force: true })
    symlinkSync('elsewhere', join(repository.root, at))
    const before = repository.commit()
    rmSync(join(repository.root, at))
    repository.commit({ 'lists/c.txt': ids('c1'), ...nested })
    const files = ['lists/*.txt', 'a/lists/*.txt', 'other/*.txt']
    expect(
      (await compared(since(before), { files, pattern: '{lists,a/lists,other}/*.txt' })).problem,
    ).toContain(`"${at}" is a ${kind}`)
  })

  test('a file of then that a program left', async () => {
    const before = repository.commit({ 'lists/~$c.txt': ids('c1') })
    repository.commit({ 'lists/~$c.txt': null, 'lists/c.txt': ids('c1') })
    expect((await compared(since(before))).problem).toContain(
      `"lists/~$c.txt" as of commit ${before}: This file is left over from a program`,
    )
  })

  test('a submodule that held the lists', async () => {
    const other = keep(new GitRepository())
    other.commit({ 'a.txt': ids('a1') })
    repository.git('rm', '-r', '--quiet', 'lists')
    repository.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', other.root, 'lists')
    const before = repository.commit()
    repository.git('rm', '-r', '--quiet', '--force', 'lists')
    repository.commit({ 'lists/a.txt': ids('a1') })
    expect((await compared(since(before))).problem).toContain('"lists" is a submodule')
  })

  test('files whose names cannot be told apart', async () => {
    const [a1, b1] = [ids('a1'), ids('b1')].map((input) =>
      execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: repository.root, input })
        .toString()
        .trim(),
    )
    const input = Buffer.from(`100644 ${a1}\tlists/\xfe.txt\x00100644 ${b1}\tlists/\xff.txt\x00`, 'latin1')
    execFileSync('git', ['update-index', '-z', '--index-info'], { cwd: repository.root, input })
    repository.git('commit', '--quiet', '--message', 'Add lists')
    const before = repository.head
    repository.commit({ 'lists/new.txt': ids('a1', 'b1') })
    expect((await compared(since(before))).problem).toContain('is a file whose name is not UTF-8')
  })

  test('a Git LFS pointer among the lists of then', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'
    const before = repository.commit({ 'lists/a.txt': pointer })
    repository.commit({ 'lists/a.txt': ids('a1') })
    expect((await compared(since(before))).problem).toBe(
      `Input \`added-since\`: "lists/a.txt" is a Git LFS pointer in commit ${before}. Keep lists in the repository itself, not in LFS.`,
    )
  })

  test('no git', async () => {
    const { PATH } = process.env
    process.env['PATH'] = ''
    try {
      expect((await compared(since(first))).problem).toContain('git cannot be started (ENOENT)')
    } finally {
      process.env['PATH'] = PATH
    }
  })

  onPosix('a cancel is none, also while git runs', async () => {
    const reason = new Error('cancelled')
    await expect(compared(since(first), { stop: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const stop = new AbortController()
    await withGit('exec sleep 60', async (started) => {
      const comparing = compared(since(first), { stop: stop.signal })
      void started().then(() => stop.abort(reason))
      await expect(comparing).rejects.toBe(reason)
    })
  })
})

describe('an older list', () => {
  const OLD = '2c9180835d2e5168015d32f890ca1581'
  const NEW = 'ef38f943-47e9-4562-b5bb-8424a56397d8'

  /** Compares a list of now with one of then, in files of this extension. */
  async function comparedTo(
    then: string,
    now: string,
    extension: string,
    settings: Partial<ListSettings> = {},
  ): Promise<Outcome & { readonly then: string }> {
    const name = `lists/list.${extension}`
    const before = repository.commit({ [name]: then })
    repository.commit({ [name]: now })
    return { ...(await compared(since(before), { pattern: name, ...settings })), then: before }
  }

  test.each([
    ['csv', `who,note\n${OLD},x\n`, `id\n${OLD}\n${NEW}\n`],
    ['csv', `note,${OLD.toUpperCase()}\nx,y\n`, `id\n${OLD}\n${NEW}\n`],
    ['json', JSON.stringify([{ who: OLD, note: 'x' }]), JSON.stringify([OLD, NEW])],
    ['csv', `id,alias\n${OLD},ann\n`, `id\n${OLD}\n${NEW}\n`],
    ['csv', `alias,id\nann,${OLD}\n`, `id\n${OLD}\n${NEW}\n`],
  ])('may name an identity in any column: .%s %j', async (extension, then, now) => {
    const { added, problem, changes } = await comparedTo(then, now, extension)
    expect({ added, problem }).toEqual({ added: [NEW], problem: null })
    expect(changes.before?.withoutIscId).toBeNull()
  })

  test.each([
    ['csv', 'who\nann\n', 'id\nann\n', 'lists/list.csv'],
    ['csv', 'who\n', 'id\nann\n', null],
    ['csv', 'id\nhr-1\n', 'id\nann\n', 'lists/list.csv'],
    ['csv', 'id\n', 'id\nann\n', null],
    ['json', '[{"who": "ann"}]', '["ann"]', 'lists/list.json'],
    ['json', '[]', '["ann"]', null],
  ])(
    'without an ISC ID is remembered, unless it is empty: .%s %j',
    async (extension, then, now, expected) => {
      const { problem, changes } = await comparedTo(then, now, extension)
      expect(problem).toBeNull()
      expect(changes.before?.withoutIscId ?? null).toBe(expected)
    },
  )

  test.each<[string, string, Partial<ListSettings>, string]>([
    [
      'txt',
      'a1\nann@example.com',
      {},
      'line 2: The entry is an email address, but the current list holds IDs.',
    ],
    [
      'csv',
      'id,email\n,ann@example.com\n',
      {},
      'line 2: The entry is an email address, but the current list holds IDs.',
    ],
    [
      'csv',
      'who\nann@example.com\n',
      {},
      'line 2: The entry is an email address, but the current list holds IDs.',
    ],
    ['csv', 'alias\nnull\n', { identifyBy: 'alias' }, 'line 2: "null" is what a program writes'],
    ['csv', 'email\na@b@c\n', { identifyBy: 'email' }, 'line 2: Invalid email address "a@b@c".'],
    ['csv', 'email\n#REF!\n', { identifyBy: 'email' }, 'line 2: "#REF!" is what a spreadsheet writes'],
    ['csv', 'id\n"a1\n', {}, 'line 2: The row that begins on this line opens a quote'],
    ['json', '["a1"', {}, 'line 1: This is not valid JSON'],
    [
      'csv',
      'id,email\nhr_1,ann@example.com\n',
      {},
      'line 2: The entry is an email address, but the current list holds IDs.',
    ],
  ])('is a problem where it cannot be compared: .%s %j', async (extension, then, settings, message) => {
    const { problem, then: before } = await comparedTo(then, 'id\n', extension, settings)
    expect(problem).toContain(
      `Input \`added-since\`: "lists/list.${extension}" as of commit ${before}, ${message}`,
    )
    expect(problem).toMatch(
      / The action cannot compare entries with it\. Restore that file, and put the additions into a new one\.$/,
    )
  })

  test.each<[string, string, Partial<ListSettings>]>([
    ['csv', 'email\nann\n', { identifyBy: 'email' }],
    ['csv', `id\n${OLD}\n`, { identifyBy: 'email' }],
    ['csv', `id\n${OLD}\n`, { identifyBy: 'alias' }],
    ['csv', 'email\nann@example.com\n', { identifyBy: 'alias', idColumn: 'email' }],
    ['csv', 'id,alias\nhr_1,ann\nb2,!\n', {}],
  ])('can be compared where one identifier can: .%s %j', async (extension, then, settings) => {
    expect((await comparedTo(then, 'id\n', extension, settings)).problem).toBeNull()
  })

  test('is not read where no list of now is', async () => {
    const before = repository.commit({ 'lists/c.txt': ids('!broken') })
    repository.commit({ 'lists/c.txt': null })
    expect(await compared(since(before))).toMatchObject({ problem: null, changes: { haveChanged: true } })
    repository.commit({ 'lists/d.txt': ids('d1') })
    expect((await compared(since(before))).problem).toContain('"lists/c.txt" as of')
  })
})

test('no list is compared since the beginning', async () => {
  const found = [{ name: 'lists/a.txt', path: join(repository.root, 'lists/a.txt') }]
  const settings = listSettings({ workspace: repository.root, files: ['lists/*.txt'] })
  const problems = new Problems()
  expect(await changedFiles(found, settings, problems, {})).toEqual({
    files: found,
    before: null,
    haveChanged: true,
  })
  expect(problems.count).toBe(0)
})

test('an error of the action itself is no problem of the input', async () => {
  const settings = listSettings({
    workspace: repository.root,
    files: ['lists/*.txt'],
    addedSince: since(first),
  })
  const broken = [{ path: join(repository.root, 'lists/a.txt') }] as unknown as ListFile[]
  await expect(changedFiles(broken, settings, new Problems(), {})).rejects.toThrow('must be of type string')
})

describe('git', () => {
  onPosix('gets neither inputs nor secrets, and is not led elsewhere', async () => {
    const real = repository.git('--exec-path')
    repository.commit({ 'lists/a.txt': ids('a1', 'a2', 'a3') })
    const saved = { ...process.env }
    Object.assign(process.env, {
      'INPUT_CLIENT-SECRET': 'sesame',
      SAIL_CLIENT_SECRET: 'sesame',
      ACTIONS_RUNTIME_TOKEN: 'sesame',
      GIT_DIR: '/nowhere',
      GIT_OBJECT_DIRECTORY: '/nowhere',
    })
    let text = ''
    try {
      await withGit(`exec ${real}/git "$@"`, async (_started, seen) => {
        expect((await compared(since(first))).added).toEqual(['a3'])
        text = seen()
      })
    } finally {
      for (const key of Object.keys(process.env))
        if (!(key in saved)) Reflect.deleteProperty(process.env, key)
    }
    expect(text).not.toContain('sesame')
    expect(text).not.toContain('nowhere')
    const addedByShell = ['OLDPWD', 'SHLVL', '_', '__CF_USER_TEXT_ENCODING']
    const given = [...text.matchAll(/^([A-Za-z_]+)=(.*)$/gm)].filter(
      ([, name = '']) => !addedByShell.includes(name),
    )
    expect(Object.fromEntries(given.map(([, name, value]) => [name, value]))).toEqual({
      PATH: expect.any(String),
      PWD: dirname(process.execPath),
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_GRAFT_FILE: '/dev/null',
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
    })
    const commands = [...text.matchAll(/^--no-replace-objects --git-dir=\S+ -c safe.directory=\S+ (\S+)/gm)]
    expect([...new Set(commands.map(([, command]) => command))].sort()).toEqual([
      'cat-file',
      'ls-tree',
      'merge-base',
      'rev-parse',
    ])
  })

  onPosix('is quoted without its hints, on one line', async () => {
    const fails = String.raw`case "$*" in *ls-tree*) printf 'hint: one\nhint: two\n\nfatal: no hint: at\n  all\n' >&2; exit 1;; esac`
    await withGit(`${fails}\nexec ${repository.git('--exec-path')}/git "$@"`, async () => {
      expect((await compared(since(first))).problem).toContain(
        'cannot be read from this clone ("fatal: no hint: at all").',
      )
    })
  })

  test('ignores replacements of commits', async () => {
    const empty = repository.commit({ 'lists/a.txt': null, 'lists/b.txt': null })
    repository.git('replace', first, empty)
    repository.git('checkout', '--quiet', '-B', 'main', empty)
    repository.commit({ 'lists/z.txt': ids('a1', 'z1') })
    expect((await compared(since(first))).added).toEqual(['z1'])
  })

  test('ignores grafts', async () => {
    const empty = repository.commit({ 'lists/a.txt': null, 'lists/b.txt': null })
    const last = repository.commit({ 'lists/z.txt': ids('a1', 'z1') })
    writeFileSync(join(repository.root, '.git/info/grafts'), `${last} ${first}\n`)
    expect((await compared(since(`${last}^`))).added).toEqual(['a1', 'z1'])
    expect(empty).not.toBe(first)
  })

  test('does not take a folder of the lists for a repository', async () => {
    const bare = keep(new GitRepository())
    const canary = join(bare.root, 'canary')
    bare.git('clone', '--quiet', '--bare', repository.root, join(repository.root, 'lists', 'bare'))
    writeFileSync(
      join(repository.root, 'lists/bare/config'),
      `[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = "touch ${canary}"\n`,
    )
    repository.commit({ 'lists/bare/list.txt': ids('x1') })
    const { added } = await compared(since(first), { pattern: 'lists/bare/*.txt' })
    expect(added).toEqual(['x1'])
    expect(globSync(canary)).toEqual([])
  })
})

describe('an older checkout in a folder', () => {
  const base: Compared = { kind: 'folder', folder: 'base' }
  const files = { 'lists/a.txt': ids('a1', 'a2', 'a3'), 'lists/b.txt': ids('b1') }

  test('is compared path by path', async () => {
    repository.write({ ...files, 'base/lists/a.txt': ids('a1', 'a2'), 'base/lists/b.txt': 'b1\r\n' })
    rmSync(join(repository.root, '.git'), { recursive: true })
    const { added, changes } = await compared(base)
    expect(added).toEqual(['a3'])
    expect(changes).toMatchObject({ before: { version: 'base/' }, files: [{ name: 'lists/a.txt' }] })
  })

  test.each([
    ['does not exist', {}, 'does not exist'],
    ['holds nothing', { 'base/.git/HEAD': '' }, 'holds no file'],
  ])('%s: error', async (_, more, message) => {
    repository.write({ ...files, ...more })
    expect((await compared(base)).problem).toContain(message)
  })

  test('is matched by the pattern for the lists: error', async () => {
    repository.write({ ...files, 'base/lists/a.txt': ids('a1') })
    expect((await compared(base, { pattern: '**/*.txt' })).problem).toContain('Exclude it: !base/**')
  })

  test('is a symbolic link, or holds one: error', async () => {
    repository.write({ ...files, 'real/lists/a.txt': ids('a1') })
    symlinkSync('real', join(repository.root, 'base'))
    expect((await compared(base)).problem).toContain('symbolic link')
    rmSync(join(repository.root, 'base'))
    repository.write({ 'base/lists/a.txt': ids('a1') })
    symlinkSync('a.txt', join(repository.root, 'base/lists/c.txt'))
    expect((await compared(base)).problem).toContain('"lists/c.txt" is a symbolic link in base/')
  })
})
