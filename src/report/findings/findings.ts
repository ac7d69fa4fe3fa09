import type { Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from '../words/harmless.ts'
import { countText, identitiesText } from '../words/numbers.ts'
import type { Category } from './categories.ts'
import { factsOf, type Facts } from './facts.ts'
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
const NOTED: Readonly<Partial<Record<Category, string>>> = {
  enable: 'to enable',
  'already-enabled': 'already enabled',
  confirmed: 'confirmed as enabled',
}

function notesOf(facts: Facts): Note[] {
  const { report, statusNotes } = facts
  const notes: Note[] = report.notes.map((text) => ({ level: 'warning', text }))
  for (const [category, what] of Object.entries(NOTED))
    for (const [note, count] of statusNotes.get(category as Category) ?? [])
      notes.push({ level: 'warning', text: `${identitiesText(count)} ${what}: ${note}.` })
  const unused = unusedGuardText(facts)
  if (unused !== null) notes.push({ level: 'notice', text: unused })
  return notes
}

/** A misspelt state blocks no identity: the states that there are show it. */
function unusedGuardText({ report, allStates, reasons }: Facts): string | null {
  const { refuseStates } = report
  if (refuseStates.length === 0 || allStates.length === 0) return null
  const isUsed = reasons.some(({ identities: [first] }) => first?.cause?.kind === 'state-blocked')
  if (isUsed) return null
  const states = statesText(allStates).map(({ text }) => text)
  const given = refuseStates.slice(0, 10).map((state) => clip(state, 60))
  return `No identity is in one of \`refuse-states\` (${given.join(', ')}). Lifecycle states on this list: ${states.join(', ')}.`
}

/** The identities of a category with the few before the many: rare lifecycle states, or rare reasons, first. */
export function fewFirst({ of, reasons, misnamed }: Findings, category: Category): readonly Identity[] {
  const groups = new Map<unknown, readonly Identity[]>()
  for (const reason of reasons) if (reason.category === category) groups.set(reason, reason.identities)
  if (groups.size === 0) {
    const byState = Map.groupBy(of[category], (identity) => {
      const { observed, attempts } = identity
      if (misnamed.has(identity)) return misnamed
      return observed === null || observed === 'absent' ? attempts > 0 : observed.lifecycleState
    })
    for (const [state, identities] of byState) groups.set(state, identities)
  }
  const few = (key: unknown): number => (key === misnamed ? 0 : (groups.get(key)?.length ?? 0))
  return [...groups.keys()].sort((a, b) => few(a) - few(b)).flatMap((key) => groups.get(key) ?? [])
}
