import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { HOSTILE } from '../../dev/hostile-text.ts'
import type { ActionRun } from '../../dev/run-action.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { program, runs } from '../support/runs.ts'
import { listsOf, requestsTo, runAgainst } from '../support/tenant.ts'
import { guarded, predict, type Person, type Source, type Step, type Wanted } from './model.ts'

const SEED = Number(process.env['SEED'] ?? 20261127)
const RUNS = runs(40, 1_000)

const STATES = ['active', 'leave', 'terminated', null, 'Pre hire', 'terminated']
const PEOPLE: readonly Person[] = STATES.map((lifecycleState, n) => ({
  ...{ id: `${n}`.repeat(8).padStart(32, 'a'), alias: `user.${n}`, email: `user.${n}@example.com` },
  ...{ identityStatus: n === 3 ? 'ACTIVE' : 'DISABLED', lifecycleState },
}))
const IDS = PEOPLE.map(({ id }) => id)
const idAt = (n: number): string => IDS[n] ?? ''

/** What the lists hold, by their paths. */
const FILES = {
  'list.txt': IDS,
  'shorter.txt': IDS.slice(0, 3),
  'deny.txt': [idAt(0)],
  'deny/more.csv': ['id', idAt(1), idAt(4)],
  'blank.txt': [],
}

/** What people, expressions and other programs make of a value. */
const spoilt = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 16, arbitrary: value },
    { weight: 2, arbitrary: value.map((text) => ` ${text}\n`) },
    {
      weight: 2,
      arbitrary: fc.array(value, { minLength: 1, maxLength: 3 }).map((list) => JSON.stringify(list)),
    },
    { weight: 2, arbitrary: fc.array(value, { minLength: 2, maxLength: 3 }).map((list) => list.join('\n')) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(value, fc.constantFrom(', ', '; ', ' ', '|'))
        .map(([text, by]) => [text, text].join(by)),
    },
    { weight: 1, arbitrary: value.map((text) => `${text} # a note`) },
    { weight: 1, arbitrary: value.map((text) => `# a note\n${text}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(value, fc.constantFrom('"', "'", '- ', '[', '=', '*', '\u200B', '\u00A0'))
        .map(([text, mark]) => mark + text),
    },
    { weight: 1, arbitrary: value.map((text) => `"${text}"`) },
    { weight: 1, arbitrary: value.map((text) => text.toUpperCase()) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '',
        ' ',
        'none',
        'None',
        'null',
        'Array',
        '[object Object]',
        'System.Object[]',
        '[]',
        '{}',
        'false',
        '0',
        '-1',
        '1e9',
        '3.0',
        '+3',
        '0x2',
        '٣',
        '∞',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE).map((text) => text.replaceAll('\0', '')) },
  )

const number = spoilt(fc.integer({ min: 0, max: 9 }).map(String))
const flag = spoilt(fc.constantFrom('true', 'True', 'true', 'false', 'yes'))
const state = spoilt(fc.constantFrom('terminated', 'leave', 'Pre Hire', 'DISABLED', 'active', 'leaver'))
const path = spoilt(
  fc.constantFrom(
    'deny.txt',
    'deny.txt',
    './deny.txt',
    'deny/*.csv',
    'deny/**',
    '*.txt',
    'deny',
    'missing.txt',
    'm*.txt',
    'blank.txt',
    '../deny.txt',
    '/etc/passwd',
  ),
)
const list = spoilt(fc.constantFrom('list.txt', 'shorter.txt', '*.txt', 'missing.txt', 'l*.txt'))

const GUARDS = {
  'exclude-ids-file': path,
  'still-listed': list,
  'refuse-states': state,
  'max-identities': number,
  'max-to-enable': number,
  'skip-enabled': flag,
  'dry-run': flag,
  'fail-fast': flag,
}
type Guard = keyof typeof GUARDS
type Settings = Readonly<Partial<Record<Guard, string>>>

/** Some guards, each set to any text; for a list or for the report of a plan. */
const trial = fc.boolean().chain((isPlanned) => {
  // For a list, `still-listed` is always an error.
  const names = (Object.keys(GUARDS) as Guard[]).filter((name) => isPlanned || name !== 'still-listed')
  return fc
    .oneof(
      { weight: 6, arbitrary: fc.subarray(names, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.subarray(Object.keys(GUARDS) as Guard[]) },
    )
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, GUARDS[name]]))))
    .map((given: Settings) => ({ isPlanned, given }))
})

test(
  `whatever guards are set to: nothing is submitted, or each of them is named in the log, and holds (${RUNS} settings)`,
  async () => {
    const tenant = await startTenant({
      identities: {},
      extra: PEOPLE.map(({ email, lifecycleState, ...person }) => ({
        ...person,
        emailAddress: email,
        lifecycleState:
          typeof lifecycleState === 'string' ? { stateName: lifecycleState, manuallyUpdated: false } : null,
      })),
    })
    const { 'list.txt': content, ...rest } = FILES
    const plan = await runAgainst(
      tenant,
      { 'identity-ids-file': 'list.txt', 'dry-run': 'true' },
      { ...program(), files: { 'list.txt': content.join('\n') } },
    )
    expect(plan.exitCode).toBe(0)
    const files = {
      ...Object.fromEntries(
        Object.entries({ 'list.txt': content, ...rest }).map(([name, lines]) => [name, lines.join('\n')]),
      ),
      'plan.json': plan.report ?? '',
    }
    let past = 0
    const attempt = async ({ isPlanned, given }: { isPlanned: boolean; given: Settings }): Promise<void> => {
      for (const { id, identityStatus } of PEOPLE) tenant.change(id, { identityStatus })
      const before = requestsTo(tenant, 'enable').length
      const source = isPlanned ? { 'from-report': 'plan.json' } : { 'identity-ids-file': 'list.txt' }
      const run = await runAgainst(
        tenant,
        { ...source, 'max-failures': '100', ...given },
        { ...program(), files },
      )
      if (run.outputs['stop-reason'] !== 'invalid-input' && Object.keys(given).length > 0) past += 1
      expectGuarded(run, given, isPlanned, submittedSince(tenant, before))
    }
    try {
      await fc.assert(fc.asyncProperty(trial, attempt), { numRuns: RUNS, seed: SEED })
      // A property of settings that are all invalid would hold as well.
      expect(past).toBeGreaterThan(RUNS / 4)
    } finally {
      await tenant.stop()
    }
  },
  Math.max(300_000, RUNS * 3_000),
)

/** Settings that keep from submitting as well, but are no guards: the log need not name them. */
const OPTIONS: ReadonlySet<string> = new Set(['dry-run', 'skip-enabled', 'fail-fast'])

function submittedSince(tenant: Tenant, before: number): string[] {
  return requestsTo(tenant, 'enable')
    .slice(before)
    .flatMap(({ ids }) => ids)
}

function expectGuarded(
  run: ActionRun,
  given: Settings,
  isPlanned: boolean,
  submitted: readonly string[],
): void {
  expect(run.exitCode).toBe(run.outputs['result'] === 'success' ? 0 : 1)
  if (run.outputs['stop-reason'] === 'invalid-input') {
    expect(submitted).toEqual([])
    expect(run.exitCode).toBe(1)
    return
  }
  for (const [name, text] of Object.entries(given)) {
    const isOff = /^(none|false)$/i.test(text.trim())
    if (!OPTIONS.has(name)) expect([name, isGuardNamed(run, name)]).toEqual([name, !isOff])
  }
  const step = stepOf(given)
  const prediction = predict(sourceOf(isPlanned), PEOPLE, step)
  // More identities failed than a guard allows: `fail-fast` is not a part of the model, but keeps from submitting.
  expect(submitted.toSorted()).toEqual([...prediction.submitted].sort())
  expect(run.outputs).toMatchObject({
    'stop-reason': prediction.stopReason,
    'excluded-count': String(prediction.excluded),
  })
  const { succeeded, failed, unprocessed } = listsOf(run)
  expect([...succeeded, ...failed, ...unprocessed].sort()).toEqual([...prediction.ends.keys()].sort())
}

function isGuardNamed({ stdout }: ActionRun, name: string): boolean {
  return new RegExp(`^Guard on: \`${name}\` .`, 'm').test(stdout)
}

