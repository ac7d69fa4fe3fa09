import { expect, it } from '@jest/globals'

import { guardLines } from '../../../src/report/log/guard-lines.ts'
import type { Settings } from '../../../src/settings.ts'

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
  expect(guardLines(on, 'proxy.corp:8080')).toEqual([
    'Guard on: `exclude-ids-file` deny.csv, more/*.txt',
    'Guard on: `still-listed` lists/*',
    'Guard on: `refuse-states` terminated, Leaver',
    'Guard on: `max-identities` 5,000',
    'Guard on: `max-to-enable` 0',
    'Guard on: `added-since` event',
    'Tenant: https://acme.api.identitynow.com, API v2025, through the proxy proxy.corp:8080.',
  ])
})

it('says in one line what is off', () => {
  expect(guardLines(OFF, null)).toEqual([
    'Guards off: `exclude-ids-file`, `still-listed`, `refuse-states`, `max-identities`, `max-to-enable`, `added-since`.',
    'Tenant: https://acme.api.identitynow.com, API v2025, without a proxy.',
  ])
  expect(guardLines({ ...OFF, baseUrl: '' }, null).at(-1)).toMatch(/^No tenant is set/)
})
