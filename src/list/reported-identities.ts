import { getDotPath, safeParse } from 'valibot'

import { isIdentityId, type Approval } from '../identity.ts'
import { comparable } from '../policy/exclusion.ts'
import { quoted } from '../problems.ts'
import type { IdentifyBy } from '../settings.ts'
import { copied, type Collection } from './collection.ts'
import { identifierIn } from './identifier.ts'
import { parsedLine, ReportedSchema, type Reported } from './report-line.ts'

/** What the report says of itself. */
interface ReportKind {
  readonly dryRun: boolean
  readonly identifyBy: IdentifyBy
}

/** The identities of an earlier run's report as they come. Those that are taken go into the collection. */
export class ReportedIdentities {
  readonly counts = { total: 0, succeeded: 0, failed: 0, unprocessed: 0 }
  /** How many of them the report knows to exist in the tenant. */
  knownToExist = 0
  readonly #collection: Collection
  readonly #kind: ReportKind
  /** Each value that many identities share, once. */
  readonly #approvals = new Map<string | null, Approval>()
  readonly #files = new Map<string, string>()
  #file = ''

  constructor(collection: Collection, kind: ReportKind) {
    this.#collection = collection
    this.#kind = kind
  }

  /** Takes the next one, of a report whose keys are known to be different. Returns what is wrong with it, or null. @throws TooLong */
  addValue(value: unknown): string | null {
    const { success, output, issues } = safeParse(ReportedSchema, value, { abortEarly: true })
    return success ? this.#add(output) : (getDotPath(issues[0]) ?? 'it is no object')
  }

  /** Takes the next one, a line of the report. Returns what is wrong with it, or null. @throws TooLong, SyntaxError */
  addLine(line: string): string | null {
    const reported = parsedLine(line)
    if (reported !== null) return this.#add(reported)
    const value: unknown = JSON.parse(line)
    return isKeyTwice(line, value) ? 'a key appears twice in it' : this.addValue(value)
  }

  #add(reported: Reported): string | null {
    const { identifyBy } = this.#kind
    const { id, identifier, source, listedName, reason } = reported
    if (isTaken(reported, this.#kind.dryRun)) {
      const wrong = faultOfNames(reported, identifyBy)
      if (wrong !== null) return wrong
      const name = copied(identifier)
      this.#collection.push({
        identifier: name,
        id: id === identifier ? name : id === null ? null : copied(id),
        file: source === null ? null : this.#shared(source.file),
        line: source?.line ?? null,
        listedName,
        reason,
        approval: this.#approvalOf(reported),
      })
    }
    this.counts.total += 1
    this.counts[reported.outcome] += 1
    if (isKnown(reported)) this.knownToExist += 1
    return null
  }

  /** What was approved. An earlier run that took a plan's identity has kept it in `plannedLifecycleState`. */
  #approvalOf({ plan, lifecycleState, plannedLifecycleState }: Reported): Approval | null {
    if (this.#kind.dryRun) return plan === 'enable' ? this.#approved(lifecycleState) : UNKNOWN
    if (plan === 'refused') return BLOCKED
    return plannedLifecycleState === null ? null : this.#approved(plannedLifecycleState || null)
  }

  #approved(lifecycleState: string | null): Approval {
    const known = this.#approvals.get(lifecycleState)
    if (known !== undefined) return known
    const state = lifecycleState === null ? null : copied(lifecycleState)
    const approval: Approval = { kind: 'approved', lifecycleState: state }
    this.#approvals.set(state, approval)
    return approval
  }

  #shared(text: string): string {
    if (text === this.#file) return this.#file
    this.#file = this.#files.get(text) ?? copied(text)
    this.#files.set(this.#file, this.#file)
    return this.#file
  }
}

const UNKNOWN: Approval = { kind: 'unknown' }
const BLOCKED: Approval = { kind: 'blocked' }

/** Of a plan, those it would enable and those whose state it could not read; of a run, those that are not done. */
function isTaken({ plan, outcome, ignored }: Reported, dryRun: boolean): boolean {
  if (dryRun) return plan === 'enable' || plan === null
  return outcome === 'unprocessed' || (outcome === 'failed' && !ignored)
}

function isKnown({ outcome, plan, identityStatus, lifecycleState }: Reported): boolean {
  const isRead = identityStatus !== null || lifecycleState !== null
  return outcome === 'succeeded' || isRead || plan === 'enable' || plan === 'already-enabled'
}

function faultOfNames({ id, identifier }: Reported, identifyBy: IdentifyBy): string | null {
  const name = identifierIn(identifier, identifyBy)
  if (name !== identifier)
    return typeof name === 'string' ? 'identifier' : (name.message.split('. ')[0] ?? '')
  if (identifyBy === 'id' && id === identifier) return null
  if (id !== null && !isIdentityId(id)) return `${quoted(id)} is not an ISC ID`
  if (identifyBy !== 'id') return null
  if (id === null) return `${quoted(identifier)} has no id`
  return comparable(id) === comparable(identifier) ? null : `${quoted(identifier)} has another id`
}

const STRING = /"(?:[^"\\]|\\.)*"/g

/**
 * Whether an object has a key twice, of which programs read either the first or the last. If so, the text has more
 * strings than the value has keys and strings.
 */
function isKeyTwice(text: string, value: unknown): boolean {
  return (text.match(STRING)?.length ?? 0) !== stringsIn(value)
}

function stringsIn(value: unknown): number {
  if (typeof value === 'string') return 1
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce<number>((count, member) => count + stringsIn(member), 0)
  return Array.isArray(value) ? inner : inner + Object.keys(value).length
}
