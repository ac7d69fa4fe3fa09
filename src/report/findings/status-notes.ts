import type { Identity } from '../../identity.ts'
import { identitiesText } from '../words/numbers.ts'
import { noteOf } from '../words/sentences.ts'

/** Notes on identities that count as what they do although there is more to say of their status; `what` names them. */
export function statusNotes(identities: Iterable<Identity>, what: string): string[] {
  const counts = new Map<string, number>()
  for (const { observed } of identities) {
    const note = noteOf(observed)
    if (note !== null) counts.set(note, (counts.get(note) ?? 0) + 1)
  }
  return [...counts].map(([note, count]) => `${identitiesText(count)} ${what}: ${note}.`)
}
