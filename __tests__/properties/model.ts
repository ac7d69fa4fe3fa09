/**
 * Which identities are submitted, and what becomes of each identity on the list: the contract's words once more, written
 * apart from the code under test. It knows neither faults nor verification.
 */

/** Of an identity whose lifecycle state ISC does not give, or gives in another shape than documented. */
export const UNKNOWN = Symbol('unknown')
export type LifecycleState = string | null | typeof UNKNOWN

export interface Person {
  readonly id: string
  readonly alias: string
  readonly email: string
  identityStatus: string | null
  lifecycleState: LifecycleState
}

/** What a plan approved. `blocked`: an earlier run blocked it, or nothing is known of what was approved. */
type Approval = { readonly state: LifecycleState } | 'blocked' | null

/** An entry of the list, or of an earlier report. */
export interface Wanted {
  readonly text: string
  /** Where an earlier report names it. */
  readonly id: string | null
  /** The list file; null for an inline list. */
  readonly file: string | null
  readonly approval: Approval
}

/** What a run works on. */
export interface Source {
  readonly wanted: readonly Wanted[]
  /** What is known of the report that it is taken from; null: it is a list. */
  readonly report: { readonly isAnyKnown: boolean } | null
}

export interface Step {
  readonly identifyBy: 'id' | 'alias' | 'email'
  /** null: the guard is off, as for all others. */
  readonly exclude: readonly string[] | null
  /** By file, what is still listed. */
  readonly stillListed: ReadonlyMap<string, readonly string[]> | null
  readonly refuseStates: readonly string[]
  readonly maxToEnable: number | null
  readonly maxIdentities: number | null
  readonly maxFailures: number | null
  readonly ignore404: boolean
  readonly skipEnabled: boolean
  readonly showNames: boolean
  readonly dryRun: boolean
  /** ISC cannot be reached during the run. */
  readonly isCutOff: boolean
  /** A pull request from a fork: there is no credential. */
  readonly isFork: boolean
}

export type End = 'succeeded' | 'failed' | 'unprocessed'

export interface Prediction {
  readonly isSuccess: boolean
  readonly stopReason: '' | 'invalid-input' | 'unreachable' | 'wrong-tenant' | 'max-to-enable'
  /** IDs that the tenant receives, in lower case. */
  readonly submitted: ReadonlySet<string>
  /** By ID, or by the text where there is no ID; in lower case. */
  readonly ends: ReadonlyMap<string, End>
  readonly excluded: number
  /** null: states are not read. */
  readonly toEnable: number | null
  /** What a later run takes from this one's report; null: the report cannot be used. */
  readonly forLater: Source | null
}

const ENABLED = new Set(['ACTIVE', 'REGISTERED', 'UNREGISTERED', 'PENDING', 'WARNING', 'LOCKED', 'ERROR'])

const lower = (text: string): string => text.toLowerCase()

/** How guards compare: without regard to case, blanks around it, characters that cannot be seen, dashes of an ISC ID. */
export function guarded(text: string): string {
  const seen = lower(text.replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/g, '').trim())
  return isIscId(seen) ? seen.replaceAll('-', '') : seen
}

function isIscId(text: string): boolean {
  return /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/i.test(text)
}

type Fate = 'excluded' | 'not-found' | 'ambiguous' | 'blocked' | 'already-enabled' | 'enable'

interface Case {
  readonly wanted: Wanted
  readonly person: Person | undefined
  readonly fate: Fate
  /** The run read that the identity exists. */
  readonly isRead: boolean
}

const NOTHING = { submitted: new Set<string>(), ends: new Map<string, End>(), excluded: 0, toEnable: null }
const INVALID: Prediction = { ...NOTHING, isSuccess: false, stopReason: 'invalid-input', forLater: null }

