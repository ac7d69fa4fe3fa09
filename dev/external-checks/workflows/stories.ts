import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Files } from '../../git-repository.ts'
import { identityId, identityIds } from '../../tenant/population.ts'
import type { TenantOptions } from '../../tenant/tenant.ts'
import type { Outcome, WorkflowRun } from './act.ts'
import type { Stage, Trigger } from './stage.ts'

/** What a team lives through with the examples. */
export interface Story {
  readonly title: string
  readonly tenant?: TenantOptions
  /** @throws AssertionError when it goes otherwise than it should */
  readonly play: (stage: Stage) => Promise<void>
}

const list = (ids: readonly string[]): string => `id\n${ids.map((id) => `${id}\n`).join('')}`
const [first = '', ...others] = identityIds(10)
const three = others.slice(0, 3)

/** Before each story: one list with one identity, and an empty deny list. */
export const START: Files = { 'identities/people.csv': list([first]), 'deny.csv': 'id\n' }
const ADDED: Files = { 'identities/people.csv': list([first, ...three]) }

/** Asserts how every job ended. */
function assertJobs(run: WorkflowRun, expected: Readonly<Record<string, Outcome>>): void {
  const outcomes = Object.fromEntries([...run].map(([job, { outcome }]) => [job, outcome]))
  assert.deepEqual(outcomes, expected, [...run.values()].map(({ log }) => log).join('\n'))
}

function outputs(run: WorkflowRun, job: string, step = job): Readonly<Record<string, string>> {
  return run.get(job)?.outputs[step] ?? {}
}

/** The log of a job, in which problems are told. */
function logOf(run: WorkflowRun, job: string): string {
  return run.get(job)?.log ?? ''
}

const PULL_REQUEST = 7
const PLANNED = { plan: 'success', enable: 'skipped' } as const
const ENABLED = { plan: 'success', enable: 'success' } as const

/** Opens or updates the pull request, and runs the workflow for it. */
async function propose(stage: Stage, files: Files, trigger: Partial<Trigger> = {}): Promise<WorkflowRun> {
  const { merge, head } = stage.repository.pullRequest(PULL_REQUEST, files)
  const repo = { id: 1, full_name: 'acme/identities' }
  const pull_request = { number: PULL_REQUEST, base: { ref: 'main', repo }, head: { sha: head, repo } }
  const payload = { action: 'synchronize', number: PULL_REQUEST, pull_request }
  return await stage.run({ workflow: 'enable', event: 'pull_request', payload, sha: merge, ...trigger })
}

/** Merges a change as pull request 7, and runs the workflow for the push. */
async function merge(stage: Stage, files: Files, trigger: Partial<Trigger> = {}): Promise<WorkflowRun> {
  const before = stage.repository.git('rev-parse', 'main')
  const sha = stage.repository.commit(files)
  stage.gitHub.pulls[sha] = [
    { number: PULL_REQUEST, merged_at: '2026-11-26T00:00:00Z', merge_commit_sha: sha },
  ]
  return await stage.run({ workflow: 'enable', event: 'push', payload: { before }, ...trigger })
}

async function manually(
  stage: Stage,
  addedSince: string,
  trigger: Partial<Trigger> = {},
): Promise<WorkflowRun> {
  const payload = { inputs: { 'added-since': addedSince } }
  return await stage.run({ workflow: 'enable', event: 'workflow_dispatch', payload, ...trigger })
}

const MANY: TenantOptions = { identities: { disabled: 200 } }

