import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

import { GitHubServer } from '../../dev/external-checks/workflows/github-server.ts'
import { ROOT } from '../../dev/run-action.ts'
import { summaryFactsLine, type SummaryFacts } from '../../src/report/summary/summary-facts.ts'

const SHA = '0123456789abcdef0123456789abcdef01234567'
const BOT = 'github-actions[bot]'

let server: GitHubServer
let folder: string

beforeEach(async () => {
  server = await GitHubServer.open()
  folder = mkdtempSync(join(tmpdir(), 'comment-'))
})

afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

interface Start {
  readonly event?: string
  readonly payload?: unknown
  readonly summary?: string | null
  readonly env?: NodeJS.ProcessEnv
  readonly label?: string
  /** The program and its arguments, below the repository. */
  readonly program?: readonly [string, ...string[]]
}

const BUNDLE = ['dist/comment/index.js'] as const
const SOURCES = ['dev/run-sources.js', 'src/comment.ts'] as const

const pullRequest = (head: { id: number } | null = { id: 1 }): unknown => ({
  pull_request: { number: 7, head: { repo: head }, base: { repo: { id: 1 } } },
})

function summaryOf(facts: Partial<SummaryFacts> = {}, words = 'Would enable 3.'): string {
  return `### ${words}\n\n${summaryFactsLine({ changed: true, failed: false, enabled: 0, ...facts })}\n`
}

