import { describe, expect, it } from '@jest/globals'

import * as phases from '../../../src/report/log/phases.ts'
import { failed, identity, range, reportOf, unprocessed } from '../../support/run-report.ts'

const SETTINGS = {
  baseUrl: 'https://acme.api.identitynow.com',
  apiVersion: 'v2025',
  batchSize: 100,
  concurrency: 8,
  rateLimit: 100,
}

describe('a phase in words', () => {
  it.each([
    [phases.listText({ count: 1, duplicates: 0, shard: null }), 'On the list: 1 identity.'],
    [
      phases.listText({ count: 40, duplicates: 1, shard: '2/3' }),
      'On the list: 40 identities in shard 2/3; 1 more is there twice and left out.',
    ],
    [
      phases.paceText(SETTINGS),
      'Tenant: https://acme.api.identitynow.com, API v2025; batches of 100, 8 requests at once, at most 100 in 10 s.',
    ],
    [
      phases.paceText({ ...SETTINGS, concurrency: 1, rateLimit: 0 }),
      'Tenant: https://acme.api.identitynow.com, API v2025; batches of 100, 1 request at once, without a rate limit.',
    ],
    [
      phases.paceText({ ...SETTINGS, baseUrl: '' }),
      'No tenant was given: the list is checked, and nothing is asked.',
    ],
    [phases.excludedText(1), '1 identity stands in exclude-ids-file, and is left out.'],
    [phases.excludedText(2), '2 identities stand in exclude-ids-file, and are left out.'],
    [phases.lookUpText('email', { found: 40, unmatched: 0 }), 'Looked up 40 e-mail addresses: 40 found.'],
    [
      phases.lookUpText('alias', { found: 38, unmatched: 2 }),
      'Looked up 40 aliases: 38 found, 2 without exactly one match.',
    ],
    [phases.sendingText(2), 'Sending 2 identities to be enabled.'],
    [
      phases.sentText({ accepted: 7, failed: 3, left: 0, ms: 4_000 }),
      'ISC accepted 7 of 10 identities, 3 failed; in 4 s.',
    ],
    [
      phases.sentText({ accepted: 0, failed: 0, left: 10, ms: 61_000 }),
      'ISC accepted 0 of 10 identities, 0 failed, 10 not processed; in 1 min 1 s.',
    ],
    [
      phases.verifyingText(12, 300_000),
      'Waiting until ISC reports 12 identities as enabled, for at most 5 min 0 s.',
    ],
    [phases.verifiedText(12, 12, 12_000), 'After 12 s ISC reports all 12 as enabled.'],
    [
      phases.verifiedText(10, 12, 300_000),
      'After 5 min 0 s ISC reports 10 of 12 identities as enabled; 2 are not confirmed, and count as failed.',
    ],
    [
      phases.outageBeganText(300_000),
      'ISC has stopped answering. One request at a time is tried until it does, for at most 5 min 0 s.',
    ],
    [phases.outageEndedText(72_000), 'ISC answers again, after 1 min 12 s.'],
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
    expect(phases.statesText(planned)).toBe(
      'States were read: 35 to enable, 1 enabled already, 1 refused, 1 not found.',
    )
    expect(phases.statesText(planned.slice(-1))).toBe('States were read: 0 to enable, 1 not found.')
  })

  it('counts what became of a run, and nothing of a plan', () => {
    const identities = [identity('a'), failed('b', { ignored: true }), unprocessed('c')]
    expect(phases.countsText(reportOf(identities))).toBe(
      '3 identities: 1 succeeded, 1 failed (1 of them ignored), 1 not processed.',
    )
    expect(phases.countsText(reportOf(identities, { dryRun: true }))).toBeNull()
    expect(phases.countsText(reportOf([]))).toBeNull()
  })
})
