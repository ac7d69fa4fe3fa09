import type { Cancellation } from '../cancellation.ts'
import type { Journal } from '../journal.ts'
import type { Log } from '../report/log/log.ts'
import { outageBeganText, outageEndedText } from '../report/log/phases.ts'
import { Session } from '../sailpoint/session.ts'
import type { Settings } from '../settings.ts'
import { VERSION } from '../version.ts'

/** Opens the session with the tenant; null in a dry run that was given no credential: nothing can be read then. */
export function connect(
  settings: Settings,
  journal: Journal,
  { stop, kill }: Cancellation,
  log: Log,
  mask: (secret: string) => void,
): Session | null {
  const { credential } = settings
  if (credential === null) {
    journal.note('No credential was given, so the list was checked, but the states are unknown.')
    return null
  }
  const session = new Session({
    ...settings,
    credential,
    userAgent: `isc-enable-identities/${VERSION}`,
    stop,
    kill,
    onToken: mask,
    onExchange: ({ method, path, outcome, durationMs, attempt, trackingId }) =>
      log.debug(
        `${method} ${path} → ${outcome} in ${durationMs} ms, try ${attempt}, tracking id ${trackingId ?? 'none'}`,
      ),
    onOutage: (endedAfterMs) =>
      log.info(
        endedAfterMs === null ? outageBeganText(settings.outageTimeoutMs) : outageEndedText(endedAfterMs),
      ),
  })
  journal.connect(session)
  return session
}
