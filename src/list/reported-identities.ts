import { isIdentityId, type Approval, type Outcome, type Plan } from '../identity.ts'
import { comparable } from '../policy/exclusion.ts'
import { quoted } from '../problems.ts'
import type { IdentifyBy } from '../settings.ts'
import { copied, type Collection } from './collection.ts'
import { identifierIn } from './identifier.ts'

/** An identity of a report, as far as it matters here: docs/report.schema.json. */
interface Reported {
  readonly id: string | null
  readonly identifier: string
  readonly outcome: Outcome
  readonly ignored: boolean
  readonly plan: Plan | null
  readonly identityStatus: string | null
  readonly lifecycleState: string | null
  readonly source: { readonly file: string; readonly line: number | null } | null
  /** These are missing in reports of earlier versions. */
  readonly plannedLifecycleState?: string | null
  readonly listedName?: string | null
  readonly reason?: string | null
}

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

  /**
   * Takes the next one; `text`: its JSON, where keys that are twice in it are still to be found. Returns what is wrong
   * with it, or null. @throws TooLong
   */
  add(text: string | null, value: unknown): string | null {
    const fault = faultOf(value)
    if (fault !== null) return fault
    const twice = text === null ? null : keyTwice(text, value)
    if (twice !== null) return twice
    const reported = value as Reported
    const { identifyBy } = this.#kind
    const { id, identifier, source, listedName = null, reason = null } = reported
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
  #approvalOf({ plan, lifecycleState, plannedLifecycleState = null }: Reported): Approval | null {
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

const OUTCOMES: readonly unknown[] = ['succeeded', 'failed', 'unprocessed'] satisfies Outcome[]
const PLANS: readonly unknown[] = [
  'enable',
  'already-enabled',
  'not-found',
  'refused',
  null,
] satisfies (Plan | null)[]

/**
 * Which field is not as it has to be, or null. Written out, because a library takes as long for a million identities as
 * it takes to parse them.
 */
function faultOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no object'
  const given = value as Readonly<Record<keyof Reported, unknown>>
  if (!isText(given.id, 256)) return 'id'
  if (given.identifier === null || !isText(given.identifier, 512)) return 'identifier'
  if (!OUTCOMES.includes(given.outcome)) return 'outcome'
  if (typeof given.ignored !== 'boolean') return 'ignored'
  if (!PLANS.includes(given.plan)) return 'plan'
  if (!isText(given.identityStatus, 256)) return 'identityStatus'
  if (!isText(given.lifecycleState, 256)) return 'lifecycleState'
  for (const name of ['plannedLifecycleState', 'listedName', 'reason'] as const)
    if (given[name] !== undefined && !isText(given[name], 256)) return name
  return given.source === null ? null : faultOfSource(given.source)
}

function isText(value: unknown, longest: number): boolean {
  return value === null || (typeof value === 'string' && value.length <= longest)
}

function faultOfSource(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'source'
  const { file, line } = value as { readonly file?: unknown; readonly line?: unknown }
  if (typeof file !== 'string' || file.length > 4096 || !isWithinRepository(file)) return 'source.file'
  return line === null || (Number.isSafeInteger(line) && Number(line) >= 1) ? null : 'source.line'
}

/** Whether a location in a list is one: relative, with `/`, and not outside of the repository. */
function isWithinRepository(file: string): boolean {
  return file !== '' && !file.startsWith('/') && (!file.includes('..') || !file.split('/').includes('..'))
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
 * Whether a key is twice in an object, of which programs take one or the other: the text has then more strings than the
 * value has keys and strings.
 */
function keyTwice(text: string, value: unknown): string | null {
  return (text.match(STRING)?.length ?? 0) === stringsIn(value) ? null : 'a key appears twice in it'
}

function stringsIn(value: unknown): number {
  if (typeof value === 'string') return 1
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce<number>((count, member) => count + stringsIn(member), 0)
  return Array.isArray(value) ? inner : inner + Object.keys(value).length
}
