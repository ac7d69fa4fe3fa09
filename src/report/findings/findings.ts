import { stateOf, type Identity } from '../../identity.ts'
import { comparable } from '../../policy/exclusion.ts'
import type { RunReport } from '../run-report.ts'
import { clip, clipInput } from '../words/harmless.ts'
import type { Repository } from '../words/location.ts'
import { isOtherName } from '../words/names.ts'
import { countedText, countText, identitiesText, percentText } from '../words/phrases.ts'
import { noteOf } from '../words/sentences.ts'
import { categorized, type Categorized, type Category } from './categories.ts'
import { reasonsOf } from './reasons.ts'

/** What there is to know of a report, computed once: log, summaries and annotations are made of it. */
export type Findings = Readonly<ReturnType<typeof findingsOf>>

/** `repository`: what locations are linked to; null: nowhere. */
export function findingsOf(report: RunReport, repository: Repository | null = null) {
  const of = categorized(report.identities, report.dryRun)
  const enabled = [of.enable, of.accepted, of.confirmed]
  // Without those whose state is not known: a copy of a million identities takes 8 MiB or more.
  const states = statesOf(
    enabled.flatMap((list) => list.filter(({ observed }) => stateOf(observed) !== null)),
  )
  const { denyList } = report
  return {
    report,
    repository,
    of,
    /** Why identities failed; in a plan, why they would. */
    reasons: reasonsOf(of, report),
    /** The thresholds that were set; none: any failure fails the job. */
    thresholds: thresholdsOf(report),
    /** The lifecycle states of what the run enabled, or would enable; empty where none was read. */
    states,
    /** Identities in a rare one of these. */
    rare: new Set(states.flatMap(({ isRare, identities }) => (isRare ? identities : []))),
    /** Identities whose name in the list is another one than in ISC. */
    misnamed: new Set(report.identities.values().filter(isOtherName)),
    /** Worth knowing, and no change of the result; they may hold text from outside, as `notices` may. */
    warnings: [...report.notes, ...statusWarnings(of), ...nearStateWarnings(report, states)],
    notices: unusedStatesNotices(report, of),
    /** Null where the guard is off. */
    denyList:
      denyList &&
      `Deny list: ${countedText(denyList.entries, 'entry', 'entries')}, ${countText(denyList.matched)} on this list.`,
  }
}

const UNKNOWN = 'lifecycle state unknown'
const WITHOUT = 'without lifecycle state'

type States = ReturnType<typeof statesOf>

/** By the lifecycle states that were read, the most frequent first. */
function statesOf(identities: readonly Identity[]) {
  const byState = Map.groupBy(identities, ({ observed }) => {
    const state = stateOf(observed)
    if (state === null) return undefined
    return state.isLifecycleKnown ? state.lifecycleState : UNKNOWN
  })
  byState.delete(undefined)
  const groups = [...byState].sort(([, a], [, b]) => b.length - a.length)
  const most = groups[0]?.[1].length ?? 0
  return groups.map(([state, members]) => ({
    name: clip(state ?? WITHOUT, 60),
    /** Not without one, or an unknown one. */
    isNamed: state !== null && state !== UNKNOWN,
    /** Far fewer than in the most frequent one: what a reviewer has to see. */
    isRare: members.length * 2 < most,
    identities: members,
  }))
}

/** As many lifecycle states are named; of more, the most frequent are counted together. */
const MOST_STATES = 8

/** `active 1,940, terminated 5`: the most frequent first; the few are always named. */
export function statesText(
  groups: States,
  show: (text: string, isRare: boolean) => string = (text) => text,
): string {
  if (groups.every(({ name, isNamed }) => name === WITHOUT && !isNamed)) return 'none has a lifecycle state'
  const named = groups.slice(groups.length > MOST_STATES ? 1 - MOST_STATES : 0)
  const others = sizeOf(groups) - sizeOf(named)
  const texts = named.map(({ name, identities, isRare }) =>
    show(`${name} ${countText(identities.length)}`, isRare),
  )
  return [...(others === 0 ? [] : [`other states ${countText(others)}`]), ...texts].join(', ')
}

