import { countText, durationText, percentText } from '../words/numbers.ts'
import { listsOf, plannedCounts } from './identity-lists.ts'
import { bullets, fold, table } from './markdown.ts'
import { nextStepsOf } from './next-steps.ts'
import { placeText, type Repository } from '../words/place.ts'
import { firstIds, NO_REASON, reasonsOf } from '../findings/reasons.ts'
import type { RunReport } from '../run-report.ts'
import { forCode, forMarkdown } from '../words/harmless.ts'
import { thresholdsOf } from '../findings/threshold-rows.ts'
import { verdictOf } from '../findings/headline.ts'

/** GitHub drops a step's summary that is larger than 1 MiB; the rest of it is left to others. */
const MAX_BYTES = 1_000_000

const MAX_REASONS = 25
const MAX_NOTES = 10
const MAX_PROBLEMS = 25

/** The job summary as GitHub-flavoured Markdown, always below 1 MiB; `repository` makes places links. */
export function renderSummary(report: RunReport, repository: Repository | null): string {
  const { icon, text } = verdictOf(report)
  const headline = `### ${icon} ${forMarkdown(text, 1_500)}`
  if (report.problems.length > 0) return join([headline, problems(report, repository), nextSteps(report)])
  const head = [
    headline,
    counts(report),
    thresholds(report),
    nextSteps(report),
    section('Notes', bullets(report.notes.slice(0, MAX_NOTES).map((note) => forMarkdown(note, 1_000)))),
    reasons(report),
  ]
  const foot = [pie(report), traffic(report)]
  let room = MAX_BYTES - Buffer.byteLength(join([...head, ...foot]))
  const lists = listsOf(report, repository).map((list) => {
    const folded = fold(list, room)
    room -= Buffer.byteLength(folded) + 2
    return folded
  })
  return join([...head, ...lists, ...foot])
}

function join(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(title: string, body: string): string {
  return body === '' ? '' : `#### ${title}\n\n${body}`
}

/** What there is to count: outcomes, or in a plan what a run would do. */
function slicesOf(report: RunReport): { icon: string; label: string; count: number; colour: string }[] {
  if (report.dryRun) return plannedCounts(report.identities)
  const { succeeded, failed, ignored, unprocessed } = report.counts
  return [
    { icon: '✅', label: 'Succeeded', count: succeeded, colour: '#2da44e' },
    { icon: '❌', label: 'Failed', count: failed - ignored, colour: '#cf222e' },
    { icon: '➖', label: 'Failed, ignored', count: ignored, colour: '#bf8700' },
    { icon: '⚪', label: 'Not processed', count: unprocessed, colour: '#8c959f' },
  ].filter(({ label, count }) => count > 0 || label === 'Succeeded' || label === 'Failed')
}

function counts(report: RunReport): string {
  const { total } = report.counts
  if (total === 0) return ''
  const rows = slicesOf(report).map(({ icon, label, count }) => [
    `${icon} ${label}`,
    countText(count),
    percentText(count, total),
  ])
  return table(['', 'Identities', 'Share'], [...rows, ['**Total**', `**${countText(total)}**`, '']])
}

function thresholds(report: RunReport): string {
  if (report.dryRun || report.counts.total === 0) return ''
  const rows = thresholdsOf(report).map(({ name, limit, actual, isExceeded }) => [
    `\`${name}\``,
    limit,
    actual,
    isExceeded ? '❌ exceeded' : '✅ met',
  ])
  if (rows.length === 0) return 'No threshold is set: any failure fails the job.'
  return table(['Threshold', 'Limit', 'Actual', ''], rows)
}

function nextSteps(report: RunReport): string {
  return section('What to do next', bullets(nextStepsOf(report)))
}

function problems(report: RunReport, repository: Repository | null): string {
  const shown = report.problems.slice(0, MAX_PROBLEMS)
  const entries = shown.map(
    (problem) => `${forMarkdown(problem.message, 500)}${placeText(problem, repository)}`,
  )
  const left = report.problems.length - shown.length
  return section('Problems', bullets(left === 0 ? entries : [...entries, `… and ${countText(left)} more`]))
}

function reasons(report: RunReport): string {
  if (report.dryRun) return ''
  const { failed, unprocessed } = reasonsOf(report)
  const all = [
    ...failed.map((reason) => ({ reason, what: reason.ignored ? 'ignored' : 'failed' })),
    ...unprocessed.map((reason) => ({ reason, what: 'not processed' })),
  ]
  if (all.length === 0) return ''
  const rows = all
    .slice(0, MAX_REASONS)
    .map(({ reason, what }) => [
      `${what} ${reason.statusCode ?? ''}`.trim(),
      forMarkdown(reason.message ?? NO_REASON),
      countText(reason.count),
      firstIds(reason, (id) => forCode(id, 80), 3),
    ])
  const left = all.length - rows.length
  const more = left === 0 ? '' : `\n\n… and ${countText(left)} more reasons: they are in the report.`
  return section('Reasons', `${table(['Status', 'Reason', 'Identities', 'First ids'], rows)}${more}`)
}

/** Legible in GitHub's light and dark themes alike, whichever the reader has. */
const PIE_STYLE = {
  pieOpacity: '1',
  pieSectionTextColor: '#ffffff',
  pieLegendTextColor: '#848d97',
  pieOuterStrokeWidth: '0px',
}

/** Slices in order of size, as Mermaid draws them, so that each keeps its colour. */
function pie(report: RunReport): string {
  const slices = slicesOf(report)
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  if (slices.length < 2) return ''
  const colours = Object.fromEntries(slices.map(({ colour }, index) => [`pie${index + 1}`, colour]))
  const init = JSON.stringify({ themeVariables: { ...PIE_STYLE, ...colours } })
  const values = slices.map(({ label, count }) => `  "${label}" : ${count}`)
  return ['```mermaid', `%%{init: ${init}}%%`, 'pie showData', ...values, '```'].join('\n')
}

function traffic(report: RunReport): string {
  const { requests, retries, tokensRenewed, waitedMs } = report.traffic
  const took = report.finishedAt.getTime() - report.startedAt.getTime()
  const facts = [
    `Took ${durationText(took)}`,
    `requests: ${countText(requests)}, ${countText(retries)} of them retries`,
    `tokens renewed: ${countText(tokensRenewed)}`,
    `waited for the rate limit: ${durationText(waitedMs)}`,
  ]
  const context = [report.baseUrl, report.apiVersion, report.shard === null ? '' : `shard ${report.shard}`]
  const where = context.filter((text) => text !== '').map((text) => forMarkdown(text))
  const file = report.resultsFile === '' ? '' : `\n\nFull report: ${forCode(report.resultsFile)}`
  return `${facts.join(' · ')}\n\n${where.join(' · ')}${file}`
}
