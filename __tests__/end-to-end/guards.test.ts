import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { describe, expect, test } from '@jest/globals'

import { readManifest, runAction, type ActionOptions, type ActionRun } from '../../dev/run-action.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { credentialFor, listsOf, requestsTo, runAgainst, tenantWith } from '../support/tenant.ts'

const [ADA, BOB, EVE] = ['a', 'b', 'e'].map((letter) => letter.repeat(32)) as [string, string, string]
const LIST = { 'identity-ids': `${ADA} ${BOB}` }

/** Ada joins, Bob has left. */
function tenantOfTwo(): Promise<Tenant> {
  const extra = [
    { id: ADA, name: 'Ada', lifecycleState: { stateName: 'active', manuallyUpdated: false } },
    { id: BOB, name: 'Bob', lifecycleState: { stateName: 'terminated', manuallyUpdated: false } },
  ]
  return tenantWith({ identities: {}, extra })
}

const submittedTo = (tenant: Tenant): string[] => requestsTo(tenant, 'enable').flatMap(({ ids }) => ids)

function problemsOf({ report }: ActionRun): string[] {
  return (JSON.parse(report ?? '') as { problems: string[] }).problems
}

/** The run failed before anything was asked of the tenant. Returns its problems. */
function expectInvalid(run: ActionRun, tenant: Tenant): string[] {
  expect(run.exitCode).toBe(1)
  expect(run.outputs).toMatchObject({ result: 'failure', 'stop-reason': 'invalid-input' })
  expect(tenant.requests).toEqual([])
  expect(run.stdout).toMatch(/^::error /m)
  expect(problemsOf(run)).not.toEqual([])
  return problemsOf(run)
}

/** What a problem is about: "Invalid value … for NAME", or "… no input named NAME". */
const about = (name: string): unknown => expect.stringMatching(new RegExp(`(for|named) \`${name}\`[.:]`))

describe('an empty value', () => {
  test('is an error for every guard and boolean of action.yml, and means "not given" for all others', async () => {
    const tenant = await tenantOfTwo()
    const inputs = Object.entries((await readManifest()).inputs)
    const switches = inputs.filter(([, input]) => /^(none|true|false|beginning)$/.test(input.default ?? ''))
    expect(switches.length).toBeGreaterThan(10)
    const empty = (names: typeof inputs) => Object.fromEntries(names.map(([name]) => [name, '']))
    const invalid = await runAgainst(tenant, { ...LIST, ...empty(switches) })
    const problems = expectInvalid(invalid, tenant)
    expect(problems).toHaveLength(switches.length)
    for (const [name] of switches) expect(problems).toContainEqual(about(name))
    for (const problem of problems) expect(problem).toMatch(/empty.*`(none|false|beginning)`/)

    const others = empty(inputs.filter((input) => !switches.includes(input)))
    const run = await runAgainst(tenant, { ...others, ...credentialFor(tenant), ...LIST })
    expect(listsOf(run).succeeded).toEqual([ADA, BOB])
  })

  test.each(['dry-run', 'refuse-states', 'exclude-ids-file', 'max-to-enable', 'added-since'])(
    'of %s alone enables nothing, also when it is a blank',
    async (name) => {
      const tenant = await tenantOfTwo()
      for (const value of ['', ' '])
        expect(expectInvalid(await runAgainst(tenant, { ...LIST, [name]: value }), tenant)).toEqual([
          about(name),
        ])
    },
  )
})

