import { folded, type Identity } from '../identity.ts'
import { decide, type Rules } from '../policy/decision.ts'
import type { Exclusion, ExclusionMatch } from '../policy/exclusion.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { excludeMatches, matchOf, type KnownIdentifiers } from './exclude.ts'
import type { Ledger } from './ledger.ts'
import { States } from './states.ts'

export interface DecideOptions extends Rules {
  readonly showNames: boolean
  readonly exclusions: readonly Exclusion[]
}

/**
 * Reads every identity's state, excludes what is now known to be excluded, and decides what becomes of the others.
 * @throws ApiError where the states cannot be read, RunEnd; nothing is decided then
 */
export async function decideIdentities(
  ledger: Ledger,
  client: IscClient,
  { exclusions, showNames, ...rules }: DecideOptions,
): Promise<void> {
  const undecided = (): Identity[] => ledger.unprocessed.filter(({ plan }) => plan === null).toArray()
  const states = new States(showNames ? () => true : listedNames(ledger.identities))
  const excluded = new Map<string, { readonly match: ExclusionMatch; readonly row: KnownIdentifiers }>()
  await states.read(undecided(), client, undefined, (row) => {
    const match = exclusions.length === 0 ? null : matchOf(exclusions, [row.id, row.alias, row.emailAddress])
    if (match !== null) excluded.set(folded(row.id), { match, row })
  })
  if (excluded.size > 0) {
    excludeMatches(ledger, exclusions, ({ id }) =>
      id === null ? null : (excluded.get(folded(id))?.row ?? null),
    )
  }
  for (const identity of undecided()) {
    const observed = states.of(identity) ?? 'absent'
    ledger.identify(identity, states.idOf(identity) ?? identity.id)
    ledger.observe(identity, observed)
    ledger.decide(identity, decide(observed, rules, identity.approval))
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
