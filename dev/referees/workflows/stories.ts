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

const MANY: TenantOptions = { identities: { disabled: 200 } }

/** What the last job of the matrix makes of the reports. */
interface Joined {
  readonly complete: boolean
  readonly counts: Readonly<Record<'total' | 'succeeded' | 'failed' | 'ignored' | 'unprocessed', number>>
}

/** The four parts of the matrix. */
function parts(...outcomes: readonly (Outcome | undefined)[]): Record<string, Expected> {
  const expected = outcomes.map((outcome = 'skipped', index): readonly [string, Expected] => [
    `enable (${index + 1})`,
    outcome === 'failure' ? { outcome, steps: { 'Enable this part': 'failure' } } : outcome,
  ])
  return Object.fromEntries(expected)
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
      'a person who comes back in a new file is planned; a second time in the same file adds nobody, and says so',
    play: async (stage) => {
      const planned = async (files: Files): Promise<Readonly<Record<string, string>>> => {
        const sha = stage.repository.pullRequest(PULL_REQUEST, files)
        const run = await stage.run({ workflow: 'plan', event: 'pull_request', payload: pullRequest(), sha })
        assertRun(run, { plan: 'success', comment: 'success' })
        return outputs(run, 'plan', 'plan')
      }
      assert.equal((await planned({ 'README.md': 'About our lists' }))['total-count'], '0')
      assert.equal(stage.comments.length, 0)

      const again = await planned({ 'identities/people.csv': list([first, first]) })
      assert.equal(again['total-count'], '0')
      assert.equal(again['excluded-count'], '1')
      assert.match(stage.comments[0] ?? '', /excluded/)

      const back = await planned({ 'identities/back.csv': list([first]) })
      assert.deepEqual(JSON.parse(back['unprocessed-ids'] ?? ''), [first])
      assert.equal(back['to-enable-count'], '1')
      assert.match(stage.comments[0] ?? '', /enable 1/i)
      assert.equal(stage.comments.length, 1)
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
    title: 'a merge group is planned against the queue it joins, without a comment',
    play: async (stage) => {
      const base = stage.repository.git('rev-parse', 'main')
      const head = stage.repository.pullRequest(PULL_REQUEST, ADDED)
      const run = await stage.run({
        workflow: 'plan',
        event: 'merge_group',
        payload: { merge_group: { base_sha: base, head_sha: head, base_ref: 'refs/heads/main' } },
        sha: head,
      })
      assertRun(run, { plan: 'success', comment: 'skipped' })
      assert.equal(outputs(run, 'plan', 'plan')['to-enable-count'], '3')
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
  {
    title: 'a merge whose first try partly fails succeeds with the second',
    // Its request is refused, then the half with it, then it alone: three times.
    tenant: { faults: [{ kind: 'status', status: 422, ids: three.slice(1, 2), times: 3 }] },
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit(ADDED)
      const run = await stage.run({ workflow: 'apply', event: 'push', payload: { before } })
      assertRun(run, {
        plan: PLANNED,
        apply: { outcome: 'success', steps: { 'First try': 'failure', 'Both tries failed': 'skipped' } },
      })
      assert.deepEqual(JSON.parse(outputs(run, 'apply', 'first')['failed-ids'] ?? ''), three.slice(1, 2))
      assert.deepEqual(JSON.parse(outputs(run, 'apply', 'second')['succeeded-ids'] ?? ''), three.slice(1, 2))
      assert.deepEqual(stage.enabled.toSorted(), three.toSorted())
    },
  },
  {
    title: 'a merge of which somebody can never be enabled is red, and the report names them',
    tenant: { faults: [{ kind: 'status', status: 422, ids: three.slice(1, 2) }] },
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit(ADDED)
      const run = await stage.run({ workflow: 'apply', event: 'push', payload: { before } })
      assertRun(run, {
        plan: PLANNED,
        apply: {
          outcome: 'failure',
          steps: { 'First try': 'failure', 'Second try': 'failure', 'Both tries failed': 'failure' },
        },
      })
      assert.deepEqual(JSON.parse(outputs(run, 'apply', 'second')['failed-ids'] ?? ''), three.slice(1, 2))
    },
  },
  {
    title: 'a merge that changes no list plans nobody, and asks for no approval',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'README.md': 'About our lists' })
      const run = await stage.run({ workflow: 'apply', event: 'push', payload: { before } })
      assertRun(run, { plan: PLANNED, apply: 'skipped' })
      assert.equal(outputs(run, 'plan', 'plan')['total-count'], '0')
    },
  },
  {
    title: 'a list for another tenant makes the plan red, and nothing is approved',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      const strangers = ['f'.repeat(32), 'e'.repeat(32)]
      stage.repository.commit({ 'identities/people.csv': list([first, ...strangers]) })
      const run = await stage.run({ workflow: 'apply', event: 'push', payload: { before } })
      assertRun(run, {
        plan: {
          outcome: 'failure',
          steps: {
            'Plan what was added': 'failure',
            'The states must be known': 'skipped',
            'Hand the plan over': 'skipped',
          },
        },
        apply: 'skipped',
      })
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'who was terminated between plan and approval is refused, and the others are enabled',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit(ADDED)
      const [leaver = ''] = three
      const run = await stage.run({
        workflow: 'apply',
        event: 'push',
        payload: { before },
        beforeApproval: () => stage.tenant.change(leaver, { lifecycleState: 'terminated' }),
      })
      assertRun(run, {
        plan: PLANNED,
        apply: {
          outcome: 'failure',
          steps: { 'First try': 'failure', 'Second try': 'failure', 'Both tries failed': 'failure' },
        },
      })
      assert.deepEqual(JSON.parse(outputs(run, 'apply', 'second')['failed-ids'] ?? ''), [leaver])
      assert.deepEqual(stage.enabled, three.slice(1))
    },
  },
  {
    title: 'who was put on the deny list between plan and approval is left out',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit(ADDED)
      const run = await stage.run({
        workflow: 'apply',
        event: 'push',
        payload: { before },
        beforeApproval: () => stage.repository.commit({ 'deny.csv': list(three.slice(0, 1)) }),
      })
      assertRun(run, { plan: PLANNED, apply: ONE_TRY })
      assert.deepEqual(stage.enabled, three.slice(1))
      assert.equal(outputs(run, 'apply', 'first')['excluded-count'], '1')
    },
  },
  {
    title: 'somebody taken off the list while the plan waited is not enabled, whatever an older list says',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'identities/back.csv': list([first, ...three]) })
      const run = await stage.run({
        workflow: 'apply',
        event: 'push',
        payload: { before },
        beforeApproval: () => stage.repository.commit({ 'identities/back.csv': list(three.slice(1)) }),
      })
      assertRun(run, { plan: PLANNED, apply: ONE_TRY })
      assert.equal(outputs(run, 'plan', 'plan')['to-enable-count'], '4')
      assert.deepEqual(stage.enabled, three.slice(1))
      assert.equal(outputs(run, 'apply', 'first')['excluded-count'], '2')
    },
  },
  {
    title: 'a plan whose list was deleted while it waited enables nobody',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'identities/back.csv': list([first]) })
      const run = await stage.run({
        workflow: 'apply',
        event: 'push',
        payload: { before },
        beforeApproval: () => stage.repository.commit({ 'identities/back.csv': null }),
      })
      assertRun(run, { plan: PLANNED, apply: ONE_TRY })
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'a run by hand over a range enables what was added since',
    play: async (stage) => {
      const from = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'identities/people.csv': list([first, ...others.slice(0, 2)]) })
      stage.repository.commit({ 'identities/more.csv': list(others.slice(2, 4)) })
      const run = await stage.run({
        workflow: 'apply',
        event: 'workflow_dispatch',
        payload: { inputs: { from } },
      })
      assertRun(run, { plan: PLANNED, apply: ONE_TRY })
      assert.deepEqual(stage.enabled.toSorted(), others.slice(0, 4).toSorted())
    },
  },
  {
    title: 'a night shows who is not enabled, and enables nobody',
    play: async (stage) => {
      stage.repository.commit(ADDED)
      const run = await stage.run({
        workflow: 'nightly',
        event: 'schedule',
        payload: { schedule: '17 2 * * *' },
      })
      assertRun(run, { drift: PLANNED, enable: 'skipped' })
      assert.equal(outputs(run, 'drift', 'plan')['to-enable-count'], '4')
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'the nightly by hand enables after approval',
    play: async (stage) => {
      stage.repository.commit(ADDED)
      const run = await stage.run({
        workflow: 'nightly',
        event: 'workflow_dispatch',
        payload: { inputs: { enable: 'true' } },
      })
      assertRun(run, { drift: PLANNED, enable: 'success' })
      assert.deepEqual(stage.enabled.toSorted(), [first, ...three].toSorted())
    },
  },
  {
    title: 'a matrix of which every part succeeds is joined',
    tenant: MANY,
    play: async (stage) => {
      const from = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'identities/people.csv': list(identityIds(200)) })
      const run = await stage.run({
        workflow: 'matrix',
        event: 'workflow_dispatch',
        payload: { inputs: { from } },
      })
      assertRun(run, { plan: PLANNED, ...parts('success', 'success', 'success', 'success'), join: 'success' })
      assert.deepEqual(stage.enabled.toSorted(), identityIds(200).slice(1).toSorted())
      const joined = stage.artifact('joined-report', 'joined.json') as Joined
      assert.deepEqual(joined.counts, { total: 199, succeeded: 199, failed: 0, ignored: 0, unprocessed: 0 })
    },
  },
  {
    title: 'a matrix of which one part fails is red as a whole, and the other parts are done',
    // A refusal that no retry mends ends a part.
    tenant: { ...MANY, faults: [{ kind: 'status', status: 403, ids: [identityId(5)] }] },
    play: async (stage) => {
      const from = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'identities/people.csv': list(identityIds(200)) })
      const run = await stage.run({
        workflow: 'matrix',
        event: 'workflow_dispatch',
        payload: { inputs: { from } },
      })
      const outcomes = ['enable (1)', 'enable (2)', 'enable (3)', 'enable (4)'].map(
        (job) => run.get(job)?.outcome,
      )
      assert.deepEqual(outcomes.toSorted(), ['failure', 'success', 'success', 'success'])
      assertRun(run, {
        plan: PLANNED,
        ...parts(...outcomes),
        join: { outcome: 'failure', steps: { 'Decide by the failures of the whole list': 'failure' } },
      })
      const joined = stage.artifact('joined-report', 'joined.json') as Joined
      assert.equal(joined.complete, false)
      assert.equal(joined.counts.total, 199)
      assert.equal(joined.counts.succeeded, 150)
      assert.equal(stage.enabled.length, 150)
    },
  },
]