describe('a name that does not exist', () => {
  const MISSPELT = {
    dry_run: 'dry-run',
    dryrun: 'dry-run',
    'refuse-state': 'refuse-states',
    refuse_states: 'refuse-states',
    exclude_ids_file: 'exclude-ids-file',
    'exclude-id-file': 'exclude-ids-file',
    'max-to-enabled': 'max-to-enable',
    MaxIdentities: 'max-identities',
    'skip-enable': 'skip-enabled',
    'still-list': 'still-listed',
    verfy: 'verify',
    'deny-list': null,
  }

  test('is an error that names the input meant', async () => {
    const tenant = await tenantOfTwo()
    const inputs = Object.fromEntries(Object.keys(MISSPELT).map((name) => [name, 'true']))
    const problems = expectInvalid(await runAgainst(tenant, { ...LIST, ...inputs }), tenant)
    expect(problems).toHaveLength(Object.keys(MISSPELT).length)
    for (const [name, meant] of Object.entries(MISSPELT))
      expect(problems).toContainEqual(
        expect.stringMatching(`named \`${name.toLowerCase()}\`\\..* \`${meant ?? '[a-z-]+'}\`\\.`),
      )
  })

  test.each(['dry_run', 'refuse-state'])('%s alone enables nothing', async (name) => {
    const tenant = await tenantOfTwo()
    expectInvalid(await runAgainst(tenant, { ...LIST, [name]: 'true' }), tenant)
  })

  test('is none of the action’s where a desktop or another program set the variable', async () => {
    const env = { INPUT_METHOD: 'ibus', INPUT_FORMAT: 'x', 'INPUT_SOURCE FILE': 'y' }
    const run = await runAgainst(await tenantOfTwo(), LIST, { env })
    expect(run.exitCode).toBe(0)
  })

  test('is one that exists where only the case differs, as for the runner', async () => {
    const tenant = await tenantOfTwo()
    const run = await runAgainst(tenant, { ...LIST, 'Dry-Run': 'TRUE' })
    expect(JSON.parse(run.report ?? '')).toMatchObject({ dryRun: true })
    expect(submittedTo(tenant)).toEqual([])
  })
})

describe('refuse-states', () => {
  test.each([
    '["terminated"]',
    '[ "leave",\n "TERMINATED" ]',
    'terminated # leavers',
    '# leavers\n Terminated ',
    'leave,terminated',
    'ter\u00ADmin\u200Bated',
  ])('blocks a state that is written as %j', async (states) => {
    const tenant = await tenantOfTwo()
    const run = await runAgainst(tenant, { ...LIST, 'refuse-states': states })
    expect(submittedTo(tenant)).toEqual([ADA])
    expect(listsOf(run)).toMatchObject({ succeeded: [ADA], failed: [BOB] })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/^Guard on: `refuse-states` .*ter/im)
  })

  test.each([
    '- terminated',
    '"terminated"',
    "'terminated'",
    'leave; terminated',
    'leave | terminated',
    '[terminated]',
    '["terminated"',
    '[["terminated"]]',
    '[]',
    '*',
    'Array',
    '[object Object]',
    'System.Object[]',
    'None',
    'none, terminated',
    '\u200B',
    '# terminated',
  ])('that cannot be read is an error: %j', async (states) => {
    const tenant = await tenantOfTwo()
    const run = await runAgainst(tenant, { ...LIST, 'refuse-states': states })
    expect(expectInvalid(run, tenant)).toEqual([about('refuse-states')])
  })

  test('that match no identity are a note with the lifecycle states that there are', async () => {
    const run = await runAgainst(await tenantOfTwo(), {
      ...LIST,
      'refuse-states': 'Terminated Leavers',
      'dry-run': 'true',
    })
    for (const text of [run.stdout, run.summary]) expect(text).toMatch(/No identity.*Terminated Leavers/)
    expect(run.stdout).toMatch(/^::notice .*active.*terminated/m)
  })
})

test.each([
  `${ADA} # Ada Lovelace ${BOB} # Bob Roe`,
  `# Joiners ${ADA} ${BOB}`,
  `${ADA} # Ada, then bob@example.com`,
])('an inline list whose line ends were lost is an error: %s', async (list) => {
  const tenant = await tenantOfTwo()
  const run = await runAgainst(tenant, { 'identity-ids': list })
  expect(expectInvalid(run, tenant).join()).toMatch(/line ends/)
})

// Folders of the system, links and full disks are there on Linux.
const describeLinux = process.platform === 'linux' ? describe : describe.skip

