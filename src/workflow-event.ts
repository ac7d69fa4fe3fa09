import { readFileSync } from 'node:fs'

import { memberOf } from './problems.ts'

/** The event that started the workflow. */
export interface WorkflowEvent {
  /** `pull_request`, `push`, …; empty outside of GitHub Actions. */
  readonly name: string
  /** The commit that the run is about (`GITHUB_SHA`); of a pull request, the merge commit. */
  readonly commit: string
  /** Who started the run. */
  readonly actor: string
  /** A value of the payload, by its path; undefined where the payload has none. */
  readonly at: (...path: readonly string[]) => unknown
}

/** The workflow run, from the runner's environment (`GITHUB_REPOSITORY`, …). */
export interface WorkflowRun {
  readonly repository: string
  readonly runId: string
  readonly runAttempt: string
  readonly commit: string
  readonly event: string
  readonly actor: string
  /** The run's page. */
  readonly url: string
}

/** Reads what the runner says of the event. @throws where the payload cannot be read */
export function readWorkflowEvent(env: NodeJS.ProcessEnv): WorkflowEvent {
  const path = env['GITHUB_EVENT_PATH']
  const payload: unknown = path ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return {
    name: env['GITHUB_EVENT_NAME'] ?? '',
    commit: env['GITHUB_SHA'] ?? '',
    actor: env['GITHUB_ACTOR'] ?? '',
    at: (...keys) => keys.reduce(memberOf, payload),
  }
}

/**
 * Why the workflow gets no secrets, and a token that can only read: its pull request is from a fork, or by Dependabot.
 * Null where it gets them.
 */
export function reasonForNoSecrets({ name, actor, at }: WorkflowEvent): 'fork' | 'Dependabot' | null {
  if (name !== 'pull_request') return null
  const [head, base] = [at('pull_request', 'head', 'repo', 'id'), at('pull_request', 'base', 'repo', 'id')]
  // The repository of a fork may be gone, and has no ID then.
  if (head !== base) return 'fork'
  return actor === 'dependabot[bot]' ? 'Dependabot' : null
}

/** Where the run is, and what started it; null outside of GitHub Actions. */
export function workflowRun(env: NodeJS.ProcessEnv): WorkflowRun | null {
  const [repository, runId] = [env['GITHUB_REPOSITORY'], env['GITHUB_RUN_ID']]
  if (!repository || !runId) return null
  return {
    repository,
    runId,
    runAttempt: env['GITHUB_RUN_ATTEMPT'] ?? '',
    commit: env['GITHUB_SHA'] ?? '',
    event: env['GITHUB_EVENT_NAME'] ?? '',
    actor: env['GITHUB_ACTOR'] ?? '',
    url: `${env['GITHUB_SERVER_URL'] ?? ''}/${repository}/actions/runs/${runId}`,
  }
}
