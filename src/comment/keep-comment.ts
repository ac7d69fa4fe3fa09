import { factsOfSummary } from '../report/summary/summary-facts.ts'
import { memberOf, reasonOf } from '../problems.ts'
import { forMarkdown } from '../report/words/harmless.ts'
import { reasonForNoSecrets, type WorkflowEvent } from '../workflow-event.ts'
import { GitHubApiError, unexpected, type GitHubApi } from './github-api.ts'

/** The text of the comment, and the run that it is about. */
export interface RunSummary {
  /** The text of the file `summary-file`. */
  readonly summary: string
  /** Tells several comments on one pull request apart; empty where there is one. */
  readonly label: string
  /** `owner/name` */
  readonly repository: string
  readonly runId: number
  readonly runAttempt: number
}

/** What became of the comment, for the log. A warning where it is missing and should not be. */
export interface Told {
  readonly level: 'info' | 'notice' | 'warning'
  readonly text: string
}

/** There is no comment, or it is out of date; the message says why, and what to do. */
export class CannotComment extends Error {}

/** The account that writes the comments made with the job's token. */
const JOB_TOKEN = 'github-actions[bot]'

/** Writes, updates or omits the comment that this event asks for. @throws CannotComment, GitHubApiError */
export async function keepComment(api: GitHubApi, event: WorkflowEvent, run: RunSummary): Promise<Told> {
  const facts = factsOfSummary(run.summary)
  if (facts === null)
    throw new CannotComment(
      'Input `summary-file`: the file is no summary of this action. Use the output `summary-file` of the step that planned or enabled.',
    )
  switch (event.name) {
    case 'pull_request':
      return await onPullRequest(api, event, run, facts.changed || facts.failed)
    case 'push':
      return facts.enabled > 0 || facts.failed
        ? await onMerged(api, event, run)
        : notice('the run enabled no identity, and succeeded')
    default:
      return notice(`the event is ${event.name}, not pull_request or push`)
  }
}

async function onPullRequest(
  api: GitHubApi,
  event: WorkflowEvent,
  run: RunSummary,
  isWorthCreating: boolean,
): Promise<Told> {
  const number = event.at('pull_request', 'number')
  if (typeof number !== 'number') throw new CannotComment('The payload of the event names no pull request.')
  const reason = reasonForNoSecrets(event)
  if (reason !== null)
    return notice(reason === 'fork' ? 'the pull request is from a fork' : 'Dependabot started the run')
  const account = await ownLogin(api)
  const own = await ownComments(api, account, number, run)
  const [kept] = own
  const body = `${markerOf(run, event.commit)}\n${bodyOf(run)}`
  if (kept === undefined) {
    if (!isWorthCreating) return notice('no list changed, and the plan did not fail')
    return await create(api, run, number, body, account)
  }
  if (own.some(({ isNewer }) => isNewer))
    return {
      level: 'notice',
      text: `The comment on pull request ${number} is from a newer run, so this run did not update it.`,
    }
  try {
    await api.writeComment('PATCH', `repos/${run.repository}/issues/comments/${kept.id}`, body)
  } catch (error) {
    throw new CannotComment(
      `The comment on pull request ${number} is out of date. It cannot be updated: ${reasonOf(error)}`,
    )
  }
  return { level: 'info', text: `Updated the comment on pull request ${number}.` }
}

/** The result of a run that a merge started. */
async function onMerged(api: GitHubApi, event: WorkflowEvent, run: RunSummary): Promise<Told> {
  const merged: { number: number; isByThis: boolean }[] = []
  try {
    for await (const pull of api.all(`repos/${run.repository}/commits/${event.commit}/pulls`)) {
      const number = memberOf(pull, 'number')
      if (typeof number === 'number' && typeof memberOf(pull, 'merged_at') === 'string')
        merged.push({ number, isByThis: memberOf(pull, 'merge_commit_sha') === event.commit })
    }
  } catch (error) {
    // The run has ended, and a red job would be run again.
    return { level: 'warning', text: `No comment: ${reasonOf(error)} ${ELSEWHERE}` }
  }
  const { number } = merged.find(({ isByThis }) => isByThis) ?? merged[0] ?? {}
  if (number === undefined) return notice('the commit belongs to no merged pull request')
  return await create(api, run, number, bodyOf(run))
}

/** Writes a new comment. `account`: by which the next run looks for it; undefined where none will. */
async function create(
  api: GitHubApi,
  { repository }: RunSummary,
  number: number,
  body: string,
  account?: string,
): Promise<Told> {
  const text = `Commented on pull request ${number}.`
  try {
    const author = await api.writeComment('POST', `repos/${repository}/issues/${number}/comments`, body)
    if (account === undefined || author === account) return { level: 'info', text }
  } catch (error) {
    return { level: 'warning', text: `No comment on pull request ${number}: ${reasonOf(error)} ${ELSEWHERE}` }
  }
  return {
    level: 'warning',
    text: `${text} The next run cannot find this comment, because the token cannot read its own account. Use the job's token or a personal access token for \`github-token\`.`,
  }
}

const ELSEWHERE = 'The log and the report have the result.'

function notice(why: string): Told {
  return { level: 'notice', text: `No comment: ${why}.` }
}

function bodyOf({ label, summary }: RunSummary): string {
  return label === '' ? summary : `**${forMarkdown(label)}**\n\n${summary}`
}

/**
 * The first line of a comment says which comment it is, and which run wrote it. A label has no characters that could
 * end this HTML comment.
 */
function markerOf({ label, runId, runAttempt }: RunSummary, commit: string): string {
  return `<!-- isc-enable-identities comment ${JSON.stringify({ label, runId, runAttempt, commit })} -->`
}

const MARKER =
  /^<!-- isc-enable-identities comment \{"label":"([^"]*)","runId":(\d+),"runAttempt":(\d+),"commit":"\w*"\} -->\r?\n/

/** The comments with this label that the token's account wrote, oldest first; `isNewer`: in a run after this one. */
async function ownComments(
  api: GitHubApi,
  author: string,
  number: number,
  { repository, label, ...run }: RunSummary,
) {
  const own: { id: number; isNewer: boolean }[] = []
  for await (const comment of api.all(`repos/${repository}/issues/${number}/comments`)) {
    const [id, user] = [memberOf(comment, 'id'), memberOf(comment, 'user')]
    const [, of, runId, runAttempt] = MARKER.exec(String(memberOf(comment, 'body'))) ?? []
    if (typeof id !== 'number' || of !== label || memberOf(user, 'login') !== author) continue
    const runsLater = Number(runId) - run.runId || Number(runAttempt) - run.runAttempt
    own.push({ id, isNewer: runsLater > 0 })
  }
  return own
}

/** Anyone can write the marker into a comment; only this account's comments are kept. */
async function ownLogin(api: GitHubApi): Promise<string> {
  let account: unknown
  try {
    account = await api.get('user')
  } catch (error) {
    // The job's token cannot read its own account.
    if (error instanceof GitHubApiError && error.isNotAccessible) return JOB_TOKEN
    throw error
  }
  const login = memberOf(account, 'login')
  if (typeof login === 'string') return login
  throw unexpected('GET user', 'an account')
}
