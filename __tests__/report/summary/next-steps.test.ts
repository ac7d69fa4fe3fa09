import { describe, expect, it } from '@jest/globals'

import type { Cause } from '../../../src/identity.ts'
import { nextStepsOf } from '../../../src/report/summary/next-steps.ts'
import { answered, failed, identity, reportOf, unprocessed } from '../../support/run-report.ts'

const stepsOf = (...args: Parameters<typeof reportOf>): string =>
  nextStepsOf(reportOf(...args), null).join('\n')
const noAnswer: Cause = {
  kind: 'request-failed',
  statusCode: null,
  message: 'No answer within 60 s.',
  trackingId: null,
}
const AGAIN =
  'To run again only what failed or is left, give this run’s report (output `results-file`) to `from-report`. Enabling twice does no harm.'

describe('what to do after a run', () => {
  it.each<[string, Cause]>([
    ['1 identity unknown to this tenant: remove them', answered(404)],
    ['1 identity unknown to this tenant: remove them', { kind: 'absent' }],
    ['1 identity in a request that was refused whole', { ...noAnswer, statusCode: 404 }],
    ['1 identity in a request that was refused whole', { ...noAnswer, statusCode: 403 }],
    ['1 identity failed because ISC was overloaded or unavailable', answered(503)],
    ['1 identity failed because ISC was overloaded or unavailable', { ...noAnswer, statusCode: 429 }],
    ['1 identity accepted, but not confirmed', { kind: 'unconfirmed', accepted: answered(202), seen: null }],
    ['1 identity with several matches: name the one', { kind: 'ambiguous', ids: ['a', 'b'] }],
    ['1 identity refused because of the state, and not sent', { kind: 'state-blocked', state: 'leaver' }],
    ['1 identity refused because the run before refused them too: make a new', { kind: 'blocked-before' }],
    ['make a new plan, and have it approved', { kind: 'changed', planned: 'active', now: null }],
    ['1 identity without an answer: ISC may have taken the tasks on all the same', noAnswer],
    ['1 identity without an answer: ISC may have taken', { kind: 'missing', trackingId: null }],
  ])('%s', (step, cause) => {
    const steps = stepsOf([identity('ok'), failed('a', { cause })])
    expect(steps).toContain(step)
    expect(steps).not.toMatch(/jq|failed-ids|unprocessed-ids/)
  })

  it('advises another try only where it may end another way', () => {
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

  it('says that ISC may have taken tasks on when every request timed out', () => {
    expect(stepsOf([failed('a', { cause: noAnswer }), failed('b', { cause: noAnswer })])).toMatch(
      /^2 identities without an answer: ISC may have taken the tasks on all the same\. A plan \(`dry-run`\) shows who/,
    )
  })

  it.each<[string, Parameters<typeof reportOf>[1]]>([
    ['a run', {}],
    ['a plan', { dryRun: true, statesRead: true }],
  ])('does not advise to correct a whole list that is of another tenant: %s', (_, changes) => {
    const absent = { cause: { kind: 'absent' }, plan: 'not-found', ignored: true } as const
    const make = changes?.dryRun === true ? unprocessed : failed
    const stopped = 'It is the wrong tenant.'
    expect(stepsOf([make('a', absent), make('b', absent)], { stopped, ...changes })).toBe(
      'Check `tenant` (or `base-url`), or take the list for this tenant.',
    )
  })

  it('does not advise to apply a plan for no tenant', () => {
    const plan = [unprocessed('a'), unprocessed('b')]
    expect(stepsOf(plan, { dryRun: true, baseUrl: '' })).toBe(
      'A run would send 2 identities of unknown state.',
    )
    expect(stepsOf(plan, { dryRun: true })).toContain('`from-report`')
  })

  it('takes no notice of what is ignored', () => {
    expect(stepsOf([identity('ok'), failed('a', { ignored: true })])).toBe('')
    expect(stepsOf([identity('ok')])).toBe('')
  })

  it('says how to go on with what was not processed', () => {
    expect(stepsOf([identity('ok'), unprocessed('a'), unprocessed('b')])).toBe(
      `2 identities not processed. ${AGAIN}`,
    )
    expect(stepsOf([unprocessed('a', { attempts: 1 }), unprocessed('b')])).toMatch(
      /^2 identities not processed, 1 of them sent, and perhaps enabled\. To run again/,
    )
    expect(stepsOf([identity('ok'), unprocessed('a')], { resultsFile: '/tmp/report.csv' })).toContain(
      'write the report as `.json` (`results-file`), and give it to `from-report`',
    )
  })

  it('does not advise to go on with a list that was refused as a whole', () => {
    const settled = identity('old', { cause: { kind: 'already-enabled' }, attempts: 0 })
    const steps = stepsOf([settled, unprocessed('a'), unprocessed('b')], { stopped: 'Too many.' })
    expect(steps).toBe('Mend the cause named above, then run again.')
  })

  it('says that nothing has to be undone after bad input', () => {
    expect(stepsOf([], { result: 'failure', problems: [{ message: 'Bad' }] })).toBe(
      'Correct the inputs named above. Nothing was sent, so nothing has to be undone.',
    )
  })
})
