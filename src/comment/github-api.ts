import type { IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'

import { HttpClient } from '@actions/http-client'
import type { RequestHandler } from '@actions/http-client/lib/interfaces'

import manifest from '../../package.json' with { type: 'json' }
import { memberOf, reasonOf } from '../problems.ts'
import { Secrets } from '../sailpoint/answers/secrets.ts'

/** GitHub rejected a request, did not answer, or gave no answer that can be read. */
export class GitHubApiError extends Error {
  /** null where there was no answer, or another one than expected. */
  readonly status: number | null
  /** The token may not do that. */
  readonly isNotAccessible: boolean

  constructor(message: string, status: number | null, isNotAccessible = false) {
    super(message)
    this.name = 'GitHubApiError'
    this.status = status
    this.isNotAccessible = isNotAccessible
  }
}

const NOT_ACCESSIBLE = 'Resource not accessible by '
const JOB_PERMISSION = ' Give the job `permissions: pull-requests: write`.'
const TOKEN_PERMISSION = ' Give the token in `github-token` read and write access to pull requests.'

/** 100 comments per page, and more of them than a pull request can hold. */
const MOST_PAGES = 1_000

/** More than a page of the longest comments. */
const LARGEST_ANSWER_MIB = 32

/** Waits before what only reads is sent again, in milliseconds. */
const RETRY_WAITS = [250, 500, 1_000]

const RETRYABLE = [502, 503, 504]

/** The client's own time-out begins again with every byte, so a slow answer could last forever. */
const DEADLINE: RequestHandler = {
  prepareRequest: (options) => {
    options.signal = AbortSignal.timeout(60_000)
  },
  canHandleAuthentication: () => false,
  handleAuthentication: () => Promise.reject(new Error('GitHub asked for another authentication.')),
}

export type GitHubApi = ReturnType<typeof gitHubApi>

/** Requests of GitHub's REST API, each path without a slash at its start. */
export function gitHubApi(address: string, token: string) {
  // The client's own retries and redirects read bodies in a way that never ends if the connection is cut, and a redirect
  // to another port would get the token.
  const client = new HttpClient(`isc-enable-identities/${manifest.version}`, [DEADLINE], {
    allowRetries: false,
    allowRedirects: false,
    headers: {
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
    },
  })

  const secrets = new Secrets()
  secrets.add(token)

  async function attempt(method: string, path: string, body: string): Promise<[unknown, string]> {
    const url = `${address.replace(/\/$/, '')}/${path}`
    let text: string
    let message: IncomingMessage
    try {
      ;({ message } = await client.request(method, url, body, { authorization: `Bearer ${token}` }))
      text = await textOf(message)
    } catch (error) {
      if (error instanceof GitHubApiError) throw error
      throw new GitHubApiError(
        `GitHub did not answer ${method} ${path} (${reasonOf(error)}). Check the connection to GitHub.`,
        null,
      )
    }
    const answer = parsed(text)
    const { statusCode = 0 } = message
    const isSuccess = statusCode >= 200 && statusCode <= 299
    if (isSuccess && answer !== undefined) return [answer, String(message.headers['link'])]
    if (isSuccess) throw unexpected(`${method} ${path}`, 'JSON')
    const words = secrets.redact(wordsOf(answer))
    throw new GitHubApiError(
      `GitHub answered ${statusCode} (${words}) to ${method} ${path}.${adviceOn(statusCode, words)}`,
      statusCode,
      statusCode === 403 && words.startsWith(NOT_ACCESSIBLE),
    )
  }

  async function read(path: string): Promise<[unknown, string]> {
    for (const wait of RETRY_WAITS) {
      try {
        return await attempt('GET', path, '')
      } catch (error) {
        if (!(error instanceof GitHubApiError) || !RETRYABLE.includes(error.status ?? 502)) throw error
      }
      await setTimeout(wait)
    }
    return await attempt('GET', path, '')
  }

  return {
    /** @throws GitHubApiError */
    get: async (path: string): Promise<unknown> => (await read(path))[0],
    /** Writes a comment with this text. It is sent once. Returns the comment's author. @throws GitHubApiError */
    writeComment: async (method: 'POST' | 'PATCH', path: string, body: string): Promise<unknown> => {
      const [answer] = await attempt(method, path, JSON.stringify({ body }))
      if (typeof memberOf(answer, 'id') !== 'number') throw unexpected(`${method} ${path}`, 'a comment')
      return memberOf(memberOf(answer, 'user'), 'login')
    },
    /** All items of a list that GitHub gives in pages. @throws GitHubApiError */
    all: async function* (path: string): AsyncGenerator {
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const [items, link] = await read(`${path}?per_page=100&page=${page}`)
        if (!Array.isArray(items)) throw unexpected(`GET ${path}`, 'a list')
        yield* items
        if (!link.includes('rel="next"')) return
      }
    },
  }
}

/** What another server answered in GitHub's place, such as a proxy. */
export function unexpected(request: string, wanted: string): GitHubApiError {
  return new GitHubApiError(
    `GitHub's answer to ${request} is not ${wanted}. Check the proxy and \`GITHUB_API_URL\`.`,
    null,
  )
}

function adviceOn(status: number, words: string): string {
  if (status === 401) return ' Check `github-token`.'
  if (status === 404) return ' Check that `github-token` can access this repository.'
  if (status !== 403 || !words.startsWith(NOT_ACCESSIBLE)) return ''
  return words.includes('personal access token') ? TOKEN_PERMISSION : JOB_PERMISSION
}

/** @throws where the connection is cut; GitHubApiError where the answer is too large */
async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > LARGEST_ANSWER_MIB * 1024 * 1024)
      throw new GitHubApiError(
        `An answer of GitHub is larger than ${LARGEST_ANSWER_MIB} MiB.`,
        message.statusCode ?? null,
      )
  }
  return Buffer.concat(chunks).toString()
}

/** Undefined where it is no JSON, such as the page of a proxy. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function wordsOf(answer: unknown): string {
  const message = memberOf(answer, 'message')
  return typeof message === 'string' ? message : 'without a reason'
}
