import type { Identity, Observation } from '../identity.ts'
import { meaningOf } from '../policy/identity-status.ts'
import { ApiError, AuthenticationError, CancelledError } from '../sailpoint/errors.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger } from './ledger.ts'
import { readStates } from './observation.ts'

const FIRST_INTERVAL_MS = 2_000
const LONGEST_INTERVAL_MS = 15_000

export interface VerifyOptions {
  readonly timeoutMs: number
  readonly now: () => number
  readonly withNames: boolean
  /** Called after every pass with the number of identities confirmed so far. */
  readonly onProgress: (confirmed: number) => void
}

/**
 * Reads the states of accepted identities until ISC reports every one as enabled, or the time is up. What is not
 * confirmed by then is left for the books to take back. Returns why it ended before that, or null.
 */
export async function verifyAll(
  ledger: Ledger,
  session: Session,
  { timeoutMs, now, withNames, onProgress }: VerifyOptions,
): Promise<string | null> {
  const accepted = ledger.unconfirmed.toArray()
  const deadline = now() + timeoutMs
  let remaining = accepted
  try {
    for (let interval = FIRST_INTERVAL_MS; remaining.length > 0; interval *= 2) {
      await session.pause(Math.min(interval, LONGEST_INTERVAL_MS, Math.max(0, deadline - now())))
      await onePass(remaining, ledger, session, withNames)
      remaining = remaining.filter(({ verified }) => verified !== true)
      onProgress(accepted.length - remaining.length)
      if (now() >= deadline) break
    }
  } catch (error) {
    if (!isEnd(error)) throw error
    return error.message
  }
  return null
}

/** Reads the states once; where they cannot be read, the next pass may. @throws errors that end verification */
async function onePass(
  identities: readonly Identity[],
  ledger: Ledger,
  session: Session,
  withNames: boolean,
): Promise<void> {
  let stateOf
  try {
    stateOf = await readStates(identities, session, withNames)
  } catch (error) {
    if (error instanceof ApiError && !isEnd(error)) return
    throw error
  }
  for (const identity of identities) {
    const observed = stateOf(identity)
    ledger.verify(identity, observed, isEnabled(observed))
  }
}

function isEnabled(observed: Observation): boolean {
  if (observed === null || observed === 'absent') return false
  return meaningOf(observed.identityStatus).enabled === 'yes'
}

/** Errors after which reading again makes no sense. */
function isEnd(error: unknown): error is Error {
  if (error instanceof AuthenticationError || error instanceof CancelledError) return true
  return error instanceof ApiError && [401, 403].includes(error.refusal.status ?? 0)
}
