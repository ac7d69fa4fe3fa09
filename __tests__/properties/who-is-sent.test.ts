import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { ActionRun } from '../../dev/run-action.ts'
import { startTenant, type Tenant } from '../../dev/tenant/tenant.ts'
import { runs, STORY } from '../support/runs.ts'
import { listsOf, requestsTo, runAgainst } from '../support/tenant.ts'
import { predict, type End, type Person, type Prediction, type Step, type Wanted } from './model.ts'
import { inputsOf, scenario, written, type Scenario } from './scenario.ts'

const SEED = Number(process.env['SEED'] ?? 20261125)
/** Two at a time, for two cores. */
const LANES = 2
const RUNS = runs(100, 2_000)

test(
  `whatever the population, the lists, the guards and what changes in between: the tenant receives whom the contract says, and everybody ends in one list (${RUNS} stories)`,
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
  Math.max(300_000, RUNS * 1_000),
)

async function tell(story: Scenario): Promise<void> {
  const people = story.people.map((person) => ({ ...person }))
  const tenant = await startTenant({
    identities: {},
    extra: people.map(({ email, lifecycleState: state, ...person }) => ({
      ...person,
      emailAddress: email,
      lifecycleState: state === null ? null : { stateName: state, manuallyUpdated: false },
    })),
    ...(story.answerIdsIn && { answerIdsIn: story.answerIdsIn }),
  })
  try {
    const wanted = story.list.map((text): Wanted => ({ text, id: null }))
    const report = await firstRun(tenant, people, wanted, story)
    for (const { who, ...change } of story.drift) {
      const person = people[who]
      if (person === undefined) continue
      Object.assign(person, change)
      tenant.change(person.id, change)
    }
    if (story.second !== null) await runOfReport(tenant, people, report, story.second)
    expect(tenant.violations).toEqual([])
  } finally {
    await tenant.stop()
  }
}

interface Told {
  readonly report: string
  /** What the report holds for a later run. */
  readonly forLater: readonly Wanted[] | null
}

async function firstRun(
  tenant: Tenant,
  people: readonly Person[],
  wanted: readonly Wanted[],
  { list, form, first, shards }: Scenario,
): Promise<Told> {
  const { inputs, files } = written(list, form)
  const prediction = predict(wanted, people, first)
  const runs: ActionRun[] = []
  for (let shard = 1; shard <= shards; shard += 1) {
    const shardInput = shards === 1 ? '' : `${shard}/${shards}`
    const given = { ...inputs, 'identify-by': first.identifyBy, shard: shardInput }
    runs.push(await run(tenant, given, files, first))
  }
  compare(tenant, runs, prediction, 0)
  enableIn(people, prediction)
  return { report: runs[0]?.report ?? '', forLater: prediction.forLater }
}

async function runOfReport(
  tenant: Tenant,
  people: readonly Person[],
  { report, forLater }: Told,
  step: Step,
): Promise<void> {
  const before = requestsTo(tenant, 'enable').length
  const prediction = predict(forLater, people, step)
  const done = await run(tenant, { 'from-report': 'earlier.json' }, { 'earlier.json': report }, step)
  compare(tenant, [done], prediction, before)
}

function run(
  tenant: Tenant,
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  step: Step,
): Promise<ActionRun> {
  return runAgainst(
    tenant,
    { ...inputsOf(step), ...inputs },
    { ...STORY, files: { ...files, 'exclude.txt': (step.exclude ?? []).join('\n') } },
  )
}

/** Compares what one run, or its shards together, did with what was predicted. */
function compare(
  tenant: Tenant,
  runs: readonly ActionRun[],
  prediction: Prediction,
  requestsBefore: number,
): void {
  const received = requestsTo(tenant, 'enable')
    .slice(requestsBefore)
    .flatMap(({ ids }) => ids.map((id) => id.toLowerCase()))
  expect(received.toSorted()).toEqual([...prediction.sent].sort())
  if (runs.length === 1) {
    expect(runs[0]?.outputs).toMatchObject({ result: prediction.isSuccess ? 'success' : 'failure' })
    if (prediction.ends.size > 0)
      expect(runs[0]?.outputs).toMatchObject({ 'to-enable-count': String(prediction.toEnable ?? '') })
  }
  for (const { exitCode, outputs } of runs) expect(exitCode).toBe(outputs['result'] === 'success' ? 0 : 1)
  if (prediction.isRefused) return
  const ends = runs
    .flatMap((done) => Object.entries(listsOf(done)) as [End, string[]][])
    .flatMap(([end, ids]) => ids.map((id) => [id.toLowerCase(), end] as const))
  expect(ends.toSorted()).toEqual([...prediction.ends].sort())
  const excluded = runs.reduce((sum, { outputs }) => sum + Number(outputs['excluded-count']), 0)
  expect(excluded).toBe(prediction.excluded)
}

/** A task mends those who are disabled, and nobody else. */
function enableIn(people: readonly Person[], { sent }: Prediction): void {
  for (const person of people) {
    if (sent.has(person.id.toLowerCase()) && person.identityStatus === 'DISABLED')
      person.identityStatus = 'ACTIVE'
  }
}
