import { describe, expect, it } from '@jest/globals'

import { phaseText, settingsLines } from '../../../src/report/log/phases.ts'
import type { Settings } from '../../../src/settings.ts'
import { range, unprocessed } from '../../support/run-report.ts'

const SENT = { accepted: 7, failed: 3, left: 0, ms: 4_000 }

describe('a phase in words', () => {
  it.each([
    [phaseText.listed(1, 0, null), 'On the list: 1 identity.'],
    [phaseText.listed(40, 1, '2/3'), 'On the list: 40 identities in shard 2/3. Removed 1 duplicate.'],
    [phaseText.excluded(2), 'Excluded 2 identities.'],
    [phaseText.resolved('email', 40, 0), 'Resolved 40 of 40 email addresses.'],
    [phaseText.resolved('alias', 38, 2), 'Resolved 38 of 40 aliases, 2 without exactly one match.'],
    [phaseText.submitting(2), 'Submitting 2 identities.'],
    [phaseText.submitted(SENT), 'After 4 s, ISC accepted 7 of 10 identities; 3 failed.'],
    [
      phaseText.submitted({ accepted: 0, failed: 0, left: 10, ms: 61_000 }),
      'After 1 min 1 s, ISC accepted 0 of 10 identities; 0 failed, 10 not processed.',
    ],
    [
      phaseText.verifying(12, 300_000),
      'Waiting until ISC reports 12 identities as enabled, for at most 5 min.',
    ],
    [
      phaseText.verified({ confirmed: 12, total: 12, ms: 12_000 }, true),
      'After 12 s, 12 of 12 identities are enabled.',
    ],
    [
      phaseText.verified({ confirmed: 10, total: 12, ms: 300_000 }, true),
      "After 5 min, 10 of 12 identities are enabled. 2 aren't, and count as failed.",
    ],
    [
      phaseText.verified({ confirmed: 0, total: 1, ms: 2_000 }, false),
      'After 2 s, 0 of 1 identity is enabled. The run ended before 1 was verified.',
    ],
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
    expect(phaseText.decided(planned)).toBe(
      'Read lifecycle states and identity statuses: 35 to enable, 1 already enabled, 1 blocked, 1 not found.',
    )
    expect(phaseText.decided(planned.slice(-1))).toBe(
      'Read lifecycle states and identity statuses: 0 to enable, 1 not found.',
    )
  })
})

const OFF: Settings = {
  list: {
    inline: 'a',
    files: null,
    fromReport: null,
    excludeFiles: null,
    stillListed: null,
    workspace: '/w',
    temporary: '/t',
    idColumn: null,
    identifyBy: 'id',
    addedSince: { kind: 'beginning' },
    maxIdentities: null,
    shard: null,
  },
  credential: null,
  baseUrl: 'https://acme.api.identitynow.com',
  apiVersion: 'v2025',
  batchSize: 100,
  concurrency: 8,
  rateLimit: 100,
  requestTimeoutMs: 60_000,
  maxRetries: 5,
  outageTimeoutMs: 300_000,
  thresholds: { maxFailures: null, maxFailurePercent: null, ignoreStatusCodes: new Set() },
  failFast: false,
  refuseStates: new Map(),
  maxToEnable: null,
  dryRun: false,
  skipEnabled: false,
  verify: false,
  verifyTimeoutMs: 300_000,
  showNames: false,
}

it('names every guard that is on with its value, and the proxy', () => {
  const list = {
    ...OFF.list,
    excludeFiles: ['deny.csv', 'more/*.txt'],
    stillListed: ['lists/*'],
    maxIdentities: 5_000,
    addedSince: { kind: 'event' } as const,
  }
  const on = {
    ...OFF,
    list,
    refuseStates: new Map([
      ['terminated', 'terminated'],
      ['leaver', 'Leaver'],
    ]),
    maxToEnable: 0,
  }
  expect(settingsLines(on, 'proxy.corp:8080')).toEqual([
    'Guard on: `exclude-ids-file` deny.csv, more/*.txt',
    'Guard on: `still-listed` lists/*',
    'Guard on: `refuse-states` terminated, Leaver',
    'Guard on: `max-identities` 5,000',
    'Guard on: `max-to-enable` 0',
    'Guard on: `added-since` event',
    'Tenant: https://acme.api.identitynow.com, API v2025, through the proxy proxy.corp:8080.',
    'Pace: 100 identities per request, 8 requests at once, at most 100 requests in 10 s.',
  ])
})

it('says in one line what is off', () => {
  expect(settingsLines({ ...OFF, batchSize: 1, concurrency: 1, rateLimit: 0 }, null)).toEqual([
    'Guards off: `exclude-ids-file`, `still-listed`, `refuse-states`, `max-identities`, `max-to-enable`, `added-since`.',
    'Tenant: https://acme.api.identitynow.com, API v2025, without a proxy.',
    'Pace: 1 identity per request, 1 request at once, no rate limit.',
  ])
  expect(settingsLines({ ...OFF, baseUrl: '' }, null).at(-2)).toMatch(/^No tenant is set/)
})
