import { idOf, statusCodeOf, type Identity } from '../../identity.ts'
import type { FoldedList } from './markdown.ts'
import { countText } from '../words/numbers.ts'
import { placeText, type Repository } from '../words/place.ts'
import { countIntents, intentOf, type Intent } from '../findings/intents.ts'
import type { RunReport } from '../run-report.ts'
import { messageOf } from '../words/sentences.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'

/** What a reviewer approves comes first; colours are GitHub's own. */
const INTENTS: readonly { intent: Intent; icon: string; label: string; colour: string }[] = [
  { intent: 'enable', icon: '🟢', label: 'Would enable', colour: '#2da44e' },
  { intent: 'already-enabled', icon: '➖', label: 'Already enabled', colour: '#8c959f' },
  { intent: 'refused', icon: '⛔', label: 'Refused', colour: '#8250df' },
  { intent: 'not-found', icon: '❌', label: 'Not found', colour: '#cf222e' },
  { intent: 'unresolved', icon: '❌', label: 'Without a match', colour: '#a40e26' },
  { intent: 'unknown', icon: '⚪', label: 'State unknown', colour: '#bf8700' },
]

export function plannedCounts(
  identities: readonly Identity[],
): { icon: string; label: string; count: number; colour: string }[] {
  const counts = countIntents(identities)
  return INTENTS.map(({ intent, icon, label, colour }) => ({
    icon,
    label,
    colour,
    count: counts[intent],
  })).filter(({ label, count }) => count > 0 || label === 'Would enable')
}

/** The identities to name one by one: all that failed, or a plan. The most important list comes first. */
export function listsOf(report: RunReport, repository: Repository | null): FoldedList[] {
  const list = (
    title: string,
    isOpen: boolean,
    count: number,
    includes: (identity: Identity) => boolean,
    more: (identity: Identity) => string,
  ): FoldedList => ({
    title: `${title}: ${countText(count)}`,
    isOpen,
    count,
    entries: report.identities
      .values()
      .filter(includes)
      .map((identity) => `${nameText(identity)}${placeText(identity, repository)}${more(identity)}`),
  })
  if (!report.dryRun) {
    const { failed } = report.counts
    if (failed === 0) return []
    return [list('All failed identities', false, failed, ({ outcome }) => outcome === 'failed', statusText)]
  }
  const counts = countIntents(report.identities)
  return INTENTS.filter(({ intent }) => counts[intent] > 0).map(({ intent, label }) =>
    list(
      label,
      intent === 'enable',
      counts[intent],
      (identity) => intentOf(identity) === intent,
      intent === 'not-found' ? () => '' : (identity) => messageText(identity, report),
    ),
  )
}

/** The id, and the alias or e-mail by which it was given. */
function nameText(identity: Identity): string {
  const name = idOf(identity)
  const { identifier } = identity
  return name === identifier ? forCode(name) : `${forCode(name)} (${forCode(identifier)})`
}

function statusText({ cause }: Identity): string {
  const statusCode = statusCodeOf(cause)
  return statusCode === null ? '' : ` · ${statusCode}`
}

function messageText(identity: Identity, report: RunReport): string {
  const message = messageOf(identity, report)
  return message === null ? '' : ` · ${forMarkdown(message)}`
}
