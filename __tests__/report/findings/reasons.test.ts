import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import { findingsOf } from '../../../src/report/findings/findings.ts'
import { firstIds, type Reason } from '../../../src/report/findings/reasons.ts'
import { answered, failed, range, rejection, reportOf } from '../../support/run-report.ts'

const reasonsOf = (identities: readonly Identity[]): readonly Reason[] =>
  findingsOf(reportOf(identities)).reasons

describe('reasons', () => {
  it('take messages that differ by the own ID or tracking ID for one reason, the most frequent first', () => {
    const reasons = reasonsOf([
      failed('c', { cause: answered(500, 'Boom (tracking id t-1-of-many).', 't-1-of-many') }),
      ...range(20, (index) => failed(`2c91808568c529c6${index}`)),
      failed('d', { cause: answered(500, 'Boom (tracking id t-2-of-many).', 't-2-of-many') }),
      failed('2c91808568c529c6', {
        identifier: 'jane',
        cause: answered(404, 'Referenced identity "jane" was not found.'),
      }),
    ])
    expect(reasons.map(({ identities }) => identities.length)).toEqual([21, 2])
    expect(reasons.map(({ text }) => text)).toEqual([
      '404: Referenced identity "…" was not found.',
      '500: Boom (tracking id …).',
    ])
  })

  it('keep statuses apart, and ignored ones last', () => {
    const reasons = reasonsOf([
      failed('a', { ignored: true }),
      failed('b', { ignored: true }),
      failed('c', { cause: answered(400) }),
    ])
    expect(reasons.map(({ text, ignored }) => [text.slice(0, 4), ignored])).toEqual([
      ['400:', false],
      ['404:', true],
    ])
  })

  it('take a short ID only where it is quoted', () => {
    const [reason] = reasonsOf([failed('a', { cause: answered(404, 'a bad a: "a"') })])
    expect(reason?.text).toBe('404: a bad a: "…"')
  })

  it('have words for no message', () => {
    const reasons = reasonsOf([
      failed('a', { cause: answered(404) }),
      failed('b', { cause: answered(500, ' ') }),
    ])
    expect(reasons.map(({ text }) => text)).toEqual(['404: ISC gave no reason.', '500: ISC gave no reason.'])
  })

  it('say the status of a request that failed once, and what to do', () => {
    const [reason] = reasonsOf([
      failed('a', { cause: { kind: 'request-failed', failure: rejection(403, 'Forbidden') } }),
    ])
    expect(reason?.text).toBe(
      'ISC rejected the enable request (403): Forbidden. If this is the credential for plans, do not add a scope: check that the environment of this job has its own secrets. Otherwise, the credential needs the scope `idn:accounts-state:manage`, and its user the Admin user level (`ORG_ADMIN`).',
    )
  })

  it('stay bounded when every message is different and large', () => {
    const message = 'x'.repeat(5_000)
    const reasons = reasonsOf(
      range(10_000, (index) =>
        failed('a', { cause: answered(index, `${index} ${message}`), ignored: index % 2 === 1 }),
      ),
    )
    expect(reasons).toHaveLength(102)
    expect(reasons.reduce((sum, { identities }) => sum + identities.length, 0)).toBe(10_000)
    expect(reasons[0]).toMatchObject({ text: 'Other reasons' })
    expect(reasons[0]?.identities).toHaveLength(4_900)
    for (const { text } of reasons) expect(text.length).toBeLessThanOrEqual(510)
  })
})

it('shows the first IDs', () => {
  const [reason] = reasonsOf([failed('a'), failed('b'), failed('c')])
  if (reason === undefined) throw new Error('No reason.')
  expect(firstIds(reason, ({ id }) => `<${id ?? ''}>`, 2)).toBe('<a>, <b>, …')
  expect(firstIds(reason, ({ id }) => id ?? '', 3)).toBe('a, b, c')
})
