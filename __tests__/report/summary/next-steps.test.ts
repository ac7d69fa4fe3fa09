import { describe, expect, it } from '@jest/globals'

import type { Cause } from '../../../src/identity.ts'
import type { Stop } from '../../../src/failure.ts'
import { findingsOf } from '../../../src/report/findings/findings.ts'
import { nextStepsOf } from '../../../src/report/summary/next-steps.ts'
import {
  answered,
  failed,
  identity,
  rejection,
  reportOf,
  state,
  unprocessed,
} from '../../support/run-report.ts'

const stepsOf = (...args: Parameters<typeof reportOf>): string =>
  nextStepsOf(findingsOf(reportOf(...args))).join('\n')
const noAnswer: Cause = {
  kind: 'request-failed',
  failure: { kind: 'no-answer', operation: 'enable', host: 'acme', fault: 'timeout', detail: '' },
}
const unreadable: Cause = {
  kind: 'request-failed',
  failure: {
    kind: 'unreadable',
    operation: 'enable',
    status: 200,
    fault: 'its body is not JSON',
    trackingId: null,
  },
}
const rejectedWhole = (status: number): Cause => ({ kind: 'request-failed', failure: rejection(status) })
const AGAIN =
  "To retry, run again with the same list. It enables identities that were disabled in the meantime, unless a guard prevents that. To retry only these identities, pass this run's report to `from-report`. The runner deletes the report (output `results-file`) after the job, unless a step uploads it."

