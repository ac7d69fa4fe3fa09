import type { Identity, ObservedState } from '../../identity.ts'
import { countText, percentText } from '../words/numbers.ts'
import { isOtherName } from '../words/names.ts'
import { messageOf, noteOf, wordingOf, type Wording } from '../words/sentences.ts'
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

/** Identities in one lifecycle state; null: without one. */
export interface StateGroup {
  readonly lifecycleState: string | null
  readonly isKnown: boolean
  readonly isRare: boolean
  readonly identities: readonly Identity[]
}

/** What there is to know of a report, computed in one pass over its identities. */
export interface Facts {
  readonly report: RunReport
  readonly wording: Wording
  /** The identities of each category, in list order. */
  readonly of: Readonly<Record<Category, readonly Identity[]>>
  /** Why identities failed; in a plan, why they would. */
  readonly reasons: readonly Reason[]
  /** The thresholds that were set; none: any failure fails the job. */
  readonly thresholds: readonly ThresholdRow[]
  /** What the run enabled or would enable, the most frequent lifecycle state first; empty where none was read. */
  readonly states: readonly StateGroup[]
  /** Of these, identities in a state that far fewer are in than in the most frequent one: a reviewer has to see them. */
  readonly rare: ReadonlySet<Identity>
  /** The lifecycle states of all identities whose state was read, the most frequent first. */
  readonly allStates: readonly StateGroup[]
  /** Identities whose name in the list is another one than in ISC. */
  readonly misnamed: ReadonlySet<Identity>
  /** How many there are with each note on their identity status, by category. */
  readonly statusNotes: ReadonlyMap<Category, ReadonlyMap<string, number>>
}

const BAD: ReadonlySet<Category> = new Set(['failed', 'ignored', 'blocked', 'not-found', 'unresolved'])
const GOOD: ReadonlySet<Category> = new Set(['enable', 'accepted', 'confirmed'])

export function factsOf(report: RunReport): Facts {
  const wording = wordingOf(report)
  const of = Object.fromEntries(CATEGORY_NAMES.map((name) => [name, [] as Identity[]])) as Record<
    Category,
    Identity[]
  >
  const reasons = new ReasonGroups()
  const [states, allStates] = [new States(), new States()]
  const misnamed = new Set<Identity>()
  const statusNotes = new Map<Category, Map<string, number>>()
  for (const identity of report.identities) {
    const category = categoryOf(identity, report.dryRun)
    of[category].push(identity)
    if (BAD.has(category)) reasons.add(identity, category, messageOf(identity, wording))
    const { observed } = identity
    if (observed === null || observed === 'absent') continue
    allStates.add(identity, observed)
    if (GOOD.has(category)) states.add(identity, observed)
    if (isOtherName(identity)) misnamed.add(identity)
    const note = noteOf(observed)
    if (note === null) continue
    const notes = statusNotes.get(category) ?? new Map<string, number>()
    statusNotes.set(category, notes.set(note, (notes.get(note) ?? 0) + 1))
  }
  const sortedStates = states.sorted()
  return {
    report,
    wording,
    of,
    reasons: reasons.sorted(),
    thresholds: thresholdsOf(report),
    states: sortedStates,
    rare: new Set(sortedStates.flatMap(({ isRare, identities }) => (isRare ? identities : []))),
    allStates: allStates.sorted(),
    misnamed,
    statusNotes,
  }
}

class States {
  readonly #groups = new Map<string | null | undefined, Identity[]>()

  add(identity: Identity, { lifecycleState, isLifecycleKnown }: ObservedState): void {
    const key = isLifecycleKnown ? lifecycleState : undefined
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, [identity])
    else group.push(identity)
  }

  sorted(): StateGroup[] {
    const groups = [...this.#groups].sort(([, a], [, b]) => b.length - a.length)
    const most = groups[0]?.[1].length ?? 0
    return groups.map(([state, identities]) => ({
      lifecycleState: state ?? null,
      isKnown: state !== undefined,
      isRare: identities.length * 2 < most,
      identities,
    }))
  }
}

function thresholdsOf({ counts, thresholds }: RunReport): ThresholdRow[] {
  const { maxFailures, maxFailurePercent, failing, exceededBy } = thresholds
  const rows: ThresholdRow[] = []
  const add = (name: 'max-failures' | 'max-failure-percent', limit: string, actual: string): void =>
    void rows.push({ name, limit, actual, isExceeded: exceededBy.includes(name) })
  if (maxFailures !== null) add('max-failures', countText(maxFailures), countText(failing))
  if (maxFailurePercent !== null)
    add('max-failure-percent', `${maxFailurePercent} %`, percentText(failing, counts.total))
  return rows
}
