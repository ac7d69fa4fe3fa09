import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { ActionRun } from '../../dev/run-action.ts'
import type { LifecycleState as TenantState } from '../../dev/tenant/population.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { program, runs } from '../support/runs.ts'
import { listsOf, requestsTo, runAgainst } from '../support/tenant.ts'
import {
  predict,
  UNKNOWN,
  type End,
  type LifecycleState,
  type Person,
  type Prediction,
  type Source,
  type Step,
} from './model.ts'
import { inputsOf, scenario, written, type Chapter, type Scenario } from './scenario.ts'

const SEED = Number(process.env['SEED'] ?? 20261125)
/** Two at a time, for two cores. */
const LANES = 2
const RUNS = runs(40, 2_000)

test(
  `whatever the population, the lists, the guards and what changes in between: the tenant receives the identities that the contract says, and every identity ends in one list (${RUNS} stories)`,
  async () => {
    await Promise.all(
      Array.from({ length: LANES }, (_, lane) =>
        fc.assert(fc.asyncProperty(scenario, tell), {
          endOnFailure: true,
          numRuns: RUNS / LANES,
          seed: SEED + lane,
        }),
      ),
    )
  },
  Math.max(300_000, RUNS * 2_000),
)

async function tell(story: Scenario): Promise<void> {
  const people = story.people.map((person) => ({ ...person }))
  const tenant = await startTenant({
    identities: {},
    extra: people.map(({ email, lifecycleState, ...person }, n) => ({
      ...person,
      emailAddress: email,
      lifecycleState: inTenant(lifecycleState, n),
    })),
    ...(story.answerIdsIn && { answerIdsIn: story.answerIdsIn }),
  })
  try {
    let told = await firstRun(tenant, people, story)
    for (const chapter of story.later) {
      change(tenant, people, chapter)
      told = await laterRun(tenant, people, told, chapter, story)
      // An invalid report ends the story.
      if (told.forLater === null) break
    }
    expect(tenant.violations).toEqual([])
  } finally {
    await tenant.stop()
  }
}

/** What ISC's documentation does not have: nothing, or another shape. */
const SHAPES: readonly unknown[] = [
  undefined,
  {},
  [],
  { technicalName: 'active' },
  { stateName: null },
  'active',
]

/** A lifecycle state as the tenant gives it. */
function inTenant(state: LifecycleState, n: number): TenantState | null {
  if (state === UNKNOWN) return SHAPES[n % SHAPES.length] as TenantState
  return state === null ? null : { stateName: state, manuallyUpdated: false }
}

function change(tenant: Tenant, people: readonly Person[], { drift }: Chapter): void {
  for (const { person: index, lifecycleState, ...rest } of drift) {
    const person = people[index]
    if (person === undefined) continue
    tenant.change(person.id, rest)
    Object.assign(person, rest)
    if (lifecycleState === undefined) continue
    person.lifecycleState = lifecycleState
    const identity = tenant.identities.get(person.id)
    if (identity !== undefined) identity.lifecycleState = inTenant(lifecycleState, index)
  }
}

interface Told {
  readonly report: string
  /** What the report holds for a later run. */
  readonly forLater: Source | null
}

async function firstRun(
  tenant: Tenant,
  people: readonly Person[],
  { list, form, first, shards }: Scenario,
): Promise<Told> {
  const { inputs, files, wanted } = written(list, form)
  const step = { ...first, stillListed: null }
  const prediction = predict({ wanted, report: null }, people, step)
  const done: ActionRun[] = []
  for (let shard = 1; shard <= shards; shard += 1) {
    const shardInput = shards === 1 ? '' : `${shard}/${shards}`
    const given = { ...inputs, 'identify-by': first.identifyBy, shard: shardInput }
    done.push(await run(tenant, given, files, step))
  }
  compare(tenant, done, prediction, 0)
  enableIn(people, prediction)
  return { report: done[0]?.report ?? '', forLater: prediction.forLater }
}

async function laterRun(
  tenant: Tenant,
  people: readonly Person[],
  { report, forLater }: Told,
  { step: given, kept }: Chapter,
  { list, form }: Scenario,
): Promise<Told> {
  const before = requestsTo(tenant, 'enable').length
  const now = kept === null ? null : written(list, form, kept)
  const step = { ...given, stillListed: now === null ? null : listedIn(now) }
  const prediction = predict(forLater, people, step)
  const inputs = {
    'from-report': 'earlier.json',
    'still-listed': now === null ? 'none' : (now.inputs['identity-ids-file'] ?? 'other.txt'),
  }
  const files = { 'earlier.json': report, 'other.txt': list.join('\n'), ...now?.files }
  const done = await run(tenant, inputs, files, step)
  compare(tenant, [done], prediction, before)
  enableIn(people, prediction)
  return { report: done.report ?? '', forLater: prediction.forLater }
}

function listedIn({ wanted }: ReturnType<typeof written>): Map<string, string[]> {
  const byFile = new Map<string, string[]>()
  for (const { file, text } of wanted)
    if (file !== null) byFile.set(file, [...(byFile.get(file) ?? []), text])
  return byFile
}

/** A fork's pull request, where that is why there is no credential. */
const FORK = {
  name: 'pull_request',
  payload: { pull_request: { head: { repo: { id: 2 } }, base: { repo: { id: 1 } } } },
}

async function run(
  tenant: Tenant,
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  step: Step,
): Promise<ActionRun> {
  if (step.isCutOff) tenant.outage('refuse')
  const done = await runAgainst(
    tenant,
    { ...inputsOf(step), ...inputs },
    {
      ...program(),
      ...(step.isFork && { event: FORK }),
      files: { ...files, 'exclude.txt': ['# Never enable', ...(step.exclude ?? [])].join('\n') },
    },
  )
  tenant.recover()
  return done
}

/** Compares what one run, or its shards together, did with what was predicted. */
function compare(
  tenant: Tenant,
  done: readonly ActionRun[],
  prediction: Prediction,
  requestsBefore: number,
): void {
  const received = requestsTo(tenant, 'enable')
    .slice(requestsBefore)
    .flatMap(({ ids }) => ids.map((id) => id.toLowerCase()))
  expect(received.toSorted()).toEqual([...prediction.submitted].sort())
  const [first] = done
  if (done.length === 1 && first !== undefined) {
    const { isSuccess, stopReason, ends, toEnable } = prediction
    expect(first.outputs).toMatchObject({
      result: isSuccess ? 'success' : 'failure',
      'stop-reason': stopReason,
      ...(ends.size > 0 && { 'to-enable-count': String(toEnable ?? '') }),
    })
  }
  for (const { exitCode, outputs } of done) expect(exitCode).toBe(outputs['result'] === 'success' ? 0 : 1)
  if (prediction.stopReason === 'invalid-input') return
  const ends = done
    .flatMap((one) => Object.entries(listsOf(one)) as [End, string[]][])
    .flatMap(([end, ids]) => ids.map((id) => [id.toLowerCase(), end] as const))
  expect(ends.toSorted()).toEqual([...prediction.ends].sort())
  const excluded = done.reduce((sum, { outputs }) => sum + Number(outputs['excluded-count']), 0)
  expect(excluded).toBe(prediction.excluded)
}

/** A task enables identities that are disabled, and no others. */
function enableIn(people: readonly Person[], { submitted }: Prediction): void {
  for (const person of people) {
    if (submitted.has(person.id.toLowerCase()) && person.identityStatus === 'DISABLED')
      person.identityStatus = 'ACTIVE'
  }
}
