import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { character } from '../../dev/hostile-text.ts'
import { readManifest } from '../../dev/run-action.ts'
import { readActionInputs, type ActionInputs } from '../../src/inputs/action-inputs.ts'
import { checkInputs, INPUT_NAMES, variableOf } from '../../src/inputs/known-inputs.ts'
import { Problems } from '../../src/problems.ts'
import type { AddedSince, Settings } from '../../src/settings.ts'

const LIST = { 'identity-ids': 'a1' }
const FILES = { 'identity-ids': '', 'identity-ids-file': 'lists/*.csv' }
const REPORT = { 'identity-ids': '', 'from-report': 'report.json' }
const TOKEN = { token: 'abcd.efgh.ijkl' }
const TENANT = { tenant: 'acme' }

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'inputs-'))
  for (const name of ['workspace', 'temp']) mkdirSync(join(home, name))
})
afterAll(() => rmSync(home, { recursive: true }))

interface Reading extends ActionInputs {
  readonly problems: string[]
  readonly masked: string[]
}

/** Reads exactly these inputs, as the runner passes them on. */
function read(inputs: Record<string, string>, env: NodeJS.ProcessEnv = {}): Reading {
  const problems = new Problems()
  const masked: string[] = []
  const variables = Object.entries(inputs).map(([name, value]) => [variableOf(name), value] as const)
  const folders = { GITHUB_WORKSPACE: join(home, 'workspace'), RUNNER_TEMP: join(home, 'temp') }
  const given = readActionInputs(
    { ...folders, ...Object.fromEntries(variables), ...env },
    problems,
    (secret) => masked.push(secret),
  )
  let messages: string[] = []
  try {
    problems.throwIfAny()
  } catch (error) {
    messages = (error as Error).message.split('\n')
  }
  return { ...given, problems: messages, masked }
}

/** The problems with these inputs, beside a list, a credential and an address that are good. */
function problemsOf(inputs: Record<string, string>, env?: NodeJS.ProcessEnv): string[] {
  return read({ ...LIST, ...TOKEN, ...TENANT, ...inputs }, env).problems
}

/** The one problem with these inputs. */
function problemOf(inputs: Record<string, string>, env?: NodeJS.ProcessEnv): string {
  const problems = problemsOf(inputs, env)
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

describe('action.yml', () => {
  test('has exactly the inputs that the code knows', async () => {
    expect(Object.keys((await readManifest()).inputs).sort()).toEqual([...INPUT_NAMES].sort())
  })

  test.each(INPUT_NAMES)('%s is read, and not only checked', (name) => {
    let reads = 0
    const env = new Proxy(
      {},
      {
        get: (_, variable) => {
          if (variable === variableOf(name)) reads += 1
          return undefined
        },
      },
    )
    checkInputs(env, new Problems())
    const before = reads
    reads = 0
    readActionInputs(env, new Problems(), () => undefined)
    expect(reads).toBeGreaterThan(before)
  })

  test('has the defaults that the code has', async () => {
    const { inputs } = await readManifest()
    const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default ?? ''] as const)
    expect(settingsOf({ ...Object.fromEntries(defaults), ...LIST, ...TOKEN, ...TENANT })).toEqual(
      settingsOf({}),
    )
  })
})

