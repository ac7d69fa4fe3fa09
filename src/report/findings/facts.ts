import { stateOf, type Identity } from '../../identity.ts'
import type { ThresholdName } from '../../policy/guards.ts'
import { clip } from '../words/harmless.ts'
import { countText, percentText } from '../words/numbers.ts'
import { isOtherName } from '../words/names.ts'
import { messageOf, wordingOf, type Wording } from '../words/sentences.ts'
import type { RunReport } from '../run-report.ts'
import { CATEGORY_NAMES, categoryOf, type Category } from './categories.ts'
import { ReasonGroups, type Reason } from './reasons.ts'

/** A threshold that was set, and how the run did. */
export interface ThresholdRow {
  /** The input's name. */
  readonly name: string
  readonly limit: string
  readonly actual: string
  readonly isExceeded: boolean
}

/** Identities in one lifecycle state. */
export interface StateGroup {
  readonly name: string
  /** Far fewer than in the most frequent one: what a reviewer has to see. */
  readonly isRare: boolean
  readonly identities: readonly Identity[]
}

/** What there is to know of a report, computed once. */
export interface Facts {
  readonly report: RunReport
  readonly wording: Wording
  /** The identities of each category, in list order. */
  readonly of: Readonly<Record<Category, readonly Identity[]>>
  /** Why identities failed; in a plan, why they would. */
  readonly reasons: readonly Reason[]
  /** The thresholds that were set; none: any failure fails the job. */
  readonly thresholds: readonly ThresholdRow[]
  /** The lifecycle states of what the run enabled, or would enable; empty where none was read. */
  readonly states: readonly StateGroup[]
  /** Identities in a rare one of these. */
  readonly rare: ReadonlySet<Identity>
  /** Identities whose name in the list is another one than in ISC. */
  readonly misnamed: ReadonlySet<Identity>
}

const BAD: ReadonlySet<Category> = new Set(['failed', 'ignored', 'blocked', 'not-found', 'unresolved'])

export function factsOf(report: RunReport): Facts {
  const wording = wordingOf(report)
  const lists = CATEGORY_NAMES.map((name): [Category, Identity[]] => [name, []])
  const of = Object.fromEntries(lists) as Record<Category, Identity[]>
  const groups = new ReasonGroups()
  for (const identity of report.identities) {
    const category = categoryOf(identity, report.dryRun)
    of[category].push(identity)
    if (BAD.has(category)) groups.add(identity, category, messageOf(identity, wording))
  }
  const enabled = [of.enable, of.accepted, of.confirmed]
  const states = statesOf(
    enabled.flatMap((list) => list.filter(({ observed }) => stateOf(observed) !== null)),
  )
  const rare = new Set(states.flatMap(({ isRare, identities }) => (isRare ? identities : [])))
  const misnamed = new Set(report.identities.values().filter(isOtherName))
  const [reasons, thresholds] = [groups.sorted(), thresholdsOf(report)]
  return { report, wording, of, reasons, thresholds, states, rare, misnamed }
}

/** By the lifecycle states that were read, the most frequent first. */
export function statesOf(identities: readonly Identity[]): StateGroup[] {
  const byState = Map.groupBy(identities, ({ observed }) => {
    const state = stateOf(observed)
    if (state === null) return undefined
    return state.isLifecycleKnown ? state.lifecycleState : 'unknown lifecycle state'
  })
  byState.delete(undefined)
  const groups = [...byState].sort(([, a], [, b]) => b.length - a.length)
  const most = groups[0]?.[1].length ?? 0
  return groups.map(([state, members]) => ({
    name: clip(state ?? 'no lifecycle state', 60),
    isRare: members.length * 2 < most,
    identities: members,
  }))
}

function thresholdsOf({ counts, thresholds }: RunReport): ThresholdRow[] {
  const { maxFailures, maxFailurePercent, failing, exceededBy } = thresholds
  const rows: ThresholdRow[] = []
  const add = (name: ThresholdName, limit: string, actual: string): void =>
    void rows.push({ name, limit, actual, isExceeded: exceededBy.includes(name) })
  if (maxFailures !== null) add('max-failures', countText(maxFailures), countText(failing))
  if (maxFailurePercent !== null)
    add('max-failure-percent', `${maxFailurePercent} %`, percentText(failing, counts.total))
  return rows
}
