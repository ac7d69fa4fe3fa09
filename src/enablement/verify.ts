import type { Identity } from '../identity.ts'
import { meaningOf } from '../policy/decision.ts'
import type { IscClient } from '../sailpoint/client.ts'
import { ApiError, DeadlineError, RunEnd } from '../sailpoint/errors.ts'
import { meaningOfFailure } from '../sailpoint/status.ts'
import type { Stop } from '../failure.ts'
import type { Ledger } from './ledger.ts'
import { readStates } from './states.ts'

const FIRST_INTERVAL_MS = 2_000
const LONGEST_INTERVAL_MS = 15_000

/** The last pass begins this long before the time is over, or after half of the remaining time, if that is later. */
const LAST_PASS_MS = 1_000

export interface VerifyOptions {
  readonly timeoutMs: number
  readonly showNames: boolean
  /** Called after every pass with the number of identities confirmed so far. */
  readonly onProgress: (confirmed: number) => void
}

/**
 * Reads the states of accepted identities until ISC reports each of them as enabled, or the time is over. Identities
 * that are not confirmed by then count as failed. Returns why it ended early, or null. If it ended early, they are
 * unprocessed. @throws nothing but errors of the program itself
 */
export async function verifyIdentities(
  ledger: Ledger,
  client: IscClient,
  { timeoutMs, showNames, onProgress }: VerifyOptions,
): Promise<Stop | null> {
  const deadline = client.endIn(timeoutMs)
  let remaining = ledger.unconfirmed.toArray()
  const total = remaining.length
  let isLast = false
  try {
    for (let interval = FIRST_INTERVAL_MS; remaining.length > 0 && !isLast; interval *= 2) {
      const left = deadline.leftMs()
      const wait = Math.min(interval, LONGEST_INTERVAL_MS)
      isLast = left - wait < LAST_PASS_MS
      await client.sleep(isLast ? Math.max(left - LAST_PASS_MS, left / 2) : wait)
      const isComplete = await onePass(remaining, ledger, client, showNames)
      remaining = remaining.filter(({ verified }) => verified !== true)
      // A page that cannot be read must not keep the others from being read.
      if (!isComplete) {
        const half = Math.ceil(remaining.length / 2)
        remaining = [...remaining.slice(half), ...remaining.slice(0, half)]
      }
      onProgress(total - remaining.length)
    }
  } catch (error) {
    if (!(error instanceof DeadlineError)) {
      ledger.reopenUnconfirmed()
      return stopOf(error)
    }
  } finally {
    deadline.dispose()
  }
  ledger.takeBackUnconfirmed()
  return null
}

/**
 * Reads the states once, and tells whether all could be read; if not, the next pass may. What was read counts, however
 * the pass ends.
 * @throws errors that end verification
 */
async function onePass(
  identities: readonly Identity[],
  ledger: Ledger,
  client: IscClient,
  showNames: boolean,
): Promise<boolean> {
  try {
    await readStates(identities, client, { keepsName: () => showNames }, (identity, known) => {
      const isEnabled = known !== null && meaningOf(known.state.identityStatus).enabled === 'yes'
      ledger.verify(identity, known?.state ?? 'absent', isEnabled)
    })
    return true
  } catch (error) {
    if (!(error instanceof ApiError && meaningOfFailure(error.failure).isRetryable)) throw error
    return false
  }
}

/** Why nothing further can be read. @throws errors of the program itself */
function stopOf(error: unknown): Stop {
  if (error instanceof RunEnd) return error.stop
  if (!(error instanceof ApiError)) throw error
  return { reason: 'rejected', failure: error.failure, isEverything: false }
}