/** Predicts a run; null: of a report that cannot be used. */
export function predict(source: Source | null, people: readonly Person[], step: Step): Prediction {
  if (source === null || isInvalid(step)) return INVALID
  const once = withoutDuplicates(source.wanted)
  if (step.maxIdentities !== null && once.length > step.maxIdentities) return INVALID
  if (step.isFork || step.isCutOff) return predictWithoutAnswers(once, step)
  const readsStates =
    step.dryRun ||
    step.skipEnabled ||
    step.showNames ||
    step.refuseStates.length > 0 ||
    step.maxToEnable !== null ||
    once.some(({ approval }) => approval !== null) ||
    (source.report !== null && (step.exclude !== null || step.stillListed !== null))
  const all = once.map((wanted) => judge(wanted, people, step, readsStates))
  const cases = all.filter(({ fate }) => fate !== 'excluded')
  const toEnable = cases.filter(({ fate }) => fate === 'enable')
  const isTooMany = step.maxToEnable !== null && toEnable.length > step.maxToEnable
  const submits = !step.dryRun && !isTooMany
  const endOf = ({ fate, person }: Case): End => {
    if (fate === 'already-enabled') return 'succeeded'
    if (fate !== 'enable') return 'failed'
    if (!submits) return 'unprocessed'
    return person === undefined ? 'failed' : 'succeeded'
  }
  const isMissing = (one: Case): boolean =>
    one.fate === 'not-found' || (one.fate === 'enable' && one.person === undefined && submits)
  const isKnown = (one: Case): boolean =>
    one.isRead || one.fate === 'ambiguous' || (one.fate === 'enable' && one.person !== undefined && submits)
  const isWrongTenant =
    once.length >= 2 && cases.some(isMissing) && !all.some(isKnown) && !source.report?.isAnyKnown
  const failed = cases.filter((one) => endOf(one) === 'failed')
  const ignored = new Set(step.ignore404 ? failed.filter(isMissing) : [])
  const isExceeded = failed.length - ignored.size > (step.maxFailures ?? 0)
  const unprocessed = cases.filter((one) => endOf(one) === 'unprocessed')
  const stopReason = isWrongTenant ? 'wrong-tenant' : isTooMany ? 'max-to-enable' : ''
  const isSuccess = stopReason === '' && !isExceeded && (step.dryRun || unprocessed.length === 0)
  const left = step.dryRun ? toEnable : [...failed.filter((one) => !ignored.has(one)), ...unprocessed]
  const isUsable = step.dryRun ? isSuccess : isSuccess || left.length > 0
  // A report says of an identity that it exists by its outcome, its plan, or a state.
  const isReported = (one: Case): boolean =>
    endOf(one) === 'succeeded' ||
    (readsStates && one.person !== undefined && (one.fate === 'enable' || hasState(one.person)))
  return {
    isSuccess,
    stopReason,
    submitted: new Set(submits ? toEnable.map(nameOf) : []),
    ends: new Map(cases.map((one) => [nameOf(one), step.dryRun ? 'unprocessed' : endOf(one)])),
    excluded: all.length - cases.length,
    toEnable: readsStates ? toEnable.length : null,
    forLater: isUsable
      ? {
          wanted: left.map((one) => later(one, step.dryRun)),
          report: { isAnyKnown: cases.some(isReported) },
        }
      : null,
  }
}

/** Without a credential, or without a network: what the list alone excludes is excluded, and all else stays to do. */
function predictWithoutAnswers(once: readonly Wanted[], step: Step): Prediction {
  const left = once.filter(
    (wanted) => !isListedOut(wanted, step) && !isDenied([wanted.text, wanted.id], step),
  )
  const isSuccess = step.isFork || left.length === 0
  const keeps = (wanted: Wanted): Wanted => ({
    ...wanted,
    approval: step.dryRun ? 'blocked' : wanted.approval,
  })
  const isUsable = step.dryRun ? isSuccess : true
  return {
    ...{ ...NOTHING, isSuccess, stopReason: isSuccess ? '' : 'unreachable' },
    ends: new Map(left.map(({ id, text }) => [lower(id ?? text), 'unprocessed'])),
    excluded: once.length - left.length,
    forLater: isUsable ? { wanted: left.map(keeps), report: { isAnyKnown: false } } : null,
  }
}

