import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'

import type { Stop } from '../../../src/failure.ts'
import type { Excluded } from '../../../src/identity.ts'
import { writeReportFile } from '../../../src/report/file/report-file.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { hostileText } from '../../../dev/hostile-text.ts'
import { expectValidReport, isValidReport } from '../../support/report-schema.ts'
import {
  answered,
  failed,
  identity,
  range,
  rejection,
  reportOf,
  state,
  unprocessed,
} from '../../support/run-report.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Parsed {
  [name: string]: unknown
  identities: Record<string, unknown>[]
}

function written(report: RunReport, name = 'report.json'): string {
  const path = join(folder, name)
  writeReportFile({ ...report, resultsFile: path })
  return readFileSync(path, 'utf8')
}

function writtenJson(report: RunReport): Parsed {
  const parsed = JSON.parse(written(report)) as Parsed
  expectValidReport(parsed)
  return parsed
}

const RUN = {
  repository: 'acme/people',
  runId: '7',
  runAttempt: '2',
  commit: 'c0ffee',
  event: 'push',
  actor: 'rita',
  url: 'https://github.com/acme/people/actions/runs/7/attempts/2',
}

const EXCLUDED: Excluded = {
  id: 'd',
  identifier: 'dave',
  name: 'Dave',
  file: 'ids.txt',
  line: 4,
  by: 'deny-list',
  bySource: { file: 'deny.csv', line: 2 },
}

const MIXED = [
  identity('a', {
    cause: answered(202, null, 't-1'),
    verified: true,
    plan: 'enable',
    approval: { kind: 'approved', lifecycleState: 'leave' },
    listedName: 'Ada L',
    reason: 'Back',
    observed: state({ identityStatus: 'ACTIVE', lifecycleState: 'active', name: 'Ada' }),
  }),
  failed('b', { line: 2, ignored: true }),
  unprocessed('jane', { id: null, file: null, line: null, plan: 'not-found' }),
]

describe('the report as JSON', () => {
  it('has the fields of the contract in their order', () => {
    const report = reportOf(MIXED, {
      shard: '1/3',
      maxFailures: 6,
      maxFailurePercent: 0.5,
      statesRead: true,
      showNames: true,
      stop: { reason: 'outage', timeoutMs: 20_000 },
      run: RUN,
      excluded: [EXCLUDED],
    })
    const parsed = writtenJson(report)
    expect(JSON.stringify(parsed)).toBe(
      JSON.stringify({
        schemaVersion: 1,
        startedAt: '2026-10-01T12:00:00.000Z',
        finishedAt: '2026-10-01T12:01:12.000Z',
        run: RUN,
        baseUrl: 'https://acme.api.identitynow.com',
        apiVersion: 'v2025',
        dryRun: false,
        shard: '1/3',
        identifyBy: 'id',
        statesRead: true,
        result: 'failure',
        stopReason: 'outage',
        stopped:
          "ISC did not respond for 20 s (`outage-timeout`). Pass this run's report to `from-report` when ISC is back.",
        problems: [],
        counts: { total: 3, succeeded: 1, failed: 1, ignored: 1, unprocessed: 1, excluded: 0 },
        thresholds: { maxFailures: 6, maxFailurePercent: 0.5, exceeded: false },
        excluded: [
          {
            id: 'd',
            identifier: 'dave',
            name: 'Dave',
            source: { file: 'ids.txt', line: 4 },
            by: 'deny-list',
            bySource: { file: 'deny.csv', line: 2 },
          },
        ],
        identities: [
          {
            id: 'a',
            identifier: 'a',
            outcome: 'succeeded',
            statusCode: 202,
            message: null,
            attempts: 1,
            trackingId: 't-1',
            ignored: false,
            plan: 'enable',
            verified: true,
            identityStatus: 'ACTIVE',
            lifecycleState: 'active',
            plannedLifecycleState: 'leave',
            name: 'Ada',
            listedName: 'Ada L',
            reason: 'Back',
            source: { file: 'ids.txt', line: 1 },
          },
          {
            id: 'b',
            identifier: 'b',
            outcome: 'failed',
            statusCode: 404,
            message: 'Referenced identity "b" was not found.',
            attempts: 1,
            trackingId: null,
            ignored: true,
            plan: null,
            verified: null,
            identityStatus: null,
            lifecycleState: null,
            plannedLifecycleState: null,
            name: null,
            listedName: null,
            reason: null,
            source: { file: 'ids.txt', line: 2 },
          },
          {
            id: null,
            identifier: 'jane',
            outcome: 'unprocessed',
            statusCode: null,
            message:
              "Not submitted. ISC did not respond for 20 s (`outage-timeout`). Pass this run's report to `from-report` when ISC is back.",
            attempts: 0,
            trackingId: null,
            ignored: false,
            plan: 'not-found',
            verified: null,
            identityStatus: null,
            lifecycleState: null,
            plannedLifecycleState: null,
            name: null,
            listedName: null,
            reason: null,
            source: null,
          },
        ],
      }),
    )
  })

  it('holds no display name unless names are shown, and says what no lifecycle state was approved', () => {
    const identities = [
      identity('a', {
        approval: { kind: 'approved', lifecycleState: null },
        observed: state({ name: 'Ada' }),
      }),
      identity('b', { approval: { kind: 'unknown' } }),
    ]
    const { identities: rows, excluded } = writtenJson(reportOf(identities, { excluded: [EXCLUDED] }))
    expect(rows.map(({ name, plannedLifecycleState }) => [name, plannedLifecycleState])).toEqual([
      [null, ''],
      [null, null],
    ])
    expect(excluded).toMatchObject([{ id: 'd', name: null }])
  })

  it('keeps the status of a task that was accepted and not verified', () => {
    const [row] = writtenJson(
      reportOf([unprocessed('a', { cause: answered(202), attempts: 1 })], { stop: { reason: 'cancelled' } }),
    ).identities
    expect(row).toMatchObject({
      outcome: 'unprocessed',
      statusCode: 202,
      message: 'ISC accepted the task, but the run ended before it was verified. The run was cancelled.',
    })
  })

  it('says what might be enabled only where no rejection ended the run', () => {
    const messageFor = (stop: Stop) =>
      writtenJson(reportOf([unprocessed('a', { attempts: 1 })], { stop })).identities[0]?.['message']
    expect(messageFor({ reason: 'authentication', failure: rejection(401, 'No') })).toMatch(
      /^Submitted\. ISC rejected the enable request \(401\): No\./,
    )
    expect(messageFor({ reason: 'outage', timeoutMs: 1_000 })).toMatch(/^Submitted, .* might be enabled\./)
  })

  it('is valid without identities, and with any text', () => {
    expect(writtenJson(reportOf([])).identities).toEqual([])
    fc.assert(
      fc.property(hostileText, (text) => {
        const [entry] = writtenJson(
          reportOf([failed(text, { cause: answered(404, text), file: text })]),
        ).identities
        expect(entry).toMatchObject({ identifier: text, message: text, source: { file: text } })
      }),
      { numRuns: 50 },
    )
  })

  it('holds 100,000 failed identities completely', () => {
    const report = reportOf(range(100_000, (index) => failed(`id-${index}`, { line: index + 1 })))
    const { identities } = JSON.parse(written(report)) as Parsed
    expect(identities).toHaveLength(100_000)
    expect(identities.at(-1)).toMatchObject({ id: 'id-99999', source: { file: 'ids.txt', line: 100_000 } })
  })
})

