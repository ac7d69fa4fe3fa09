import { idOf } from '../../identity.ts'
import { countOf } from '../../problems.ts'
import { CATEGORIES, CATEGORY_NAMES } from '../findings/categories.ts'
import type { Findings } from '../findings/findings.ts'
import { verdictOf } from '../findings/headline.ts'
import { firstIds, reasonText } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { locationLink, type Repository } from '../words/location.ts'
import { countText, durationText, identitiesText, percentText } from '../words/numbers.ts'
import { identityLists } from './identity-lists.ts'
import { bullets, page, paragraph, section, table, type Block } from './markdown.ts'
import { nextStepsOf } from './next-steps.ts'

/** GitHub drops a step's summary that is larger than 1 MiB; the rest of it is left to others. */
export const JOB_SUMMARY_BYTES = 1_000_000
/** A comment holds 65,536 characters, and `summary-file` 65,000 at most: with the line for the action `comment`. */
export const COMMENT_BYTES = 64_800

const MAX_REASONS = 25
const MAX_NOTES = 10
const MAX_PROBLEMS = 25

/**
 * The summary as GitHub-flavoured Markdown, to be had in at most so many UTF-8 bytes; `repository` makes locations
 * links. Nothing in it means anything to GitHub but what is written here: see `harmless.ts`.
 */
export function summaryOf(findings: Findings, repository: Repository | null): (room: number) => string {
  const blocks = blocksOf(findings, repository)
  return (room) => page(blocks, room)
}

type SummaryBlock = Parameters<typeof page>[0][number]

/** What a plan fails for comes first, then what is unusual, then the many. */
function blocksOf(findings: Findings, repository: Repository | null): SummaryBlock[] {
  const { report } = findings
  const steps = nextSteps(findings, repository)
  if (report.problems.length > 0) return short([...head(findings), ...problems(report, repository), ...steps])
  const lists = identityLists(findings, repository)
  const isFailing = report.dryRun && report.result !== 'success'
  const judged = thresholds(findings)
  // A plan's own list ends what a reviewer has to look at; after a run, the counts and the reasons come first.
  const end = report.dryRun ? lists.findLastIndex(({ category }) => category !== 'already-enabled') + 1 : 0
  return [
    ...short([...head(findings), ...(isFailing ? judged : [])]),
    ...long(lists.slice(0, end)),
    ...short([
      ...tally(findings),
      ...(isFailing ? [] : judged),
      ...steps,
      ...notes(findings),
      ...reasonsTable(findings),
    ]),
    ...long(lists.slice(end)),
    ...short([paragraph(cost(report))]),
  ]
}

function short(blocks: readonly Block[]): SummaryBlock[] {
  return blocks.map((block) => ({ block, isLong: false }))
}

function long(lists: readonly { readonly block: Block }[]): SummaryBlock[] {
  return lists.map(({ block }) => ({ block, isLong: true }))
}

function head(findings: Findings): Block[] {
  const { icon, text, why, breakdown } = verdictOf(findings)
  const states = breakdown?.states.map(({ text: state, isRare }) =>
    isRare ? `<b>${forMarkdown(state)}</b>` : forMarkdown(state),
  )
  return [
    paragraph(`### ${icon} ${forMarkdown(text, 1_000)}`),
    ...(why === null ? [] : [paragraph(forMarkdown(why, 1_000))]),
    ...(breakdown && states ? [paragraph(`${forMarkdown(breakdown.what)} ${states.join(', ')}.`)] : []),
  ]
}

/** How many are in which category, and how many are excluded. */
function tally({ report, of, denyList }: Findings): Block[] {
  const { total } = report.counts
  const before = report.counts.excluded - report.excluded.length
  const more = [
    ...(before <= 0
      ? []
      : [`Excluded ${identitiesText(before)} that ${before === 1 ? 'was' : 'were'} listed before.`]),
    ...(denyList === null ? [] : [denyList]),
  ]
  const below = more.length === 0 ? [] : [paragraph(more.join(' '))]
  if (total === 0) return below
  const rows = CATEGORY_NAMES.filter((category) => of[category].length > 0).map((category) => [
    unbroken(`${CATEGORIES[category].icon} ${CATEGORIES[category].text}`),
    countText(of[category].length),
    unbroken(percentText(of[category].length, total)),
  ])
  const columns = [
    { title: report.dryRun ? 'Plan' : 'Result' },
    { title: 'Count', isNumber: true },
    { title: 'Share', isNumber: true },
  ] as const
  const sum = ['**Total**', `**${countText(total)}**`, unbroken('100 %')]
  return [table(columns, rows.length > 1 ? [...rows, sum] : rows, (cells) => cells), ...below]
}

