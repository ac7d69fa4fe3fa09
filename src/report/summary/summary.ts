import { countFates, type Fate } from '../findings/fates.ts'
import { verdictOf } from '../findings/headline.ts'
import { firstIds, reasonText, type Reason } from '../findings/reasons.ts'
import { thresholdsOf } from '../findings/threshold-rows.ts'
import { idOf } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { countOf } from '../../problems.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { countText, durationText, identitiesText, percentText } from '../words/numbers.ts'
import { placeOf, type Repository } from '../words/place.ts'
import { listsOf } from './identity-lists.ts'
import { FATES, LABELS } from './labels.ts'
import { bullets, page, paragraph, section, table, type Block } from './markdown.ts'
import { nextStepsOf } from './next-steps.ts'
import { pie } from './pie.ts'

/** GitHub drops a step's summary that is larger than 1 MiB; the rest of it is left to others. */
export const JOB_SUMMARY_BYTES = 1_000_000
/** A comment holds 65,536 characters; what a workflow puts around the summary has to fit too. */
export const COMMENT_BYTES = 65_000

const MAX_REASONS = 25
const MAX_NOTES = 10
const MAX_PROBLEMS = 25

/**
 * The summary as GitHub-flavoured Markdown of at most `room` UTF-8 bytes; `repository` makes places links. Nothing in
 * it means anything to GitHub but what stands here: see `harmless.ts`.
 */
export function renderSummary(
  report: RunReport,
  reasons: readonly Reason[],
  repository: Repository | null,
  room: number,
): string {
  const { icon, text, why } = verdictOf(report)
  const head = [
    paragraph(`### ${icon} ${forMarkdown(text, 1_000)}`),
    ...(why === null ? [] : [paragraph(forMarkdown(why, 1_000))]),
  ]
  if (report.problems.length > 0)
    return page(short([...head, ...problems(report, repository), ...nextSteps(report, repository)]), room)
  const counts = countFates(report)
  const lists = listsOf(report, counts, repository)
  const first = lists.filter(({ fate }) => fate === 'enable')
  const others = lists.filter(({ fate }) => fate !== 'enable')
  return page(
    [
      ...short(head),
      ...long(first),
      ...short([
        ...tally(report, counts),
        ...thresholds(report),
        ...nextSteps(report, repository),
        ...notes(report),
        ...reasonsTable(report, reasons),
      ]),
      ...long(others),
      ...short([paragraph(pie(counts, report.counts.total)), paragraph(cost(report))]),
    ],
    room,
  )
}

function short(blocks: readonly Block[]): { block: Block; isLong: false }[] {
  return blocks.map((block) => ({ block, isLong: false }))
}

function long(lists: readonly { block: Block }[]): { block: Block; isLong: true }[] {
  return lists.map(({ block }) => ({ block, isLong: true }))
}

/** How many had which fate, and who was left out. */
function tally(report: RunReport, counts: Readonly<Record<Fate, number>>): Block[] {
  const { total, excluded } = report.counts
  const left =
    excluded === 0
      ? []
      : [
          paragraph(
            `${identitiesText(excluded)} of the list ${excluded === 1 ? 'stands' : 'stand'} in \`exclude-ids-file\` and ${excluded === 1 ? 'is' : 'are'} left out.`,
          ),
        ]
  if (total === 0) return left
  const rows = FATES.filter((fate) => counts[fate] > 0).map((fate) => [
    unbroken(`${LABELS[fate].icon} ${LABELS[fate].text}`),
    countText(counts[fate]),
    unbroken(percentText(counts[fate], total)),
  ])
  const columns = [
    { title: report.dryRun ? 'Plan' : 'Result' },
    { title: 'Count', isNumber: true },
    { title: 'Share', isNumber: true },
  ] as const
  const sum = ['**Total**', `**${countText(total)}**`, unbroken('100 %')]
  const all = rows.length > 1 ? [...rows, sum] : rows
  return [table(columns, all, all.length), ...left]
}

/** Kept on one line in a narrow table. */
function unbroken(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '&nbsp;')
}

/** The thresholds that are set, and what the failures come to; in a plan, what they would come to. */
function thresholds(report: RunReport): Block[] {
  const { total } = report.counts
  const set = thresholdsOf(report)
  if (total === 0) return []
  if (set.length === 0)
    return report.thresholds.exceeded && !report.dryRun
      ? [paragraph('No threshold is set: any failure fails the job.')]
      : []
  const rows = set.map(({ name, limit, actual, isExceeded }) => [
    `\`${name}: ${limit}\``,
    unbroken(actual),
    isExceeded ? '❌ exceeded' : '✅ met',
  ])
  const columns = [
    { title: 'Threshold' },
    { title: report.dryRun ? 'Would be' : 'Actual', isNumber: true },
    { title: 'Verdict' },
  ] as const
  return [table(columns, rows, rows.length)]
}

function nextSteps(report: RunReport, repository: Repository | null): Block[] {
  const steps = nextStepsOf(report, repository)
  return steps.length === 0 ? [] : [section('What to do next', bullets(steps, steps.length))]
}

function notes({ notes: all }: RunReport): Block[] {
  const shown = all.slice(0, MAX_NOTES).map((note) => forMarkdown(note, 1_000))
  return all.length === 0 ? [] : [section('Notes', bullets(shown, all.length))]
}

function problems({ problems: all }: RunReport, repository: Repository | null): Block[] {
  const shown = all.slice(0, MAX_PROBLEMS).map((problem) => {
    const place = placeOf(problem, repository)
    return `${forMarkdown(problem.message, 500)}${place === '' ? '' : ` · ${place}`}`
  })
  return [section('Problems', bullets(shown, shown.length + countOf(all.slice(shown.length))))]
}

function reasonsTable(report: RunReport, reasons: readonly Reason[]): Block[] {
  if (report.dryRun || reasons.length === 0) return []
  const isMixed = new Set(reasons.map(({ ignored }) => ignored)).size > 1
  const rows = reasons
    .slice(0, MAX_REASONS)
    .map((reason) => [
      forMarkdown(reasonText(reason)),
      ...(isMixed ? [reason.ignored ? 'ignored' : 'failed'] : []),
      countText(reason.count),
      firstIds(reason, (identity) => forCode(idOf(identity), 80), 3),
    ])
  const columns = [
    { title: 'Reason' },
    ...(isMixed ? [{ title: 'Outcome' }] : []),
    { title: 'Count', isNumber: true },
    { title: 'First ids' },
  ] as const
  return [section('Reasons', table(columns, rows, reasons.length))]
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
    outageMs > 0 && `ISC did not answer for ${durationText(outageMs)}`,
    report.shard !== null && `shard ${report.shard}`,
  ]
  return facts.filter((fact) => fact !== false).join(' · ')
}
