import { idOf, statusCodeOf, type Excluded, type Identity } from '../../identity.ts'
import { CATEGORIES, isBlock, type Category } from '../findings/categories.ts'
import { fewFirst, type Findings } from '../findings/findings.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { countText } from '../words/numbers.ts'
import { locationLink, type Repository } from '../words/location.ts'
import { otherNameText, personOf } from '../words/names.ts'
import { blockText, exclusionText, messageOf, statusWorthNaming } from '../words/sentences.ts'
import { bullets, details, table, type Block } from './markdown.ts'

/** A longer list is folded. What is to be approved is longest in sight. */
const [LONGEST_OPEN_PLAN, LONGEST_OPEN] = [100, 20]

/** What has to be looked at comes before what is as it should be. */
const ORDER: readonly Category[] = [
  'failed',
  'not-found',
  'unresolved',
  'blocked',
  'unverified',
  'unknown',
  'enable',
  'confirmed',
  'accepted',
  'already-enabled',
  'ignored',
  'unprocessed',
]

/** Lists that need no look. */
const ALWAYS_FOLDED: ReadonlySet<Category> = new Set(['already-enabled', 'ignored', 'unprocessed'])

/** The identities one by one: a list for each category that has any; excluded identities before those to enable. */
export function identityLists(
  findings: Findings,
  repository: Repository | null,
): { readonly category: Category | 'excluded'; readonly block: Block }[] {
  const lists = ORDER.filter((category) => findings.of[category].length > 0).map((category) => ({
    category,
    block: listOf(findings, category, repository),
  }))
  const { excluded } = findings.report
  if (excluded.length === 0) return lists
  const isBefore = (category: Category): boolean => ORDER.indexOf(category) < ORDER.indexOf('enable')
  const block = excludedList(findings, repository)
  const at = lists.findLastIndex(({ category }) => isBefore(category)) + 1
  return [...lists.slice(0, at), { category: 'excluded', block }, ...lists.slice(at)]
}

function listOf(findings: Findings, category: Category, repository: Repository | null): Block {
  const { report } = findings
  const identities = fewFirst(findings, category)
  const count = identities.length
  const isNamed = identities.some((identity) => {
    const { name, lifecycleState } = personOf(identity, report)
    return name !== null || lifecycleState !== null
  })
  const isOpen =
    !ALWAYS_FOLDED.has(category) && count <= (category === 'enable' ? LONGEST_OPEN_PLAN : LONGEST_OPEN)
  const inner = isNamed
    ? table(COLUMNS, identities, (identity) => rowOf(identity, findings, repository))
    : bullets(identities, (identity) => entryOf(identity, findings, repository))
  return details(`${CATEGORIES[category].text}: ${countText(count)}`, isOpen, inner)
}

function excludedList({ report }: Findings, repository: Repository | null): Block {
  const { excluded } = report
  const entries = bullets(excluded, (entry) => {
    const name = report.showNames && entry.name !== null ? [forMarkdown(entry.name)] : []
    const location = locationLink(entry, repository, 'file name')
    return joined([...name, idText(entry), location, forMarkdown(exclusionText(entry))])
  })
  return details(`Excluded: ${countText(excluded.length)}`, excluded.length <= LONGEST_OPEN, entries)
}

/** `id (alias) · file:line · what there is to say` */
function entryOf(identity: Identity, findings: Findings, repository: Repository | null): string {
  const location = locationLink(identity, repository, 'file name')
  return joined([idText(identity), location, ...remarksOn(identity, findings)])
}

const COLUMNS = ['Name', 'State and reason', 'Location', 'Identity'].map((title) => ({ title }))

function rowOf(identity: Identity, findings: Findings, repository: Repository | null): readonly string[] {
  const { report, states } = findings
  const { name, lifecycleState } = personOf(identity, report)
  const state = forMarkdown(lifecycleState ?? '')
  const isRare = states.some((group) => group.isRare && group.lifecycleState === lifecycleState)
  const said = [isRare && state !== '' ? `<b>${state}</b>` : state, ...remarksOn(identity, findings)]
  const id = idText(identity)
  // Without a name the id is all there is, and on a phone the last column is out of sight.
  return [
    name === null ? id : forMarkdown(name),
    said.filter((text) => text !== '').join('<br>') || '–',
    locationLink(identity, repository, 'file name'),
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
  const { cause, ignored, outcome, attempts } = identity
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