describeLinux('a place that cannot be written', () => {
  const below = (workspace: string, name: string): string => join(dirname(workspace), name)

  test.each<[string, Record<string, string>, Partial<ActionOptions>, RegExp]>([
    ['results-file below /proc', { 'results-file': '/proc/self/report.json' }, {}, /results-file/],
    ['results-file below a folder of /proc', { 'results-file': '/proc/a/b/report.json' }, {}, /results-file/],
    [
      'results-file below a link to /proc',
      { 'results-file': 'link/report.json' },
      { onWorkspace: (workspace) => symlinkSync('/proc/self', join(workspace, 'link')) },
      /results-file.*link/,
    ],
    [
      'results-file that is a folder, as a forged artifact has it',
      { 'results-file': 'plan.json' },
      { files: { 'plan.json/plan.json': '{}' } },
      /results-file.*directory/,
    ],
    [
      'results-file that is a link',
      { 'results-file': 'plan.json' },
      { onWorkspace: (workspace) => symlinkSync('other.json', join(workspace, 'plan.json')) },
      /results-file.*link/,
    ],
    [
      'results-file below a file',
      { 'results-file': 'blocked/report.json' },
      { files: { blocked: 'a file where a folder would have to be' } },
      /results-file/,
    ],
    [
      'results-file that is one of the lists',
      { 'identity-ids': '', 'identity-ids-file': '*.json', 'results-file': './list.json' },
      { files: { 'list.json': `["${ADA}"]` } },
      /results-file.*read/,
    ],
    [
      'results-file that is a deny list by another name',
      { 'exclude-ids-file': 'deny.csv', 'results-file': 'DIR/../deny.csv' },
      { files: { 'deny.csv': `id\n${EVE}\n`, 'DIR/x': '' } },
      /results-file.*read/,
    ],
  ])('is an error before anything is submitted: %s', async (_, inputs, options, words) => {
    const tenant = await tenantOfTwo()
    const run = await runAgainst(tenant, { ...LIST, ...inputs }, options)
    expect(expectInvalid(run, tenant)).toEqual([expect.stringMatching(words)])
  })

  test.each([
    ['/nowhere/output', /ENOENT|no such file/],
    ['/proc/self', /not a file|EISDIR/],
    ['/dev/full', /not a file|ENOSPC/],
  ])('is an error before anything is submitted: outputs at %s', async (path, words) => {
    const tenant = await tenantOfTwo()
    const run = await runAgainst(tenant, LIST, { env: { GITHUB_OUTPUT: path } })
    expect(run.exitCode).toBe(1)
    expect(tenant.requests).toEqual([])
    expect(run.stdout).toMatch(/::error .*GITHUB_OUTPUT/)
    expect(run.stdout).toMatch(words)
  })

  test('after all: outputs that are gone fail the job, and the log holds the lists', async () => {
    const tenant = await tenantOfTwo()
    let home = ''
    const run = await runAgainst(tenant, LIST, {
      onWorkspace: (workspace) => (home = dirname(workspace)),
      onLine: (line) => {
        if (line.startsWith('Submitting')) rmSync(join(home, 'output'), { force: true })
      },
    })
    expect(submittedTo(tenant)).toEqual([ADA, BOB])
    expect(run.exitCode).toBe(1)
    expect(run.outputs).toEqual({})
    expect(run.stdout).toMatch(/^::error.*outputs could not be set/m)
    expect(run.stdout).toMatch(new RegExp(`^succeeded: 2 identities\\.\n +${ADA}, ${BOB}$`, 'm'))
  })

  test('after all: a report that cannot be written goes to its default path, and the job fails', async () => {
    const tenant = await tenantOfTwo()
    let workspace = ''
    const run = await runAgainst(
      tenant,
      { ...LIST, 'results-file': 'out/report.json' },
      {
        onWorkspace: (path) => (workspace = path),
        onLine: (line) => {
          if (!line.startsWith('Submitting')) return
          rmSync(join(workspace, 'out'), { recursive: true, force: true })
          writeFileSync(join(workspace, 'out'), 'a file')
        },
      },
    )
    expect(submittedTo(tenant)).toEqual([ADA, BOB])
    expect(run.exitCode).toBe(1)
    expect(run.outputs).toMatchObject({ result: 'failure', 'succeeded-count': '2' })
    expect(run.outputs['results-file']).toContain(below(workspace, 'temp'))
    expect(JSON.parse(run.report ?? '')).toMatchObject({ result: 'failure', counts: { succeeded: 2 } })
    expect(run.stdout).toMatch(/^::error.*report could not be written/m)
  })

  test('after all: neither outputs nor report; the log is what is left', async () => {
    const tenant = await tenantOfTwo()
    let home = ''
    const run = await runAgainst(tenant, LIST, {
      onWorkspace: (workspace) => (home = dirname(workspace)),
      onLine: (line) => {
        if (!line.startsWith('Submitting')) return
        for (const name of ['output', 'temp']) {
          rmSync(join(home, name), { recursive: true, force: true })
          mkdirSync(join(home, name), { recursive: true })
        }
        rmSync(join(home, 'temp'), { recursive: true })
        writeFileSync(join(home, 'temp'), 'a file')
      },
    })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/^::error.*outputs/m)
    expect(run.stdout).toMatch(/^::error.*report/m)
    expect(run.stdout).toMatch(new RegExp(`^succeeded: 2 identities\\.\n +${ADA}, ${BOB}$`, 'm'))
  })

  test('the job summary: a warning, because nothing depends on it', async () => {
    const run = await runAgainst(await tenantOfTwo(), LIST, { env: { GITHUB_STEP_SUMMARY: '/dev/full' } })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toMatch(/::warning.*ENOSPC/)
  })
})