test('defaults are those of the contract', () => {
  const { settings, destinations, problems } = read({ ...LIST, ...TOKEN, ...TENANT })
  expect(problems).toEqual([])
  expect(settings).toMatchObject({
    credential: { kind: 'token', token: 'abcd.efgh.ijkl' },
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
    refuseStates: new Map(),
    maxToEnable: null,
    showNames: false,
    list: {
      inline: 'a1',
      files: null,
      fromReport: null,
      excludeFiles: null,
      stillListed: null,
      addedSince: { kind: 'beginning' },
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
  expect(problems).toEqual(
    expect.arrayContaining([
      'Invalid value "maybe" for `dry-run`. Use `true` or `false`.',
      'Invalid value "name" for `identify-by`. Use `id`, `alias`, or `email`.',
      'Invalid value "0" for `batch-size`. Use a whole number from 1 to 250.',
      expect.stringMatching(/^There is no credential\. Set `client-id`/),
      expect.stringMatching(/^There is no tenant\. Set `tenant`/),
      expect.stringMatching(/^No list is given\. Set one of/),
    ]),
  )
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
    ['max-to-enable', ['0', '50'], ['-1', 'all', 'None']],
    ['outage-timeout', ['0', '3600'], ['3601']],
    ['verify-timeout', ['1', '300'], ['0', '86401']],
    ['shard', ['1/1', '2/4'], ['0/4', '5/4', '1', '1/', 'a/b']],
    [
      'ignore-status-codes',
      ['404', '404, 409', '404\n409 # taken', '["404"]'],
      ['4xx', '600', '202', '404 409', '[404]'],
    ],
  ])('%s accepts %j and nothing like %j', (name, good, bad) => {
    for (const value of good)
      expect(read({ ...LIST, ...TOKEN, ...TENANT, [name]: value }).problems).toEqual([])
    for (const value of bad) {
      expect(problemOf({ [name]: value })).toContain(
        `Invalid value ${JSON.stringify(value)} for \`${name}\`. Use `,
      )
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
  expect(problemOf({ verify: text })).toBe(
    `Invalid value "${text}" for \`verify\`. Use \`true\` or \`false\`.`,
  )
})

describe('credential', () => {
  const PAIR = { 'client-id': 'me', 'client-secret': 's3cret-of-me' }

  test('a pair is read and its secret masked', () => {
    const { settings, masked } = read({ ...LIST, ...TENANT, ...PAIR })
    expect(settings?.credential).toEqual({ kind: 'client', clientId: 'me', clientSecret: 's3cret-of-me' })
    expect(masked).toEqual(['s3cret-of-me'])
  })

  test('the environment gives what the inputs do not', () => {
    const env = { SAIL_CLIENT_ID: 'me', SAIL_CLIENT_SECRET: 'from-the-env\n' }
    const { settings, masked } = read({ ...LIST, ...TENANT }, env)
    expect(settings?.credential).toEqual({ kind: 'client', clientId: 'me', clientSecret: 'from-the-env' })
    expect(masked).toEqual(['from-the-env'])
    expect(read({ ...LIST, ...TENANT, ...TOKEN }, env).settings?.credential?.kind).toBe('token')
  })

  test.each([{ 'client-id': 'me' }, { 'client-secret': 's3cret-of-me' }, PAIR])(
    'token and %j are invalid together',
    (other) => {
      const problem = problemOf(other)
      expect(problem).toMatch(/^`token` and `client-.*` are both set/)
      expect(problem).not.toContain('s3cret')
    },
  )

  test.each([
    [{ 'client-id': 'me' }, /`client-id` is set without `client-secret` .*secrets exist/],
    [{ 'client-secret': 's3cret-of-me' }, /`client-secret` is set without `client-id`/],
    [{}, /There is no credential/],
  ])('%j alone is a problem', (inputs, message) => {
    const { problems } = read({ ...LIST, ...TENANT, ...inputs })
    expect(problems).toEqual([expect.stringMatching(message)])
    expect(problems[0]).not.toContain('s3cret')
  })

  test.each([
    ['1', 'fewer than 8'],
    ['***', 'fewer than 8'],
    ['null', 'fewer than 8'],
    ['abcd1234\nefgh5678', 'a line break'],
    ['"abcd1234"', 'quotes around it'],
    ["'abcd1234'", 'quotes around it'],
    ['{"secret":"abcd1234"}', 'begins with {'],
    ['{{ abcd1234 }}', 'begins with {'],
    ['$ABCD1234', 'begins with $'],
    ['abcd1234\\n', 'ends with \\n'],
    ['abcd\u200b1234', 'cannot be seen'],
    ['abcd\u00a01234', 'cannot be seen'],
    ['abcd\t1234', 'cannot be seen'],
  ])('a secret that is none is invalid, neither masked nor shown: %j', (secret, fault) => {
    for (const [name, others] of [
      ['token', {}],
      ['client-secret', { token: '', 'client-id': 'me' }],
    ] as const) {
      const { problems, masked } = read({ ...LIST, ...TENANT, ...others, [name]: secret })
      expect(problems).toEqual([expect.stringMatching(`^Invalid value \\(not shown\\) for \`${name}\`: it `)])
      expect(problems[0]).toContain(fault)
      expect(problems[0]).not.toMatch(/abcd|1234/i)
      expect(masked).toEqual([])
    }
    const env = { SAIL_CLIENT_ID: 'me', SAIL_CLIENT_SECRET: secret }
    expect(read({ ...LIST, ...TENANT }, env).problems).toEqual([
      expect.stringContaining('`SAIL_CLIENT_SECRET`: it'),
    ])
  })

  test('a secret with quotes in it is not shown, nor a part of it', () => {
    const secret = 'abcdefghij"klmnopq"rstuvwx'
    const { problems } = read({ ...LIST, ...TENANT, ...PAIR, 'client-secret': secret, shard: secret })
    expect(problems).toHaveLength(1)
    expect(problems[0]).not.toMatch(/klmnopq|rstuvwx|abcdef/)
  })

  test('white space around a secret is removed', () => {
    expect(settingsOf({ token: ' abcd.efgh.ijkl\r\n' }).credential).toEqual({ kind: 'token', ...TOKEN })
  })

  test('a token that no header can carry is invalid and not shown', () => {
    for (const token of ['Bearer abcdefgh', 'abcdefgh"']) {
      const problem = problemOf({ token })
      expect(problem).toMatch(
        /^Invalid value \(not shown\) for `token`: it has characters that no access token has/,
      )
      expect(problem).not.toContain('abcdefgh')
    }
  })

  test('whether a token has expired is for ISC to judge', () => {
    const payload = Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')
    expect(settingsOf({ token: `a.${payload}.c` }).credential).toMatchObject({ kind: 'token' })
  })

  test('a dry run needs none, and then no address', () => {
    const { settings, problems } = read({ ...LIST, 'dry-run': 'true', 'client-id': 'me' })
    expect(problems).toEqual([])
    expect(settings?.credential).toBeNull()
    expect(settings?.baseUrl).toBe('')
  })

  const SECRET = '5f0c1b2a3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8'

  /** Every part of the secret of 12 characters that a text shows. */
  function partsIn(text: string): string[] {
    return Array.from(SECRET, (_, at) => SECRET.slice(at, at + 12)).filter(
      (part) => part.length === 12 && text.includes(part),
    )
  }

  test.each(INPUT_NAMES.filter((name) => !['identity-ids', 'client-secret', 'token'].includes(name)))(
    'a secret in the wrong input, %s, is not shown, nor a part of it',
    (name) => {
      const base = { ...LIST, ...TENANT, 'client-id': 'me', [name]: `x ${SECRET}` }
      const { problems } = read({ ...base, 'client-secret': SECRET })
      expect(partsIn(problems.join('\n'))).toEqual([])
      // Swapped: what is in client-secret is no secret, and nothing tells the action which text is one.
      const swapped = read({ ...base, 'client-secret': 'acme-corp', [name]: SECRET })
      expect(partsIn(swapped.problems.join('\n'))).toEqual([])
    },
  )

  test.each(['', '"', 'a'])(
    'a secret of the environment is taken out of problems, also after %j',
    (before) => {
      const inputs = { ...LIST, tenant: `https://${'é'.repeat(20)}${before}${SECRET}` }
      const problem = read(inputs, { SAIL_CLIENT_ID: 'me', SAIL_CLIENT_SECRET: SECRET }).problems.join()
      expect(problem).toContain('***" for `tenant`')
      expect(partsIn(problem)).toEqual([])
    },
  )

  test('values are shortened to 40 characters', () => {
    const problem = problemOf({ 'identify-by': `alias, ${'mail, '.repeat(20)}` })
    expect(problem).toMatch(/^Invalid value "alias, (mail, )+…" for `identify-by`/)
    expect(problem.indexOf('…')).toBeLessThanOrEqual('Invalid value "'.length + 40)
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
  ])('base-url %s is valid', (given, expected) => {
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
  ])('base-url %s is invalid', (given, reason) => {
    const { problems } = withUrl(given)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^Invalid value ".*" for `base-url`: /)
    expect(problems[0]).toContain(reason)
  })

  test.each([
    ['https://acme.identitynow.com', 'https://acme.api.identitynow.com'],
    ['https://ACME.identitynow.com/ui/a/admin', 'https://acme.api.identitynow.com'],
    ['https://acme-poc.identitynow-demo.com', 'https://acme-poc.api.identitynow-demo.com'],
    ['https://acme.login.sailpoint.com/oauth/authorize', 'https://acme.api.identitynow.com'],
    ['https://acme.saas.sailpointfedramp.com', 'https://acme.api.saas.sailpointfedramp.com'],
  ])('base-url %s, where people sign in, is invalid, and the API is named', (given, api) => {
    const { problems } = withUrl(given)
    expect(problems).toEqual([expect.stringMatching(/people sign in there/)])
    expect(problems[0]).toContain(`Use ${api}.`)
    expect(withUrl(api).problems).toEqual([])
  })

  test.each([
    ['acme.identitynow.com', /people sign in there.* Use https:\/\/acme\.api\.identitynow\.com\./],
    ['https://api.identitynow.com', /the tenant is missing\. Use https:\/\/TENANT\.api\.identitynow\.com\./],
  ])('base-url %s is nearly right, and the error says what is', (given, reason) => {
    expect(withUrl(given).problems).toEqual([expect.stringMatching(reason)])
  })

  test('credentials in base-url are invalid and not shown', () => {
    const { problems } = withUrl('https://me:s3cret@acme.example')
    expect(problems[0]).toContain('has credentials')
    expect(problems[0]).not.toContain('s3cret')
  })

  test.each(['acme.api.identitynow.com', 'https://acme', 'ac me', '-acme'])(
    'tenant %s is invalid',
    (tenant) => {
      const { problems } = read({ ...LIST, ...TOKEN, tenant })
      expect(problems).toHaveLength(1)
      expect(problems[0]).toContain(`Invalid value "${tenant}" for \`tenant\`. Use the name alone`)
    },
  )

  test('an input wins over the environment, and both inputs are invalid', () => {
    const env = { SAIL_BASE_URL: 'https://env.example' }
    expect(read({ ...LIST, ...TOKEN }, env).settings?.baseUrl).toBe('https://env.example')
    expect(read({ ...LIST, ...TOKEN, ...TENANT }, env).settings?.baseUrl).toBe(
      'https://acme.api.identitynow.com',
    )
    expect(problemOf({ 'base-url': 'https://x.example' })).toContain(
      '`tenant` ("acme") and `base-url` ("https://x.example") are both set. Set',
    )
    expect(read({ ...LIST, ...TOKEN }, { SAIL_BASE_URL: 'nonsense' }).problems[0]).toContain('SAIL_BASE_URL')
  })
})

describe('the list', () => {
  test.each([
    [{ 'identity-ids-file': 'a.txt' }, '`identity-ids` and `identity-ids-file`'],
    [{ 'from-report': 'report.json' }, '`identity-ids` and `from-report`'],
    [
      { 'identity-ids-file': 'a.txt', 'from-report': 'report.json' },
      '`identity-ids` and `identity-ids-file` and `from-report`',
    ],
  ])('has one source: %j beside identity-ids is invalid', (inputs, names) => {
    expect(problemOf(inputs)).toBe(`There is more than one list: ${names} are set. Set only one of them.`)
  })

  const ON_REPORT = { ...REPORT, 'still-listed': 'lists/*' }
  test.each([
    [{ 'added-since': 'event' }, /^`added-since` is set without `identity-ids-file`/],
    [{ ...REPORT, 'added-since': 'HEAD^' }, /^`added-since` is set without `identity-ids-file`/],
    [{ ...FILES, 'still-listed': 'lists/*' }, /^`still-listed` is set without `from-report`/],
    [
      { ...REPORT, 'identify-by': 'alias' },
      /^`identify-by` is set with `from-report`, but without `still-listed`/,
    ],
    [{ ...REPORT, 'identity-id-column': 'login' }, /^`identity-id-column` is set with `from-report`/],
    [{ ...FILES, 'added-since': 'event', 'identify-by': 'alias' }, null],
    [{ ...ON_REPORT, 'identify-by': 'alias', 'identity-id-column': 'login' }, null],
    [{ ...REPORT, 'identify-by': 'id', 'added-since': 'beginning', 'still-listed': 'none' }, null],
  ])('%j go together or not', (inputs, message) => {
    if (message === null) settingsOf(inputs)
    else expect(problemOf(inputs)).toMatch(message)
  })
})

describe('added-since', () => {
  const SHA = '0123456789ABCDEF0123456789abcdef01234567'
  test.each<[string, AddedSince]>([
    ['beginning', { kind: 'beginning' }],
    ['event', { kind: 'event' }],
    [SHA, { kind: 'commit', revision: SHA.toLowerCase() }],
    ['f'.repeat(64), { kind: 'commit', revision: 'f'.repeat(64) }],
    ['HEAD^', { kind: 'commit', revision: 'HEAD^' }],
    ['HEAD~12', { kind: 'commit', revision: 'HEAD~12' }],
    ['old/', { kind: 'folder', folder: 'old' }],
    ['./before/../old/lists/', { kind: 'folder', folder: 'old/lists' }],
  ])('%s is valid', (text, addedSince) => {
    expect(settingsOf({ ...FILES, 'added-since': text }).list.addedSince).toEqual(addedSince)
  })

  test.each([
    ...['main', 'v1', 'feature/x', 'origin/main', 'refs/heads/main', 'HEAD', 'HEAD~0', 'HEAD^^', 'HEAD~1^2'],
    ...['0123456', 'g'.repeat(40), '../old/', '/', './', '/elsewhere/', 'none', 'Event', '--exec=x'],
  ])('%s is invalid', (text) => {
    expect(problemOf({ ...FILES, 'added-since': text })).toMatch(
      / for `added-since`\. Use `beginning`, `event`, /,
    )
  })
})

describe('lists in an input', () => {
  test.each<[string, string[]]>([
    ['a.txt\r\n\n  lists/*.csv ', ['a.txt', 'lists/*.csv']],
    ['a.txt\rb.txt # the others', ['a.txt', 'b.txt']],
    ['# all\na, b.csv\n', ['a, b.csv']],
    ['["a.txt", " b #1.txt "]', ['a.txt', 'b #1.txt']],
    ['[\n"a.txt"\n]', ['a.txt']],
    ['[ab]*.csv', ['[ab]*.csv']],
    ['!not-this.csv\n- a.csv', ['!not-this.csv', '- a.csv']],
  ])('of paths are one per line, or JSON: %j', (text, paths) => {
    expect(settingsOf({ ...FILES, 'identity-ids-file': text }).list.files).toEqual(paths)
    expect(settingsOf({ 'exclude-ids-file': text }).list.excludeFiles).toEqual(paths)
    expect(settingsOf({ ...REPORT, 'still-listed': text }).list.stillListed).toEqual(paths)
  })

  test.each<[string, Record<string, string>]>([
    ['terminated', { terminated: 'terminated' }],
    ['terminated, TERMINATED,\n On Leave \r\n,', { terminated: 'TERMINATED', 'on leave': 'On Leave' }],
    ['["a, b", "c"]', { 'a, b': 'a, b', c: 'c' }],
    ['terminated # gone\n# LOCKED\rinactive', { terminated: 'terminated', inactive: 'inactive' }],
    ['long-term leave, état\u200bx', { 'long-term leave': 'long-term leave', étatx: 'état\u200bx' }],
  ])('of states are read as compared and as written: %j', (text, states) => {
    expect(Object.fromEntries(settingsOf({ 'refuse-states': text }).refuseStates)).toEqual(states)
  })

  test.each([
    ...['"terminated"', "'terminated'", '- terminated', '-terminated', '[terminated]', '{terminated}', '*'],
    ...[
      'terminated;left',
      'terminated|left',
      'a\n*',
      '["terminated"',
      '["- a"]',
      '["a", ""]',
      '[["a"]]',
      '[]',
    ],
    ...[
      'Array',
      'Object',
      '[object Object]',
      'System.Object[]',
      'null',
      '@(terminated)',
      '\u200b',
      ',',
      '∞',
      '…',
    ],
    ...['# none', 'None', 'terminated, none', '“terminated”', 'terminated, `left`'],
  ])('of states are invalid, not another state: %j', (text) => {
    expect(problemOf({ 'refuse-states': text })).toMatch(
      /^Invalid value ".*" for `refuse-states`\. Use names of .*or `none`\.$/,
    )
  })

  test.each(['# none', '[]', '[""]', '[1]', 'Array', 'System.Object[]', 'a.csv\nNone'])(
    'of paths are invalid, not without entries: %j',
    (text) => {
      for (const inputs of [{ 'exclude-ids-file': text }, { ...REPORT, 'still-listed': text }]) {
        expect(problemOf(inputs)).toMatch(/ for `(exclude-ids-file|still-listed)`\. Use paths or globs/)
      }
    },
  )
})

test('a guard that is set to any text is on, or there is a problem', () => {
  const GUARDS = {
    'exclude-ids-file': ({ list }: Settings) => list.excludeFiles !== null && list.excludeFiles.length > 0,
    'still-listed': ({ list }: Settings) => list.stillListed !== null && list.stillListed.length > 0,
    'refuse-states': ({ refuseStates }: Settings) => refuseStates.size > 0 && !refuseStates.has(''),
    'max-identities': ({ list }: Settings) => list.maxIdentities !== null,
    'max-to-enable': ({ maxToEnable }: Settings) => maxToEnable !== null,
    'added-since': ({ list }: Settings) => list.addedSince.kind !== 'beginning',
    'dry-run': ({ dryRun }: Settings) => dryRun,
  }
  const OFF = ['none', 'beginning', 'false', 'False', 'FALSE']
  const fitting = fc.constantFrom(
    '5',
    'true',
    'event',
    'HEAD^',
    'a.csv',
    'a.csv # b',
    '["a"]',
    'terminated, x',
  )
  const strange = fc.constantFrom('', ' ', '#', 'None', '[]', '[""]', 'Array', '- x', "'x'")
  const syntax = fc.stringMatching(/^[[\]"',;#\n ANaone-]{0,12}$/)
  const text = fc.oneof({ weight: 6, arbitrary: fitting }, strange, syntax, fc.string({ unit: character }))
  const guard = text.filter((given) => !OFF.includes(given.trim()))
  const guards = fc
    .subarray(Object.keys(GUARDS) as (keyof typeof GUARDS)[], { minLength: 1, maxLength: 4 })
    .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), guard))))
  let on = 0
  fc.assert(
    fc.property(fc.constantFrom(LIST, FILES, REPORT), guards, (list, given) => {
      const { settings, problems } = read({ ...list, ...TOKEN, ...TENANT, ...Object.fromEntries(given) })
      expect(settings === null).toBe(problems.length > 0)
      if (settings === null) return
      for (const [name] of given) expect([name, GUARDS[name](settings)]).toEqual([name, true])
      on += given.length
    }),
    { numRuns: 1_000 },
  )
  expect(on).toBeGreaterThan(20)
})
