import type { Ledger } from '../campaign/ledger.ts'
import type { Journal } from '../journal.ts'
import type { Log } from '../report/log/log.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Settings } from '../settings.ts'

/** What the steps after the set-up have at hand. */
export interface RunContext {
  readonly settings: Settings
  readonly session: Session
  readonly ledger: Ledger
  readonly journal: Journal
  readonly log: Log
}
