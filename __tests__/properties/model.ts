/**
 * Who is sent, and what becomes of everybody on the list: the contract's words once more, written apart from the code
 * under test. It knows neither faults nor verification.
 */

export interface Person {
  readonly id: string
  readonly alias: string
  readonly email: string
  identityStatus: string | null
  lifecycleState: string | null
}

export interface Wanted {
  /** As it stands in the list. */
  readonly text: string
  /** Where an earlier report names it. */
  readonly id: string | null
  /** The lifecycle state with which it was planned or tried; undefined: none was read. */
  readonly planned?: string | null
  /** The run whose report this is taken from refused it: it stays refused until there is a new plan. */
  readonly refusedBefore?: boolean
}

export interface Step {
  readonly identifyBy: 'id' | 'alias' | 'email'
  readonly exclude: readonly string[] | null
  readonly refuseStates: readonly string[]
  readonly maxToEnable: number | null
  readonly maxIdentities: number | null
  readonly maxFailures: number | null
  readonly ignore404: boolean
  readonly skipEnabled: boolean
  readonly showNames: boolean
  readonly dryRun: boolean
}

export type End = 'succeeded' | 'failed' | 'unprocessed'

export interface Prediction {
  /** The list or an earlier report is refused: nothing is known of anybody. */
  readonly isRefused: boolean
  readonly isSuccess: boolean
  /** Ids that the tenant receives, in lower case. */
  readonly sent: ReadonlySet<string>
  /** By id, or by the text where there is no id; in lower case. */
  readonly ends: ReadonlyMap<string, End>
  readonly excluded: number
  /** null: states are not read. */
  readonly toEnable: number | null
  /** What a later run takes from this one's report; null: it is refused. */
  readonly forLater: readonly Wanted[] | null
}

const ENABLED = new Set([
  'ACTIVE',
  'REGISTERED',
  'UNREGISTERED',
  'PENDING',
  'WARNING',
  'LOCKED',
  'ERROR',
  null,
])

const lower = (text: string): string => text.toLowerCase()

type Fate = 'excluded' | 'not-found' | 'ambiguous' | 'refused' | 'already-enabled' | 'enable'

interface Case {
  readonly wanted: Wanted
  readonly person: Person | undefined
  readonly fate: Fate
}

const REFUSED: Prediction = {
  ...{ isRefused: true, isSuccess: false, sent: new Set<string>(), ends: new Map<string, End>() },
  ...{ excluded: 0, toEnable: null, forLater: null },
}