describe('a plan without a credential', () => {
  const repositories = (head: number | null, base: number): object => ({
    pull_request: { head: { repo: head === null ? null : { id: head } }, base: { repo: { id: base } } },
  })

  test.each<[string, ActionOptions['event'], boolean]>([
    ['a push', { name: 'push' }, false],
    ['a manual run', { name: 'workflow_dispatch' }, false],
    ['no event at all', undefined, false],
    ['a pull request of the repository', { name: 'pull_request', payload: repositories(1, 1) }, false],
    ['a pull request without a payload', { name: 'pull_request' }, false],
    [
      'pull_request_target, which gets secrets',
      { name: 'pull_request_target', payload: repositories(2, 1) },
      false,
    ],
    ['a push by Dependabot', { name: 'push', actor: 'dependabot[bot]' }, false],
    ['a pull request from a fork', { name: 'pull_request', payload: repositories(2, 1) }, true],
    ['a pull request from a deleted fork', { name: 'pull_request', payload: repositories(null, 1) }, true],
    [
      'a pull request by Dependabot',
      { name: 'pull_request', actor: 'dependabot[bot]', payload: repositories(1, 1) },
      true,
    ],
  ])('on %s', async (_, event, isChecked) => {
    const tenant = await tenantOfTwo()
    const inputs = { ...LIST, 'base-url': tenant.baseUrl, 'dry-run': 'true' }
    const run = await runAction({ inputs, ...(event && { event }) })
    expect(run.exitCode).toBe(isChecked ? 0 : 1)
    expect(run.outputs).toMatchObject({
      result: isChecked ? 'success' : 'failure',
      'stop-reason': isChecked ? '' : 'states-unknown',
      'to-enable-count': '',
      'unprocessed-ids': JSON.stringify([ADA, BOB]),
    })
    expect(run.stdout).toMatch(
      isChecked ? /::warning .*identity statuses are unknown/ : /::error .*could not be read/,
    )
    expect(tenant.requests).toEqual([])
  })

  test('fails for an invalid list, on a fork as well', async () => {
    const event = { name: 'pull_request', payload: repositories(2, 1) }
    const run = await runAction({ inputs: { 'identity-ids': 'b@d', 'dry-run': 'true' }, event })
    expect(run.outputs['stop-reason']).toBe('invalid-input')
  })

  test('gives a report of which nothing is enabled, because no state was approved', async () => {
    const tenant = await tenantOfTwo()
    const event = { name: 'pull_request', payload: repositories(2, 1) }
    const inputs = { ...LIST, 'base-url': tenant.baseUrl, 'dry-run': 'true' }
    const { report } = await runAction({ inputs, event })
    const files = { 'plan.json': report ?? '' }
    const run = await runAgainst(tenant, { 'from-report': 'plan.json' }, { files })
    expect(listsOf(run).failed).toEqual([ADA, BOB])
    expect(submittedTo(tenant)).toEqual([])
  })
})