export const STORIES: readonly Story[] = [
  {
    title: 'a repository is set up by a pull request without a list, and the next one plans the first list',
    play: async (stage) => {
      const none = { 'identities/people.csv': null, 'deny.csv': null }
      stage.repository.commit(none)
      const setUp = { 'identities/README.md': 'How to write a request', 'deny.csv': 'id\n' }
      const run = await propose(stage, setUp)
      assertJobs(run, PLANNED)
      assert.equal(outputs(run, 'plan')['total-count'], '0')
      stage.repository.commit(setUp)
      assert.equal(
        outputs(await propose(stage, { 'identities/a.csv': list(three) }), 'plan')['to-enable-count'],
        '3',
      )
    },
  },
  {
    title:
      'a pull request that adds an identity in a state of leavers is red, and the comment says that it is blocked',
    play: async (stage) => {
      const [leaver = ''] = three
      stage.tenant.change(leaver, { lifecycleState: 'terminated' })
      assertJobs(await propose(stage, ADDED), { plan: 'failure', enable: 'skipped' })
      assert.ok(stage.comments[0]?.includes(leaver))
      assert.match(stage.comments[0] ?? '', /blocked/i)
    },
  },
  {
    title: 'a pull request that adds three is planned, and the comment kept up to date',
    play: async (stage) => {
      const run = await propose(stage, ADDED)
      assertJobs(run, PLANNED)
      const plan = outputs(run, 'plan')
      assert.equal(plan['to-enable-count'], '3')
      assert.equal(plan['excluded-count'], '1')
      assert.deepEqual(JSON.parse(plan['unprocessed-ids'] ?? ''), three)
      assert.equal(stage.comments.length, 1)
      assert.match(stage.comments[0] ?? '', /enable 3/i)

      const more = { 'identities/people.csv': list([first, ...others.slice(0, 5)]) }
      assertJobs(await propose(stage, more), PLANNED)
      assert.equal(stage.comments.length, 1)
      assert.match(stage.comments[0] ?? '', /enable 5/i)
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'a run that is older than the one that wrote the comment leaves it',
    play: async (stage) => {
      await propose(stage, { 'identities/people.csv': list([first, ...others.slice(0, 5)]) }, { runId: 12 })
      assertJobs(await propose(stage, ADDED, { runId: 11 }), PLANNED)
      assert.equal(stage.comments.length, 1)
      assert.match(stage.comments[0] ?? '', /enable 5/i)
    },
  },
  {
    title: 'two labels have a comment each',
    play: async (stage) => {
      const summary = 'summary-file: ${{ steps.plan.outputs.summary-file }}'
      for (const label of ['sandbox', 'production', 'sandbox']) {
        const edits = { [summary]: `${summary}\n          label: ${label}` }
        assertJobs(await propose(stage, ADDED, { edits }), PLANNED)
      }
      assert.equal(stage.comments.length, 2)
    },
  },
  {
    title:
      'a person who comes back is planned from a new file; in the same file they are excluded, and named',
    play: async (stage) => {
      assert.equal(
        outputs(await propose(stage, { 'README.md': 'About our lists' }), 'plan')['total-count'],
        '0',
      )
      assert.equal(stage.comments.length, 0)

      const again = await propose(stage, { 'identities/people.csv': list([first, first]) })
      assertJobs(again, PLANNED)
      assert.equal(outputs(again, 'plan')['total-count'], '0')
      assert.equal(outputs(again, 'plan')['excluded-count'], '1')
      assert.ok(stage.comments[0]?.includes(first))
      assert.match(stage.comments[0] ?? '', /new file/)

      const back = outputs(await propose(stage, { 'identities/back.csv': list([first]) }), 'plan')
      assert.deepEqual(JSON.parse(back['unprocessed-ids'] ?? ''), [first])
      assert.equal(back['to-enable-count'], '1')
      assert.match(stage.comments[0] ?? '', /enable 1/i)
      assert.equal(stage.comments.length, 1)
    },
  },
  {
    title: 'a list that is renamed, or saved as JSON, adds nothing',
    play: async (stage) => {
      const edits = { 'identities/*.csv': 'identities/*' }
      for (const files of [
        { 'identities/people.csv': null, 'identities/joiners.csv': list([first]) },
        { 'identities/people.csv': null, 'identities/people.json': JSON.stringify([{ id: first }]) },
      ]) {
        const run = await propose(stage, files, { edits })
        assertJobs(run, PLANNED)
        assert.equal(outputs(run, 'plan')['total-count'], '0')
        assert.equal(outputs(run, 'plan')['excluded-count'], '1')
      }
    },
  },
  {
    title: 'requests that are deleted on the base branch meanwhile are no additions of a pull request',
    play: async (stage) => {
      stage.repository.commit({ 'identities/done.csv': list(three) })
      const { merge: sha, head } = stage.repository.pullRequest(PULL_REQUEST, {
        'identities/new.csv': list(others.slice(3, 4)),
      })
      stage.repository.commit({ 'identities/done.csv': null })
      const pull_request = { number: PULL_REQUEST, base: { ref: 'main' }, head: { sha: head } }
      const payload = { number: PULL_REQUEST, pull_request }
      const run = await stage.run({ workflow: 'enable', event: 'pull_request', payload, sha })
      assert.equal(outputs(run, 'plan')['to-enable-count'], '1')
    },
  },
  {
    title:
      'a pull request from a fork gets no secrets, is planned without states, and asks the tenant nothing',
    play: async (stage) => {
      const { merge: sha, head } = stage.repository.pullRequest(PULL_REQUEST, ADDED)
      const fork = { id: 2, full_name: 'mallory/identities' }
      const base = { ref: 'main', repo: { id: 1, full_name: 'acme/identities' } }
      const payload = {
        number: PULL_REQUEST,
        pull_request: { number: PULL_REQUEST, base, head: { sha: head, repo: fork } },
      }
      const run = await stage.run({ workflow: 'enable', event: 'pull_request', payload, sha, secrets: false })
      assertJobs(run, PLANNED)
      assert.equal(outputs(run, 'plan')['to-enable-count'], '')
      assert.equal(outputs(run, 'plan')['unprocessed-count'], '3')
      assert.deepEqual(stage.tenant.requests, [])
      assert.deepEqual(stage.comments, [])
    },
  },
  {
    title: 'a merge group is planned against the queue it joins, without a comment',
    play: async (stage) => {
      const base_sha = stage.repository.git('rev-parse', 'main')
      const { merge: sha } = stage.repository.pullRequest(PULL_REQUEST, ADDED)
      const branch = `gh-readonly-queue/main/pr-${PULL_REQUEST}`
      stage.repository.git('branch', branch, sha)
      const payload = { merge_group: { base_sha, head_sha: sha, head_ref: `refs/heads/${branch}` } }
      const run = await stage.run({ workflow: 'enable', event: 'merge_group', payload, sha, branch })
      assertJobs(run, PLANNED)
      assert.equal(outputs(run, 'plan')['to-enable-count'], '3')
      assert.deepEqual(stage.comments, [])
    },
  },
  {
    title: 'a merge that is approved enables what the plan named, and comments the result',
    play: async (stage) => {
      const run = await merge(stage, ADDED)
      assertJobs(run, ENABLED)
      assert.deepEqual(stage.enabled, three)
      assert.deepEqual(JSON.parse(outputs(run, 'enable')['succeeded-ids'] ?? ''), three)
      assert.equal(stage.comments.length, 1)
      assert.match(stage.comments[0] ?? '', /enabled/i)
    },
  },
  {
    title: 'a merge of which one identity can never be enabled is red, and the comment names it',
    tenant: { faults: [{ kind: 'status', status: 422, ids: three.slice(1, 2) }] },
    play: async (stage) => {
      const run = await merge(stage, ADDED)
      assertJobs(run, { plan: 'success', enable: 'failure' })
      assert.deepEqual(JSON.parse(outputs(run, 'enable')['failed-ids'] ?? ''), three.slice(1, 2))
      assert.deepEqual(stage.enabled.toSorted(), [three[0], three[2]].toSorted())
      assert.ok(stage.comments[0]?.includes(three[1] ?? ''))
      const artifacts = stage.artifacts()
      assert.ok(artifacts.some((name) => name.startsWith('report-')))
    },
  },
  {
    title: 'a merge that changes no list plans nothing, and asks for no approval',
    play: async (stage) => {
      const run = await merge(stage, { 'README.md': 'About our lists' })
      assertJobs(run, PLANNED)
      assert.equal(outputs(run, 'plan')['total-count'], '0')
      assert.deepEqual(stage.comments, [])
    },
  },
  {
    title: 'a list for another tenant makes the plan red, and nothing is approved',
    play: async (stage) => {
      const strangers = ['f'.repeat(32), 'e'.repeat(32)]
      const run = await merge(stage, { 'identities/people.csv': list([first, ...strangers]) })
      assertJobs(run, { plan: 'failure', enable: 'skipped' })
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'an identity that was terminated between plan and approval is blocked, and the others are enabled',
    play: async (stage) => {
      const [leaver = ''] = three
      const run = await merge(stage, ADDED, {
        beforeApproval: () => stage.tenant.change(leaver, { lifecycleState: 'terminated' }),
      })
      assertJobs(run, { plan: 'success', enable: 'failure' })
      assert.deepEqual(JSON.parse(outputs(run, 'enable')['failed-ids'] ?? ''), [leaver])
      assert.deepEqual(stage.enabled, three.slice(1))
    },
  },
  {
    title: 'an identity that was put on the deny list between plan and approval is excluded',
    play: async (stage) => {
      const run = await merge(stage, ADDED, {
        beforeApproval: () => stage.repository.commit({ 'deny.csv': list(three.slice(0, 1)) }),
      })
      assertJobs(run, ENABLED)
      assert.deepEqual(stage.enabled, three.slice(1))
      assert.equal(outputs(run, 'enable')['excluded-count'], '1')
    },
  },
  {
    title:
      'an identity that was removed from its list while the plan waited is excluded, whatever an older list says',
    play: async (stage) => {
      const run = await merge(
        stage,
        { 'identities/back.csv': list([first, ...three]) },
        { beforeApproval: () => stage.repository.commit({ 'identities/back.csv': list(three.slice(1)) }) },
      )
      assertJobs(run, ENABLED)
      assert.equal(outputs(run, 'plan')['to-enable-count'], '4')
      assert.deepEqual(stage.enabled, three.slice(1))
      assert.equal(outputs(run, 'enable')['excluded-count'], '2')
    },
  },
  {
    title: 'a plan whose list was deleted or renamed while it waited enables nothing',
    play: async (stage) => {
      for (const files of [
        { 'identities/back.csv': null },
        { 'identities/back.csv': null, 'identities/renamed.csv': list([first]) },
      ]) {
        const run = await merge(
          stage,
          { 'identities/back.csv': list([first]) },
          { beforeApproval: () => stage.repository.commit(files) },
        )
        assertJobs(run, ENABLED)
        assert.deepEqual(stage.enabled, [])
      }
    },
  },
  {
    title: 'a plan that lies in the repository is not taken',
    play: async (stage) => {
      const forged = JSON.stringify({ identities: [{ id: others[7], plan: 'enable' }] })
      const run = await merge(stage, {
        ...ADDED,
        'plan.json/plan.json': forged,
        'approved/plan.json': forged,
        'report.json/report.json': forged,
      })
      assertJobs(run, ENABLED)
      assert.deepEqual(stage.enabled, three)
    },
  },
  {
    title: 'a plan that was edited while it waited enables no identity outside of the lists',
    play: async (stage) => {
      const [kept = '', replaced = '', stranger = ''] = [three[0], three[1], others[7]]
      const run = await merge(
        stage,
        { 'identities/people.csv': list([first, kept, replaced]) },
        {
          beforeApproval: (artifacts) => {
            const file = join(artifacts, 'plan', 'plan.json')
            writeFileSync(file, readFileSync(file, 'utf8').replaceAll(replaced, stranger))
          },
        },
      )
      assertJobs(run, ENABLED)
      assert.deepEqual(stage.enabled, [kept])
      assert.equal(outputs(run, 'enable')['excluded-count'], '1')
    },
  },
  {
    title: 'a manual run over a range enables what was added since; one with beginning enables everything',
    play: async (stage) => {
      const since = stage.repository.git('rev-parse', 'main')
      stage.repository.commit({ 'identities/people.csv': list([first, ...others.slice(0, 2)]) })
      stage.repository.commit({ 'identities/more.csv': list(others.slice(2, 4)) })
      assertJobs(await manually(stage, since), ENABLED)
      assert.deepEqual(stage.enabled.toSorted(), others.slice(0, 4).toSorted())
      assertJobs(await manually(stage, 'beginning'), ENABLED)
      assert.deepEqual(stage.enabled.toSorted(), [first, ...others.slice(0, 4)].toSorted())
    },
  },
  {
    title: 'a commit that is not an ancestor, or a branch, is an error of a manual run',
    play: async (stage) => {
      const { head } = stage.repository.pullRequest(PULL_REQUEST, ADDED)
      for (const since of [head, 'f'.repeat(40), 'main']) {
        const run = await manually(stage, since)
        assertJobs(run, { plan: 'failure', enable: 'skipped' })
        assert.match(logOf(run, 'plan'), /added-since/)
      }
    },
  },
  {
    title: 'a force-push and a first push are errors that say how to go on',
    play: async (stage) => {
      const start = stage.repository.git('rev-parse', 'main')
      const before = stage.repository.commit(ADDED)
      stage.repository.git('reset', '--quiet', '--hard', start)
      stage.repository.commit({ 'identities/more.csv': list(three) })
      for (const payload of [{ before }, { before: '0'.repeat(40) }]) {
        const run = await stage.run({ workflow: 'enable', event: 'push', payload })
        assertJobs(run, { plan: 'failure', enable: 'skipped' })
        assert.match(logOf(run, 'plan'), /Run the workflow manually/)
      }
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'a shallow clone is an error that says to set fetch-depth',
    play: async (stage) => {
      stage.repository.commit({ 'README.md': 'About our lists' })
      const edits = { 'fetch-depth: 0': 'fetch-depth: 1' }
      const run = await merge(stage, ADDED, { edits })
      assertJobs(run, { plan: 'failure', enable: 'skipped' })
      assert.match(logOf(run, 'plan'), /Set (`|<code>)fetch-depth(`|<\/code>) to 0/)
    },
  },
  {
    title: 'the small example plans on the pull request, and enables on the merge',
    play: async (stage) => {
      const planned = await propose(stage, ADDED, { workflow: 'enable-small' })
      assertJobs(planned, { identities: 'success' })
      assert.deepEqual(stage.enabled, [])
      const run = await merge(stage, ADDED, { workflow: 'enable-small' })
      assertJobs(run, { identities: 'success' })
      assert.deepEqual(stage.enabled, three)
      assert.equal(stage.comments.length, 2)
    },
  },
  {
    title: 'the small example, when an old push is re-run, enables no identity that was removed since',
    play: async (stage) => {
      const before = stage.repository.git('rev-parse', 'main')
      const sha = stage.repository.commit(ADDED)
      stage.repository.commit({ 'identities/people.csv': list([first, ...three.slice(1)]) })
      const run = await stage.run({
        workflow: 'enable-small',
        event: 'push',
        payload: { before, after: sha, deleted: false },
        sha,
      })
      assertJobs(run, { identities: 'success' })
      assert.deepEqual(stage.enabled, three.slice(1))
    },
  },
  {
    title: 'a night shows which identities are not enabled, and enables nothing',
    play: async (stage) => {
      stage.repository.commit(ADDED)
      const payload = { schedule: '17 2 * * *' }
      const run = await stage.run({ workflow: 'nightly', event: 'schedule', payload })
      assertJobs(run, { drift: 'success' })
      assert.equal(outputs(run, 'drift', '1')['to-enable-count'], '4')
      assert.deepEqual(stage.enabled, [])
    },
  },
  {
    title: 'a matrix enables all its parts',
    tenant: MANY,
    play: async (stage) => {
      const files = { 'identities/people.csv': list(identityIds(200)) }
      const run = await merge(stage, files, { workflow: 'matrix' })
      const parts = [1, 2, 3, 4].map((part) => [`enable (${part})`, 'success'] as const)
      assertJobs(run, { plan: 'success', ...Object.fromEntries(parts) })
      assert.deepEqual(stage.enabled.toSorted(), identityIds(200).slice(1).toSorted())
      assert.equal(stage.comments.length, 4)
    },
  },
  {
    title: 'a matrix of which one part fails is red, and the other parts are done',
    // Rejected as a whole, without a retry.
    tenant: { ...MANY, faults: [{ kind: 'status', status: 403, ids: [identityId(5)] }] },
    play: async (stage) => {
      const files = { 'identities/people.csv': list(identityIds(200)) }
      const run = await merge(stage, files, { workflow: 'matrix' })
      const outcomes = [1, 2, 3, 4].map((part) => run.get(`enable (${part})`)?.outcome ?? '')
      assert.deepEqual(outcomes.toSorted(), ['failure', 'success', 'success', 'success'])
      assert.equal(stage.enabled.length, 150)
    },
  },
]
