import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly user: string
  body: string
}

/** What a token may do, as GitHub answers it. */
export type Access = 'write' | 'read' | 'none'

/**
 * The part of GitHub's REST API that comments need: pages, permissions, limits, and answers as documented. And, where
 * there is one, a repository to check out by HTTP.
 */
export class GitHubServer {
  readonly comments: Comment[] = []
  /** By commit: the pull requests that hold it. */
  readonly pulls: Record<
    string,
    { number: number; merged_at: string | null; merge_commit_sha: string | null }[]
  > = {}
  /** Whose token it is; the job's token may not ask for its own account. */
  login = 'github-actions[bot]'
  access: Access = 'write'
  /** Answers the next so many requests so, in place of their own. */
  readonly faults: ((response: ServerResponse) => void)[] = []
  readonly requests: string[] = []
  /** The folder with the repository `acme/identities`. */
  repository: string | null = null
  /** Happens before a checkout learns what there is. */
  onCheckout: () => void = () => undefined
  #id = 1000
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        send(response, 500, { message: String(error) })
      })
    })
  }

  static async open(): Promise<GitHubServer> {
    const server = new GitHubServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  /** `GITHUB_SERVER_URL`: other hosts than `.localhost` are taken for an Enterprise Server. */
  get url(): string {
    return `http://github.localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** `GITHUB_API_URL` */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v3`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  add(issue: number, user: string, body: string): Comment {
    const comment = { id: (this.#id += 1), issue, user, body }
    this.comments.push(comment)
    return comment
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, git] = /^\/acme\/identities(?:\.git)?(\/.*)$/.exec(request.url ?? '') ?? []
    if (this.repository !== null && git !== undefined) {
      if (git.startsWith('/info/refs')) this.onCheckout()
      return answerGit(this.repository, git, request, response)
    }
    const body = await text(request)
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server')
    const path = pathname.replace(/^\/api\/v3\//, '')
    this.requests.push(`${request.method ?? ''} ${path}`)
    const fault = this.faults.shift()
    if (fault !== undefined) return fault(response)
    if (request.headers.authorization !== 'Bearer ghs_token')
      return send(response, 401, { message: 'Bad credentials' })
    if (path === 'user') {
      return this.login.endsWith('[bot]')
        ? send(response, 403, { message: 'Resource not accessible by integration' })
        : send(response, 200, { login: this.login })
    }
    const needed = request.method === 'GET' ? ['read', 'write'] : ['write']
    if (!needed.includes(this.access))
      return send(response, 403, { message: 'Resource not accessible by integration' })

    const [, issue] = /^repos\/acme\/identities\/issues\/(\d+)\/comments$/.exec(path) ?? []
    const [, id] = /^repos\/acme\/identities\/issues\/comments\/(\d+)$/.exec(path) ?? []
    const [, commit] = /^repos\/acme\/identities\/commits\/([0-9a-f]{40})\/pulls$/.exec(path) ?? []
    const given = body === '' ? {} : (JSON.parse(body) as { body?: string })
    if (request.method !== 'GET' && (given.body ?? '').length > 65_536)
      return send(response, 422, { message: 'Validation Failed' })
    if (request.method === 'GET' && issue !== undefined)
      return this.#page(
        response,
        path,
        searchParams,
        this.comments.filter((one) => one.issue === Number(issue)),
      )
    if (request.method === 'GET' && commit !== undefined)
      return this.#page(response, path, searchParams, this.pulls[commit] ?? [])
    if (request.method === 'POST' && issue !== undefined)
      return send(response, 201, shown(this.add(Number(issue), this.login, given.body ?? '')))
    const comment = this.comments.find((one) => one.id === Number(id))
    if (request.method !== 'PATCH' || comment === undefined)
      return send(response, 404, { message: 'Not Found' })
    comment.body = given.body ?? ''
    send(response, 200, shown(comment))
  }

  /** At most 100 items, and a header that names the next page. */
  #page(
    response: ServerResponse,
    path: string,
    asked: URLSearchParams,
    items: readonly (Comment | object)[],
  ): void {
    const size = Math.min(Number(asked.get('per_page') ?? 30), 100)
    const page = Number(asked.get('page') ?? 1)
    const url = (to: number): string => `<${this.address}/${path}?per_page=${size}&page=${to}>`
    const links = [`${url(1)}; rel="first"`]
    if (page * size < items.length) links.unshift(`${url(page + 1)}; rel="next"`)
    response.setHeader('link', links.join(', '))
    send(
      response,
      200,
      items.slice((page - 1) * size, page * size).map((item) => ('issue' in item ? shown(item) : item)),
    )
  }
}

/** Answers as Git's own server does, by its CGI program. */
function answerGit(
  repository: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [pathInfo = '', query = ''] = path.split('?')
  const { method = 'GET', headers } = request
  const child = spawn('git', ['-c', 'uploadpack.allowAnySHA1InWant=true', 'http-backend'], {
    env: {
      PATH: process.env['PATH'],
      CONTENT_TYPE: headers['content-type'] ?? '',
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROJECT_ROOT: `${repository}/.git`,
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      PATH_INFO: pathInfo,
      QUERY_STRING: query,
      REQUEST_METHOD: method,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  request.pipe(child.stdin)
  let head = Buffer.alloc(0)
  child.stdout.on('data', (piece: Buffer) => {
    if (response.headersSent) {
      response.write(piece)
      return
    }
    head = Buffer.concat([head, piece])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    const fields = head.subarray(0, end).toString().split('\r\n')
    const named = fields.map((field) => /^([^:]+): *(.*)$/.exec(field)?.slice(1) as [string, string])
    const status = named.find(([name]) => name === 'Status')?.[1] ?? '200'
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(named))
    response.write(head.subarray(end + 4))
  })
  child.stdout.on('end', () => response.end())
}

function shown({ id, user, body }: Comment): object {
  return { id, user: { login: user }, body }
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(answer))
}