/** Predicts a run of the list; null: of a report that cannot be taken. */
export function predict(list: readonly Wanted[] | null, people: readonly Person[], step: Step): Prediction {
  if (list === null) return REFUSED
  // Among ids, a text that is none would leave nobody out.
  if (step.identifyBy === 'id' && step.exclude?.some((text) => !/^[a-z0-9][a-z0-9-]{0,63}$/i.test(text)))
    return REFUSED
  const once = withoutDuplicates(list)
  if (step.maxIdentities !== null && once.length > step.maxIdentities) return REFUSED
  const isPlanned = once.some(({ planned, refusedBefore }) => planned !== undefined || refusedBefore)
  const readsStates =
    step.dryRun ||
    step.skipEnabled ||
    step.showNames ||
    step.refuseStates.length > 0 ||
    step.maxToEnable !== null ||
    isPlanned
  const all = once.map((wanted) => judge(wanted, people, step, readsStates))
  const cases = all.filter(({ fate }) => fate !== 'excluded')
  const toEnable = cases.filter(({ fate }) => fate === 'enable')
  const isTooMany = step.maxToEnable !== null && toEnable.length > step.maxToEnable
  const isWrongTenant =
    cases.length >= 2 &&
    cases.every(({ fate, person }) => fate === 'not-found' || (fate === 'enable' && person === undefined))
  const sends = !step.dryRun && !isTooMany
  const endOf = ({ fate, person }: Case): End => {
    switch (fate) {
      case 'already-enabled':
        return 'succeeded'
      case 'enable':
        if (!sends) return 'unprocessed'
        return person === undefined ? 'failed' : 'succeeded'
      default:
        return 'failed'
    }
  }
  const isUnknown = ({ fate, person }: Case): boolean =>
    fate === 'not-found' || (fate === 'enable' && person === undefined && sends)
  const failed = cases.filter((one) => endOf(one) === 'failed')
  const ignored = new Set(step.ignore404 ? failed.filter(isUnknown) : [])
  const isExceeded = failed.length - ignored.size > (step.maxFailures ?? 0)
  const unprocessed = cases.filter((one) => endOf(one) === 'unprocessed')
  const isSuccess =
    cases.length === 0 ||
    !(isTooMany || isWrongTenant || isExceeded || (!step.dryRun && unprocessed.length > 0))
  const label = ({ wanted, person }: Case): string => lower(person?.id ?? wanted.text)
  return {
    isRefused: false,
    isSuccess,
    sent: new Set(sends ? toEnable.map(label) : []),
    ends: new Map(cases.map((one) => [label(one), step.dryRun ? 'unprocessed' : endOf(one)])),
    excluded: all.length - cases.length,
    toEnable: readsStates ? toEnable.length : null,
    forLater: step.dryRun
      ? isSuccess
        ? toEnable.map((one) => later(one, { planned: one.person?.lifecycleState ?? null }))
        : null
      : laterOfRun([...failed.filter((one) => !ignored.has(one)), ...unprocessed], isSuccess, readsStates),
  }
}

/** A run that failed and leaves nobody to try again is nothing to go on with. */
function laterOfRun(left: readonly Case[], isSuccess: boolean, readsStates: boolean): Wanted[] | null {
  if (!isSuccess && left.length === 0) return null
  return left.map((one) => {
    const { identityStatus = null, lifecycleState = null } = one.person ?? {}
    const isKnown = readsStates && (identityStatus !== null || lifecycleState !== null)
    return later(one, isKnown ? { planned: lifecycleState } : {})
  })
}

function withoutDuplicates(list: readonly Wanted[]): Wanted[] {
  const byText = new Map<string, Wanted>()
  for (const wanted of list) {
    const key = lower(wanted.id ?? wanted.text)
    if (!byText.has(key)) byText.set(key, wanted)
  }
  return [...byText.values()]
}

function judge(wanted: Wanted, people: readonly Person[], step: Step, readsStates: boolean): Case {
  const by = wanted.id === null ? step.identifyBy : 'id'
  const named = lower(wanted.id ?? wanted.text)
  const matches = people.filter((person) => lower(person[by]) === named)
  const person = matches.length === 1 ? matches[0] : undefined
  const excluded = new Set((step.exclude ?? []).map(lower))
  const names = [wanted.text, wanted.id, person?.id].filter((name) => typeof name === 'string')
  const isExcluded = names.some((name) => excluded.has(lower(name)))
  const fate = ((): Fate => {
    if (isExcluded) return 'excluded'
    if (matches.length > 1) return 'ambiguous'
    if (person === undefined) return by === 'id' && !readsStates ? 'enable' : 'not-found'
    if (!readsStates) return 'enable'
    const refused = step.refuseStates.map(lower)
    const states = [person.lifecycleState, person.identityStatus].filter((state) => state !== null)
    if (states.some((state) => refused.includes(lower(state)))) return 'refused'
    if (wanted.refusedBefore) return 'refused'
    if (wanted.planned !== undefined && wanted.planned !== person.lifecycleState) return 'refused'
    return ENABLED.has(person.identityStatus) ? 'already-enabled' : 'enable'
  })()
  return { wanted, person, fate }
}

function later({ wanted, person, fate }: Case, planned: Pick<Wanted, 'planned'> = {}): Wanted {
  const id = fate === 'ambiguous' ? null : (person?.id ?? null)
  return { text: wanted.text, id, ...planned, refusedBefore: fate === 'refused' }
}
