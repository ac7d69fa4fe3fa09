import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { readManifest, ROOT, runAction, type ActionRun } from '../../dev/run-action.ts'
import { parseWorkflowCommands } from '../../dev/workflow-commands.ts'
import { program, runs } from '../support/runs.ts'
import { formsOf } from '../support/secret-forms.ts'
import { listsOf } from '../support/tenant.ts'
import { HONEST, lie, SECRET, TOKEN } from './lie.ts'
import { startLyingServer, type LyingServer, type Script } from './lying-server.ts'

const RUNS = runs(40, 2_000)
const SEED = Number(process.env['SEED'] ?? 20261126)
/** So many at a time: most of a run is waiting. */
const LANES = 4

/** No request takes longer than a second, and there are few: what takes longer hangs. */
const TIME_LIMIT_MS = 90_000
/** 4 MiB of answer can be millions of elements once they are parsed, again at each try. */
const MEMORY_LIMIT_MIB = 768

interface Trial {
  readonly ids: readonly string[]
  readonly inputs: Readonly<Record<string, string>>
  readonly script: Script
}

const lies = fc.array(lie, { minLength: 1, maxLength: 4 })
const mostlyHonest = fc.oneof({ weight: 3, arbitrary: fc.constant([HONEST]) }, { weight: 1, arbitrary: lies })
const flag = fc.constantFrom('true', 'false', 'false')

const trial: fc.Arbitrary<Trial> = fc.record({
  ids: fc.uniqueArray(fc.stringMatching(/^[0-9a-fA-F]{12}$/), {
    minLength: 1,
    maxLength: 8,
    selector: (id) => id.toLowerCase(),
  }),
  inputs: fc.record({
    'identify-by': fc.constantFrom('id', 'id', 'id', 'alias'),
    'dry-run': flag,
    'skip-enabled': flag,
    verify: flag,
    'show-names': flag,
    'fail-fast': flag,
    'refuse-states': fc.constantFrom('none', 'none', 'terminated'),
    'ignore-status-codes': fc.constantFrom('', '', '404', '404, 409, 429, 500, 503'),
    'max-failures': fc.constantFrom('', '', '2', '100'),
    'batch-size': fc.constantFrom('1', '3', '100'),
    concurrency: fc.constantFrom('1', '4'),
    'max-retries': fc.constantFrom('0', '0', '1'),
    token: fc.constantFrom('', '', TOKEN),
  }),
  script: fc.record({ token: mostlyHonest, enable: lies, identities: fc.oneof(mostlyHonest, lies) }),
})

test(
  `whatever a server answers, a run ends in time, tells the truth and no secret (${RUNS} servers)`,
  async () => {
    const { outputs } = await readManifest()
    const names = Object.keys(outputs)
    await Promise.all(
      Array.from({ length: LANES }, (_, lane) =>
        fc.assert(
          fc.asyncProperty(trial, (tried) => attempt(tried, names)),
          { numRuns: RUNS / LANES, seed: SEED + lane },
        ),
      ),
    )
  },
  Math.max(300_000, RUNS * 2_000),
)

async function attempt({ ids, inputs, script }: Trial, outputNames: readonly string[]): Promise<void> {
  const server = await startLyingServer(script)
  const folder = await mkdtemp(join(tmpdir(), 'trial-'))
  const measure = pathToFileURL(join(ROOT, 'dev', 'bench', 'measure.js')).href
  let timer
  try {
    const pair = inputs['token'] === '' ? { 'client-id': 'client', 'client-secret': SECRET } : {}
    const run = await runAction({
      ...program(),
      inputs: {
        ...{ ...inputs, ...pair, 'base-url': server.baseUrl, 'identity-ids': ids.join('\n') },
        ...{ 'request-timeout': '1', 'outage-timeout': '1', 'verify-timeout': '1', 'rate-limit': '0' },
      },
      env: {
        RUNNER_DEBUG: '1',
        ...{ NODE_OPTIONS: `--import ${measure}`, MEASURE_FILE: join(folder, 'measured.json') },
      },
      onStart: (child) => {
        timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS)
      },
    })
    const measured = await readFile(join(folder, 'measured.json'), 'utf8').catch(() => '{"peakMiB":null}')
    const { peakMiB } = JSON.parse(measured) as { peakMiB: number | null }
    expect(Object.keys(run.outputs).sort()).toEqual(outputNames.toSorted())
    expect(run.exitCode).toBe(run.outputs['result'] === 'success' ? 0 : 1)
    expect(run.outputs['stop-reason']).not.toBe('internal-error')
    expect(peakMiB).toBeLessThan(MEMORY_LIMIT_MIB)
    expectEveryIdentityAccountedFor(run, ids, inputs, server)
    expectOnlyOwnCommands(run)
    // What a server tells of a token before it has given it cannot be known to be one.
    const pairsSecrets = script.token[0] === HONEST ? [SECRET, TOKEN] : [SECRET]
    expectNoSecret(run, inputs['token'] === '' ? pairsSecrets : [TOKEN])
  } finally {
    clearTimeout(timer)
    await server.stop()
    await rm(folder, { recursive: true })
  }
}

interface Reported {
  readonly id: string | null
  readonly identifier: string
  readonly outcome: string
}

/** Each identity is in one list, once, and none has succeeded of which the server did not say so. */
function expectEveryIdentityAccountedFor(
  run: ActionRun,
  ids: readonly string[],
  inputs: Trial['inputs'],
  { accepted, listedAsEnabled }: LyingServer,
): void {
  const { identities } = JSON.parse(run.report ?? '') as { identities: readonly Reported[] }
  const { succeeded, failed, unprocessed } = listsOf(run)
  const listed = [...succeeded, ...failed, ...unprocessed]
  expect(new Set(listed.map((id) => id.toLowerCase())).size).toBe(listed.length)
  expect(listed.toSorted()).toEqual(identities.map(({ id, identifier }) => id ?? identifier).sort())
  // Two aliases of one identity are one.
  const identifiers = identities.map(({ identifier }) => identifier)
  if (inputs['identify-by'] === 'id') expect(identifiers).toEqual(ids)
  else expect(ids).toEqual(expect.arrayContaining(identifiers))
  expect(run.outputs['total-count']).toBe(String(listed.length))
  expect(run.comment).not.toBeNull()
  expect(run.summary).not.toBe('')
  for (const id of succeeded) {
    const said = accepted.has(id.toLowerCase()) || listedAsEnabled.has(id.toLowerCase())
    expect([id, said]).toEqual([id, true])
  }
  if (run.outputs['result'] !== 'success') return
  expect(inputs['dry-run'] === 'true' ? [] : unprocessed).toEqual([])
  const mayFail = inputs['max-failures'] !== '' || inputs['ignore-status-codes'] !== ''
  if (!mayFail) expect(failed).toEqual([])
}

function expectOnlyOwnCommands({ stdout, stderr }: ActionRun): void {
  expect(stderr).toBe('')
  for (const { name, properties, data } of parseWorkflowCommands(stdout)) {
    expect(['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning']).toContain(name)
    if (name === 'group') expect(['Set-up', 'Enabling', 'Verifying', 'Result']).toContain(data)
    if (name === 'error' || name === 'warning') expect(properties['title']).toBe('Enable identities')
  }
}

function expectNoSecret(
  { stdout, outputs, summary, comment, report }: ActionRun,
  secrets: readonly string[],
): void {
  const shown = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  const traces = [...shown, JSON.stringify(outputs), summary, comment, report].join('\n')
  expect(secrets.flatMap(formsOf).filter((form) => traces.includes(form))).toEqual([])
}
