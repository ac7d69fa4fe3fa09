import { resolve } from 'node:path'

import { describe, expect, test } from '@jest/globals'

import { readActionInputs } from '../../src/inputs/action-inputs.ts'
import { Problems } from '../../src/problems.ts'
import type { Destinations, Settings } from '../../src/settings.ts'

const LIST = { 'identity-ids': 'a1' }
const TOKEN = { token: 'a.b.c' }
const TENANT = { tenant: 'acme' }

interface Reading {
  /** null while there are problems. */
  settings: Settings | null
  destinations: Destinations
  problems: string[]
  masked: string[]
}

function read(inputs: Record<string, string>, env: NodeJS.ProcessEnv = {}): Reading {
  const problems = new Problems()
  const masked: string[] = []
  const { settings, destinations } = readActionInputs(
    (name) => (inputs[name] ?? '').trim(),
    { GITHUB_WORKSPACE: '/work', RUNNER_TEMP: '/temp', ...env },
    problems,
    (secret) => masked.push(secret),
  )
  let messages: string[] = []
  try {
    problems.throwIfAny()
  } catch (error) {
    messages = (error as Error).message.split('\n')
  }
  return { settings, destinations, problems: messages, masked }
}

/** The one problem with these inputs, beside a list, a credential and an address that are good. */
function problemOf(inputs: Record<string, string>, env?: NodeJS.ProcessEnv): string {
  const { problems } = read({ ...LIST, ...TOKEN, ...TENANT, ...inputs }, env)
  expect(problems).toHaveLength(1)
  return problems[0] ?? ''
}

/** The settings of inputs that are right, beside a list, a credential and an address. */
function settingsOf(inputs: Record<string, string>): Settings {
  const { settings, problems } = read({ ...LIST, ...TOKEN, ...TENANT, ...inputs })
  expect(problems).toEqual([])
  if (settings === null) throw new Error('There are no settings.')
  return settings
}

test('defaults are those of the contract', () => {
  const { settings, destinations, problems } = read({ ...LIST, ...TOKEN, ...TENANT })
  expect(problems).toEqual([])
  expect(settings).toMatchObject({
    credential: { kind: 'token', token: 'a.b.c' },
    baseUrl: 'https://acme.api.identitynow.com',
    apiVersion: 'v2025',
    batchSize: 100,
    concurrency: 8,
    rateLimit: 100,
    requestTimeoutMs: 60_000,
    maxRetries: 5,
    thresholds: { maxFailures: null, maxFailurePercent: null, ignoreStatusCodes: new Set() },
    failFast: false,
    dryRun: false,
    skipEnabled: false,
    verify: false,
    verifyTimeoutMs: 300_000,
    outageTimeoutMs: 300_000,
    refuseStates: new Set(),
    maxToEnable: null,
    showNames: false,
    list: {
      inline: 'a1',
      files: null,
      fromReport: null,
      excludeFiles: null,
      idColumn: null,
      identifyBy: 'id',
      maxIdentities: null,
      shard: null,
    },
  })
  expect(destinations.resultsFile).toMatch(/[\\/]temp[\\/]isc-enable-identities-[0-9a-f-]+\.json$/)
  expect(destinations.summaryFile).toBe(destinations.resultsFile.replace(/json$/, 'md'))
  expect(destinations.jobSummary).toBe(true)
})

test('all problems are reported together', () => {
  const { problems } = read({
    'batch-size': '0',
    concurrency: '33',
    'dry-run': 'maybe',
    'identify-by': 'name',
  })
  expect(problems).toHaveLength(7)
  expect(problems.join('\n')).toMatch(/dry-run.*"maybe".*true \| True/)
  expect(problems.join('\n')).toMatch(/No credential is given/)
  expect(problems.join('\n')).toMatch(/tenant and base-url are both missing/)
  expect(problems.join('\n')).toMatch(/identity-ids, identity-ids-file and from-report are all missing/)
  expect(problems.join('\n')).toMatch(/identify-by: "name" is not accepted; give one of id, alias, email/)
})

describe('numbers', () => {
  test.each([
    ['batch-size', ['1', '250'], ['0', '251', '-1', '1.5', '1e2', '0x10', 'ten']],
    ['concurrency', ['1', '32'], ['0', '33']],
    ['rate-limit', ['0', '100'], ['-1', 'off']],
    ['request-timeout', ['1', '600'], ['0', '601']],
    ['max-retries', ['0', '20'], ['21']],
    ['max-failures', ['0', '7'], ['-1', '7%']],
    [
      'max-failure-percent',
      ['0', '0.7', '100', '33.333333'],
      ['100.1', '-1', '5%', '.5', '1e1', '0.1234567'],
    ],
    ['max-identities', ['1', '5000'], ['0']],
    ['max-to-enable', ['0', '50'], ['-1', 'all']],
    ['outage-timeout', ['0', '3600'], ['3601']],
    ['verify-timeout', ['1', '300'], ['0', '86401']],
    ['shard', ['1/1', '2/4'], ['0/4', '5/4', '1', '1/', 'a/b']],
    ['ignore-status-codes', ['404', '404, 409', '404 409'], ['4xx', '600', '202', '399', '404;409']],
  ])('%s accepts %j and nothing like %j', (name, good, bad) => {
    for (const value of good)
      expect(read({ ...LIST, ...TOKEN, ...TENANT, [name]: value }).problems).toEqual([])
    for (const value of bad) {
      const problem = problemOf({ [name]: value })
      expect(problem).toContain(`Input ${name}: ${JSON.stringify(value)}`)
      expect(problem).toContain('give ')
    }
  })

  test('are read as what they say', () => {
    const settings = settingsOf({ 'max-failure-percent': '0.70', shard: '2/4' })
    expect(settings.thresholds.maxFailurePercent).toBe(0.7)
    expect(settings.list.shard).toEqual({ index: 2, count: 4 })
  })
})

