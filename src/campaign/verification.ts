import type { IdentityOutcome } from '../identity.ts'
import { ApiError, AuthenticationError, CancelledError } from '../sailpoint/errors.ts'
import type { Session } from '../sailpoint/session.ts'
import type { Ledger } from './ledger.ts'
import { isDisabled, readStates, type Remarks } from './states.ts'

const FIRST_INTERVAL_MS = 2_000
const LONGEST_INTERVAL_MS = 15_000

export interface VerifyOptions {
  readonly timeoutMs: number
  readonly now: () => number
  /** Gets the states of the identities confirmed. */
  readonly remarks: Remarks
  /** Called after every pass with the number of identities confirmed so far. */
  readonly onProgress: (confirmed: number) => void
}

/** Accepted identities that ISC has not yet reported as enabled. */
export function unconfirmed({ identities }: Ledger): IdentityOutcome[] {
  return identities.filter(
    ({ outcome, plan, verified }) =>
      outcome === 'succeeded' && plan !== 'already-enabled' && verified !== true,
  )
}

/**
 * Waits until ISC reports every accepted identity as enabled, and takes back the success of those that are
 * disabled or gone at the end. Returns why it ended before the time-out, or null.
 */
export async function verifyAll(
  accepted: readonly IdentityOutcome[],
  ledger: Ledger,
  session: Session,
  { timeoutMs, now, remarks, onProgress }: VerifyOptions,
): Promise<string | null> {
  const deadline = now() + timeoutMs
  let remaining = accepted
  let stopped: string | null = null
  try {
    for (let interval = FIRST_INTERVAL_MS; remaining.length > 0; interval *= 2) {
      await session.pause(Math.min(interval, LONGEST_INTERVAL_MS, Math.max(0, deadline - now())))
      const someDisabled = await onePass(remaining, session, remarks)
      remaining = remaining.filter(({ verified }) => verified !== true)
      onProgress(accepted.length - remaining.length)
      if (!someDisabled || now() >= deadline) break
    }
  } catch (error) {
    if (!isEnd(error)) throw error
    stopped = error.message
  }
  revokeUnconfirmed(ledger, stopped)
  return stopped
}

/** Takes back the success of accepted identities that are not confirmed: "succeeded" means enabled here. */
export function revokeUnconfirmed(ledger: Ledger, endedEarly: string | null): void {
  for (const identity of unconfirmed(ledger)) {
    const known = (identity.verified === false ? identity.message : null) ?? 'its state was not read'
    const why = endedEarly === null ? `${known}.` : `${known}, and verification ended early: ${endedEarly}`
    identity.verified = false
    ledger.revoke(identity, `ISC accepted the task, but the identity is not confirmed as enabled: ${why}`)
  }
}

/** Reads the states once, and says whether to read again: while one is disabled or nothing could be read. */
async function onePass(
  identities: readonly IdentityOutcome[],
  session: Session,
  remarks: Remarks,
): Promise<boolean> {
  let stateOf
  try {
    stateOf = await readStates(identities, session)
  } catch (error) {
    if (error instanceof ApiError && !isEnd(error)) return true
    throw error
  }
  let someDisabled = false
  for (const identity of identities) {
    const state = stateOf(identity)
    identity.verified = state !== undefined && !isDisabled(state)
    if (isDisabled(state)) {
      someDisabled = true
      identity.message = 'it is still disabled'
    } else if (state === undefined) {
      identity.message = 'it no longer exists'
    } else {
      const remark = remarks.on(state)
      identity.message = remark === null ? null : `Enabled, but ${remark}.`
    }
  }
  return someDisabled
}

/** Errors after which reading again makes no sense. */
function isEnd(error: unknown): error is Error {
  if (error instanceof AuthenticationError || error instanceof CancelledError) return true
  return error instanceof ApiError && [401, 403].includes(error.refusal.status ?? 0)
}
