import { decideAll, leaveOutExcluded, lookUpAll } from '../campaign/selection.ts'
import type { Identity, Plan } from '../identity.ts'
import { knownToNobody, tooManyToEnable } from '../policy/guards.ts'
import { statusNotes } from '../report/findings/status-notes.ts'
import { excludedText, lookUpText, statesText } from '../report/log/phases.ts'
import { ApiError, OutageError, UnreachableError } from '../sailpoint/errors.ts'
import type { Settings } from '../settings.ts'
import type { ListFacts } from './prepare.ts'
import type { RunContext } from './run-context.ts'

/** Leaves out who stands on an exclude list, as far as that is known by now. */
export function leaveOut({ ledger, log }: Pick<RunContext, 'ledger' | 'log'>, list: ListFacts): void {
  const before = ledger.counts.excluded
  leaveOutExcluded(ledger, list.excluded)
  const count = ledger.counts.excluded - before
  if (count > 0) log.info(excludedText(count))
}

/** Finds out who is to be sent, and whether that may be; false: nothing is. */
export async function choose(context: RunContext, list: ListFacts): Promise<boolean> {
  const { settings, session, ledger, journal, log } = context
  const { dryRun, baseUrl } = settings
  try {
    if (list.identifyBy !== 'id') {
      await lookUpAll(ledger, list.identifyBy, session)
      leaveOut(context, list)
      const unmatched = ledger.identities.filter(({ id }) => id === null).length
      log.info(lookUpText(list.identifyBy, { found: ledger.identities.length - unmatched, unmatched }))
    }
    if (needsStates(settings, list)) {
      await decideAll(ledger, session, settings, list.planned)
      journal.statesWereRead()
      const planned = (as: Plan): Identity[] => ledger.identities.filter(({ plan }) => plan === as)
      for (const note of statusNotes(planned('enable'), 'to be enabled')) journal.note(note)
      for (const note of statusNotes(planned('already-enabled'), 'already enabled')) journal.note(note)
      log.info(statesText(ledger.identities))
    }
  } catch (error) {
    if (!dryRun || !leavesAPlan(error)) throw error
    journal.note(`The states could not be read, so the plan is made from the list alone. ${error.message}`)
  }
  const refusal =
    knownToNobody(ledger.identities, baseUrl) ?? tooManyToEnable(ledger.plannedToEnable, settings.maxToEnable)
  if (refusal !== null) journal.stop(refusal)
  return refusal === null && !dryRun && ledger.counts.unprocessed > 0
}

/** A wrong credential is bad input; where ISC cannot be read otherwise, there is still a plan from the list alone. */
function leavesAPlan(error: unknown): error is Error {
  if (error instanceof ApiError) return error.refusal.status !== 401
  return error instanceof UnreachableError || error instanceof OutageError
}

/** Whether anything depends on what ISC says of the identities before they are sent. */
function needsStates(settings: Settings, { planned }: ListFacts): boolean {
  const { dryRun, skipEnabled, refuseStates, maxToEnable, showNames } = settings
  return (
    dryRun || skipEnabled || refuseStates.size > 0 || maxToEnable !== null || showNames || planned !== null
  )
}
