import { stateOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from '../words/harmless.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import { noteOf } from '../words/sentences.ts'
import type { Category } from './categories.ts'
import { factsOf, statesOf, type Facts } from './facts.ts'
import { statesText, verdictOf, type Verdict } from './headline.ts'

/** Something worth knowing that changes no result; it may hold text from outside. */
export interface Note {
  readonly level: 'warning' | 'notice'
  readonly text: string
}

/** The facts with the sentences that all sinks share. */
export interface Findings extends Facts {
  readonly verdict: Verdict
  readonly notes: readonly Note[]
  /** `Deny list: 12 entries, 1 on this list.`; null where the guard is off. */
  readonly denyList: string | null
}

/** Computed once per report: log, summaries and annotations take it. */
export function findingsOf(report: RunReport): Findings {
  const facts = factsOf(report)
  return { ...facts, verdict: verdictOf(facts), notes: notesOf(facts), denyList: denyListText(report) }
}

function denyListText({ denyList }: RunReport): string | null {
  if (denyList === null) return null
  const { entries, matched } = denyList
  return `Deny list: ${countText(entries)} ${entries === 1 ? 'entry' : 'entries'}, ${countText(matched)} on this list.`
}

/** What each category is called in a note. */
const NOTED = [
  ['enable', 'to enable'],
  ['already-enabled', 'already enabled'],
  ['confirmed', 'confirmed as enabled'],
] as const

function notesOf(facts: Facts): Note[] {
  const { report, of } = facts
  const notes: Note[] = report.notes.map((text) => ({ level: 'warning', text }))
  for (const [category, what] of NOTED)
    for (const [note, { length }] of Map.groupBy(of[category], ({ observed }) => noteOf(observed)))
      if (note !== null) notes.push({ level: 'warning', text: `${identitiesText(length)} ${what}: ${note}.` })
  const unused = unusedGuardText(facts)
  return unused === null ? notes : [...notes, { level: 'notice', text: unused }]
}

/** A misspelt state blocks no identity: the states that there are show it. */
function unusedGuardText({ report, of }: Facts): string | null {
  const { refuseStates, identities } = report
  if (refuseStates.length === 0 || of.blocked.some(({ cause }) => cause?.kind === 'state-blocked'))
    return null
  const states = statesText(statesOf(identities)).map(({ text }) => text)
  const given = refuseStates.slice(0, 10).map((state) => clip(state, 60))
  return states.length === 0
    ? null
    : `No identity is in one of \`refuse-states\` (${given.join(', ')}). Lifecycle states on this list: ${states.join(', ')}.`
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
