import { spawn } from 'node:child_process'
import { lstat } from 'node:fs/promises'
import { devNull } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'

/** What a call of git gave. */
export interface GitAnswer {
  readonly status: number | null
  readonly output: Buffer
  /** What git wrote to stderr, as one line without hints. */
  readonly error: string
}

/** Runs git with these arguments. @throws where it cannot be started, and the reason of `stop` */
export type Git = (...args: readonly string[]) => Promise<GitAnswer>

/**
 * All that git gets of the environment: not the action's inputs, secrets and tokens, and no variable that leads it to
 * another repository. With this it asks for nothing, fetches nothing, and reads no configuration but the repository's.
 */
function environment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env
  return {
    PATH,
    SystemRoot,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    // Grafts and replaced objects (below) would give a commit other parents than its own.
    GIT_GRAFT_FILE: devNull,
    // A partial clone fetches what it lacks. The first is known from git 2.44 on, the second from 2.12 on.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  }
}

/**
 * The git of the repository in this folder. It is named, not searched for: a pull request can hold a folder that git
 * takes for a bare repository, configuration included.
 */
export function gitOf(repository: string, stop?: AbortSignal): Git {
  return async (...args) => {
    stop?.throwIfAborted()
    const child = spawn(
      'git',
      [
        '--no-replace-objects',
        `--git-dir=${join(repository, '.git')}`,
        // In a container job the workspace belongs to another user.
        '-c',
        `safe.directory=${repository}`,
        ...args,
      ],
      {
        // Windows looks for a program in the current folder first, which must not be the workspace.
        cwd: dirname(process.execPath),
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        ...(stop === undefined ? {} : { signal: stop }),
      },
    )
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    const [status, output, error] = await Promise.all([ended, buffer(child.stdout), text(child.stderr)])
    return { status, output, error: withoutHints(error) }
  }
}

/** Git has a hint on grafts, which the environment rules out. */
function withoutHints(error: string): string {
  return error
    .replace(/^hint:.*/gm, '')
    .trim()
    .replace(/\s+/g, ' ')
}

/** The folder of the workspace, this one or one above it, that holds a repository; null where there is none. */
export async function repositoryAbove(folder: string, workspace: string): Promise<string | null> {
  const isRepository = await lstat(join(folder, '.git')).then(Boolean, () => false)
  if (isRepository) return folder
  return folder === workspace || folder === dirname(folder)
    ? null
    : await repositoryAbove(dirname(folder), workspace)
}