/** Runs the action in a process of its own, as the runner does. */
async function comment({
  event = 'pull_request',
  payload = pullRequest(),
  summary = summaryOf(),
  env = {},
  label = '',
  program: [program, ...args] = SOURCES,
}: Start = {}): Promise<{ exitCode: number | null; output: string }> {
  const [eventFile, summaryFile] = [join(folder, 'event.json'), join(folder, 'summary.md')]
  writeFileSync(eventFile, JSON.stringify(payload))
  if (summary !== null) writeFileSync(summaryFile, summary)
  const { PATH, NODE_V8_COVERAGE } = process.env
  const child = spawn(process.execPath, [join(ROOT, program), ...args], {
    env: {
      PATH,
      ...(NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }),
      GITHUB_API_URL: server.address,
      GITHUB_ACTOR: 'ada',
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_REPOSITORY: 'acme/identities',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: '100',
      GITHUB_SHA: SHA,
      'INPUT_SUMMARY-FILE': summary === null ? '' : summaryFile,
      'INPUT_GITHUB-TOKEN': 'ghs_token',
      INPUT_LABEL: label,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(stderr).toBe('')
  const token = 'INPUT_GITHUB-TOKEN' in env ? env['INPUT_GITHUB-TOKEN'] : 'ghs_token'
  const mask = token ? `::add-mask::${token}\n` : ''
  expect(stdout.slice(0, mask.length)).toBe(mask)
  return { exitCode: await exit, output: stdout.slice(mask.length) }
}

const bodies = (): string[] => server.comments.map(({ body }) => body)

const CREATED = 'Commented on pull request 7.\n'

describe('on pull_request', () => {
  test.each([[BUNDLE], [SOURCES]])('a comment is created, then updated, by %j', async (program) => {
    expect(await comment({ program })).toEqual({ exitCode: 0, output: CREATED })
    expect(bodies()).toEqual([expect.stringMatching(/^<!-- isc-enable-identities comment .*\n### Would/)])
    const summary = summaryOf({ changed: false }, 'Nothing to enable.')
    expect(await comment({ program, summary, env: { GITHUB_RUN_ID: '101' } })).toEqual({
      exitCode: 0,
      output: 'Updated the comment on pull request 7.\n',
    })
    expect(bodies()).toEqual([expect.stringContaining('Nothing to enable.')])
  })

  test.each([
    [
      { changed: false, failed: false },
      '::notice::No comment: no list changed, and the plan did not fail.\n',
    ],
    [{ changed: true, failed: false }, CREATED],
    [{ changed: false, failed: true }, CREATED],
  ])('it is created only where lists changed or the plan failed: %j', async (facts, output) => {
    expect(await comment({ summary: summaryOf(facts) })).toEqual({ exitCode: 0, output })
    expect(server.comments).toHaveLength(output === CREATED ? 1 : 0)
  })

  test('it is found by author and marker, on all pages', async () => {
    await comment()
    const [own] = server.comments.splice(0)
    for (let index = 0; index < 230; index += 1) server.add(7, 'bob', 'Looks good.')
    server.add(7, 'mallory', own?.body.replace('"runId":100', '"runId":999') ?? '')
    server.comments.push({ id: 1, issue: 7, user: BOT, body: own?.body ?? '' })
    await comment({ summary: summaryOf({}, 'Would enable 4.') })
    expect(server.comments).toHaveLength(232)
    expect(server.comments.at(-1)?.body).toContain('Would enable 4.')
    expect(server.comments.at(-2)?.body).toContain('Would enable 3.')
    expect(server.requests.filter((one) => one.endsWith('issues/7/comments'))).toHaveLength(1 + 1 + 3)
  })

  test('its marker may end in CRLF, as some clients write it, and counts only at the start', async () => {
    await comment()
    const [own] = server.comments
    if (own !== undefined) own.body = own.body.replace('\n', '\r\n')
    server.add(7, BOT, `As it said: ${own?.body.replace('"runId":100', '"runId":999')}`)
    expect(await comment()).toMatchObject({ output: 'Updated the comment on pull request 7.\n' })
  })

  test('an account without a name is not taken for the job’s', async () => {
    server.faults.push((response) => response.end('{"login":7}'))
    expect(await comment()).toEqual({
      exitCode: 1,
      output:
        "::error::No comment was written or updated. GitHub's answer to GET user is not an account. Check the proxy and `GITHUB_API_URL`.\n",
    })
    expect(server.comments).toEqual([])
  })

  test('a person’s token writes and finds its own', async () => {
    server.login = 'ada'
    await comment()
    await comment({ summary: summaryOf({}, 'Would enable 4.') })
    expect(server.comments).toEqual([expect.objectContaining({ user: 'ada' })])
    expect(bodies()).toEqual([expect.stringContaining('Would enable 4.')])
  })

  test('labels tell comments apart', async () => {
    await comment({ label: 'production' })
    await comment({ label: 'sandbox' })
    await comment()
    await comment({ label: 'sandbox', summary: summaryOf({}, 'Would enable 4.') })
    expect(bodies().map((body) => /\*\*(\w+)\*\*/.exec(body)?.[1])).toEqual([
      'production',
      'sandbox',
      undefined,
    ])
    expect(bodies().map((body) => body.includes('enable 4'))).toEqual([false, true, false])
  })

  test.each(['Ö', '3', `Prod.eu_west-1 ${'x'.repeat(35)}`])('valid label %j', async (label) => {
    expect(await comment({ label })).toMatchObject({ exitCode: 0 })
    expect(server.comments).toHaveLength(1)
  })

  test.each(['-->', '-a', '.a', '_a', '@all', '[x](http://x)', 'a'.repeat(51), 'a\nb', '*', 'a*'])(
    'invalid label %j',
    async (label) => {
      expect(await comment({ label })).toEqual({
        exitCode: 1,
        output: `::error::Invalid value ${JSON.stringify(label)} for \`label\`. Use up to 50 letters, digits, spaces, dots, underscores, and dashes. Begin with a letter or a digit.\n`,
      })
      expect(server.requests).toEqual([])
    },
  )

  test('an empty token is an error', async () => {
    expect(await comment({ env: { 'INPUT_GITHUB-TOKEN': '' } })).toEqual({
      exitCode: 1,
      output: '::error::Input `github-token` is empty. Remove it, or set it to a token.\n',
    })
  })

  test('a payload without a pull request is an error', async () => {
    expect(await comment({ payload: {} })).toEqual({
      exitCode: 1,
      output: '::error::The payload of the event names no pull request.\n',
    })
    expect(server.requests).toEqual([])
  })

  test.each([
    ['100', '1', false],
    ['100', '2', true],
    ['100', '3', true],
    ['100', '10', true],
    ['101', '1', true],
    ['99', '4', false],
    ['9', '1', false],
  ])('run %s, attempt %s updates what run 100, attempt 2 wrote: %s', async (run, attempt, updates) => {
    await comment({ env: { GITHUB_RUN_ATTEMPT: '2' } })
    const { exitCode, output } = await comment({
      summary: summaryOf({}, 'Another.'),
      env: { GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt },
    })
    expect([exitCode, bodies()[0]?.includes('Another.')]).toEqual([0, updates])
    expect(output.includes('is from a newer run, so this run did not update it')).toBe(!updates)
  })

  test.each([
    ['the pull request is from a fork', { payload: pullRequest({ id: 2 }) }],
    ['the pull request is from a fork', { payload: pullRequest(null) }],
    ['Dependabot started the run', { env: { GITHUB_ACTOR: 'dependabot[bot]' } }],
    [
      '`summary-file` is empty. If the step that plans or enables ran, check its `id`, and the names of its output and of this input, in the workflow',
      { summary: null },
    ],
    [
      '`summary-file` is empty. If the step that plans or enables ran, check its `id`, and the names of its output and of this input, in the workflow',
      { summary: null, env: { 'INPUT_GITHUB-TOKEN': '' } },
    ],
  ])('%s: a notice, and no request', async (why, start) => {
    expect(await comment(start)).toEqual({ exitCode: 0, output: `::notice::No comment: ${why}.\n` })
    expect(server.requests).toEqual([])
  })

  test('a comment that cannot be updated is an error; one that cannot be created a warning', async () => {
    server.access = 'read'
    const created = await comment()
    expect([created.exitCode, created.output]).toEqual([
      0,
      '::warning::No comment on pull request 7: GitHub answered 403 (Resource not accessible by integration) to POST repos/acme/identities/issues/7/comments. Give the job `permissions: pull-requests: write`. The log and the report have the result.\n',
    ])
    server.access = 'write'
    await comment()
    server.access = 'read'
    const updated = await comment()
    expect([updated.exitCode, updated.output]).toEqual([
      1,
      expect.stringMatching(/^::error::The comment on pull request 7 is out of date\..*pull-requests: write/),
    ])
    server.access = 'none'
    expect(await comment()).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('pull-requests: write'),
    })
  })

  test('a comment that the next run will not find is a warning', async () => {
    server.login = 'my-app[bot]'
    expect(await comment()).toEqual({
      exitCode: 0,
      output: expect.stringMatching(
        /^::warning::Commented on pull request 7\. The next run cannot find this comment, because .* for `github-token`\.\n$/,
      ),
    })
    expect(server.comments).toHaveLength(1)
  })

  test.each(['nowhere.md', '.'])('a file that cannot be read is an error: %s', async (name) => {
    const { exitCode, output } = await comment({ env: { 'INPUT_SUMMARY-FILE': join(folder, name) } })
    expect([exitCode, output]).toEqual([
      1,
      expect.stringMatching(
        /^::error::Input `summary-file`: the file cannot be read \(E.*\)\. Run this action in the same job as the step that wrote it\.\n$/,
      ),
    ])
  })

  test('a file that is no summary is an error', async () => {
    const { exitCode, output } = await comment({ summary: '[core]\n\ttoken = sesame\n' })
    expect([exitCode, output]).toEqual([1, expect.stringContaining('is no summary of this action')])
    expect(output).not.toContain('sesame')
    expect(server.requests).toEqual([])
  })
})

describe('on push', () => {
  const push = { event: 'push', payload: { before: SHA } }
  const pull = (
    number: number,
    merged: boolean,
    sha = 'f'.repeat(40),
  ): (typeof server.pulls)[string][number] => ({
    number,
    merged_at: merged ? '2026-11-26T00:00:00Z' : null,
    merge_commit_sha: sha,
  })

  test.each([
    [{ enabled: 3 }, CREATED],
    [{ enabled: 1 }, CREATED],
    [{ enabled: 0, failed: true }, CREATED],
    [{ enabled: 0 }, '::notice::No comment: the run enabled no identity, and succeeded.\n'],
  ])('%j: comments on the merged pull request: %s', async (facts, said) => {
    server.pulls[SHA] = [pull(5, false), pull(6, true), pull(7, true, SHA)]
    server.add(7, BOT, 'the plan')
    const { exitCode, output } = await comment({ ...push, summary: summaryOf(facts, 'Enabled 3.') })
    expect([exitCode, output]).toEqual([0, said])
    expect(server.comments.slice(1).map(({ issue, body }) => [issue, body.includes('Enabled 3.')])).toEqual(
      said === CREATED ? [[7, true]] : [],
    )
  })

  test('the result is not taken for the plan’s comment', async () => {
    server.pulls[SHA] = [pull(7, true)]
    await comment({ ...push, summary: summaryOf({ enabled: 3 }, 'Enabled 3.') })
    await comment()
    expect(bodies()).toEqual([
      expect.stringContaining('Enabled 3.'),
      expect.stringContaining('Would enable 3.'),
    ])
  })

  test('one that the commit did not merge is second choice, and what is no pull request is passed over', async () => {
    server.faults.push((response) =>
      response.end(
        JSON.stringify([
          null,
          7,
          { number: '5', merged_at: '2026-11-26', merge_commit_sha: SHA },
          pull(6, true),
        ]),
      ),
    )
    await comment({ ...push, summary: summaryOf({ enabled: 3 }) })
    expect(server.comments.map(({ issue }) => issue)).toEqual([6])
  })

  test('pull requests that cannot be read: a warning, because the run has ended', async () => {
    for (let attempt = 0; attempt < 4; attempt += 1)
      server.faults.push((response) => response.writeHead(503).end('{}'))
    const { exitCode, output } = await comment({ ...push, summary: summaryOf({ enabled: 3 }) })
    expect([exitCode, output]).toEqual([
      0,
      expect.stringMatching(
        /^::warning::No comment: GitHub answered 503 .* The log and the report have the result\.\n$/,
      ),
    ])
  })

  test('without a merged pull request: a notice', async () => {
    server.pulls[SHA] = [pull(7, false)]
    const { exitCode, output } = await comment({ ...push, summary: summaryOf({ enabled: 3 }) })
    expect([exitCode, output]).toEqual([
      0,
      '::notice::No comment: the commit belongs to no merged pull request.\n',
    ])
  })
})

test.each(['workflow_dispatch', 'merge_group', 'schedule', 'pull_request_target'])(
  'on %s: a notice',
  async (event) => {
    const { exitCode, output } = await comment({ event, summary: summaryOf({ enabled: 3, failed: true }) })
    expect([exitCode, output]).toEqual([
      0,
      `::notice::No comment: the event is ${event}, not pull_request or push.\n`,
    ])
  },
)

describe('faults of GitHub', () => {
  const unavailable = (response: ServerResponse): void => {
    response.writeHead(502, { 'content-type': 'text/html' })
    response.end('<html>::error::forged\n##[error]forged</html>')
  }

  test('what only reads is retried', async () => {
    server.faults.push(unavailable, unavailable)
    expect(await comment()).toMatchObject({ exitCode: 0 })
    expect(server.comments).toHaveLength(1)
  })

  const normal = (response: ServerResponse): void =>
    void response.writeHead(403).end('{"message":"Resource not accessible by integration"}')
  const cut = (status: number) => (response: ServerResponse) => {
    response.writeHead(status, { 'content-length': '100', location: '/elsewhere' })
    response.write('[')
    setTimeout(() => response.destroy(), 50)
  }

  test.each([
    [0, 200],
    [1, 200],
    [0, 502],
    [1, 307],
  ])('an answer that is always cut is an error, never a green step: %i, %i', async (before, status) => {
    for (let each = 0; each < before; each += 1) server.faults.push(normal)
    for (let attempt = 0; attempt < 4; attempt += 1) server.faults.push(cut(status))
    const { exitCode, output } = await comment()
    expect([exitCode, output]).toEqual([
      1,
      expect.stringContaining('::error::No comment was written or updated. GitHub did not answer GET '),
    ])
  })

  test('an answer that is cut, or is the page of a proxy, is asked for again', async () => {
    server.faults.push(normal, cut(200), cut(503), (response) => response.end('<html>'))
    expect(await comment()).toEqual({ exitCode: 0, output: CREATED })
  })

  test.each([
    ['the page of a proxy', '<html>sign in</html>', 'is not JSON.'],
    ['something else', '{}', 'is not a comment.'],
  ])('a comment that was answered with %s does not count as written', async (_case, body, reason) => {
    const answers = (response: ServerResponse): void => void response.end(body)
    const empty = (response: ServerResponse): void => void response.end('[]')
    server.faults.push(normal, empty, answers)
    expect(await comment()).toEqual({
      exitCode: 0,
      output: expect.stringMatching(
        RegExp(`^::warning::No comment on pull request 7: GitHub's answer to POST \\S+ ${reason}`),
      ),
    })
    expect(await comment()).toMatchObject({ output: CREATED })
    const list = JSON.stringify(server.comments.map((one) => ({ ...one, user: { login: BOT } })))
    server.faults.push(normal, (response) => response.end(list), answers)
    expect(await comment()).toEqual({
      exitCode: 1,
      output: expect.stringMatching(
        RegExp(
          `^::error::The comment on pull request 7 is out of date. It cannot be updated: GitHub's answer to PATCH \\S+ ${reason}`,
        ),
      ),
    })
  })

  test('an answer larger than any page is an error', async () => {
    const chunk = '[],'.repeat(350_000)
    const large = (response: ServerResponse): void => {
      response.write('[')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
    server.faults.push(normal, large)
    expect(await comment()).toEqual({
      exitCode: 1,
      output: expect.stringContaining('An answer of GitHub is larger than 32 MiB.'),
    })
  })

  test('its words do not show the token, also where they are cut', async () => {
    for (let before = 3_900; before < 4_000; before += 25) {
      const message = `${'x'.repeat(before)}ghs_token_of_this_job${'y'.repeat(100)}`
      server.faults.push((response) => response.writeHead(422).end(JSON.stringify({ message })))
      const { output } = await comment({ env: { 'INPUT_GITHUB-TOKEN': 'ghs_token_of_this_job' } })
      expect(output).toContain('GitHub answered 422 (xxx')
      expect(output).not.toContain('ghs_')
    }
  })

  test('the token goes nowhere that it redirects to', async () => {
    const seen: unknown[] = []
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.end('[]')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    try {
      for (const host of ['localhost', '127.0.0.1']) {
        server.faults.push(normal, (response) =>
          response.writeHead(302, { location: `http://${host}:${port}/` }).end('{"message":"Moved"}'),
        )
        expect(await comment()).toEqual({
          exitCode: 1,
          output: expect.stringContaining('GitHub answered 302 (Moved) to GET '),
        })
      }
    } finally {
      other.close()
      other.closeAllConnections()
    }
    expect(seen).toEqual([])
  })

  test('comments that are no comments of this action are passed over', async () => {
    const list = [null, { id: 1, user: { login: BOT }, body: '<!-- isc-enable-identities comment {x} -->\n' }]
    server.faults.push(normal, (response) => response.end(JSON.stringify(list)))
    expect(await comment()).toMatchObject({ exitCode: 0, output: CREATED })
  })

  test('its words form no command', async () => {
    server.faults.push(normal, (response) =>
      response.writeHead(422).end(JSON.stringify({ message: '\n::error::forged ##[error]forged' })),
    )
    const { exitCode, output } = await comment()
    expect(exitCode).toBe(1)
    expect(output.split('\n').filter((line) => line.trimStart().startsWith('::'))).toHaveLength(1)
    expect(output).not.toContain('##[')
  })

  test('a wrong token is an error', async () => {
    const { exitCode, output } = await comment({ env: { 'INPUT_GITHUB-TOKEN': 'ghs_other' } })
    expect([exitCode, output]).toEqual([1, expect.stringContaining('GitHub answered 401 (Bad credentials)')])
  })
})

test('action.yml names the inputs that are read, and the bundle', () => {
  const manifest = parse(readFileSync(join(ROOT, 'comment/action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>
    runs: unknown
  }
  expect(Object.keys(manifest.inputs)).toEqual(['summary-file', 'label', 'github-token'])
  expect(manifest.inputs['github-token']?.default).toBe('${{ github.token }}')
  expect(manifest.runs).toEqual({ using: 'node24', main: `../${BUNDLE[0]}` })
})