test.each(['true', 'True', 'TRUE'])('%s is true', (text) => {
  expect(settingsOf({ 'fail-fast': text }).failFast).toBe(true)
})

test.each(['yes', 'on', '1', 'tRUE'])('%s is no boolean', (text) => {
  expect(problemOf({ verify: text })).toContain(`Input verify: "${text}"`)
})

describe('credential', () => {
  const PAIR = { 'client-id': 'me', 'client-secret': 's3cret' }

  test('a pair is read and its secret masked', () => {
    const { settings, masked } = read({ ...LIST, ...TENANT, ...PAIR })
    expect(settings?.credential).toEqual({ kind: 'client', clientId: 'me', clientSecret: 's3cret' })
    expect(masked).toEqual(['s3cret'])
  })

  test('the environment gives what the inputs do not', () => {
    const env = { SAIL_CLIENT_ID: 'me', SAIL_CLIENT_SECRET: 'from-env\n' }
    const { settings, masked } = read({ ...LIST, ...TENANT }, env)
    expect(settings?.credential).toEqual({ kind: 'client', clientId: 'me', clientSecret: 'from-env' })
    expect(masked).toEqual(['from-env'])
    expect(read({ ...LIST, ...TENANT, ...TOKEN }, env).settings?.credential?.kind).toBe('token')
  })

  test.each([{ 'client-id': 'me' }, { 'client-secret': 's3cret' }, PAIR])(
    'token and %j are refused',
    (other) => {
      const { problems } = read({ ...LIST, ...TENANT, ...TOKEN, ...other })
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(/Inputs token and client-.* are both given/)
      expect(problems[0]).not.toContain('s3cret')
    },
  )

  test.each([
    [{ 'client-id': 'me' }, /client-id is given without client-secret .*secret exists/],
    [{ 'client-secret': 's3cret' }, /client-secret is given without client-id/],
    [{}, /No credential is given/],
  ])('%j alone is a problem', (inputs, message) => {
    const { problems } = read({ ...LIST, ...TENANT, ...inputs })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(message)
    expect(problems[0]).not.toContain('s3cret')
  })

  test('a token that no header can carry is refused and not shown', () => {
    for (const token of ['Bearer abc', 'abc\ndef', 'abc"']) {
      const problem = problemOf({ token })
      expect(problem).toContain('Input token')
      expect(problem).not.toContain('abc')
    }
  })

  test.each([1e300, -1e300, 8.64e12 + 1])('a token may expire beyond all dates: exp %d', (exp) => {
    const payload = Buffer.from(JSON.stringify({ exp })).toString('base64url')
    expect(settingsOf({ token: `a.${payload}.c` }).credential).toMatchObject({ kind: 'token' })
  })

  test('a token that expired says when', () => {
    const payload = Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')
    expect(problemOf({ token: `a.${payload}.c` })).toContain('expired at 1970-01-01T00:00:01.000Z')
  })

  test('a dry run needs none, and then no address', () => {
    const { settings, problems } = read({ ...LIST, 'dry-run': 'true', 'client-id': 'me' })
    expect(problems).toEqual([])
    expect(settings?.credential).toBeNull()
    expect(settings?.baseUrl).toBe('')
  })
})