/** Entries of a deny list that could match nothing. */
function isInvalid({ exclude, identifyBy }: Step): boolean {
  const isAddress = (text: string): boolean => text.includes('@')
  return (exclude ?? []).some((text) =>
    identifyBy === 'id' ? !isIscId(text) : identifyBy === 'email' && !isIscId(text) && !isAddress(text),
  )
}

function withoutDuplicates(list: readonly Wanted[]): Wanted[] {
  const byText = new Map<string, Wanted>()
  for (const wanted of list) {
    const key = guarded(wanted.id ?? wanted.text)
    if (!byText.has(key)) byText.set(key, wanted)
  }
  return [...byText.values()]
}

function isDenied(texts: readonly (string | null)[], { exclude }: Step): boolean {
  const denied = new Set((exclude ?? []).map(guarded))
  return texts.some((text) => text !== null && denied.has(guarded(text)))
}

/** The file in which an identity was listed no longer has this text. */
function isListedOut({ file, text }: Pick<Wanted, 'file' | 'text'>, { stillListed }: Step): boolean {
  if (stillListed === null) return false
  return file === null || !(stillListed.get(file) ?? []).map(guarded).includes(guarded(text))
}

function judge(wanted: Wanted, people: readonly Person[], step: Step, readsStates: boolean): Case {
  const { text, id, approval } = wanted
  const by = id === null ? step.identifyBy : 'id'
  const matches = people.filter((person) => lower(person[by]) === lower(id ?? text))
  const person = matches.length === 1 ? matches[0] : undefined
  // By ID, and without a need for states, nothing is read at all.
  const isRead = person !== undefined && (readsStates || by !== 'id')
  const known = isRead ? [person.id, person.alias, person.email] : []
  const fate = ((): Fate => {
    if (isListedOut(wanted, step) || isDenied([text, id], step)) return 'excluded'
    if (isDenied(known, step)) return 'excluded'
    if (isRead && isListedOut({ ...wanted, text: person[step.identifyBy] }, step)) return 'excluded'
    if (matches.length > 1) return 'ambiguous'
    if (person === undefined) return by === 'id' && !readsStates ? 'enable' : 'not-found'
    if (!readsStates) return 'enable'
    return fateByState(person, approval, step)
  })()
  const isByListAlone = fate === 'excluded' && (isListedOut(wanted, step) || isDenied([text, id], step))
  // What the list alone excludes is not asked for by ID; an alias or address was not either.
  return { wanted, person, fate, isRead: isRead && !isByListAlone }
}

function fateByState({ identityStatus, lifecycleState }: Person, approval: Approval, step: Step): Fate {
  const refused = step.refuseStates.map(guarded)
  const states = [lifecycleState, identityStatus].filter((state) => typeof state === 'string')
  if (states.some((state) => refused.includes(guarded(state)))) return 'blocked'
  if (approval === 'blocked') return 'blocked'
  if (lifecycleState === UNKNOWN && (refused.length > 0 || approval !== null)) return 'blocked'
  if (approval !== null && !isSame(approval.state, lifecycleState)) return 'blocked'
  if (identityStatus !== null && ENABLED.has(identityStatus.toUpperCase())) return 'already-enabled'
  return step.dryRun && lifecycleState === UNKNOWN ? 'blocked' : 'enable'
}

function isSame(a: LifecycleState, b: LifecycleState): boolean {
  return typeof a === 'string' && typeof b === 'string' ? guarded(a) === guarded(b) : a === b
}

function hasState({ identityStatus, lifecycleState }: Person): boolean {
  return identityStatus !== null || typeof lifecycleState === 'string'
}

function nameOf({ wanted, person }: Case): string {
  return lower(person?.id ?? wanted.text)
}

/** A plan approves the state that it saw. A run keeps what was approved, and blocks what it or an earlier run blocked. */
function later({ wanted, person, fate }: Case, isPlan: boolean): Wanted {
  const id = fate === 'ambiguous' ? null : (person?.id ?? wanted.id)
  const kept = fate === 'blocked' ? 'blocked' : wanted.approval
  return { ...wanted, id, approval: isPlan ? { state: person?.lifecycleState ?? null } : kept }
}
