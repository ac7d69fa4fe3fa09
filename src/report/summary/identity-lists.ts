import { idOf, stateOf, statusCodeOf, type Excluded, type Identity } from '../../identity.ts'
import { CATEGORIES, isBlock, isUncertain, type Category } from '../findings/categories.ts'
import { fewFirst, type Findings } from '../findings/findings.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { locationLink } from '../words/location.ts'
import { otherNameText, personOf } from '../words/names.ts'
import { phrase } from '../words/phrases.ts'
import { blockText, exclusionText, messageOf, noteOf } from '../words/sentences.ts'
import { bullets, details, table, type Block } from './markdown.ts'

/** A longer list is folded. Lists that a reviewer approves have the highest limit. */
const [LONGEST_OPEN_PLAN, LONGEST_OPEN] = [100, 20]

/** Lists that a reader must check come first, and lists that need no check are folded. */
const UNUSUAL = ['failed', 'not-found', 'unresolved', 'blocked', 'unverified', 'unknown'] as const
const USUAL = ['enable', 'confirmed', 'accepted'] as const
const FOLDED = ['already-enabled', 'ignored', 'unprocessed'] as const

/** The identities one by one: a list for each category that has any; excluded identities before those to enable. */
export function identityLists(findings: Findings): { readonly open: Block[]; readonly folded: Block[] } {
  const lists = (categories: readonly Category[], longestOpen: number): Block[] =>
    categories.flatMap((category) => listsOf(findings, category, longestOpen))
  const longest = findings.report.dryRun ? LONGEST_OPEN_PLAN : LONGEST_OPEN
  return {
    open: [...lists(UNUSUAL, LONGEST_OPEN), excludedList(findings), ...lists(USUAL, longest)],
    folded: lists(FOLDED, 0),
  }
}

/** A list that is folded because it is long leaves what is unusual in sight. */
function listsOf(findings: Findings, category: Category, longestOpen: number): Block[] {
  const { rare, misnamed } = findings
  const identities = fewFirst(findings, category)
  const { text } = CATEGORIES[category]
  const list = (title: string, part: readonly Identity[], longest = longestOpen): Block =>
    details(title, part.length <= longest, entriesOf(part, findings))
  const isUnusual = (identity: Identity): boolean => rare.has(identity) || misnamed.has(identity)
  const few = longestOpen === 0 || identities.length <= longestOpen ? [] : identities.filter(isUnusual)
  if (few.length === 0) return [list(text, identities)]
  const many = identities.filter((identity) => !isUnusual(identity))
  return [list(`${text}, unusual`, few), list(`${text}, all others`, many, 0)]
}

function entriesOf(identities: readonly Identity[], findings: Findings): Block {
  const isNamed = identities.some((identity) => {
    const { name, lifecycleState } = personOf(identity, findings.report)
    return name !== null || lifecycleState !== null
  })
  if (isNamed) return table(COLUMNS, identities, (identity) => rowOf(identity, findings))
  return bullets(identities, (identity) => {
    const location = locationLink(identity, findings.repository)
    return phrase(' · ', idText(identity), location, ...remarksOn(identity, findings))
  })
}

function excludedList({ report, repository }: Findings): Block {
  const { excluded, showNames } = report
  const entries = bullets(excluded, (entry) => {
    const name = showNames ? forMarkdown(entry.name ?? '') : ''
    const location = locationLink(entry, repository)
    return phrase(' · ', name, idText(entry), location, forMarkdown(exclusionText(entry)))
  })
  return details('Excluded', excluded.length <= LONGEST_OPEN, entries)
}

const COLUMNS = {
  Name: '---',
  'Lifecycle state and reason': '---',
  Location: '---',
  Identity: '---',
} as const

function rowOf(identity: Identity, findings: Findings): readonly string[] {
  const { name, lifecycleState } = personOf(identity, findings.report)
  const state = forMarkdown(lifecycleState ?? '')
  const shown = state !== '' && findings.rare.has(identity) ? `<b>${state}</b>` : state
  const id = idText(identity)
  // Without a name the ID is all there is, and on a phone the last column is out of sight.
  return [
    name === null ? id : forMarkdown(name),
    phrase('<br>', shown, ...remarksOn(identity, findings)) || '–',
    locationLink(identity, findings.repository),
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

function endOf(identity: Identity, { report }: Findings): string {
  const { cause, ignored, outcome, plan } = identity
  // Why the plan ended is said once, at its head.
  if (report.dryRun && plan === null) return ''
  if (!report.dryRun && outcome === 'unprocessed')
    return cause === null && isUncertain(identity, report.stop) ? 'submitted, so it might be enabled' : ''
  if (isBlock(cause)) {
    const isShown =
      cause.kind === 'state-blocked' && cause.state === personOf(identity, report).lifecycleState
    return isShown ? '' : blockText(cause, identity.observed)
  }
  if (!report.dryRun && outcome === 'failed')
    return cause?.kind === 'unconfirmed' ? '' : String(statusCodeOf(cause) ?? '')
  if (cause?.kind === 'absent') return ignored ? 'ignored' : ''
  const isStatusWorthNaming = cause?.kind === 'already-enabled' || noteOf(identity.observed) !== null
  const status = isStatusWorthNaming ? stateOf(identity.observed)?.identityStatus : null
  return status ? `identity status ${status}` : (messageOf(identity, report) ?? '')
}

/** The ID, and the alias or email address by which it was given. */
function idText(entry: Identity | Excluded): string {
  const id = idOf(entry)
  return id === entry.identifier ? forCode(id) : `${forCode(id)} (${forCode(entry.identifier)})`
}