describe('the wrong tenant', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['in a shard with one identity', { 'identity-ids': 'x1 x2 x3', shard: '3/3' }, []],
    ['beside an invalid ID, whatever is ignored', { 'identity-ids': 'x1 x2 x-bad' }, ['x-bad']],
    ['beside an excluded identity', { 'identity-ids': `x1 ${EVE}`, 'exclude-ids-file': 'deny.txt' }, []],
    ['where states are read', { 'identity-ids': 'x1 x2', 'skip-enabled': 'true' }, []],
    ['in a plan', { 'identity-ids': 'x1 x2', 'dry-run': 'true' }, []],
    ['by alias', { 'identity-ids': 'x1, x2', 'identify-by': 'alias' }, []],
  ])('%s', async (_, inputs, bad) => {
    const tenant = await tenantWith({
      identities: { disabled: 1 },
      ...(bad.length > 0 && { faults: [{ kind: 'status', status: 400, ids: bad }] }),
    })
    const given = { 'ignore-status-codes': '404, 400', 'max-failures': '100', ...inputs }
    const run = await runAgainst(tenant, given, { files: { 'deny.txt': EVE } })
    expect(run.exitCode).toBe(1)
    expect(run.outputs['stop-reason']).toBe('wrong-tenant')
    expect(run.stdout).toMatch(/::error .*exists in 127\.0\.0\.1/)
  })

  test.each<[string, Record<string, string>]>([
    ['one identity exists', { 'identity-ids': `x1 ${ADA}` }],
    ['the list has one entry', { 'identity-ids': 'x1' }],
    ['the one that exists is blocked', { 'identity-ids': `x1 ${BOB}`, 'refuse-states': 'terminated' }],
    ['the address is ambiguous', { 'identity-ids': 'x@y.z, two@y.z', 'identify-by': 'email' }],
  ])('is not suspected where %s', async (_, inputs) => {
    const extra = [
      { id: ADA },
      { id: BOB, lifecycleState: { stateName: 'terminated', manuallyUpdated: false } },
      { id: '1', emailAddress: 'two@y.z' },
      { id: '2', emailAddress: 'two@y.z' },
    ]
    const tenant = await tenantWith({ identities: {}, extra })
    const run = await runAgainst(tenant, { 'max-failures': '2', ...inputs })
    expect(run.outputs).toMatchObject({ result: 'success', 'stop-reason': '' })
  })
})

test('identities that are rejected wherever samples are taken stop no others', async () => {
  const ids = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(32, 'c'))
  const bad = ids.filter((_, n) => n % 6 === 0).slice(0, 16)
  const tenant = await tenantWith({ identities: 'any', faults: [{ kind: 'status', status: 400, ids: bad }] })
  const run = await runAgainst(tenant, {
    'identity-ids': ids.join(' '),
    'max-failures': '20',
    'rate-limit': '0',
  })
  expect(run.exitCode).toBe(0)
  expect(listsOf(run).failed).toEqual(bad)
})

test('the log names every guard that is on, the tenant, and in one line what is off', async () => {
  const tenant = await tenantOfTwo()
  const run = await runAgainst(
    tenant,
    {
      ...LIST,
      'refuse-states': 'terminated\nleave',
      'max-to-enable': '1000',
      'max-identities': '2000',
      'exclude-ids-file': 'deny/*.txt',
      'skip-enabled': 'true',
    },
    { files: { 'deny/a.txt': EVE } },
  )
  const lines = run.stdout.split(/\r?\n/)
  expect(lines).toEqual(
    expect.arrayContaining([
      'Guard on: `exclude-ids-file` deny/*.txt',
      'Guard on: `refuse-states` terminated, leave',
      'Guard on: `max-identities` 2,000',
      'Guard on: `max-to-enable` 1,000',
      'Guards off: `still-listed`, `added-since`.',
      `Tenant: ${tenant.baseUrl}, API v2025, without a proxy.`,
      'Deny list: 1 entry, 0 on this list.',
    ]),
  )
})
