import fc from 'fast-check'

import { UNKNOWN, type LifecycleState, type Person, type Step, type Wanted } from './model.ts'

/** Where a list is written, and how. */
export const FORMS = ['inline', 'inline JSON', 'txt', 'csv', 'json', 'yml', 'two files'] as const
type Form = (typeof FORMS)[number]

export interface Change {
  /** Index among the people. */
  readonly person: number
  readonly identityStatus?: string | null
  readonly lifecycleState?: LifecycleState
}

/** A run, or a plan, in which of the list each entry is still listed, where `still-listed` is on. */
export interface Chapter {
  /** What changes before it. */
  readonly drift: readonly Change[]
  readonly step: Omit<Step, 'stillListed'>
  readonly kept: readonly boolean[] | null
}

/** One story: people, a list of them, a first run or plan, and runs that each take the report of the one before. */
export interface Scenario {
  readonly people: readonly Person[]
  readonly list: readonly string[]
  readonly form: Form
  readonly answerIdsIn: 'lower' | 'upper' | null
  readonly first: Omit<Step, 'stillListed'>
  /** Of how many shards the first run is made; their guards are off. */
  readonly shards: number
  readonly later: readonly Chapter[]
}

const STATUSES = [
  'DISABLED',
  'ACTIVE',
  'LOCKED',
  'TERMINATED',
  'DEACTIVATED',
  'SOMETHING_NEW',
  'PENDING',
  null,
]
const STATES: readonly LifecycleState[] = ['active', 'active', 'leave', 'terminated', null, UNKNOWN]
const REFUSED = ['terminated', 'TERMINATED', 'L\u00ADeave', 'locked', 'something_new']

const hexId = fc
  .tuple(fc.stringMatching(/^[0-9a-f]{32}$/), fc.boolean())
  .map(([id, isUpper]) => (isUpper ? id.toUpperCase() : id))

const status = fc.oneof({ weight: 3, arbitrary: fc.constant('DISABLED') }, fc.constantFrom(...STATUSES))
const state = fc.constantFrom(...STATES)

/** Mostly the first. */
const mostly = <T, U>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: unusual })

const people: fc.Arbitrary<Person[]> = mostly(fc.constant(4), fc.constant(0))
  .chain((minLength) =>
    fc.uniqueArray(fc.tuple(hexId, fc.nat(15), status, state), {
      minLength,
      maxLength: 10,
      selector: ([id]) => id.toLowerCase(),
    }),
  )
  .map((rows) =>
    rows.map(([id, address, identityStatus, lifecycleState], n) => ({
      ...{ id, alias: `User.${n}`, email: `Address.${address}@example.com` },
      ...{ identityStatus, lifecycleState },
    })),
  )

/** As people write an ID: 32 digits, or with the dashes of a UUID. */
const dashed = (id: string): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const inAnyCase = (text: string, n: number): string =>
  [text, text.toUpperCase(), text.toLowerCase()][n % 3] ?? text

export const scenario: fc.Arbitrary<Scenario> = fc
  .tuple(people, fc.constantFrom('id' as const, 'alias' as const, 'email' as const))
  .chain(([all, identifyBy]) => {
    const person = fc.nat(Math.max(0, all.length - 1))
    const stranger = fc.nat(5).map((n) => ({
      id: `${n}`.padStart(32, 'd'),
      alias: `Missing.${n}`,
      email: `Missing.${n}@example.com`,
    }))
    const anybody =
      all.length === 0
        ? stranger
        : fc.oneof({ weight: 1, arbitrary: stranger }, { weight: 8, arbitrary: fc.constantFrom(...all) })
    const named = (by: 'id' | 'alias' | 'email') =>
      fc.tuple(anybody, fc.nat(2)).map(([one, n]) => inAnyCase(one[by], n))
    const seldom = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => mostly(fc.constant(null), some)
    const listed = named(identifyBy)
    const denied = fc.oneof(
      { weight: 3, arbitrary: named('id') },
      { weight: 1, arbitrary: named('id').map(dashed) },
      { weight: 2, arbitrary: listed },
      { weight: identifyBy === 'id' ? 0 : 2, arbitrary: named('email') },
    )
    const step = (dryRun: fc.Arbitrary<boolean>): fc.Arbitrary<Chapter['step']> =>
      fc
        .record({
          identifyBy: fc.constant(identifyBy),
          exclude: fc.option(fc.array(denied, { maxLength: 3 }), { freq: 2 }),
          refuseStates: fc.oneof(fc.constant([]), fc.subarray(REFUSED, { maxLength: 2 })),
          maxToEnable: seldom(fc.nat(6)),
          maxIdentities: seldom(fc.integer({ min: 2, max: 9 })),
          maxFailures: mostly(fc.constant(100), fc.constantFrom(1, null)),
          ignore404: fc.boolean(),
          skipEnabled: fc.boolean(),
          showNames: fc.boolean(),
          dryRun,
          isCutOff: mostly(fc.constant(false), fc.boolean()),
          isFork: mostly(fc.constant(false), fc.boolean()),
        })
        .map((made) => ({ ...made, isFork: made.isFork && made.dryRun }))
    const change = fc.record(
      { person, identityStatus: status, lifecycleState: state },
      { requiredKeys: ['person'] },
    )
    const chapter: fc.Arbitrary<Chapter> = fc.record({
      drift: all.length === 0 ? fc.constant<Change[]>([]) : fc.array(change, { minLength: 1, maxLength: 5 }),
      step: step(mostly(fc.constant(false), fc.boolean())),
      kept: fc.option(
        fc.array(mostly(fc.constant(true), fc.constant(false)), { minLength: 14, maxLength: 14 }),
        { freq: 2 },
      ),
    })
    const withoutGuards = { maxToEnable: null, maxIdentities: null, isCutOff: false, isFork: false }
    return fc
      .record({
        people: fc.constant(all),
        list: mostly(fc.array(listed, { minLength: 4, maxLength: 14 }), fc.array(listed, { maxLength: 3 })),
        form: fc.constantFrom(...FORMS),
        answerIdsIn: fc.constantFrom('lower' as const, 'upper' as const, null),
        first: step(fc.boolean()),
        shards: mostly(fc.constant(1), fc.constantFrom(2, 3)),
        later: fc.array(chapter, { minLength: 1, maxLength: 3 }),
      })
      .map((made) =>
        made.shards === 1
          ? made
          : { ...made, first: { ...made.first, ...withoutGuards, dryRun: false }, later: [] },
      )
  })

