import type { IdentityOutcome } from '../identity.ts'
import { shown } from './entry.ts'

/** An identity that a look-up found. */
export interface Found {
  readonly id: string
  readonly alias: string | null
  readonly emailAddress: string | null
}

/** Looks up all identities whose attribute has one of the values, and hands each to `onFound`. */
export type Find = (
  attribute: 'alias' | 'email',
  values: readonly string[],
  onFound: (identity: Found) => void,
) => Promise<void>

/**
 * Gives each identity the id of the one identity in ISC that has its alias or e-mail address, compared
 * without regard to case as ISC does. No match, or several, is the identity's failure, or in a plan its being
 * not found. Those that resolve to one identity are one: the later are left out of the result, and counted.
 * @throws whatever `find` throws
 */
export async function resolveIdentities(
  identities: readonly IdentityOutcome[],
  attribute: 'alias' | 'email',
  isPlan: boolean,
  find: Find,
): Promise<{ identities: readonly IdentityOutcome[]; duplicates: number }> {
  const idsOf = new Map<string, Set<string>>()
  for (const { identifier } of identities) idsOf.set(identifier.toLowerCase(), new Set())
  await find(attribute, [...idsOf.keys()], ({ id, alias, emailAddress }) => {
    const value = attribute === 'alias' ? alias : emailAddress
    idsOf.get(value?.toLowerCase() ?? '')?.add(id)
  })
  const known = new Set<string>()
  const resolved = identities.filter((identity) => {
    const [id, ...others] = idsOf.get(identity.identifier.toLowerCase()) ?? []
    if (id === undefined || others.length > 0) {
      const name = attribute === 'alias' ? 'alias' : 'e-mail address'
      if (isPlan) identity.plan = 'not-found'
      else {
        identity.outcome = 'failed'
        identity.statusCode = id === undefined ? 404 : null
      }
      identity.message =
        id === undefined
          ? `No identity has the ${name} ${shown(identity.identifier)}.`
          : `${others.length + 1} identities have the ${name} ${shown(identity.identifier)} (${[id, ...others].slice(0, 5).join(', ')}); name the one by its id.`
      return true
    }
    if (known.has(id)) return false
    known.add(id)
    identity.id = id
    return true
  })
  return { identities: resolved, duplicates: identities.length - resolved.length }
}
