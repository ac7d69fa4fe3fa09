import { folded, requested, type Entry, type Identity } from '../identity.ts'

/** What one run takes, whatever `max-identities` says. Measured so that memory stays below 2 GiB. */
const MOST_ENTRIES = 5_000_000

/** So many malformed entries are counted in any case. */
const MALFORMED = 1_000

/** The list is longer than it may be; ends the reading. */
export class TooLong extends Error {}

/** How long a list may be: `max-identities`, and what one run takes. */
export class Limit {
  readonly max: number | null
  readonly #most: number

  constructor(max: number | null, most = MOST_ENTRIES) {
    this.max = max
    this.#most = most
  }

  /** Asks whether so many may be in the list. @throws TooLong */
  heed(length: number): void {
    if (this.max !== null && length > this.max) {
      throw new TooLong(
        `Input max-identities: the list is longer than ${this.max}, the most that is accepted; it was read no further.`,
      )
    }
    if (length > this.#most) {
      throw new TooLong(
        `The list is longer than ${this.#most}, the most that one run takes; it was read no further.`,
      )
    }
  }
}

/** The identities that a list asks for as they come, each once. */
export class Collection {
  readonly identities: Identity[] = []
  duplicates = 0
  #malformed = 0
  readonly #seen = new Set<string>()
  readonly #limit: Limit

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** @throws TooLong */
  add({ identifier: given, id: givenId, file, line }: Entry): void {
    const identifier = copied(given)
    const id = givenId === given ? identifier : givenId
    const key = folded(id ?? identifier)
    if (this.#seen.has(key)) {
      this.duplicates += 1
      return
    }
    this.#limit.heed(this.identities.length + 1)
    this.#seen.add(key)
    this.identities.push(requested({ identifier, id, file, line }))
  }

  /** A malformed entry: however many there are, reading ends as well. @throws TooLong */
  countMalformed(): void {
    this.#malformed += 1
    if (this.#limit.max !== null && this.#malformed > MALFORMED) this.#limit.heed(this.#malformed)
  }
}

/** The same text on its own: V8 keeps the whole piece of a file in memory as long as a part cut from it. */
function copied(text: string): string {
  return Buffer.from(text).toString()
}
