import type { Cause, Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'

const REFUSALS: ReadonlySet<Cause['kind'] | undefined> = new Set([
  'state-blocked',
  'changed',
  'blocked-before',
])

/** What a plan foresees for an identity. */
export type Foreseen = 'enable' | 'already-enabled' | 'refused' | 'not-found' | 'unresolved' | 'unknown'

/** What became of an identity, or would: finer than its outcome, and each identity has one. */
export type Fate = Foreseen | 'accepted' | 'confirmed' | 'failed' | 'ignored' | 'unprocessed'

/** `unresolved`: an alias or e-mail that matches not exactly one identity; `unknown`: no state was read. */
function foreseen({ plan, id }: Identity): Foreseen {
  return plan === 'not-found' && id === null ? 'unresolved' : (plan ?? 'unknown')
}

export function fateOf(identity: Identity, { dryRun }: Pick<RunReport, 'dryRun'>): Fate {
  const { outcome, cause, ignored, verified } = identity
  if (dryRun) return foreseen(identity)
  if (outcome === 'unprocessed') return 'unprocessed'
  if (outcome === 'succeeded') {
    if (cause?.kind === 'already-enabled') return 'already-enabled'
    return verified === true ? 'confirmed' : 'accepted'
  }
  if (ignored) return 'ignored'
  return REFUSALS.has(cause?.kind) ? 'refused' : 'failed'
}

export function countFates(report: Pick<RunReport, 'identities' | 'dryRun'>): Readonly<Record<Fate, number>> {
  const counts = {
    enable: 0,
    accepted: 0,
    confirmed: 0,
    'already-enabled': 0,
    refused: 0,
    'not-found': 0,
    unresolved: 0,
    unknown: 0,
    failed: 0,
    ignored: 0,
    unprocessed: 0,
  }
  for (const identity of report.identities) counts[fateOf(identity, report)] += 1
  return counts
}
