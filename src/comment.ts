import { readFileSync } from 'node:fs'

import * as core from '@actions/core'

import { gitHubApi, GitHubApiError } from './comment/github-api.ts'
import { CannotComment, keepComment, type Told } from './comment/keep-comment.ts'
import { reasonOf } from './problems.ts'
import { forAnnotation, forLog } from './report/words/harmless.ts'
import { readWorkflowEvent } from './workflow-event.ts'

/** Letters and digits of any script; nothing that means anything in Markdown or ends an HTML comment. */
const LABEL = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,49}$/u

/** The action `comment`: keeps the summary of a run as a comment on the pull request. */
async function comment(env: NodeJS.ProcessEnv): Promise<Told> {
  const token = core.getInput('github-token')
  if (token !== '') core.setSecret(token)
  const label = core.getInput('label')
  if (label !== '' && !LABEL.test(label))
    throw new CannotComment(
      `Invalid value ${JSON.stringify(label)} for \`label\`. Use up to 50 letters, digits, spaces, dots, underscores, and dashes. Begin with a letter or a digit.`,
    )
  const file = core.getInput('summary-file')
  if (file === '')
    return {
      level: 'notice',
      text: 'No comment: `summary-file` is empty. If the step that plans or enables ran, check its `id`, and the names of its output and of this input, in the workflow.',
    }
  if (token === '') throw new CannotComment('Input `github-token` is empty. Remove it, or set it to a token.')
  const api = gitHubApi(env['GITHUB_API_URL'] ?? 'https://api.github.com', token)
  return await keepComment(api, readWorkflowEvent(env), {
    summary: summaryIn(file),
    label,
    repository: env['GITHUB_REPOSITORY'] ?? '',
    runId: Number(env['GITHUB_RUN_ID']),
    runAttempt: Number(env['GITHUB_RUN_ATTEMPT'] ?? 1),
  })
}

/** @throws CannotComment */
function summaryIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CannotComment(
      `Input \`summary-file\`: the file cannot be read (${reasonOf(error)}). Run this action in the same job as the step that wrote it.`,
    )
  }
}

// Node exits with this code when nothing is pending, even if the run never reached the end below.
process.exitCode = 1
try {
  const { level, text } = await comment(process.env)
  if (level === 'info') core.info(forLog(text))
  else core[level](forAnnotation(text))
  process.exitCode = 0
} catch (error) {
  const consequence = error instanceof GitHubApiError ? 'No comment was written or updated. ' : ''
  core.error(forAnnotation(consequence + reasonOf(error)))
}