describe('address', () => {
  const withUrl = (url: string): Reading => read({ ...LIST, ...TOKEN, 'base-url': url })

  test.each([
    ['https://acme.api.identitynow.com', 'https://acme.api.identitynow.com'],
    ['https://acme.api.identitynow.com/', 'https://acme.api.identitynow.com'],
    ['https://isc.example.gov:8443', 'https://isc.example.gov:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.2:3000', 'http://127.0.0.2:3000'],
    ['http://[::1]:3000/', 'http://[::1]:3000'],
  ])('base-url %s is accepted', (given, expected) => {
    expect(withUrl(given)).toMatchObject({ problems: [], settings: { baseUrl: expected } })
  })

  test.each([
    ['http://acme.api.identitynow.com', 'not https'],
    ['http://localhost.evil.example', 'not https'],
    ['ftp://acme', 'does not begin with https'],
    ['acme', 'not a URL'],
    ['https://acme.example/v2025', 'path'],
    ['https://acme.example?x=1', 'query'],
    ['https://acme.example/#', 'fragment'],
  ])('base-url %s is refused', (given, reason) => {
    const { problems } = withUrl(given)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('Input base-url')
    expect(problems[0]).toContain(reason)
  })

  test('credentials in base-url are refused and not shown', () => {
    const { problems } = withUrl('https://me:s3cret@acme.example')
    expect(problems[0]).toContain('holds credentials')
    expect(problems[0]).not.toContain('s3cret')
  })

  test.each(['acme.api.identitynow.com', 'https://acme', 'ac me', '-acme'])(
    'tenant %s is refused',
    (tenant) => {
      const { problems } = read({ ...LIST, ...TOKEN, tenant })
      expect(problems).toHaveLength(1)
      expect(problems[0]).toContain(`Input tenant: "${tenant}"`)
    },
  )

  test('an input wins over the environment, and both inputs are refused', () => {
    const env = { SAIL_BASE_URL: 'https://env.example' }
    expect(read({ ...LIST, ...TOKEN }, env).settings?.baseUrl).toBe('https://env.example')
    expect(read({ ...LIST, ...TOKEN, ...TENANT }, env).settings?.baseUrl).toBe(
      'https://acme.api.identitynow.com',
    )
    expect(problemOf({ 'base-url': 'https://x.example' })).toContain('tenant and base-url are both given')
    expect(read({ ...LIST, ...TOKEN }, { SAIL_BASE_URL: 'nonsense' }).problems[0]).toContain('SAIL_BASE_URL')
  })
})

describe('the proxy of the environment', () => {
  test.each(['http://proxy.example:3128', 'https://me:p%40ss%25@proxy.example', '127.0.0.1:3128', ''])(
    'may be %j',
    (https_proxy) => {
      expect(read({ ...LIST, ...TOKEN, ...TENANT }, { https_proxy }).problems).toEqual([])
    },
  )

  test.each([
    'http://me:100%s3cret@proxy.example:3128',
    'me:s3cret@proxy.example:3128',
    'http://me%:s3cret@proxy.example',
    'proxy.example:3128',
    'http://',
    'socks5://s3cret.example',
  ])('may not be what the toolkit would pass by, and is not shown: %j', (HTTPS_PROXY) => {
    const problem = problemOf({}, { HTTPS_PROXY })
    expect(problem).toMatch(/^Environment variable HTTPS_PROXY: .*give http:\/\/host:port/)
    expect(problem).not.toContain('s3cret')
  })

  test('is the one for the scheme of the address', () => {
    const { problems } = read({ ...LIST, ...TOKEN, ...TENANT }, { http_proxy: 'http://%@proxy.example' })
    expect(problems).toEqual([])
  })

  test('is of no account where the address is reached without it', () => {
    const inputs = { ...LIST, ...TOKEN, 'base-url': 'https://127.0.0.1:8443' }
    expect(read(inputs, { https_proxy: 'http://%@proxy.example' }).problems).toEqual([])
  })
})

describe('the list', () => {
  test.each([
    [{ 'identity-ids-file': 'a.txt' }, 'identity-ids and identity-ids-file'],
    [{ 'from-report': 'report.json' }, 'identity-ids and from-report'],
    [
      { 'identity-ids-file': 'a.txt', 'from-report': 'report.json' },
      'identity-ids and identity-ids-file and from-report',
    ],
  ])('has one source: %j beside identity-ids is refused', (inputs, names) => {
    expect(problemOf(inputs)).toContain(`Inputs ${names} are given together; give one of them`)
  })

  test('has files one a line', () => {
    const { settings } = read({ ...TOKEN, ...TENANT, 'identity-ids-file': 'a.txt\r\n\n  lists/*.csv ' })
    expect(settings?.list.files).toEqual(['a.txt', 'lists/*.csv'])
    expect(settingsOf({ 'exclude-ids-file': 'deny.txt\n\nleavers/*.csv' }).list.excludeFiles).toEqual([
      'deny.txt',
      'leavers/*.csv',
    ])
  })

  test.each([
    ['identify-by', 'alias'],
    ['identity-id-column', 'login'],
  ])('of a report says itself what %s would', (name, value) => {
    const { problems } = read({ ...TOKEN, ...TENANT, 'from-report': 'report.json', [name]: value })
    expect(problems).toEqual([expect.stringContaining(`Input ${name} does not go with from-report`)])
  })
})

test('refuse-states are names between commas or on lines, whatever their case', () => {
  expect(settingsOf({ 'refuse-states': 'terminated, TERMINATED,\n On Leave \r\n,' }).refuseStates).toEqual(
    new Set(['terminated', 'on leave']),
  )
})

describe('results-file', () => {
  test('is taken from the workspace and must be JSON or CSV', () => {
    const { destinations } = read({ ...LIST, ...TOKEN, ...TENANT, 'results-file': 'out/report.CSV' })
    expect(destinations.resultsFile).toBe(resolve('/work', 'out/report.CSV'))
    expect(problemOf({ 'results-file': 'report.txt' })).toContain('.json or .csv')
  })
})
