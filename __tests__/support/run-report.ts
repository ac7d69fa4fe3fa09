import { requested, type IdentityOutcome } from '../../src/identity.ts'
import type { RunReport } from '../../src/report/run-report.ts'

/** An identity that succeeded, on line 1 of ids.txt, but for what is given. */
export function identity(id: string, changes: Partial<IdentityOutcome> = {}): IdentityOutcome {
  return {
    ...requested(id, id, 'ids.txt', 1),
    outcome: 'succeeded',
    statusCode: 202,
    attempts: 1,
    ...changes,
  }
}

export function failed(id: string, changes: Partial<IdentityOutcome> = {}): IdentityOutcome {
  const message = `Referenced identity "${id}" was not found.`
  return identity(id, { outcome: 'failed', statusCode: 404, message, ...changes })
}

export function unprocessed(id: string, changes: Partial<IdentityOutcome> = {}): IdentityOutcome {
  return identity(id, { outcome: 'unprocessed', statusCode: null, attempts: 0, ...changes })
}

/** A report of these identities, with the counts that follow from them. */
export function reportOf(
  identities: readonly IdentityOutcome[],
  changes: Partial<RunReport> = {},
): RunReport {
  const count = (includes: (identity: IdentityOutcome) => boolean): number =>
    identities.filter(includes).length
  const counts = {
    total: identities.length,
    succeeded: count(({ outcome }) => outcome === 'succeeded'),
    failed: count(({ outcome }) => outcome === 'failed'),
    ignored: count(({ ignored }) => ignored),
    unprocessed: count(({ outcome }) => outcome === 'unprocessed'),
  }
  const exceeded = counts.failed > counts.ignored
  const isFailure = exceeded || counts.unprocessed > 0
  return {
    startedAt: new Date('2026-10-01T12:00:00Z'),
    finishedAt: new Date('2026-10-01T12:01:12Z'),
    baseUrl: 'https://acme.api.identitynow.com',
    apiVersion: 'v2025',
    dryRun: false,
    skipEnabled: false,
    verify: false,
    shard: null,
    result: isFailure && changes.dryRun !== true ? 'failure' : 'success',
    stopped: null,
    problems: [],
    notes: [],
    counts,
    thresholds: { maxFailures: null, maxFailurePercent: null, exceeded },
    toEnableCount: null,
    identities,
    traffic: { requests: 12, retries: 2, tokensRenewed: 1, waitedMs: 3_400 },
    resultsFile: '/tmp/report.json',
    ...changes,
  }
}

export function range<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index))
}
