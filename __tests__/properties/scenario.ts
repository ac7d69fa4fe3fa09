import fc from 'fast-check'

import type { Person, Step } from './model.ts'

/** Where a list is written, and how. */
export const FORMS = ['inline', 'inline JSON', 'txt', 'csv', 'json', 'yml', 'two files'] as const
type Form = (typeof FORMS)[number]

export interface Change {
  /** Index among the people. */
  readonly who: number
  readonly identityStatus?: string | null
  readonly lifecycleState?: string | null
}

/** One story: people, a list of them, a first run or plan, what changes then, and a run of its report. */
export interface Scenario {
  readonly people: readonly Person[]
  readonly list: readonly string[]
  readonly form: Form
  readonly answerIdsIn: 'lower' | 'upper' | null
  readonly first: Step
  /** Of how many shards the first run is made; their guards are off. */
  readonly shards: number
  readonly drift: readonly Change[]
  readonly second: Step | null
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
const STATES = ['active', 'leave', 'terminated', null]
const REFUSED = ['terminated', 'TERMINATED', 'Leave', 'locked', 'something_new']

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

const inAnyCase = (text: string, n: number): string =>
  [text, text.toUpperCase(), text.toLowerCase()][n % 3] ?? text

export const scenario: fc.Arbitrary<Scenario> = fc
  .tuple(people, fc.constantFrom('id' as const, 'alias' as const, 'email' as const))
  .chain(([everybody, identifyBy]) => {
    const who = fc.nat(Math.max(0, everybody.length - 1))
    const stranger = fc
      .nat(5)
      .map((n) => ({ id: `${n}`.padStart(32, 'd'), alias: `Nobody.${n}`, email: `Nobody.${n}@example.com` }))
    const anybody =
      everybody.length === 0
        ? stranger
        : fc.oneof(
            { weight: 1, arbitrary: stranger },
            { weight: 8, arbitrary: fc.constantFrom(...everybody) },
          )
    const named = (by: 'id' | 'alias' | 'email') =>
      fc.tuple(anybody, fc.nat(2)).map(([one, n]) => inAnyCase(one[by], n))
    const seldom = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => mostly(fc.constant(null), some)
    const listed = named(identifyBy)
    const step = (dryRun: fc.Arbitrary<boolean>): fc.Arbitrary<Step> =>
      fc.record({
        identifyBy: fc.constant(identifyBy),
        exclude: fc.option(fc.array(fc.oneof(named('id'), listed), { maxLength: 3 }), { freq: 2 }),
        refuseStates: fc.oneof(fc.constant([]), fc.subarray(REFUSED, { maxLength: 2 })),
        maxToEnable: seldom(fc.nat(6)),
        maxIdentities: seldom(fc.integer({ min: 2, max: 9 })),
        maxFailures: mostly(fc.constant(100), fc.constantFrom(1, null)),
        ignore404: fc.boolean(),
        skipEnabled: fc.boolean(),
        showNames: fc.boolean(),
        dryRun,
      })
    const withoutGuards = { maxToEnable: null, maxIdentities: null }
    return fc
      .record({
        people: fc.constant(everybody),
        list: mostly(fc.array(listed, { minLength: 4, maxLength: 14 }), fc.array(listed, { maxLength: 3 })),
        form: fc.constantFrom(...FORMS),
        answerIdsIn: fc.constantFrom('lower' as const, 'upper' as const, null),
        first: step(fc.boolean()),
        shards: mostly(fc.constant(1), fc.constantFrom(2, 3)),
        drift:
          everybody.length === 0
            ? fc.constant([])
            : fc.array(
                fc.record({ who, identityStatus: status, lifecycleState: state }, { requiredKeys: ['who'] }),
                { minLength: 2, maxLength: 6 },
              ),
        second: mostly(step(fc.constant(false)), fc.constant(null)),
      })
      .map((made) =>
        made.shards === 1
          ? made
          : { ...made, first: { ...made.first, ...withoutGuards, dryRun: false }, second: null },
      )
  })

/** The inputs and files by which a list reaches the action. */
export function written(
  list: readonly string[],
  form: Form,
): { inputs: Record<string, string>; files: Record<string, string> } {
  const file = (name: string, content: string) => ({
    inputs: { 'identity-ids-file': name },
    files: { [name]: content },
  })
  switch (form) {
    case 'inline':
      // A list without anything is only one as JSON.
      if (list.length > 0) return { inputs: { 'identity-ids': list.join(' , ') }, files: {} }
      return { inputs: { 'identity-ids': '[]' }, files: {} }
    case 'inline JSON':
      return { inputs: { 'identity-ids': JSON.stringify(list) }, files: {} }
    case 'txt':
      return file('ids.txt', `# The list\n${list.map((text) => `${text} # somebody`).join('\n')}\n`)
    case 'csv':
      return file('ids.csv', `name,id\n${list.map((text) => `Somebody,"${text}"\n`).join('')}`)
    case 'json':
      return file('ids.json', JSON.stringify(list.map((id) => ({ name: 'Somebody', id }))))
    case 'yml':
      return file('ids.yml', list.length === 0 ? '[]\n' : list.map((text) => `- "${text}"\n`).join(''))
    case 'two files': {
      const half = Math.ceil(list.length / 2)
      const [a, b] = [list.slice(0, half), list.slice(half)].map((part) => part.join('\n'))
      return {
        inputs: { 'identity-ids-file': 'lists/*.txt' },
        files: { 'lists/a.txt': a ?? '', 'lists/b.txt': b ?? '' },
      }
    }
  }
}

/** The inputs that a step stands for, list aside. */
export function inputsOf(step: Step): Record<string, string> {
  return {
    ...(step.exclude !== null && { 'exclude-ids-file': 'exclude.txt' }),
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
  }
}
