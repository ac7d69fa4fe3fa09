import type { Identity } from '../identity.ts'
import { meaningOf } from '../policy/identity-status.ts'
import { ApiError, DeadlineError, SessionEnd } from '../sailpoint/errors.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger } from './ledger.ts'
import { States } from './states.ts'

const FIRST_INTERVAL_MS = 2_000
const LONGEST_INTERVAL_MS = 15_000

/** The last pass begins so long before the time is up, or when half of what is left is over, if that is later. */
const LAST_PASS_MS = 1_000

export interface VerifyOptions {
  readonly timeoutMs: number
  readonly withNames: boolean
  /** Called after every pass with the number of identities confirmed so far. */
  readonly onProgress: (confirmed: number) => void
}

/**
 * Reads the states of accepted identities until ISC reports every one as enabled, or the time is up: what is not
 * confirmed by then has failed. Returns why it ended before that, or null.
 * @throws nothing but errors of the program itself
 */
export async function verifyAll(
  ledger: Ledger,
  session: Session,
  { timeoutMs, withNames, onProgress }: VerifyOptions,
): Promise<string | null> {
  const accepted = ledger.unconfirmed.toArray()
  const deadline = session.deadline(timeoutMs)
  let remaining = accepted
  let isLast = false
  try {
    for (let interval = FIRST_INTERVAL_MS; remaining.length > 0 && !isLast; interval *= 2) {
      const left = deadline.leftMs()
      const wait = Math.min(interval, LONGEST_INTERVAL_MS)
      isLast = left - wait < LAST_PASS_MS
      await session.pause(isLast ? Math.max(left - LAST_PASS_MS, left / 2) : wait, deadline.signal)
      await onePass(remaining, ledger, session, withNames, deadline.signal)
      remaining = remaining.filter(({ verified }) => verified !== true)
      onProgress(accepted.length - remaining.length)
    }
  } catch (error) {
    if (isEnd(error)) return error.message
    if (!(error instanceof DeadlineError)) throw error
  } finally {
    deadline.dispose()
  }
  ledger.takeBackUnconfirmed()
  return null
}

/**
 * Reads the states once; where they cannot be read, the next pass may. What was read counts, however the pass ends.
 * @throws errors that end verification
 */
async function onePass(
  identities: readonly Identity[],
  ledger: Ledger,
  session: Session,
  withNames: boolean,
  signal: AbortSignal,
): Promise<void> {
  const states = new States(withNames)
  let isComplete = false
  try {
    await states.read(identities, session, signal)
    isComplete = true
  } catch (error) {
    if (!(error instanceof ApiError) || isEnd(error)) throw error
  } finally {
    for (const identity of identities) {
      const observed = states.of(identity)
      if (observed !== null)
        ledger.verify(identity, observed, meaningOf(observed.identityStatus).enabled === 'yes')
      else if (isComplete) ledger.verify(identity, 'absent', false)
    }
  }
}

/** Errors after which reading again makes no sense. */
function isEnd(error: unknown): error is Error {
  return error instanceof SessionEnd || (error instanceof ApiError && !error.refusal.retryable)
}
