import { readFileSync } from 'node:fs'

/** The event that started the workflow. */
export interface WorkflowEvent {
  /** `pull_request`, `push`, …; empty outside of GitHub Actions. */
  readonly name: string
  /** The commit that the run is about (`GITHUB_SHA`); of a pull request, the merge commit. */
  readonly commit: string
  /** A value of the payload, by its path; undefined where the payload has none. */
  readonly at: (...path: readonly string[]) => unknown
}

/** Reads what the runner says of the event. @throws where the payload cannot be read */
export function readWorkflowEvent(env: NodeJS.ProcessEnv): WorkflowEvent {
  const path = env['GITHUB_EVENT_PATH']
  const payload: unknown = path ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return {
    name: env['GITHUB_EVENT_NAME'] ?? '',
    commit: env['GITHUB_SHA'] ?? '',
    at: (...keys) => keys.reduce(memberOf, payload),
  }
}

/** A member of an object that others made; undefined where it has none, or is no object. */
export function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
}