describe('the schema', () => {
  it.each([
    ['an unknown outcome', { outcome: 'enabled' }],
    ['a missing location', { source: undefined }],
    ['a status that is text', { statusCode: '404' }],
  ])('rejects %s', (_, change) => {
    const report = writtenJson(reportOf(MIXED))
    const [first, ...others] = report.identities
    const changed = JSON.parse(
      JSON.stringify({ ...report, identities: [{ ...first, ...change }, ...others] }),
    ) as unknown
    expect(isValidReport(changed)).toBe(false)
  })
})

describe('the report as CSV', () => {
  const rowsOf = (report: RunReport): string[][] =>
    parse(written(report, 'report.CSV'), { recordDelimiter: '\r\n' })

  it('has one row per identity', () => {
    expect(written(reportOf(MIXED), 'report.csv')).toBe(
      [
        'id,identifier,outcome,statusCode,message,attempts,trackingId,ignored,plan,verified,identityStatus,lifecycleState,plannedLifecycleState,name,listedName,reason,source',
        'a,a,succeeded,202,,1,t-1,false,enable,true,ACTIVE,active,leave,,Ada L,Back,ids.txt:1',
        'b,b,failed,404,"Referenced identity ""b"" was not found.",1,,true,,,,,,,,,ids.txt:2',
        ',jane,unprocessed,,,0,,false,not-found,,,,,,,,',
        '',
      ].join('\r\n'),
    )
  })

  it('keeps rows and columns together with any text, and begins no formula', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const rows = rowsOf(
          reportOf([
            failed(text, { cause: answered(404, text, text), file: text, listedName: text, reason: text }),
            identity('z'),
          ]),
        )
        expect(rows.map((row) => row.length)).toEqual([17, 17, 17])
        for (const cell of rows.flat()) expect(cell).not.toMatch(/^["\s]*[=+\-@]/)
        expect(rows[2]?.[0]).toBe('z')
      }),
      { numRuns: 100 },
    )
  })
})

describe('writeReportFile', () => {
  it('makes the folder, and leaves one file that only its owner can read', () => {
    const path = join(folder, 'a', 'b', 'report.json')
    writeReportFile(reportOf(MIXED, { resultsFile: path }))
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['report.json'])
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('replaces a file, and with it its permissions', () => {
    const path = join(folder, 'report.json')
    writeFileSync(path, 'old')
    chmodSync(path, 0o666)
    writeReportFile(reportOf(MIXED, { resultsFile: path }))
    expect(readFileSync(path, 'utf8')).toContain('schemaVersion')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('throws what went wrong, and leaves nothing behind', () => {
    const path = join(folder, 'report.json')
    mkdirSync(path)
    expect(() => writeReportFile(reportOf(MIXED, { resultsFile: path }))).toThrow(/^E[A-Z]+: .*report\.json/)
    expect(readdirSync(folder)).toEqual(['report.json'])
    const below = join(folder, 'file', 'report.json')
    writeFileSync(join(folder, 'file'), '')
    expect(() => writeReportFile(reportOf(MIXED, { resultsFile: below }))).toThrow(/^E[A-Z]+: /)
    expect(existsSync(below)).toBe(false)
  })
})
