import { describe, expect, it } from '@jest/globals'

import * as phases from '../../../src/report/log/phases.ts'
import { range, unprocessed } from '../../support/run-report.ts'

const SETTINGS = { batchSize: 100, concurrency: 8, rateLimit: 100 }
const SENT = { accepted: 7, failed: 3, left: 0, ms: 4_000 }

describe('a phase in words', () => {
  it.each([
    [phases.listText({ count: 1, duplicates: 0, shard: null }), 'On the list: 1 identity.'],
    [
      phases.listText({ count: 40, duplicates: 1, shard: '2/3' }),
      'On the list: 40 identities in shard 2/3. Removed 1 duplicate.',
    ],
    [
      phases.paceText(SETTINGS),
      'Pace: 100 identities per request, 8 requests at once, at most 100 requests in 10 s.',
    ],
    [
      phases.paceText({ batchSize: 1, concurrency: 1, rateLimit: 0 }),
      'Pace: 1 identity per request, 1 request at once, no rate limit.',
    ],
    [phases.excludedCountText(2), 'Excluded 2 identities.'],
    [phases.resolvedText('email', { found: 40, unmatched: 0 }), 'Resolved 40 of 40 email addresses.'],
    [
      phases.resolvedText('alias', { found: 38, unmatched: 2 }),
      'Resolved 38 of 40 aliases, 2 without exactly one match.',
    ],
    [phases.submittingText(2), 'Submitting 2 identities.'],
    [phases.submittedText(SENT), 'After 4 s, ISC accepted 7 of 10 identities; 3 failed.'],
    [
      phases.submittedText({ accepted: 0, failed: 0, left: 10, ms: 61_000 }),
      'After 1 min 1 s, ISC accepted 0 of 10 identities; 0 failed, 10 not processed.',
    ],
    [
      phases.verifyingText(12, 300_000),
      'Waiting until ISC reports 12 identities as enabled, for at most 5 min.',
    ],
    [
      phases.verifiedText({ confirmed: 12, total: 12, ms: 12_000, isOver: true }),
      'After 12 s, 12 of 12 identities are enabled.',
    ],
    [
      phases.verifiedText({ confirmed: 10, total: 12, ms: 300_000, isOver: true }),
      "After 5 min, 10 of 12 identities are enabled. 2 aren't, and count as failed.",
    ],
    [
      phases.verifiedText({ confirmed: 0, total: 1, ms: 2_000, isOver: false }),
      'After 2 s, 0 of 1 identity is enabled. The run ended before 1 was verified.',
    ],
    [
      phases.waitText({ reason: 'retry-after', ms: 8_000, status: 429 }),
      'ISC answered 429 and asks to wait. The run continues in 8 s (`Retry-After`).',
    ],
    [
      phases.waitText({ reason: 'rate-limit', ms: 6_000, status: null }),
      'The run waits 6 s for the rate limit (`rate-limit`).',
    ],
    [
      phases.waitText({ reason: 'back-off', ms: 16_000, status: 500 }),
      'ISC answered 500. The request is retried in 16 s.',
    ],
    [
      phases.waitText({ reason: 'outage', ms: 300_000, status: 503 }),
      'ISC stopped responding (503). The run tries one request at a time for up to 5 min (`outage-timeout`).',
    ],
    [
      phases.firstRetryText(500),
      'ISC answered a request with 500. The action retries it, and counts further retries in the summary.',
    ],
    [phases.outageEndedText(72_000), 'ISC responds again, after 1 min 12 s.'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })

  it('counts what the states say, and only what there is', () => {
    const planned = [
      ...range(35, (index) => unprocessed(`a${index}`, { plan: 'enable' })),
      unprocessed('b', { plan: 'already-enabled' }),
      unprocessed('c', { plan: 'refused' }),
      unprocessed('d', { plan: 'not-found' }),
    ]
    expect(phases.decidedText(planned)).toBe(
      'Read the states: 35 to enable, 1 already enabled, 1 blocked, 1 not found.',
    )
    expect(phases.decidedText(planned.slice(-1))).toBe('Read the states: 0 to enable, 1 not found.')
  })
})