/** Of a plan, those it would enable: all but the one that was enabled already. */
function sourceOf(isPlanned: boolean): Source {
  const listed = PEOPLE.map(({ id, lifecycleState }): Wanted => {
    const entry = { text: id, id: null, file: 'list.txt' }
    return isPlanned ? { ...entry, id, approval: { state: lifecycleState } } : { ...entry, approval: null }
  })
  return isPlanned
    ? {
        wanted: listed.filter((_, n) => PEOPLE[n]?.identityStatus !== 'ACTIVE'),
        report: { isAnyKnown: true },
      }
    : { wanted: listed, report: null }
}

/** What the settings say, where they are valid. */
function stepOf(given: Settings): Step {
  const number = (text = 'none'): number | null => (text.trim() === 'none' ? null : Number(text.trim()))
  const isOn = (text = 'false'): boolean => text.trim().toLowerCase() === 'true'
  const denied = filesOf(given['exclude-ids-file'], ['deny.txt', 'deny/more.csv', 'list.txt', 'shorter.txt'])
  const still = filesOf(given['still-listed'], ['list.txt', 'shorter.txt'])
  return {
    identifyBy: 'id',
    exclude: denied?.flatMap(([, lines]) => lines.filter((line) => line !== 'id')) ?? null,
    stillListed: still === null ? null : new Map(still),
    refuseStates: entriesOf(given['refuse-states'], /[,;|]/) ?? [],
    maxIdentities: number(given['max-identities']),
    maxToEnable: number(given['max-to-enable']),
    maxFailures: 100,
    ignore404: false,
    skipEnabled: isOn(given['skip-enabled']),
    showNames: false,
    dryRun: isOn(given['dry-run']),
    isCutOff: false,
    isFork: false,
  }
}

/** The files that a list of paths means, of these candidates; null: none is set. */
function filesOf(text: string | undefined, candidates: readonly (keyof typeof FILES)[]) {
  const paths = entriesOf(text, /[,;|\s]/)
  if (paths === null) return null
  const means = (path: string, name: string): boolean => {
    const pattern = path.replace(/^\.\//, '').replaceAll('.', '\\.')
    const stars = pattern.replace(/\*+/g, (star) => (star.length > 1 ? '.*' : '[^/]*'))
    return new RegExp(`^${stars.replace(/[^\w.*/[\]^\\]/g, '')}$`).test(name)
  }
  return candidates
    .filter((name) => paths.some((path) => means(path, name)))
    .map((name): [string, readonly string[]] => [name, FILES[name]])
}

/** What a person reads in a list between quotes, brackets, bullets and separators; null: the guard is off. */
function entriesOf(text: string | undefined, separator: RegExp): string[] | null {
  if (text === undefined || text.trim() === 'none') return null
  return text
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(separator))
    .map((entry) => entry.replace(/^[^\p{L}\p{N}./*]+|[^\p{L}\p{N}*]+$/gu, ''))
    .filter((entry) => guarded(entry) !== '')
}
