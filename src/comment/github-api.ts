import { text } from 'node:stream/consumers'

import { HttpClient } from '@actions/http-client'
import type { RequestHandler } from '@actions/http-client/lib/interfaces'

import manifest from '../../package.json' with { type: 'json' }
import { memberOf, reasonOf } from '../problems.ts'

/** GitHub rejected a request, or did not answer. */
export class GitHubApiError extends Error {
  /** null where there was no answer. */
  readonly status: number | null

  constructor(message: string, status: number | null) {
    super(message)
    this.name = 'GitHubApiError'
    this.status = status
  }
}

const PERMISSION = ' Give the job `permissions: pull-requests: write`.'

/** 100 comments per page, and more of them than a pull request can hold. */
const MOST_PAGES = 1_000

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
  // The client retries what only reads.
  const client = new HttpClient(`isc-enable-identities/${manifest.version}`, [DEADLINE], {
    allowRetries: true,
    maxRetries: 3,
    headers: {
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
    },
  })

  async function request(method: string, path: string, body?: unknown): Promise<[unknown, string]> {
    const url = `${address.replace(/\/$/, '')}/${path}`
    try {
      // On a redirect to another host, the client drops this header. It would keep one that was set for all requests.
      const headers = { authorization: `Bearer ${token}` }
      const sent = body === undefined ? '' : JSON.stringify(body)
      const { message } = await client.request(method, url, sent, headers)
      // The client's own reader never ends if the connection is cut.
      const answer: unknown = parsed(await text(message))
      const { statusCode = 0 } = message
      if (statusCode < 200 || statusCode > 299)
        throw new GitHubApiError(
          `GitHub answered ${statusCode} (${wordsOf(answer)}) to ${method} ${path}.${statusCode === 403 ? PERMISSION : ''}`,
          statusCode,
        )
      return [answer, String(message.headers['link'])]
    } catch (error) {
      if (error instanceof GitHubApiError) throw error
      throw new GitHubApiError(`GitHub did not answer ${method} ${path} (${reasonOf(error)}).`, null)
    }
  }

  return {
    /** @throws GitHubApiError */
    call: async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> =>
      (await request(method, path, body))[0],
    /** All items of a list that GitHub gives in pages. @throws GitHubApiError */
    all: async function* (path: string): AsyncGenerator {
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const [items, link] = await request('GET', `${path}?per_page=100&page=${page}`)
        if (!Array.isArray(items)) throw new GitHubApiError(`GitHub answered no list to GET ${path}.`, null)
        yield* items
        if (!link.includes('rel="next"')) return
      }
    },
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null // a proxy's page; the status says enough
  }
}

function wordsOf(answer: unknown): string {
  const message = memberOf(answer, 'message')
  return typeof message === 'string' ? message : 'without a reason'
}
