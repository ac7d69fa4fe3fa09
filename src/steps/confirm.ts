import { verifyAll } from '../campaign/verification.ts'
import { verifiedText, verifyingText } from '../report/log/phases.ts'
import { statusNotes } from '../report/findings/status-notes.ts'
import { createProgress } from '../report/log/progress.ts'
import type { RunContext } from './run-context.ts'

/** Waits until the accepted identities are enabled, as far as the time-out allows. */
export async function confirm({ settings, session, ledger, journal, log }: RunContext): Promise<void> {
  const accepted = ledger.unconfirmed.toArray()
  if (accepted.length === 0) return
  log.group('Verifying')
  const timeoutMs = settings.verifyTimeoutMs
  log.info(verifyingText(accepted.length, timeoutMs))
  const verifying = createProgress({ done: 'confirmed', total: accepted.length, log, now: Date.now })
  const stopped = await verifyAll(ledger, session, {
    timeoutMs,
    withNames: settings.showNames,
    onProgress: verifying.update,
  })
  if (stopped !== null) journal.stop(stopped)
  const confirmed = accepted.filter(({ verified }) => verified === true)
  for (const note of statusNotes(confirmed, 'confirmed as enabled')) journal.note(note)
  log.info(verifiedText(confirmed.length, accepted.length, verifying.elapsed()))
}
