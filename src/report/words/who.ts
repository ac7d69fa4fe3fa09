import { idOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from './harmless.ts'

/** What is shown of the person besides the id: text from outside, and nothing unless names are asked for. */
export interface Person {
  readonly name: string | null
  readonly lifecycleState: string | null
}

const NOBODY: Person = { name: null, lifecycleState: null }

export function personOf({ observed }: Identity, { showNames }: Pick<RunReport, 'showNames'>): Person {
  if (!showNames || observed === null || observed === 'absent') return NOBODY
  const { name, lifecycleState } = observed
  return { name, lifecycleState }
}

/** `2c91… (Ada Lovelace, active)`: one line, not yet made harmless. */
export function whoText(identity: Identity, report: Pick<RunReport, 'showNames'>): string {
  const { name, lifecycleState } = personOf(identity, report)
  const known = [name, lifecycleState].filter((text) => text !== null).map((text) => clip(text, 100))
  const id = clip(idOf(identity))
  return known.length === 0 ? id : `${id} (${known.join(', ')})`
}
