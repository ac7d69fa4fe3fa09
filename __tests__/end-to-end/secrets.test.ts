import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'

import { runAction, type ActionRun } from '../../dev/run-action.ts'
import { identityId } from '../../dev/tenant/population.ts'
import type { TenantOptions } from '../../dev/tenant/tenant.ts'
import { formsOf, WRITTEN } from '../support/secret-forms.ts'
import { sampleAnswer } from '../support/sample-answer.ts'
import { meddling, tenantWith } from '../support/tenant.ts'
import { Gate } from '../../src/sailpoint/answers/gate.ts'
import { Secrets } from '../../src/sailpoint/answers/secrets.ts'

/** A secret with characters that every encoding changes. */
const SECRET = 's3cr3t/+ "&=?<é>\\~'
const CLIENT = { id: 'client', secret: SECRET, scopes: ['idn:accounts-state:manage', 'idn:identity:read'] }

/** What a server may send back of a request. */
const ECHO = [
  `You sent ${SECRET}`,
  `client_secret=${encodeURIComponent(SECRET)} or ${new URLSearchParams({ SECRET }).toString()}`,
  JSON.stringify({ client_secret: SECRET }),
  ...['', 'c', 'id'].map((id) => Buffer.from(`${id}${SECRET}, and more`).toString('base64')),
  Buffer.from(`client:${SECRET}`).toString('base64url'),
].join(' ')

/** Everything that a run leaves behind, but for the lines by which the runner is told what to mask. */
function tracesOf({ stdout, stderr, outputs, summary, comment, report }: ActionRun): string {
  const shown = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  return [...shown, stderr, JSON.stringify(outputs), summary, comment ?? '', report ?? ''].join('\n')
}

/** No form of a secret is anywhere in the traces. */
function expectNoSecret(run: ActionRun, secrets: readonly string[]): void {
  const traces = tracesOf(run)
  const leaked = secrets.flatMap(formsOf).filter((form) => traces.includes(form))
  expect(leaked).toEqual([])
  expect(traces).not.toMatch(/bearer ey|authorization: /i)
}

test.each<[string, TenantOptions, Record<string, string>, Record<string, string>]>([
  ['a success', {}, {}, {}],
  ['a success with verification', {}, { verify: 'true' }, {}],
  ['a plan', {}, { 'dry-run': 'true' }, {}],
  ['a failure', {}, { 'identity-ids': 'dead' }, {}],
  ['a wrong secret', { clients: [{ ...CLIENT, secret: 'other' }] }, {}, {}],
  ['a 403', { clients: [{ ...CLIENT, scopes: [] }] }, {}, {}],
  ['a 401', { faults: [{ kind: 'status', status: 401 }] }, {}, {}],
  ['a 500', { faults: [{ kind: 'status', status: 500 }] }, { 'max-retries': '0' }, {}],
  ['HTML', { faults: [{ kind: 'html' }] }, { 'max-retries': '0' }, {}],
  ['a cut connection', { faults: [{ kind: 'reset-before' }] }, { 'max-retries': '0' }, {}],
  ['a redirect', { faults: [{ kind: 'redirect' }] }, { 'max-retries': '0' }, {}],
  [
    'a token answer that cannot be read',
    { faults: [{ kind: 'truncated-json', on: 'token' }] },
    { 'max-retries': '0' },
    {},
  ],
  [
    'messages that echo the secret',
    { faults: [{ kind: 'text', text: ECHO }] },
    { 'identity-ids': 'dead' },
    {},
  ],
  ['bad input', {}, { 'batch-size': SECRET.slice(0, 3), 'identity-ids': 'b@d' }, {}],
  [
    'an address with credentials',
    {},
    { 'base-url': `https://me:${encodeURIComponent(SECRET)}@acme.example` },
    {},
  ],
  ['both credentials', {}, { token: 'eyJhbGciOi.eyJleHAi.c2lnbmF0dXJl' }, {}],
  ['a crash', { latencyMs: 3_000 }, {}, meddling(`throw new Error('out of the blue')`)],
])('%s leaves no secret anywhere, with debug logging on', async (_, options, inputs, env) => {
  const tenant = await tenantWith({ clients: [CLIENT], ...options })
  const run = await runAction({
    inputs: {
      'base-url': tenant.baseUrl,
      'client-id': CLIENT.id,
      'client-secret': SECRET,
      'identity-ids': identityId(0),
      'outage-timeout': '1',
      ...inputs,
    },
    env: { RUNNER_DEBUG: '1', ...env },
  })
  const masks = new Set(run.stdout.matchAll(/^::add-mask::(.*)$/gm).map(([, text = '']) => text))
  const tokens = tenant.requests.flatMap(
    ({ headers }) => /^Bearer (.*)$/.exec(String(headers['authorization']))?.[1] ?? [],
  )
  expectNoSecret(run, [SECRET, ...new Set(tokens)])
  for (const token of tokens) expect(masks).toContain(token)
  expect(run.stdout).toMatch(/^::add-mask::/)
})

