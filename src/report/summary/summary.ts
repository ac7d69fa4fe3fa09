import { idOf } from '../../identity.ts'
import { countOf } from '../../problems.ts'
import { CATEGORIES, CATEGORY_NAMES } from '../findings/categories.ts'
import type { Findings } from '../findings/findings.ts'
import { verdictOf } from '../findings/headline.ts'
import { firstIds, reasonText } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { locationLink, type Repository } from '../words/location.ts'
import { countedText, countText, durationText, identitiesText, percentText } from '../words/numbers.ts'
import { foldedLists, identityLists } from './identity-lists.ts'
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

/** What a plan fails for comes first, then what is unusual, then the many. */
function blocksOf(findings: Findings, repository: Repository | null): Block[] {
  const { report } = findings
  const steps = nextStepsOf(findings, repository?.isOnlyShown ?? false)
  const next = section(
    'What to do next',
    bullets(steps, (step) => step),
  )
  if (report.problems.length > 0) return [...head(findings), problems(report, repository), next]
  const lists = identityLists(findings, repository)
  const isFailing = report.dryRun && report.result !== 'success'
  const judged = thresholds(findings)
  return [
    ...head(findings),
    ...(isFailing ? [judged] : []),
    // A plan's own list ends what a reviewer has to look at; after a run, the counts and the reasons come first.
    ...(report.dryRun ? lists : []),
    ...tally(findings),
    ...(isFailing ? [] : [judged]),
    next,
    notes(findings),
    reasonsTable(findings),
    ...(report.dryRun ? [] : lists),
    ...foldedLists(findings, repository),
    paragraph(cost(report)),
  ]
}

function head(findings: Findings): Block[] {
  const { icon, text, why, breakdown } = verdictOf(findings)
  const states = breakdown?.states.map(({ text: state, isRare }) =>
    isRare ? `<b>${forMarkdown(state)}</b>` : forMarkdown(state),
  )
  return [
    paragraph(`### ${icon} ${forMarkdown(text, 1_000)}`),
    paragraph(forMarkdown(why ?? '', 1_000)),
    paragraph(breakdown && states ? `${forMarkdown(breakdown.what)} ${states.join(', ')}.` : ''),
  ]
}

/** How many are in which category, and how many are excluded. */
function tally({ report, of, denyList }: Findings): Block[] {
  const { total } = report.counts
  const before = report.counts.excluded - report.excluded.length
  const listed =
    before <= 0
      ? ''
      : `Excluded ${identitiesText(before)} that ${before === 1 ? 'was' : 'were'} listed before.`
  const below = paragraph(`${listed} ${denyList ?? ''}`.trim())
  if (total === 0) return [below]
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
  return [table(columns, rows.length > 1 ? [...rows, sum] : rows, (cells) => cells), below]
}

/** Kept on one line in a narrow table. */
function unbroken(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '&nbsp;')
}

/** The thresholds that are set, and what the failures come to; in a plan, what they would come to. */
function thresholds({ report, thresholds: rows }: Findings): Block {
  if (report.counts.total === 0) return paragraph('')
  if (rows.length === 0) {
    const isFatal = report.thresholds.exceeded && !report.dryRun
    return paragraph(isFatal ? 'No threshold is set: any failure fails the job.' : '')
  }
  const columns = [
    { title: 'Threshold' },
    { title: report.dryRun ? 'Would be' : 'Actual', isNumber: true },
    { title: 'Verdict' },
  ] as const
  return table(columns, rows, ({ name, limit, actual, isExceeded }) => [
    `\`${name}: ${limit}\``,
    unbroken(actual),
    isExceeded ? '❌ exceeded' : '✅ not exceeded',
  ])
}

function notes({ notes: all }: Findings): Block {
  const entries = bullets(all.slice(0, MAX_NOTES), ({ text }) => forMarkdown(text, 1_000), all.length)
  return section('Notes', entries)
}

function problems({ problems: all }: RunReport, repository: Repository | null): Block {
  const shown = all.slice(0, MAX_PROBLEMS)
  const text = (problem: (typeof all)[number]): string => {
    const location = locationLink(problem, repository)
    return `${forMarkdown(problem.message, 500)}${location === '' ? '' : ` · ${location}`}`
  }
  return section('Problems', bullets(shown, text, shown.length + countOf(all.slice(shown.length))))
}

function reasonsTable({ report, reasons }: Findings): Block {
  if (report.dryRun) return paragraph('')
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
  return section('Reasons', { ...rows, count: reasons.length })
}

/** How long it took, and what is worth knowing of the way. */
function cost(report: RunReport): string {
  const { requests, retries, tokensRenewed, waitedMs, outageMs } = report.traffic
  const facts = [
    `Took ${durationText(report.finishedAt.getTime() - report.startedAt.getTime())}`,
    requests > 0 && countedText(requests, 'request'),
    retries > 0 && countedText(retries, 'retry', 'retries'),
    tokensRenewed > 0 && `${countedText(tokensRenewed, 'token')} renewed`,
    waitedMs >= 1_000 && `waited ${durationText(waitedMs)} for the rate limit`,
    outageMs >= 1_000 && `ISC did not respond for ${durationText(outageMs)}`,
    report.shard !== null && `shard ${report.shard}`,
  ]
  return facts.filter((fact) => fact !== false).join(' · ')
}
