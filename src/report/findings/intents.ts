import type { Identity } from '../../identity.ts'

/** What a dry run says of an identity. */
export type Intent = 'enable' | 'already-enabled' | 'refused' | 'not-found' | 'unresolved' | 'unknown'

/** `unresolved`: an alias or e-mail that matches not exactly one identity; `unknown`: no state was read. */
export function intentOf({ plan, id }: Identity): Intent {
  return plan === 'not-found' && id === null ? 'unresolved' : (plan ?? 'unknown')
}

export function countIntents(identities: readonly Identity[]): Record<Intent, number> {
  const counts = { enable: 0, 'already-enabled': 0, refused: 0, 'not-found': 0, unresolved: 0, unknown: 0 }
  for (const identity of identities) counts[intentOf(identity)] += 1
  return counts
}