test('a static token is masked before anything else, and shown nowhere', async () => {
  const tenant = await tenantWith()
  const token = tenant.issueToken()
  for (const inputs of [{}, { 'identity-ids': 'dead' }, { 'batch-size': '0' }]) {
    const run = await runAction({
      inputs: { 'base-url': tenant.baseUrl, token, 'identity-ids': identityId(0), ...inputs },
      env: { RUNNER_DEBUG: '1' },
    })
    expect(run.stdout.split(/\r?\n/, 1)).toEqual([`::add-mask::${token}`])
    expectNoSecret(run, [token])
  }
})

test('a secret of the environment is masked like one of an input', async () => {
  const tenant = await tenantWith({ clients: [CLIENT] })
  const run = await runAction({
    inputs: { 'identity-ids': identityId(0) },
    env: { SAIL_BASE_URL: tenant.baseUrl, SAIL_CLIENT_ID: CLIENT.id, SAIL_CLIENT_SECRET: SECRET },
  })
  expect(run.exitCode).toBe(0)
  expect(run.stdout).toMatch(/^::add-mask::/)
  expectNoSecret(run, [SECRET])
})

describe('a secret that is none', () => {
  const shown = (run: ActionRun): string =>
    tracesOf(run) + (run.stdout.match(/^::add-mask::.*$/gm) ?? []).join()

  test.each([
    ['1', /fewer than 8/],
    ['null', /fewer than 8/],
    ['***', /fewer than 8/],
    ['{"client_secret":"abcdefgh"}', /begins with \{/],
    ['"s3cr3t-in-quotes"', /quotes/],
    ["'s3cr3t-in-quotes'", /quotes/],
    ['$ISC_SECRET_OF_ACME', /begins with \$/],
    ['${{ secrets.SAIL }}', /begins with \$/],
    ['s3cr3t-of\ntwo-lines', /line break/],
    ['s3cr3t-with\u200Ba-gap', /cannot be seen/],
    ['s3cr3t-and-escape\\n', /\\\\n|escape/],
  ])('%j is an error that says why, and is neither shown nor masked', async (secret, words) => {
    const tenant = await tenantWith({ clients: [CLIENT] })
    for (const [name, inputs, env] of [
      ['client-secret', { 'client-id': CLIENT.id, 'client-secret': secret }, {}],
      ['token', { token: secret }, {}],
      ['SAIL_CLIENT_SECRET', { 'client-id': CLIENT.id }, { SAIL_CLIENT_SECRET: secret }],
    ] as const) {
      const given = { 'base-url': tenant.baseUrl, 'identity-ids': identityId(0), ...inputs }
      const run = await runAction({ inputs: given, env })
      expect(run.exitCode).toBe(1)
      expect(run.outputs['stop-reason']).toBe('invalid-input')
      const { problems } = JSON.parse(run.report ?? '') as { problems: string[] }
      expect(problems).toEqual([expect.stringMatching(name)])
      expect(problems.join()).toMatch(words)
      if (secret.length >= 8) expect(shown(run)).not.toContain(secret.slice(1, 12))
      expect(run.stdout).not.toContain('::add-mask::')
    }
    expect(tenant.requests).toEqual([])
  })

  test('white space around a secret is removed, before it is masked and used', async () => {
    const tenant = await tenantWith({ clients: [CLIENT] })
    const inputs = { 'base-url': tenant.baseUrl, 'client-id': ' client ', 'client-secret': `  ${SECRET}\n` }
    const run = await runAction({ inputs: { ...inputs, 'identity-ids': identityId(0) } })
    expect(run.exitCode).toBe(0)
    expectNoSecret(run, [SECRET])
  })
})

describe('a secret in the wrong input', () => {
  const LONG = 'f3a9c1d7e5b2'.repeat(6).slice(0, 64)
  const OTHERS = [
    ...['tenant', 'base-url', 'api-version', 'identify-by', 'shard', 'added-since', 'results-file'],
    ...['max-identities', 'max-to-enable', 'batch-size', 'verify', 'ignore-status-codes', 'from-report'],
    ...['identity-ids-file', 'exclude-ids-file', 'still-listed', 'refuse-states', 'max-failure-percent'],
  ]

  test.each([
    ['and nowhere else: no part of it is shown, because the runner masks only the whole', {}],
    ['and in its own', { 'client-secret': LONG }],
  ])('%s', async (_, own) => {
    for (const value of [LONG, `${LONG}!`, `"${LONG}"`]) {
      const inputs = Object.fromEntries(OTHERS.map((name) => [name, value]))
      const given = { 'client-id': CLIENT.id, 'client-secret': 'acme-tenant', ...inputs, ...own }
      const run = await runAction({ inputs: { ...given, [`x-${LONG}`]: 'true' }, env: { RUNNER_DEBUG: '1' } })
      expect(run.exitCode).toBe(1)
      // Where it is shown whole, the runner masks it.
      const traces = tracesOf(run).replaceAll(LONG, '***')
      expect(traces).not.toContain(LONG.slice(0, 12))
      if ('client-secret' in own) expectNoSecret(run, [LONG])
    }
  })
})

describe('a server that writes the secret into every field of every answer', () => {
  const { answers } = new Gate(new Secrets())
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close()
      server.closeAllConnections()
    }
  })

  /** Answers with samples of what the endpoints say, and `statusOf` a request as status. */
  async function echoing(
    write: (text: string) => string,
    statusOf: (url: string) => number,
  ): Promise<string> {
    const filled = (schema: unknown): object => sampleAnswer(schema, 'PLACEHOLDER', 404) as object
    const server = createServer((request, response) => {
      const url = request.url ?? ''
      const status = statusOf(url)
      const named = { id: identityId(0), identityStatus: 'DISABLED' }
      const body = {
        token: { ...filled(answers.token), access_token: 'a.token.of-the-tenant' },
        enable: [filled(answers.bulkEntry), { ...filled(answers.bulkEntry), id: identityId(0) }],
        identities: [filled(answers.pageRow), { ...filled(answers.pageRow), ...named }],
      }[url.includes('token') ? 'token' : url.includes('enable') ? 'enable' : 'identities']
      const text = JSON.stringify(status >= 300 ? filled(answers.error) : body)
      response
        .writeHead(status, { 'slpt-request-id': encodeURIComponent(SECRET), 'retry-after': '0' })
        .end(text.replaceAll('PLACEHOLDER', write(SECRET)))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const cases = Object.keys(WRITTEN).flatMap((form) =>
    ['no', 'token', 'enable', 'identities'].map((rejected) => [form, rejected] as const),
  )
  test.each(cases)('%s, where %s request is rejected', async (form, rejected) => {
    const baseUrl = await echoing(WRITTEN[form] ?? String, (url) =>
      url.includes(rejected) ? 422 : url.includes('enable') ? 207 : 200,
    )
    const run = await runAction({
      inputs: {
        'base-url': baseUrl,
        'client-id': CLIENT.id,
        'client-secret': SECRET,
        'identity-ids': identityId(0),
        'show-names': 'true',
        'max-retries': '0',
        'outage-timeout': '1',
      },
      env: { RUNNER_DEBUG: '1' },
    })
    expect(run.exitCode).toBe(1)
    expectNoSecret(run, [SECRET, 'a.token.of-the-tenant'])
  })
})
