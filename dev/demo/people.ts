import { identityId, type Identity } from '../tenant/population.ts'

const FIRST = [
  'Ada',
  'Grace',
  'Katherine',
  'Alan',
  'Sinéad',
  'Edsger',
  'Barbara',
  'Jean-Luc',
  'Frances',
  'Niklaus',
]
const LAST = [
  'Lovelace',
  'Hopper',
  'Johnson',
  'Turing',
  'O’Connor',
  'Dijkstra',
  'Liskov',
  'Picard',
  'Allen',
  'Wirth',
]

/** The name of the n-th person of a story. */
export function nameOf(n: number): string {
  return `${FIRST[n % 10] ?? ''} ${LAST[(n + Math.floor(n / 10)) % 10] ?? ''}`
}

/** From so many people on, one has left, one is on the deny list, and the list has one of them by another name. */
const FEWEST = 10
const [LEAVER, DENIED, MISTAKEN] = [4, 6, 2]

/** An entry of the list. */
export interface ListedPerson {
  readonly id: string
  readonly name: string
  readonly reason?: string
}

/** People as a team would have them: in ISC, on the list, and on the deny list. */
export function peopleOf(count: number): {
  readonly identities: readonly Partial<Identity>[]
  readonly listed: readonly ListedPerson[]
  readonly denied: readonly string[]
} {
  const isStory = count >= FEWEST
  const identities = Array.from({ length: count }, (_, n) => {
    const isActive = n >= count - Math.floor(count / 10)
    const stateName = isActive ? 'active' : isStory && n === LEAVER ? 'terminated' : 'leave'
    return {
      id: identityId(n),
      name: nameOf(n),
      identityStatus: isActive ? 'ACTIVE' : 'DISABLED',
      lifecycleState: { stateName, manuallyUpdated: false },
    }
  })
  const listed = identities.map(({ id, name }, n) => ({
    id,
    name: isStory && n === MISTAKEN ? 'Margaret Hamilton' : name,
    reason: 'Back from leave',
  }))
  return { identities, listed, denied: isStory ? [identityId(DENIED)] : [] }
}
