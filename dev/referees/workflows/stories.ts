import assert from 'node:assert/strict'

import { identityId, identityIds } from '../../tenant/population.ts'
import type { TenantOptions } from '../../tenant/tenant.ts'
import type { Outcome, WorkflowRun } from './act.ts'
import type { Files } from './repository.ts'
import type { Stage } from './stage.ts'

/** What somebody lives through with the examples. */
export interface Story {
  readonly title: string
  readonly tenant?: TenantOptions
  readonly files?: Files
  /** @throws AssertionError when it goes otherwise than it should */
  readonly play: (stage: Stage) => Promise<void>
}

const list = (ids: readonly string[]): string => `id\n${ids.map((id) => `${id}\n`).join('')}`
const [first = '', ...others] = identityIds(10)
const three = others.slice(0, 3)

/** Before each story: one list with one identity, and nobody on the deny list. */
export const START: Files = { 'identities/people.csv': list([first]), 'deny.csv': 'id\n' }
const ADDED: Files = { 'identities/people.csv': list([first, ...three]) }

/** How a job should end: as one word, or with its steps that did not succeed. */
type Expected = Outcome | { readonly outcome: Outcome; readonly steps: Readonly<Record<string, Outcome>> }

/** Asserts how every job and every step of it ended; steps that are not named succeeded. */
function assertRun(run: WorkflowRun, expected: Readonly<Record<string, Expected>>): void {
  assert.deepEqual([...run.keys()], Object.keys(expected))
  for (const [job, { outcome, steps, log }] of run) {
    const wanted = expected[job] ?? 'skipped'
    const wantedOutcome = typeof wanted === 'string' ? wanted : wanted.outcome
    const named = typeof wanted === 'string' ? {} : wanted.steps
    const wantedSteps = [...steps.keys()].map((step) => [
      step,
      named[step] ?? (wantedOutcome === 'skipped' ? 'skipped' : 'success'),
    ])
    for (const step of Object.keys(named)) assert.ok(steps.has(step), `there is no step ${step}`)
    assert.deepEqual(
      { job, outcome, steps: [...steps] },
      { job, outcome: wantedOutcome, steps: wantedSteps },
      log,
    )
  }
}

function outputs(run: WorkflowRun, job: string, step: string): Readonly<Record<string, string>> {
  return run.get(job)?.outputs[step] ?? {}
}

const PULL_REQUEST = 7
const pullRequest = (fullName = 'acme/identities'): Readonly<Record<string, unknown>> => ({
  action: 'synchronize',
  number: PULL_REQUEST,
  pull_request: {
    number: PULL_REQUEST,
    base: { ref: 'main' },
    head: { ref: 'change', repo: { full_name: fullName } },
  },
})

const PLANNED: Expected = { outcome: 'success', steps: { 'The states must be known': 'skipped' } }
const ONE_TRY: Expected = {
  outcome: 'success',
  steps: { 'Wait a minute': 'skipped', 'Second try': 'skipped', 'Both tries failed': 'skipped' },
}

export const STORIES: readonly Story[] = [
  {
    title: 'a pull request that adds three is planned, and the comment kept up to date',
    play: async (stage) => {
      const sha = stage.repository.pullRequest(PULL_REQUEST, ADDED)
      const run = await stage.run({ workflow: 'plan', event: 'pull_request', payload: pullRequest(), sha })
      assertRun(run, { plan: 'success', comment: 'success' })
      const plan = outputs(run, 'plan', 'plan')
      assert.equal(plan['to-enable-count'], '3')
      assert.equal(plan['excluded-count'], '1')
      assert.deepEqual(JSON.parse(plan['unprocessed-ids'] ?? ''), three)
      assert.equal(stage.comments.length, 1)
      assert.match(stage.comments[0] ?? '', /enable 3/i)

      const more = stage.repository.pullRequest(PULL_REQUEST, {
        'identities/people.csv': list([first, ...others.slice(0, 5)]),
      })
      assertRun(
        await stage.run({ workflow: 'plan', event: 'pull_request', payload: pullRequest(), sha: more }),
        {
          plan: 'success',
          comment: 'success',
        },
      )
      assert.equal(stage.comments.length, 1)
      assert.match(stage.comments[0] ?? '', /enable 5/i)
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title:
      'a pull request from a fork gets no secrets, is planned without states, and asks the tenant nothing',
    play: async (stage) => {
      const sha = stage.repository.pullRequest(PULL_REQUEST, ADDED)
      const run = await stage.run({
        workflow: 'plan',
        event: 'pull_request',
        payload: pullRequest('somebody/identities'),
        sha,
        secrets: false,
      })
      assertRun(run, { plan: 'success', comment: 'skipped' })
      assert.equal(outputs(run, 'plan', 'plan')['to-enable-count'], '')
      assert.equal(outputs(run, 'plan', 'plan')['total-count'], '3')
      assert.deepEqual(stage.tenant.requests, [])
      assert.deepEqual(stage.comments, [])
    },
  },
  {
    title: 'a merge that is approved enables whom the plan named, and nobody else',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit(ADDED)
      const run = await stage.run({ workflow: 'apply', event: 'push', payload: { before } })
      assertRun(run, { plan: PLANNED, apply: ONE_TRY })
      assert.deepEqual(stage.enabled, three)
      assert.deepEqual(JSON.parse(outputs(run, 'apply', 'first')['succeeded-ids'] ?? ''), three)
    },
  },
]

void identityId
