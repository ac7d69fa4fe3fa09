import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../../src/identity.ts'
import {
  firstIds,
  groupByReason as groupFor,
  reasonText,
  type Reason,
} from '../../../src/report/findings/reasons.ts'
import { answered, failed, range, reportOf } from '../../support/run-report.ts'

const groupByReason = (identities: readonly Identity[]): Reason[] =>
  groupFor(identities, reportOf(identities))

describe('groupByReason', () => {
  it('takes messages that differ by the own id or tracking id for one reason, the most frequent first', () => {
    const reasons = groupByReason([
      failed('c', { cause: answered(500, 'Boom (tracking id t-1-of-many).', 't-1-of-many') }),
      ...range(20, (index) => failed(`2c91808568c529c6${index}`)),
      failed('d', { cause: answered(500, 'Boom (tracking id t-2-of-many).', 't-2-of-many') }),
      failed('2c91808568c529c6', {
        identifier: 'jane',
        cause: answered(404, 'Referenced identity "jane" was not found.'),
      }),
    ])
    expect(reasons.map(({ count }) => count)).toEqual([21, 2])
    expect(reasons.map(reasonText)).toEqual([
      '404: Referenced identity "…" was not found.',
      '500: Boom (tracking id …).',
    ])
    expect(reasons[0]?.first).toHaveLength(10)
  })

  it('keeps statuses apart, and ignored ones last', () => {
    const reasons = groupByReason([
      failed('a', { ignored: true }),
      failed('b', { ignored: true }),
      failed('c', { cause: answered(400) }),
    ])
    expect(reasons.map(({ statusCode, ignored }) => [statusCode, ignored])).toEqual([
      [400, false],
      [404, true],
    ])
  })

  it('takes a short id only as a word of its own', () => {
    const [reason] = groupByReason([failed('a', { cause: answered(404, 'a bad a: "a"') })])
    expect(reason?.message).toBe('… bad …: "…"')
  })

  it('has words for no message', () => {
    const reasons = groupByReason([
      failed('a', { cause: answered(404) }),
      failed('b', { cause: { kind: 'request-failed', statusCode: null, message: ' ', trackingId: null } }),
    ])
    expect(reasons.map(reasonText)).toEqual(['404: no reason was given', 'no reason was given'])
  })

  it('stays bounded when every message is different and large', () => {
    const message = 'x'.repeat(5_000)
    const reasons = groupByReason(
      range(10_000, (index) =>
        failed('a', { cause: answered(index, `${index} ${message}`), ignored: index % 2 === 1 }),
      ),
    )
    expect(reasons).toHaveLength(102)
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
    expect(reasons[0]).toMatchObject({ message: 'Other reasons', statusCode: null, count: 4_950 })
    for (const { message } of reasons) expect(message?.length).toBeLessThanOrEqual(300)
  })
})

it('shows the first ids', () => {
  const [reason] = groupByReason([failed('a'), failed('b'), failed('c')])
  if (reason === undefined) throw new Error('No reason.')
  expect(firstIds(reason, ({ id }) => `<${id ?? ''}>`, 2)).toBe('<a>, <b>, …')
  expect(firstIds(reason, ({ id }) => id ?? '', 3)).toBe('a, b, c')
})
