import { enableAll } from '../campaign/sending.ts'
import { knownToNobody } from '../policy/guards.ts'
import { sendingText, sentText } from '../report/log/phases.ts'
import { createProgress } from '../report/log/progress.ts'
import type { RunContext } from './run-context.ts'

/** Sends whoever is left to be enabled. */
export async function send({ settings, session, ledger, journal, log }: RunContext): Promise<void> {
  log.group('Sending')
  const before = ledger.counts
  log.info(sendingText(before.unprocessed))
  const sending = createProgress({ done: 'sent', total: before.unprocessed, log, now: Date.now })
  const stopped = await enableAll(ledger, session, {
    ...settings,
    onProgress: () => {
      const { succeeded, failed } = ledger.counts
      sending.update(succeeded + failed - before.succeeded - before.failed, failed - before.failed)
    },
  })
  if (stopped !== null) journal.stop(stopped)
  const after = ledger.counts
  log.info(
    sentText({
      accepted: after.succeeded - before.succeeded,
      failed: after.failed - before.failed,
      left: after.unprocessed,
      ms: sending.elapsed(),
    }),
  )
  const refusal = knownToNobody(ledger.identities, settings.baseUrl)
  if (refusal !== null) journal.stop(refusal)
}
