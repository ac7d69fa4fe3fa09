import { idOf, type Identity } from '../../identity.ts'
import { fateOf, type Fate } from '../findings/fates.ts'
import { errorStatusOf } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { countText } from '../words/numbers.ts'
import { placeOf, type Repository } from '../words/place.ts'
import { messageOf, statusWorthNaming } from '../words/sentences.ts'
import { personOf } from '../words/who.ts'
import { LABELS } from './labels.ts'
import { bullets, details, table, type Block } from './markdown.ts'

/** A longer list is folded. What is to be approved is longest in sight. */
const [LONGEST_OPEN_PLAN, LONGEST_OPEN] = [100, 20]

/** What a reader looks for first: who is to be approved, what went wrong, whom the run enabled. */
const ORDER: readonly Fate[] = [
  'enable',
  'failed',
  'not-found',
  'unresolved',
  'refused',
  'confirmed',
  'accepted',
  'unknown',
  'already-enabled',
  'ignored',
  'unprocessed',
]

/** Lists that nobody has to read, unless they want to. */
const ALWAYS_FOLDED: ReadonlySet<Fate> = new Set(['already-enabled', 'ignored', 'unprocessed'])

export interface SummaryList {
  readonly fate: Fate
  readonly block: Block
}

/** The identities one by one, a list for each fate that any has. */
export function listsOf(
  report: RunReport,
  counts: Readonly<Record<Fate, number>>,
  repository: Repository | null,
): SummaryList[] {
  return ORDER.filter((fate) => counts[fate] > 0).map((fate) => {
    const count = counts[fate]
    const identities = (): IteratorObject<Identity> =>
      report.identities.values().filter((identity) => fateOf(identity, report) === fate)
    const isKnown = identities().some((identity) => {
      const { name, lifecycleState } = personOf(identity, report)
      return name !== null || lifecycleState !== null
    })
    const isOpen = !ALWAYS_FOLDED.has(fate) && count <= (fate === 'enable' ? LONGEST_OPEN_PLAN : LONGEST_OPEN)
    const inner = isKnown
      ? tableOf(identities(), count, report, repository)
      : bullets(
          identities().map((identity) => entryOf(identity, report, repository)),
          count,
        )
    return { fate, block: details(`${LABELS[fate].text}: ${countText(count)}`, isOpen, inner) }
  })
}

/** `id (alias) · file:line · what there is to say` */
function entryOf(identity: Identity, report: RunReport, repository: Repository | null): string {
  const parts = [nameOf(identity), placeOf(identity, repository, 'file name'), remarkOn(identity, report)]
  return parts.filter((part) => part !== '').join(' · ')
}

function tableOf(
  identities: IteratorObject<Identity>,
  count: number,
  report: RunReport,
  repository: Repository | null,
): Block {
  const columns = ['Name', 'State and reason', 'Place', 'Identity'].map((title) => ({ title }))
  const rows = identities.map((identity) => {
    const { name, lifecycleState } = personOf(identity, report)
    const { cause } = identity
    const isRemarked = cause?.kind !== 'state-blocked' || cause.state !== lifecycleState
    const said = [forMarkdown(lifecycleState ?? ''), isRemarked ? remarkOn(identity, report) : '']
    const id = nameOf(identity)
    // Without a name the id is all there is, and on a phone the last column is out of sight.
    return [
      name === null ? id : forMarkdown(name),
      said.filter((text) => text !== '').join('<br>') || '–',
      placeOf(identity, repository, 'file name'),
      name === null ? '–' : id,
    ]
  })
  return table(columns, rows, count)
}

/** The id, and the alias or e-mail by which it was given. */
function nameOf(identity: Identity): string {
  const name = idOf(identity)
  const { identifier } = identity
  return name === identifier ? forCode(name) : `${forCode(name)} (${forCode(identifier)})`
}

/** What there is to say of this one besides what the list's title says. */
function remarkOn(identity: Identity, report: RunReport): string {
  const { cause, ignored, outcome, attempts } = identity
  if (!report.dryRun && outcome === 'unprocessed') return attempts === 0 ? '' : 'sent, and perhaps enabled'
  if (cause?.kind === 'state-blocked') return `in the state ${forMarkdown(cause.state)}`
  if (cause?.kind === 'changed')
    return `planned as ${forMarkdown(cause.planned ?? 'not set')}, now ${forMarkdown(cause.now ?? 'not set')}`
  if (cause?.kind === 'blocked-before') return 'the run before refused it'
  if (!report.dryRun && outcome === 'failed') return String(errorStatusOf(identity) ?? '')
  if (cause?.kind === 'absent') return ignored ? 'ignored' : ''
  const status = statusWorthNaming(identity)
  if (status !== null) return `identity status ${forMarkdown(status)}`
  return forMarkdown(messageOf(identity, report) ?? '')
}
