import { folded, type Identity } from '../identity.ts'
import { decide, type Rules } from '../policy/decision.ts'
import { matchOf, type Exclusion, type ExclusionMatch } from '../policy/exclusion.ts'
import type { IscClient } from '../sailpoint/client.ts'
import type { FoundIdentity } from '../sailpoint/identity-search.ts'
import type { ExclusionReason, Ledger } from './ledger.ts'
import { readStates, writtenId, type KnownState } from './states.ts'

export interface DecideOptions extends Rules {
  readonly showNames: boolean
  readonly exclusions: readonly Exclusion[]
  /** Checks whether an identity from a report, with its identifiers in ISC, is still listed. */
  readonly stillListed?: ((identity: Identity, row: FoundIdentity) => ExclusionMatch | null) | null
}

/**
 * Reads every identity's state, excludes what is now known to be excluded, and decides what becomes of the others.
 * @throws ApiError where the states cannot be read, RunEnd; nothing is decided then
 */
export async function decideIdentities(
  ledger: Ledger,
  client: IscClient,
  { exclusions, stillListed = null, showNames, ...rules }: DecideOptions,
): Promise<void> {
  const undecided = (): Identity[] => ledger.unprocessed.filter(({ plan }) => plan === null).toArray()
  const keepsName = showNames ? () => true : listedNames(ledger.identities)
  const states = new Map<Identity, KnownState>()
  // A row is kept only where it matters: there are up to a million of them.
  const matching = new Map<string, FoundIdentity>()
  const unlisted = new Map<string, ExclusionReason>()
  const byId = stillListed && new Map(undecided().map((identity) => [folded(identity.id ?? ''), identity]))
  const onRow = (row: FoundIdentity): void => {
    const key = folded(row.id)
    if (matchOf(exclusions, [row.id, row.alias, row.emailAddress]) !== null) matching.set(key, row)
    const identity = byId?.get(key)
    const match = identity && stillListed?.(identity, row)
    if (match) unlisted.set(key, { match, row })
  }
  await readStates(undecided(), client, { keepsName, onRow }, (identity, known) => {
    if (known !== null) states.set(identity, known)
  })
  ledger.excludeMatches(exclusions, ({ id }) => matching.get(folded(id ?? '')))
  if (unlisted.size > 0) ledger.exclude(({ id }) => unlisted.get(folded(id ?? '')) ?? null)
  for (const identity of undecided()) {
    const known = states.get(identity)
    const observed = known?.state ?? 'absent'
    if (known !== undefined) ledger.identify(identity, writtenId(identity, known))
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
