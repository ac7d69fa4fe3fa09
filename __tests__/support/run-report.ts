import { requested, type Cause, type Identity, type ObservedState } from '../../src/identity.ts'
import type { Failure, Stop } from '../../src/failure.ts'
import { judge, type Judgement } from '../../src/policy/guards.ts'
import type { RunReport } from '../../src/report/run-report.ts'
import { stopText } from '../../src/report/words/failures.ts'
import type { Repository } from '../../src/report/words/location.ts'

/** The commit that holds the lists. */
export const REPOSITORY: Repository = {
  url: 'https://github.com/acme/people',
  sha: 'c0ffee',
  isOnlyShown: false,
}

/** What ISC said of an identity alone. */
export function answered(
  statusCode: number,
  message: string | null = null,
  trackingId: string | null = null,
): Cause {
  return { kind: 'answered', statusCode, message, trackingId }
}

/** An error that ended the run. */
export function crashed(message: string): Stop {
  return { reason: 'internal-error', message }
}

/** What an enable request got instead of a usable answer. */
export function rejection(status: number, said: string | null = null): Failure {
  return { kind: 'status', operation: 'enable', status, said, isForeign: false, trackingId: null }
}

/** A state as it was read. */
export function state(changes: Partial<ObservedState> = {}): ObservedState {
  return { identityStatus: 'DISABLED', lifecycleState: null, isLifecycleKnown: true, name: null, ...changes }
}

/** An identity that succeeded, on line 1 of `ids.txt`, with the given changes. */
export function identity(id: string, changes: Partial<Identity> = {}): Identity {
  const { file = 'ids.txt', listedName = null, reason = null, approval = null, ...others } = changes
  // As the list makes it: some fields are getters, which a copy lacks.
  const made = requested({ identifier: id, id, file, line: 1, listedName, reason, approval })
  return Object.assign(made, { outcome: 'succeeded', cause: answered(202), attempts: 1, ...others })
}

export function failed(id: string, changes: Partial<Identity> = {}): Identity {
  const cause = answered(404, `Referenced identity "${id}" was not found.`)
  return identity(id, { outcome: 'failed', cause, ...changes })
}

export function unprocessed(id: string, changes: Partial<Identity> = {}): Identity {
  return identity(id, { outcome: 'unprocessed', cause: null, attempts: 0, ...changes })
}

/** A judgement of these failures. */
export function judged(
  failing: number,
  total: number,
  maxFailures: number | null = null,
  maxFailurePercent: number | null = null,
): Judgement {
  return judge(failing, total, { maxFailures, maxFailurePercent, ignoreStatusCodes: new Set() })
}

/** What is given of a report; limits in place of a judgement. */
type Changes = Partial<RunReport> & {
  readonly maxFailures?: number | null
  readonly maxFailurePercent?: number | null
}

/** A report of these identities, with the counts, the judgement and the result that follow from them. */
export function reportOf(
  identities: readonly Identity[],
  { maxFailures = null, maxFailurePercent = null, ...changes }: Changes = {},
): RunReport {
  const count = (includes: (identity: Identity) => boolean): number => identities.filter(includes).length
  const counts = {
    total: identities.length,
    succeeded: count(({ outcome }) => outcome === 'succeeded'),
    failed: count(({ outcome }) => outcome === 'failed'),
    ignored: count(({ outcome, ignored }) => outcome === 'failed' && ignored),
    unprocessed: count(({ outcome }) => outcome === 'unprocessed'),
    excluded: 0,
  }
  const failing = count(
    ({ outcome, plan, ignored }) =>
      !ignored &&
      (outcome === 'failed' || (changes.dryRun === true && (plan === 'not-found' || plan === 'refused'))),
  )
  const { stop = null, baseUrl = 'https://acme.api.identitynow.com', dryRun = false } = changes
  const thresholds = judged(failing, counts.total, maxFailures, maxFailurePercent)
  const isFailure = thresholds.exceeded || (changes.dryRun !== true && counts.unprocessed > 0)
  return {
    startedAt: new Date('2026-10-01T12:00:00Z'),
    finishedAt: new Date('2026-10-01T12:01:12Z'),
    baseUrl,
    apiVersion: 'v2025',
    dryRun,
    verify: false,
    showNames: false,
    identifyBy: 'id',
    shard: null,
    result: isFailure ? 'failure' : 'success',
    stop,
    stopped: stop === null ? null : stopText(stop, { baseUrl, dryRun }),
    excluded: [],
    isFromReport: false,
    haveListsChanged: true,
    denyList: null,
    refuseStates: [],
    run: null,
    problems: [],
    notes: [],
    counts,
    thresholds,
    statesRead: false,
    toEnableCount: null,
    identities,
    traffic: { requests: 12, retries: 2, tokensRenewed: 1, waitedMs: 3_400, outageMs: 0 },
    resultsFile: '/tmp/report.json',
    summaryFile: '/tmp/summary.md',
    ...changes,
  }
}

export function range<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index))
}