/** Kept on one line in a narrow table. */
function unbroken(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '&nbsp;')
}

/** The thresholds that are set, and what the failures come to; in a plan, what they would come to. */
function thresholds({ report, thresholds: rows }: Findings): Block[] {
  if (report.counts.total === 0) return []
  if (rows.length === 0)
    return report.thresholds.exceeded && !report.dryRun
      ? [paragraph('No threshold is set: any failure fails the job.')]
      : []
  const columns = [
    { title: 'Threshold' },
    { title: report.dryRun ? 'Would be' : 'Actual', isNumber: true },
    { title: 'Verdict' },
  ] as const
  const cells = ({ name, limit, actual, isExceeded }: (typeof rows)[number]): string[] => [
    `\`${name}: ${limit}\``,
    unbroken(actual),
    isExceeded ? '❌ exceeded' : '✅ met',
  ]
  return [table(columns, rows, cells)]
}

function nextSteps(findings: Findings, repository: Repository | null): Block[] {
  const steps = nextStepsOf(findings, repository?.isProposed ?? false)
  return steps.length === 0
    ? []
    : [
        section(
          'What to do next',
          bullets(steps, (step) => step),
        ),
      ]
}

function notes({ notes: all }: Findings): Block[] {
  const shown = all.slice(0, MAX_NOTES)
  if (shown.length === 0) return []
  return [
    section(
      'Notes',
      bullets(shown, ({ text }) => forMarkdown(text, 1_000), all.length),
    ),
  ]
}

function problems({ problems: all }: RunReport, repository: Repository | null): Block[] {
  const shown = all.slice(0, MAX_PROBLEMS)
  const text = (problem: (typeof all)[number]): string => {
    const location = locationLink(problem, repository)
    return `${forMarkdown(problem.message, 500)}${location === '' ? '' : ` · ${location}`}`
  }
  const count = shown.length + countOf(all.slice(shown.length))
  return [section('Problems', bullets(shown, text, count))]
}

function reasonsTable({ report, reasons }: Findings): Block[] {
  if (report.dryRun || reasons.length === 0) return []
  const isMixed = new Set(reasons.map(({ category }) => category)).size > 1
  const columns = [
    { title: 'Reason' },
    ...(isMixed ? [{ title: 'Outcome' }] : []),
    { title: 'Count', isNumber: true },
    { title: 'First IDs' },
  ] as const
  const rows = table(columns, reasons.slice(0, MAX_REASONS), (reason) => [
    forMarkdown(reasonText(reason)),
    ...(isMixed ? [CATEGORIES[reason.category].text] : []),
    countText(reason.identities.length),
    firstIds(reason.identities, (identity) => forCode(idOf(identity), 80), 3),
  ])
  return [section('Reasons', { ...rows, count: reasons.length })]
}

/** How long it took, and what is worth knowing of the way. */
function cost(report: RunReport): string {
  const { requests, retries, tokensRenewed, waitedMs, outageMs } = report.traffic
  const facts = [
    `Took ${durationText(report.finishedAt.getTime() - report.startedAt.getTime())}`,
    requests > 0 && `${countText(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    retries > 0 && `${countText(retries)} ${retries === 1 ? 'retry' : 'retries'}`,
    tokensRenewed > 0 && `${countText(tokensRenewed)} ${tokensRenewed === 1 ? 'token' : 'tokens'} renewed`,
    waitedMs >= 1_000 && `waited ${durationText(waitedMs)} for the rate limit`,
    outageMs >= 1_000 && `ISC did not respond for ${durationText(outageMs)}`,
    report.shard !== null && `shard ${report.shard}`,
  ]
  return facts.filter((fact) => fact !== false).join(' · ')
}
