import { idOf } from '../../identity.ts'
import { countOf, type Problem } from '../../problems.ts'
import { CATEGORIES, CATEGORY_NAMES } from '../findings/categories.ts'
import type { Findings } from '../findings/findings.ts'
import { breakdownText, verdictOf } from '../findings/headline.ts'
import { firstIds, LONGEST_REASON, type Reason } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { locationLink } from '../words/location.ts'
import {
  countedText,
  countText,
  durationText,
  identitiesText,
  phrase,
  percentText,
} from '../words/phrases.ts'
import { identityLists } from './identity-lists.ts'
import { bullets, page, paragraph, section, table, type Block, type TableColumns } from './markdown.ts'
import { nextStepsOf } from './next-steps.ts'

/** GitHub drops a step's summary that is larger than 1 MiB; the rest of it is left to others. */
export const JOB_SUMMARY_BYTES = 1_000_000
/** A comment holds 65,536 characters, and `summary-file` 65,000 at most: with the line for the action `comment`. */
export const COMMENT_BYTES = 64_800

const [MAX_REASONS, MAX_NOTES, MAX_PROBLEMS] = [15, 10, 25]

/** The summary as GitHub-flavoured Markdown, to be had in at most so many UTF-8 bytes. */
export function summaryOf(findings: Findings): (room: number) => string {
  const blocks = blocksOf(findings)
  return (room) => page(blocks, room)
}

/** What a plan fails for comes first, then what is unusual, then the many. */
function blocksOf(findings: Findings): Block[] {
  const { report } = findings
  const steps = nextStepsOf(findings)
  const next = section('What to do next', bullets(steps, String))
  if (report.problems.length > 0) return [...head(findings), problems(findings), next]
  const { open, folded } = identityLists(findings)
  const notes = [...findings.warnings, ...findings.notices]
  const isFailing = report.dryRun && report.result !== 'success'
  const judged = thresholds(findings)
  return [
    ...head(findings),
    ...(isFailing ? [judged] : []),
    // A plan's own list ends what a reviewer has to look at; after a run, the counts and the reasons come first.
    ...(report.dryRun ? open : []),
    ...tally(findings),
    ...(isFailing ? [] : [judged]),
    next,
    section(
      'Notes',
      bullets(notes.slice(0, MAX_NOTES), (text) => forMarkdown(text, 1_000), notes.length),
    ),
    ...(report.dryRun ? [] : [reasonsTable(findings), ...open]),
    ...folded,
    paragraph(cost(report)),
  ]
}

function head(findings: Findings): Block[] {
  const { icon, text, why } = verdictOf(findings)
  const breakdown = breakdownText(findings, (state, isRare) =>
    isRare ? `<b>${forMarkdown(state)}</b>` : forMarkdown(state),
  )
  return [
    paragraph(`### ${icon} ${forMarkdown(text, 1_000)}`),
    paragraph(forMarkdown(why, 1_000)),
    paragraph(breakdown),
  ]
}

/** How many are in which category, and how many are excluded. */
function tally({ report, of, denyList }: Findings): Block[] {
  const { total, excluded } = report.counts
  const before = excluded - report.excluded.length
  const were = before === 1 ? 'was' : 'were'
  const listed = before > 0 && `Excluded ${identitiesText(before)} that ${were} listed before.`
  // Otherwise, the author of a new file may take a green check for success.
  const again =
    listed !== false &&
    total === 0 &&
    'To enable one of them again, add a new file that lists it, in a change that leaves the older file as it is.'
  const below = paragraph(phrase(' ', listed, again, denyList ?? ''))
  if (total === 0) return [below]
  const rows = CATEGORY_NAMES.filter((category) => of[category].length > 0).map((category) => [
    unbroken(`${CATEGORIES[category].icon} ${CATEGORIES[category].text}`),
    countText(of[category].length),
    unbroken(percentText(of[category].length, total)),
  ])
  const sum = rows.length > 1 ? [['**Total**', `**${countText(total)}**`, '100%']] : []
  const columns: TableColumns = { [report.dryRun ? 'Plan' : 'Result']: '---', Count: '--:', Share: '--:' }
  return [table(columns, [...rows, ...sum], (cells) => cells), below]
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
  const title = report.dryRun ? 'Would be' : 'Actual'
  const columns: TableColumns = { Threshold: '---', [title]: '--:', Verdict: '---' }
  return table(columns, rows, ({ name, limit, actual, isExceeded }) => [
    `\`${name}: ${limit}\``,
    unbroken(actual),
    isExceeded ? '❌ exceeded' : '✅ not exceeded',
  ])
}

function problems({ report, repository }: Findings): Block {
  const shown = report.problems.slice(0, MAX_PROBLEMS)
  const left = countOf(report.problems.slice(MAX_PROBLEMS))
  const text = (problem: Problem): string =>
    phrase(' · ', forMarkdown(problem.message, 500), locationLink(problem, repository))
  return section('Problems', bullets(shown, text, shown.length + left))
}

function reasonsTable({ reasons }: Findings): Block {
  const isMixed = new Set(reasons.map(({ category }) => category)).size > 1
  const outcome: TableColumns = isMixed ? { Outcome: '---' } : {}
  const columns: TableColumns = { Reason: '---', ...outcome, Count: '--:', 'First IDs': '---' }
  const cellsOf = (reason: Reason): string[] => [
    forMarkdown(reason.text, LONGEST_REASON),
    ...(isMixed ? [CATEGORIES[reason.category].text] : []),
    countText(reason.identities.length),
    firstIds(reason, (identity) => forCode(idOf(identity), 80), 3),
  ]
  return section('Reasons', table(columns, reasons.slice(0, MAX_REASONS), cellsOf, reasons.length))
}

/** How long it took, and what is worth knowing of the way. */
function cost({ traffic, startedAt, finishedAt, shard }: RunReport): string {
  const { requests, retries, tokensRenewed, waitedMs, outageMs } = traffic
  return phrase(
    ' · ',
    `Took ${durationText(finishedAt.getTime() - startedAt.getTime())}`,
    requests > 0 && countedText(requests, 'request'),
    retries > 0 && countedText(retries, 'retry', 'retries'),
    tokensRenewed > 0 && `${countedText(tokensRenewed, 'token')} renewed`,
    waitedMs >= 1_000 && `waited ${durationText(waitedMs)} for the rate limit or Retry-After`,
    outageMs >= 1_000 && `ISC did not respond for ${durationText(outageMs)}`,
    shard !== null && `shard ${shard}`,
  )
}
