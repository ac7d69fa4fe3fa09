import {
  boolean,
  check,
  getDotPath,
  maxLength,
  minValue,
  nullable,
  number,
  object,
  picklist,
  pipe,
  safeInteger,
  safeParse,
  string,
  type InferOutput,
} from 'valibot'

import { folded } from '../identity.ts'
import { quoted } from '../problems.ts'
import type { IdentifyBy } from '../settings.ts'
import { faultOf } from './entry.ts'

const State = nullable(pipe(string(), maxLength(256)))

/** An identity of a report, as far as it matters here: docs/report.schema.json. */
const Reported = object({
  id: nullable(string()),
  identifier: string(),
  outcome: picklist(['succeeded', 'failed', 'unprocessed']),
  ignored: boolean(),
  plan: nullable(picklist(['enable', 'already-enabled', 'not-found', 'refused'])),
  identityStatus: State,
  lifecycleState: State,
  source: nullable(
    object({
      file: pipe(string(), maxLength(4096), check(isWithinRepository)),
      line: nullable(pipe(number(), safeInteger(), minValue(1))),
    }),
  ),
})

export type Reported = InferOutput<typeof Reported>

/** The identities of an earlier run's report as they come. Only those are kept that may be taken. */
export class ReportedIdentities {
  readonly counts = { total: 0, succeeded: 0, failed: 0, unprocessed: 0 }
  readonly #kept: Reported[] = []
  readonly #seen = new Set<string>()
  /** Each text that many identities share, once. */
  readonly #shared = new Map<string, string>()

  /** Takes the next one; `dryRun` as far as that is known yet. Returns what is wrong with it, or null. */
  add(value: unknown, dryRun: unknown): string | null {
    const parsed = safeParse(Reported, value, { abortEarly: true })
    if (!parsed.success) return `${getDotPath(parsed.issues[0]) ?? 'it'} is not as it has to be`
    const identity = parsed.output
    this.counts.total += 1
    this.counts[identity.outcome] += 1
    const key = folded(identity.id ?? identity.identifier)
    if (this.#seen.has(key)) return 'it stands there before'
    this.#seen.add(key)
    if (isTaken(identity, dryRun)) this.#kept.push(this.#sharing(identity))
    return null
  }

  /** How many there are so far that may be taken. */
  get count(): number {
    return this.#kept.length
  }

  /** Those of a plan, or of a run, that are taken. A text says why one of them cannot be. */
  taken(dryRun: boolean, identifyBy: IdentifyBy): readonly Reported[] | string {
    const taken = this.#kept.filter((identity) => isTaken(identity, dryRun))
    const faults = taken.values().map((identity) => faultOfNames(identity, identifyBy))
    return faults.find((fault) => fault !== null) ?? taken
  }

  #sharing({ identityStatus, lifecycleState, source, ...identity }: Reported): Reported {
    const share = (text: string): string => {
      if (!this.#shared.has(text)) this.#shared.set(text, text)
      return this.#shared.get(text) ?? text
    }
    return {
      ...identity,
      identityStatus: identityStatus === null ? null : share(identityStatus),
      lifecycleState: lifecycleState === null ? null : share(lifecycleState),
      source: source === null ? null : { ...source, file: share(source.file) },
    }
  }
}

/** Of a plan, those it would enable and those whose state it could not read; of a run, who is not done with. */
function isTaken({ plan, outcome, ignored }: Reported, dryRun: unknown): boolean {
  const ofPlan = plan === 'enable' || plan === null
  const ofRun = outcome === 'unprocessed' || (outcome === 'failed' && !ignored)
  if (dryRun === true) return ofPlan
  return dryRun === false ? ofRun : ofPlan || ofRun
}

function faultOfNames({ id, identifier }: Reported, identifyBy: IdentifyBy): string | null {
  const fault = faultOf(identifier, identifyBy) ?? (id === null ? null : faultOf(id, 'id'))
  if (fault !== null || identifyBy !== 'id') return fault
  if (id === null) return `${quoted(identifier)} has no id`
  return folded(id) === folded(identifier) ? null : `${quoted(identifier)} has another id`
}

/** Whether a place in a list is one: relative, with `/`, and not outside of the repository. */
function isWithinRepository(file: string): boolean {
  return file !== '' && !file.startsWith('/') && !file.split('/').includes('..')
}