interface Written {
  readonly inputs: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string>>
  /** The entries, each with its file. */
  readonly wanted: readonly Wanted[]
}

/** The inputs and files by which a list reaches the action; of the entries, those that are `kept`. */
export function written(
  given: readonly string[],
  form: Form,
  kept: readonly boolean[] | null = null,
): Written {
  const half = form === 'two files' ? Math.ceil(given.length / 2) : given.length
  const isKept = (_: string, index: number): boolean => kept?.[index] ?? true
  const parts = [
    given.slice(0, half).filter(isKept),
    given.slice(half).filter((text, n) => isKept(text, half + n)),
  ]
  const list = parts.flat()
  const file = (name: string, content: string): Written => ({
    inputs: { 'identity-ids-file': name },
    files: { [name]: content },
    wanted: entries(list, name),
  })
  switch (form) {
    case 'inline':
      // A list without anything is only one as JSON.
      if (list.length > 0)
        return { inputs: { 'identity-ids': list.join(' , ') }, files: {}, wanted: entries(list, null) }
      return { inputs: { 'identity-ids': '[]' }, files: {}, wanted: [] }
    case 'inline JSON':
      return { inputs: { 'identity-ids': JSON.stringify(list) }, files: {}, wanted: entries(list, null) }
    case 'txt':
      return file('ids.txt', `# The list\n${list.map((text) => `${text} # a joiner`).join('\n')}\n`)
    case 'csv':
      return file('ids.csv', `name,id\n${list.map((text) => `Ada,"${text}"\n`).join('')}`)
    case 'json':
      return file('ids.json', JSON.stringify(list.map((id) => ({ name: 'Ada', id }))))
    case 'yml':
      return file('ids.yml', list.length === 0 ? '[]\n' : list.map((text) => `- "${text}"\n`).join(''))
    case 'two files': {
      const [a = [], b = []] = parts
      return {
        inputs: { 'identity-ids-file': 'lists/*.txt' },
        files: { 'lists/a.txt': a.join('\n'), 'lists/b.txt': b.join('\n') },
        wanted: [...entries(a, 'lists/a.txt'), ...entries(b, 'lists/b.txt')],
      }
    }
  }
}

function entries(list: readonly string[], file: string | null): Wanted[] {
  return list.map((text) => ({ text, id: null, file, approval: null }))
}

/** The inputs that a step sets, without those of the list. */
export function inputsOf(step: Omit<Step, 'stillListed'>): Record<string, string> {
  return {
    'exclude-ids-file': step.exclude === null ? 'none' : 'exclude.txt',
    'refuse-states': step.refuseStates.join(', ') || 'none',
    'max-to-enable': String(step.maxToEnable ?? 'none'),
    'max-identities': String(step.maxIdentities ?? 'none'),
    'max-failures': String(step.maxFailures ?? ''),
    'ignore-status-codes': step.ignore404 ? '404' : '',
    'skip-enabled': String(step.skipEnabled),
    'show-names': String(step.showNames),
    'dry-run': String(step.dryRun),
    'batch-size': '3',
    'max-retries': '0',
    ...(step.isFork && { 'client-id': '', 'client-secret': '' }),
  }
}
