import { requested, type Entry, type Identity } from '../identity.ts'
import { comparable } from '../policy/exclusion.ts'
import type { Shard } from '../settings.ts'

/** What one run takes, whatever `max-identities` says. Measured so that memory stays below 2 GiB. */
const MOST_ENTRIES = 5_000_000

/** Bytes of all texts that a run keeps of its lists: identifiers, names, reasons, deny lists. */
const MOST_TEXT_MIB = 512

/** So many malformed entries are counted in any case. */
const MALFORMED = 1_000

/** Characters of a list's own name and reason. */
const LONGEST_NOTE = 256

/** The list is longer than it may be; ends the reading. */
export class TooLong extends Error {}

/** How long a list may be: `max-identities`, and what one run takes. */
export class Limit {
  readonly max: number | null
  readonly #most: number
  #textBytes = 0

  constructor(max: number | null, most = MOST_ENTRIES) {
    this.max = max
    this.#most = most
  }

  /** Asks whether so many may be in the list. @throws TooLong */
  heed(length: number): void {
    if (this.max !== null && length > this.max) {
      throw new TooLong(
        `The list is longer than max-identities (${this.max}), so reading stopped. Check the list, or increase max-identities.`,
      )
    }
    if (length > this.#most) {
      throw new TooLong(
        `The list is longer than ${this.#most}, the most for one run, so reading stopped. Split the list into several files and runs.`,
      )
    }
  }

  /** Takes a text that is kept. @throws TooLong */
  keep(text: string): string {
    this.#textBytes += text.length * (/^[\0-\xff]*$/.test(text) ? 1 : 2)
    if (this.#textBytes > MOST_TEXT_MIB * 1024 * 1024) {
      throw new TooLong(
        `The lists hold more than ${MOST_TEXT_MIB} MiB of identifiers, names, and reasons, the most for one run, so reading stopped. Split the list into several files and runs.`,
      )
    }
    return text
  }
}

/** The identities that a list asks for as they come, each once. */
export class Collection {
  readonly identities: Identity[] = []
  duplicates = 0
  #malformed = 0
  readonly #seen = new Set<string>()
  /** Texts that many entries share, such as a reason. */
  readonly #shared = new Map<string, string>()
  readonly #limit: Limit

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** Whether the list asks for an identity by this text. */
  has(text: string): boolean {
    return this.#seen.has(comparable(text))
  }

  /** Takes an entry, whose texts are kept as they are: see `copied`. @throws TooLong */
  add({ identifier, id, file, line, listedName, reason, approval }: Entry): void {
    const key = comparable(id ?? identifier)
    if (this.#seen.has(key)) {
      this.duplicates += 1
      return
    }
    this.#limit.heed(this.identities.length + 1)
    this.#limit.keep(identifier)
    // The same text in another string is kept a second time.
    if (id !== null && id !== identifier) this.#limit.keep(id)
    if (key !== identifier && key !== id) this.#limit.keep(key)
    this.#seen.add(key)
    this.identities.push(
      requested({
        identifier,
        id: id === identifier ? identifier : id,
        file,
        line,
        listedName: this.#note(listedName),
        reason: this.#note(reason),
        approval: approval ?? null,
      }),
    )
  }

  /** A malformed entry: however many there are, reading ends as well. @throws TooLong */
  countMalformed(): void {
    this.#malformed += 1
    if (this.#limit.max !== null && this.#malformed > MALFORMED) this.#limit.heed(this.#malformed)
  }

  #note(text: string | null | undefined): string | null {
    if (text === null || text === undefined || text === '') return null
    const short = text.length > LONGEST_NOTE ? `${text.slice(0, LONGEST_NOTE - 1).toWellFormed()}…` : text
    const known = this.#shared.get(short)
    if (known !== undefined) return known
    const kept = this.#limit.keep(copied(short))
    // Names are rarely shared, so that a long list would fill the map with them.
    if (this.#shared.size < 10_000) this.#shared.set(kept, kept)
    return kept
  }
}

/** The same text on its own: V8 keeps the whole piece of a file as long as a part cut from it. */
export function copied(text: string): string {
  return Buffer.from(text).toString()
}

/**
 * The i-th of n disjoint parts of a list: contiguous, of sizes that differ by at most one, together the
 * whole. Depends on nothing but list and numbers, so it is the same on every machine.
 */
export function takeShard<T>(list: readonly T[], { index, count }: Shard): readonly T[] {
  const boundary = (part: number): number => Math.floor((list.length * part) / count)
  return list.slice(boundary(index - 1), boundary(index))
}