describe('what to do after a run', () => {
  it.each<[string, Cause]>([
    ['Not found: 1 identity. Remove the entries', answered(404)],
    ['Not found: 1 identity. Remove the entries', { kind: 'absent' }],
    ['In a request that ISC rejected: 1 identity. Fix', rejectedWhole(404)],
    ['In a request that ISC rejected: 1 identity. Fix', rejectedWhole(403)],
    ['Failed because ISC was overloaded or unavailable: 1 identity. Retry later', answered(503)],
    ['Failed because ISC was overloaded or unavailable: 1 identity. Retry later', rejectedWhole(429)],
    ['Accepted, but not enabled yet: 1', { kind: 'unconfirmed', accepted: answered(202), seen: null }],
    ['Several matches: 1 identity. List the right', { kind: 'ambiguous', ids: ['a', 'b'] }],
    ['Blocked by `refuse-states`: 1 identity. Remove', { kind: 'state-blocked', state: 'leaver' }],
    ['Blocked by an earlier run: 1 identity. Make a new', { kind: 'blocked-before' }],
    ['changed since the plan: 1 identity. Make a new', { kind: 'changed', planned: 'active', now: null }],
    ['with an unknown lifecycle state: 1 identity. Check', { kind: 'state-unknown' }],
    ['Approved lifecycle state unknown: 1 identity. Make', { kind: 'approval-unknown' }],
    ['In a request whose answer the action could not read: 1 identity. ISC might have', unreadable],
    ['Without an answer: 1 identity. ISC might have enabled them', noAnswer],
    ['Without an answer: 1 identity. ISC might have', { kind: 'missing', trackingId: null }],
  ])('%s', (step, cause) => {
    const steps = stepsOf([identity('ok'), failed('a', { cause })])
    expect(steps).toContain(step)
  })

  it('advises a new plan where a state is blocked that was not approved either', () => {
    const blocked = (approved: string | null): string =>
      stepsOf([
        failed('a', {
          cause: { kind: 'state-blocked', state: 'terminated' },
          approval: { kind: 'approved', lifecycleState: approved },
          observed: state({ lifecycleState: 'terminated' }),
        }),
      ])
    for (const approved of ['leave', null])
      expect(blocked(approved)).toContain('changed since the plan: 1 identity')
    expect(blocked('Terminated')).toContain('Blocked by `refuse-states`: 1 identity')
  })

  it('advises to re-run a job that takes a report', () => {
    const steps = stepsOf([identity('ok', { attempts: 1 }), unprocessed('a')], {
      isFromReport: true,
      statesRead: true,
    })
    expect(steps).toMatch(
      /To retry, re-run the job \(on GitHub: \*\*Re-run failed jobs\*\*\)\. It takes the same report/,
    )
    expect(steps).not.toContain('run again')
    const unread = stepsOf([identity('ok', { attempts: 1 }), unprocessed('a')], { isFromReport: true })
    expect(unread).toContain(
      'run again with the same report. It enables identities that were disabled in the meantime',
    )
  })

  it('advises a retry only where it may end another way', () => {
    const again = (...causes: Cause[]): boolean =>
      stepsOf([identity('ok'), ...causes.map((cause) => failed('a', { cause }))]).endsWith(AGAIN)
    expect(again(answered(404))).toBe(false)
    expect(again({ kind: 'state-blocked', state: 'leaver' })).toBe(false)
    expect(again({ kind: 'changed', planned: 'active', now: null })).toBe(false)
    expect(again({ kind: 'blocked-before' })).toBe(false)
    expect(again({ kind: 'ambiguous', ids: ['a', 'b'] })).toBe(false)
    expect(again(answered(404), answered(500))).toBe(true)
    expect(again(answered(400))).toBe(true)
    expect(again(noAnswer)).toBe(true)
  })

  it('does not advise to correct a whole list that is of another tenant', () => {
    const absent = { cause: { kind: 'absent' }, plan: 'not-found', ignored: true } as const
    const stop = { reason: 'wrong-tenant', count: 2 } as const
    expect(stepsOf([failed('a', absent), failed('b', absent)], { stop })).toBe(
      'Fix the cause described above, then run again.',
    )
    expect(
      stepsOf([unprocessed('a', absent), unprocessed('b', absent)], { stop, dryRun: true, statesRead: true }),
    ).toBe('Fix the cause described above, then make a new plan.')
  })

  it.each<[Stop, string]>([
    [{ reason: 'cancelled' }, 'Make a new plan: this one is not complete.'],
    [{ reason: 'authentication', failure: rejection(401) }, 'Fix the credential, then make a new plan.'],
    [{ reason: 'outage', timeoutMs: 1 }, ''],
    [{ reason: 'states-unknown', count: 1, failure: null }, 'Fix the cause described above, then'],
  ])('says of a plan that ended early what its reason does not: %j', (stop, step) => {
    const result = stop.reason === 'cancelled' ? 'cancelled' : 'failure'
    const steps = stepsOf([unprocessed('a')], { dryRun: true, stop, result })
    expect(steps).toMatch(new RegExp(`^${step}[^\n]*$`))
  })

  it('does not advise to apply a plan for no tenant', () => {
    const plan = [unprocessed('a'), unprocessed('b')]
    expect(stepsOf(plan, { dryRun: true, baseUrl: '' })).toBe('')
    expect(stepsOf(plan, { dryRun: true })).toContain('`from-report`')
  })

  it('takes no notice of what is ignored', () => {
    expect(stepsOf([identity('ok'), failed('a', { ignored: true })])).toBe('')
    expect(stepsOf([identity('ok')])).toBe('')
  })

  it('says how to go on with what was not processed', () => {
    expect(stepsOf([identity('ok'), unprocessed('a'), unprocessed('b')])).toBe(
      `2 identities were not processed.\n${AGAIN}`,
    )
    expect(stepsOf([unprocessed('a', { attempts: 1 }), unprocessed('b')])).toBe(
      `2 identities were not processed. The action submitted 1 of them, so it might be enabled.\n${AGAIN}`,
    )
    const accepted = unprocessed('a', { attempts: 1, cause: answered(202) })
    expect(stepsOf([accepted, unprocessed('b')], { stop: { reason: 'cancelled' } })).toContain(
      'ISC accepted 1 identity, but the run ended before verification. Make a plan (`dry-run`) to see which are enabled.\n1 identity was not processed.\n',
    )
    expect(stepsOf([identity('ok'), unprocessed('a')], { resultsFile: '/tmp/report.csv' })).toContain(
      'write the report as `.json` (`results-file`), and pass it to `from-report`',
    )
  })

  it('says what might be enabled only where no answer shows it', () => {
    const stop = { reason: 'authentication', failure: rejection(401) } as const
    const sent = (...ids: string[]) => ids.map((id) => unprocessed(id, { attempts: 1 }))
    expect(stepsOf(sent('a'), { stop })).toContain(
      '1 identity was not processed, because ISC rejected the request.\n',
    )
    expect(stepsOf([unprocessed('a', { attempts: 1, cause: noAnswer })], { stop })).toContain(
      '1 identity was not processed. The action submitted it, so it might be enabled.\n',
    )
    expect(stepsOf(sent('a', 'b'))).toContain(
      '2 identities were not processed. The action submitted all of them, so they might be enabled.\n',
    )
  })

  it('leaves it to the sentence on an outage what to pass the report to', () => {
    const list = [identity('ok'), unprocessed('a')]
    const again =
      'You can also run again with the same list. It enables identities that were disabled in the meantime, unless a guard prevents that.'
    const stop = { reason: 'outage', timeoutMs: 20_000 } as const
    expect(stepsOf(list, { stop })).toBe(
      `1 identity was not processed.\n${again} To use the report later, upload it in a step, because the runner deletes it after the job.`,
    )
    expect(stepsOf(list, { stop, resultsFile: '/tmp/report.csv' })).toBe(
      `1 identity was not processed.\n${again} To retry only these identities, write the report as \`.json\` (\`results-file\`), and pass it to \`from-report\`.`,
    )
  })

  it('does not advise to go on with a list that was stopped as a whole', () => {
    const settled = identity('old', { cause: { kind: 'already-enabled' }, attempts: 0 })
    const stop = { reason: 'max-to-enable', toEnable: 2, max: 1 } as const
    expect(stepsOf([settled, unprocessed('a'), unprocessed('b')], { stop })).toBe(
      'Fix the cause described above, then run again.',
    )
  })

  it('says that there is nothing to undo after invalid input', () => {
    const problem = { message: 'Bad' }
    expect(stepsOf([], { result: 'failure', problems: [problem] })).toMatch(/^Fix this problem\. The action/)
    expect(stepsOf([], { result: 'failure', problems: [problem, problem] })).toBe(
      'Fix these problems. The action submitted nothing, so there is nothing to undo.',
    )
  })
})
