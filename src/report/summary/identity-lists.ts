import { idOf, statusCodeOf, type Excluded, type Identity } from '../../identity.ts'
import { CATEGORIES, isBlock, type Category } from '../findings/categories.ts'
import { fewFirst, type Findings } from '../findings/findings.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { locationLink, type Repository } from '../words/location.ts'
import { otherNameText, personOf } from '../words/names.ts'
import { blockText, exclusionText, messageOf, statusWorthNaming } from '../words/sentences.ts'
import { bullets, details, table, type Block } from './markdown.ts'

/** A longer list is folded. What is to be approved is longest in sight. */
const [LONGEST_OPEN_PLAN, LONGEST_OPEN] = [100, 20]

/** What has to be looked at comes before what is as it should be. */
const UNUSUAL = ['failed', 'not-found', 'unresolved', 'blocked', 'unverified', 'unknown'] as const
const USUAL = ['enable', 'confirmed', 'accepted'] as const

const ALWAYS_FOLDED = ['already-enabled', 'ignored', 'unprocessed'] as const

/** The identities one by one: a list for each category that has any; excluded identities before those to enable. */
export function identityLists(findings: Findings, repository: Repository | null): Block[] {
  const lists = (categories: readonly Category[]): Block[] =>
    categories.flatMap((category) => listsOf(findings, category, repository))
  const { excluded } = findings.report
  return [
    ...lists(UNUSUAL),
    ...(excluded.length === 0 ? [] : [excludedList(findings, repository)]),
    ...lists(USUAL),
  ]
}

/** The lists that need no look. */
export function foldedLists(findings: Findings, repository: Repository | null): Block[] {
  return ALWAYS_FOLDED.flatMap((category) => listsOf(findings, category, repository))
}

/** A list that is folded because it is long leaves what is unusual in sight. */
function listsOf(findings: Findings, category: Category, repository: Repository | null): Block[] {
  const identities = fewFirst(findings, category)
  if (identities.length === 0) return []
  const most = category === 'enable' ? LONGEST_OPEN_PLAN : LONGEST_OPEN
  const { text } = CATEGORIES[category]
  const isFolded = ALWAYS_FOLDED.some((folded) => folded === category)
  const list = (title: string, part: readonly Identity[], isOpen: boolean): Block => {
    const isNamed = part.some((identity) => {
      const { name, lifecycleState } = personOf(identity, findings.report)
      return name !== null || lifecycleState !== null
    })
    const inner = isNamed
      ? table(COLUMNS, part, (identity) => rowOf(identity, findings, repository))
      : bullets(part, (identity) => entryOf(identity, findings, repository))
    return details(title, isOpen, inner)
  }
  if (identities.length <= most || isFolded) return [list(text, identities, !isFolded)]
  const { rare, misnamed } = findings
  const few = identities.filter((identity) => rare.has(identity) || misnamed.has(identity))
  if (few.length === 0) return [list(text, identities, false)]
  const many = identities.filter((identity) => !rare.has(identity) && !misnamed.has(identity))
  return [list(`${text}, unusual`, few, few.length <= most), list(`${text}, all others`, many, false)]
}

function excludedList({ report }: Findings, repository: Repository | null): Block {
  const { excluded } = report
  const entries = bullets(excluded, (entry) => {
    const name = report.showNames && entry.name !== null ? [forMarkdown(entry.name)] : []
    const location = locationLink(entry, repository)
    return joined([...name, idText(entry), location, forMarkdown(exclusionText(entry))])
  })
  return details('Excluded', excluded.length <= LONGEST_OPEN, entries)
}

/** `id (alias) · file:line · what there is to say` */
function entryOf(identity: Identity, findings: Findings, repository: Repository | null): string {
  const location = locationLink(identity, repository)
  return joined([idText(identity), location, ...remarksOn(identity, findings)])
}

const COLUMNS = ['Name', 'State and reason', 'Location', 'Identity'].map((title) => ({ title }))

function rowOf(identity: Identity, findings: Findings, repository: Repository | null): readonly string[] {
  const { name, lifecycleState } = personOf(identity, findings.report)
  const state = forMarkdown(lifecycleState ?? '')
  const isBold = state !== '' && findings.rare.has(identity)
  const said = [isBold ? `<b>${state}</b>` : state, ...remarksOn(identity, findings)]
  const id = idText(identity)
  // Without a name the id is all there is, and on a phone the last column is out of sight.
  return [
    name === null ? id : forMarkdown(name),
    said.filter((text) => text !== '').join('<br>') || '–',
    locationLink(identity, repository),
    name === null ? '–' : id,
  ]
}

/** What there is to say of this one besides what the list's title says, as Markdown. */
function remarksOn(identity: Identity, findings: Findings): string[] {
  const { report, misnamed } = findings
  const texts = [
    misnamed.has(identity) ? otherNameText(identity, report) : '',
    endOf(identity, findings),
    identity.reason === null ? '' : `reason: ${identity.reason}`,
  ]
  return texts.map((text) => forMarkdown(text))
}

function endOf(identity: Identity, { report, wording }: Findings): string {
  const { cause, ignored, outcome, attempts, plan } = identity
  // Why the plan ended is said once, at its head.
  if (report.dryRun && plan === null) return ''
  if (!report.dryRun && outcome === 'unprocessed')
    return attempts === 0 || cause !== null ? '' : 'submitted, so it might be enabled'
  if (isBlock(cause))
    return cause.kind === 'state-blocked' && cause.state === personOf(identity, report).lifecycleState
      ? ''
      : blockText(cause, identity.observed)
  if (!report.dryRun && outcome === 'failed')
    return cause?.kind === 'unconfirmed' ? '' : String(statusCodeOf(cause) ?? '')
  if (cause?.kind === 'absent') return ignored ? 'ignored' : ''
  const status = statusWorthNaming(identity)
  return status === null ? (messageOf(identity, wording) ?? '') : `identity status ${status}`
}

/** The id, and the alias or email address by which it was given. */
function idText(entry: Identity | Excluded): string {
  const id = idOf(entry)
  return id === entry.identifier ? forCode(id) : `${forCode(id)} (${forCode(entry.identifier)})`
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ')
}
