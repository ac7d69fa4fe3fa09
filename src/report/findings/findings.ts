import { stateOf, type Identity } from '../../identity.ts'
import type { ThresholdName } from '../../policy/guards.ts'
import { comparable } from '../../policy/exclusion.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from '../words/harmless.ts'
import { isOtherName } from '../words/names.ts'
import { countedText, countText, identitiesText, percentText } from '../words/numbers.ts'
import { messageOf, noteOf, wordingOf, type Wording } from '../words/sentences.ts'
import { CATEGORY_NAMES, COUNTED, categoryOf, type Category } from './categories.ts'
import { ReasonGroups, type Reason } from './reasons.ts'

/** A threshold that was set, and how the run did. */
export interface ThresholdRow {
  /** The input's name. */
  readonly name: ThresholdName
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

/** Something worth knowing that changes no result; it may hold text from outside. */
export interface Note {
  readonly level: 'warning' | 'notice'
  readonly text: string
}

/** What there is to know of a report, computed once: log, summaries and annotations are made of it. */
export interface Findings {
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
  readonly notes: readonly Note[]
  /** `Deny list: 12 entries, 1 on this list.`; null where the guard is off. */
  readonly denyList: string | null
}

const BAD: ReadonlySet<Category> = new Set(['failed', 'ignored', 'blocked', 'not-found', 'unresolved'])

export function findingsOf(report: RunReport): Findings {
  const wording = wordingOf(report)
  const sizes = new Map<Category, number>()
  for (const identity of report.identities) {
    const category = categoryOf(identity, report.dryRun)
    sizes.set(category, (sizes.get(category) ?? 0) + 1)
  }
  // An array that grows to a million leaves 20 MiB behind.
  const lists = CATEGORY_NAMES.map((name) => [name, new Array<Identity>(sizes.get(name) ?? 0)])
  const of = Object.fromEntries(lists) as Record<Category, Identity[]>
  const groups = new ReasonGroups()
  for (const identity of report.identities) {
    const category = categoryOf(identity, report.dryRun)
    const left = sizes.get(category) ?? 0
    of[category][of[category].length - left] = identity
    sizes.set(category, left - 1)
    if (BAD.has(category)) groups.add(identity, category, messageOf(identity, wording))
  }
  const enabled = [of.enable, of.accepted, of.confirmed]
  const states = statesOf(
    enabled.flatMap((list) => list.filter(({ observed }) => stateOf(observed) !== null)),
  )
  return {
    report,
    wording,
    of,
    reasons: groups.sorted(),
    thresholds: thresholdsOf(report),
    states,
    rare: new Set(states.flatMap(({ isRare, identities }) => (isRare ? identities : []))),
    misnamed: new Set(report.identities.values().filter(isOtherName)),
    notes: notesOf(report, of, states),
    denyList: denyListText(report),
  }
}

/** By the lifecycle states that were read, the most frequent first. */
function statesOf(identities: readonly Identity[]): StateGroup[] {
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

/** As many lifecycle states are named; of more, the most frequent are counted together. */
const MOST_STATES = 8

/** `active 1,940`: the most frequent first; the few are always named. */
export function statesText(
  groups: readonly StateGroup[],
): { readonly text: string; readonly isRare: boolean }[] {
  const named = groups.slice(groups.length > MOST_STATES ? 1 - MOST_STATES : 0)
  const others = sizeOf(groups) - sizeOf(named)
  const texts = named.map(({ name, identities, isRare }) => ({
    text: `${name} ${countText(identities.length)}`,
    isRare,
  }))
  return others === 0 ? texts : [{ text: `other states ${countText(others)}`, isRare: false }, ...texts]
}

/** How many identities are in all groups together. */
export function sizeOf(groups: readonly StateGroup[]): number {
  return groups.reduce((total, { identities }) => total + identities.length, 0)
}

function thresholdsOf({ counts, thresholds }: RunReport): ThresholdRow[] {
  const { maxFailures, maxFailurePercent, failing, exceededBy } = thresholds
  const rows: Omit<ThresholdRow, 'isExceeded'>[] = []
  if (maxFailures !== null)
    rows.push({ name: 'max-failures', limit: countText(maxFailures), actual: countText(failing) })
  if (maxFailurePercent !== null) {
    const actual = percentText(failing, counts.total)
    rows.push({ name: 'max-failure-percent', limit: `${maxFailurePercent} %`, actual })
  }
  return rows.map((row) => ({ ...row, isExceeded: exceededBy.includes(row.name) }))
}

function denyListText({ denyList }: RunReport): string | null {
  if (denyList === null) return null
  return `Deny list: ${countedText(denyList.entries, 'entry', 'entries')}, ${countText(denyList.matched)} on this list.`
}

function notesOf(report: RunReport, of: Findings['of'], enabled: readonly StateGroup[]): Note[] {
  const notes: Note[] = report.notes.map((text) => ({ level: 'warning', text }))
  for (const category of ['enable', 'already-enabled', 'confirmed'] as const)
    for (const [note, { length }] of Map.groupBy(of[category], ({ observed }) => noteOf(observed)))
      if (note !== null)
        notes.push({ level: 'warning', text: `${identitiesText(length)} ${COUNTED[category]}: ${note}.` })
  const refused = report.refuseStates.map((state) => clip(state, 60))
  for (const { name, identities } of enabled) {
    const near = refused.find((state) => comparable(state) !== comparable(name) && areNear(name, state))
    if (near !== undefined)
      notes.push({
        level: 'warning',
        text: `The lifecycle state "${name}" (${identitiesText(identities.length)}) resembles "${near}", but is not in \`refuse-states\`. If it is for leavers, add it.`,
      })
  }
  // A misspelt state blocks no identity: the states that there are show it.
  const isUsed = of.blocked.some(({ cause }) => cause?.kind === 'state-blocked')
  const states = refused.length === 0 || isUsed ? [] : statesText(statesOf(report.identities))
  if (states.length > 0) {
    const given = refused.slice(0, 10)
    const found = states.map(({ text }) => text)
    const text = `No identity is in one of \`refuse-states\` (${given.join(', ')}). Lifecycle states on this list: ${found.join(', ')}. If one of these is for leavers, add it.`
    notes.push({ level: 'notice', text })
  }
  return notes
}

/** Whether all words of one state are in the other: `Terminated Leavers` and `terminated`. */
function areNear(state: string, refused: string): boolean {
  const [words, others] = [state, refused].map(
    (text) => new Set(comparable(text).match(/[\p{L}\p{N}]+/gu)),
  ) as [Set<string>, Set<string>]
  return words.size > 0 && others.size > 0 && (words.isSubsetOf(others) || others.isSubsetOf(words))
}

/** The identities of a category with the few before the many: rare lifecycle states, or rare reasons, first. */
export function fewFirst({ of, reasons, misnamed }: Findings, category: Category): readonly Identity[] {
  const byReason = reasons.filter((reason) => reason.category === category)
  if (byReason.length > 0) return flattened(byReason.map(({ identities }) => identities))
  const first = of[category].filter((identity) => misnamed.has(identity))
  const kindOf = ({ observed, attempts }: Identity): string | boolean | null => {
    const state = stateOf(observed)
    return state === null ? attempts > 0 : state.lifecycleState
  }
  // A copy of a million identities takes as much memory as everything that GitHub shows of them.
  if (first.length === 0 && new Set(of[category].values().map(kindOf)).size <= 1) return of[category]
  const byState = Map.groupBy(of[category], kindOf)
  const others = flattened([...byState.values()])
  return first.length === 0 ? others : [...first, ...others.filter((identity) => !misnamed.has(identity))]
}

function flattened(groups: readonly (readonly Identity[])[]): readonly Identity[] {
  return groups.toSorted((a, b) => a.length - b.length).flat()
}
