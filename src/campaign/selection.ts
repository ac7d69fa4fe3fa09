import { folded, type Identity, type PlannedState, type PlannedStates } from '../identity.ts'
import { excludedFrom } from '../list/exclusion.ts'
import { lookUp } from '../list/look-up.ts'
import { decide } from '../policy/decision.ts'
import { findIdentities } from '../sailpoint/identity-search.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger } from './ledger.ts'
import { States } from './states.ts'

/** Takes out who stands on an exclude list, as far as the list's texts and the ids known so far tell. */
export function leaveOutExcluded(ledger: Ledger, excluded: ReadonlySet<string> | null): void {
  if (excluded !== null) ledger.leaveOut(excludedFrom(ledger.identities, excluded), 'excluded')
}

/**
 * Looks up aliases or e-mail addresses, each of which must match exactly one identity: those that do not have
 * failed, or would. @throws ApiError, and what ends a session
 */
export async function lookUpAll(
  ledger: Ledger,
  attribute: 'alias' | 'email',
  session: Session,
): Promise<void> {
  const { ids, unmatched, duplicates } = await lookUp(ledger.identities, attribute, (values, onFound) =>
    findIdentities(session, attribute, values, onFound),
  )
  for (const [identity, id] of ids) ledger.identify(identity, id)
  ledger.leaveOut(duplicates, 'duplicate')
  for (const [identity, cause] of unmatched) ledger.decide(identity, { plan: 'not-found', cause })
}

export interface SelectionOptions {
  readonly refuseStates: ReadonlySet<string>
  readonly showNames: boolean
}

/**
 * Reads every identity's state and decides what becomes of it, in view of what was planned. @throws ApiError where the states cannot be read, and what ends a session; nothing is decided then
 */
export async function decideAll(
  ledger: Ledger,
  session: Session,
  { refuseStates, showNames }: SelectionOptions,
  planned: PlannedStates | null,
): Promise<void> {
  const undecided = ledger.unprocessed.filter(({ plan }) => plan === null).toArray()
  const states = new States(showNames)
  await states.read(undecided, session)
  for (const identity of undecided) {
    const observed = states.of(identity) ?? 'absent'
    ledger.identify(identity, states.idOf(identity) ?? identity.id)
    ledger.observe(identity, observed)
    ledger.decide(identity, decide(observed, { refuseStates }, plannedState(identity, planned)))
  }
}

/** Keeps the state that each identity was approved with, for the report of a run that ends before it has read them. */
export function observePlanned(ledger: Ledger, planned: PlannedStates): void {
  for (const identity of ledger.identities) {
    const state = plannedState(identity, planned)
    if (state !== null && state !== 'refused') ledger.observe(identity, state)
  }
}

function plannedState({ id }: Identity, planned: PlannedStates | null): PlannedState | null {
  return id === null ? null : (planned?.get(folded(id)) ?? null)
}
