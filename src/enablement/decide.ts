import { folded, type Identity } from '../identity.ts'
import { decide, type Rules } from '../policy/decision.ts'
import type { Exclusion, ExclusionMatch } from '../policy/exclusion.ts'
import type { IscClient } from '../sailpoint/client.ts'
import type { FoundIdentity } from '../sailpoint/identity-search.ts'
import { excludeIdentities, matchOf, type ExcludedBy } from './exclude.ts'
import type { Ledger } from './ledger.ts'
import { States } from './states.ts'

export interface DecideOptions extends Rules {
  readonly showNames: boolean
  readonly exclusions: readonly Exclusion[]
  /** Asks of an identity from a report whether what ISC says of it is still listed. */
  readonly stillListed: ((identity: Identity, row: FoundIdentity) => ExclusionMatch | null) | null
}

/**
 * Reads every identity's state, excludes what is now known to be excluded, and decides what becomes of the others.
 * @throws ApiError where the states cannot be read, RunEnd; nothing is decided then
 */
export async function decideIdentities(
  ledger: Ledger,
  client: IscClient,
  options: DecideOptions,
): Promise<void> {
  const { exclusions, stillListed, showNames } = options
  const undecided = (): Identity[] => ledger.unprocessed.filter(({ plan }) => plan === null).toArray()
  const states = new States(showNames ? () => true : listedNames(ledger.identities))
  const excluded = new Map<string, ExcludedBy>()
  const byId = stillListed === null ? null : new Map(undecided().map((one) => [folded(one.id ?? ''), one]))
  await states.read(undecided(), client, undefined, (row) => {
    const identity = byId?.get(folded(row.id))
    const unlisted = identity === undefined ? null : (stillListed?.(identity, row) ?? null)
    const by = matchOf(exclusions, [], row) ?? (unlisted === null ? null : { match: unlisted, row })
    if (by !== null) excluded.set(folded(row.id), by)
  })
  if (excluded.size > 0) excludeIdentities(ledger, ({ id }) => excluded.get(folded(id ?? '')) ?? null)
  for (const identity of undecided()) {
    const observed = states.of(identity) ?? 'absent'
    ledger.identify(identity, states.idOf(identity) ?? identity.id)
    ledger.observe(identity, observed)
    ledger.decide(identity, decide(observed, options, identity.approval))
  }
}

/** Whether the list has a name of an identity, to be compared with ISC's. */
function listedNames(identities: readonly Identity[]): (id: string) => boolean {
  const named = new Set(
    identities
      .values()
      .filter(({ listedName }) => listedName !== null)
      .map(({ id }) => folded(id ?? '')),
  )
  return (id) => named.has(id)
}