/** How many identities are in all groups together. */
export function sizeOf(groups: States): number {
  return groups.reduce((total, { identities }) => total + identities.length, 0)
}

function thresholdsOf({ counts, thresholds }: RunReport) {
  const { maxFailures, maxFailurePercent, failing, exceededBy } = thresholds
  const percent = percentText(failing, counts.total)
  const rows = [
    { name: 'max-failures', limit: maxFailures, unit: '', actual: countText(failing) },
    { name: 'max-failure-percent', limit: maxFailurePercent, unit: '%', actual: percent },
  ] as const
  return rows.flatMap(({ name, limit, unit, actual }) =>
    limit === null
      ? []
      : [{ name, limit: `${countText(limit)}${unit}`, actual, isExceeded: exceededBy.includes(name) }],
  )
}

/** `1 identity is enabled, but its identity status is LOCKED (enabling does not unlock it).` */
function statusWarnings(of: Categorized): string[] {
  return (['enable', 'already-enabled', 'confirmed'] as const).flatMap((category) =>
    [...Map.groupBy(of[category], ({ observed }) => noteOf(observed))].flatMap(([note, { length }]) =>
      note === null
        ? []
        : [
            `${identitiesText(length)} ${length === 1 ? 'is' : 'are'} ${category === 'enable' ? 'to be ' : ''}enabled, but the identity status is ${note}.`,
          ],
    ),
  )
}

/** Lifecycle states of identities to enable that resemble one of `refuse-states`: all words of one are in the other. */
function nearStateWarnings({ refuseStates }: RunReport, enabled: States): string[] {
  const wordsOf = (text: string) => new Set(comparable(text).match(/[\p{L}\p{N}]+/gu))
  return enabled.flatMap(({ name, isNamed, identities }) => {
    const words = wordsOf(isNamed ? name : '')
    const near = refuseStates.find((given) => {
      const state = clip(given, 60)
      const others = wordsOf(state)
      const isNear = words.isSubsetOf(others) || others.isSubsetOf(words)
      return isNear && words.size > 0 && others.size > 0 && comparable(state) !== comparable(name)
    })
    if (near === undefined) return []
    return `The lifecycle state "${name}" (${identitiesText(identities.length)}) resembles "${clipInput(near, 60)}", but is not in \`refuse-states\`. If it is for leavers, add it.`
  })
}

/** A misspelled state blocks no identity. The states on the list show that. */
function unusedStatesNotices({ refuseStates, identities }: RunReport, of: Categorized): string[] {
  const isUsed = of.blocked.some(({ cause }) => cause?.kind === 'state-blocked')
  const found = refuseStates.length === 0 || isUsed ? [] : statesOf(identities)
  const given = refuseStates.slice(0, 10).map((state) => clipInput(state, 60))
  if (found.length === 0) return []
  const advice = found.some(({ isNamed }) => isNamed) ? ' If one of these is for leavers, add it.' : ''
  return [
    `No identity is in one of \`refuse-states\` (${given.join(', ')}). On this list: ${statesText(found)}.${advice}`,
  ]
}

/** The identities of a category with the few before the many: other names, then rare lifecycle states or reasons. */
export function fewFirst({ of, reasons, misnamed }: Findings, category: Category): readonly Identity[] {
  const kindOf = (identity: Identity): string | boolean | null => {
    const state = stateOf(identity.observed)
    return state === null ? identity.attempts > 0 : state.lifecycleState
  }
  const byReason = reasons.filter((reason) => reason.category === category)
  const isOneKind = byReason.length === 0 && new Set(of[category].values().map(kindOf)).size <= 1
  // Copies of a million identities take 40 MiB.
  if (isOneKind && misnamed.size === 0) return of[category]
  const groups =
    byReason.length > 0
      ? byReason.map(({ identities }) => identities)
      : [...Map.groupBy(of[category], kindOf).values()]
  const sorted = groups.sort((a, b) => a.length - b.length).flat()
  if (misnamed.size === 0) return sorted
  return [...sorted.filter((one) => misnamed.has(one)), ...sorted.filter((one) => !misnamed.has(one))]
}
