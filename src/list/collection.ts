import { requested, type Entry, type Identity } from '../identity.ts'
import { comparable } from '../policy/exclusion.ts'
import type { Shard } from '../settings.ts'

/** The most identities of one run, also with a larger `max-identities`. Measured so that memory stays below 2 GiB. */
const MOST_ENTRIES = 5_000_000

/** Bytes of all texts that a run keeps of its lists: identifiers, names, reasons, deny lists. */
const MOST_TEXT_MIB = 512

/** So many invalid entries are counted in any case. */
const MALFORMED = 1_000

/** Characters of a list's own name and reason. */
export const LONGEST_NOTE = 256

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

  /** Checks that the list may have so many identities. @throws TooLong */
  heed(length: number): void {
    if (this.max !== null && length > this.max) {
      throw new TooLong(
        `The list is longer than \`max-identities\` (${this.max}), so reading stopped. Check the list, or increase \`max-identities\`.`,
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
    // Short texts make no difference.
    this.#textBytes += text.length * (text.length <= 40 || /^[\0-\xff]*$/.test(text) ? 1 : 2)
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
  /** Null where nothing was asked of it yet: in a report, each identity is there once. */
  #seen: Set<string> | null = null
  /** Texts that many entries share, such as a reason. */
  readonly #shared = new Map<string, string>()
  readonly #limit: Limit

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** Whether the list asks for an identity by this text. */
  has(text: string): boolean {
    return this.#keys.has(comparable(text))
  }

  /** Takes an entry, whose texts are kept as they are: see `copied`. @throws TooLong */
  add(entry: Entry): void {
    const { identifier, id } = entry
    const key = comparable(id ?? identifier)
    if (this.#keys.has(key)) {
      this.duplicates += 1
      return
    }
    this.push(entry)
    // The same text in another string is kept a second time.
    this.#keys.add(key === identifier || key === id ? key : this.#limit.keep(key))
  }

  /** Takes an entry of a list that holds no identity twice, as `repeated` tells. @throws TooLong */
  push(entry: Entry): void {
    const { identifier, id, listedName = null, reason = null } = entry
    this.#limit.heed(this.identities.length + 1)
    this.#limit.keep(identifier)
    if (id !== null && id !== identifier) this.#limit.keep(id)
    const isNoted = listedName !== null || reason !== null
    this.identities.push(
      requested(
        isNoted ? { ...entry, listedName: this.#note(listedName), reason: this.#note(reason) } : entry,
      ),
    )
  }

  /**
   * An identity that was pushed twice, or null. Texts of which no other has the same hash need no second look: a set of
   * a million takes as long as parsing them.
   */
  repeated(): Identity | null {
    const hashes = new Uint32Array(this.identities.length)
    for (const [at, identity] of this.identities.entries()) hashes[at] = hashOf(keyOf(identity))
    const sorted = hashes.toSorted()
    const doubtful = new Set(sorted.filter((hash, at) => hash === sorted[at + 1]))
    const seen = new Set<string>()
    return (
      this.identities.find((identity, at) => {
        if (!doubtful.has(hashes[at] ?? 0)) return false
        return seen.size === seen.add(keyOf(identity)).size
      }) ?? null
    )
  }

  get #keys(): Set<string> {
    // An identity of a report has an ID beside its alias or address.
    this.#seen ??= new Set(this.identities.flatMap((one) => [keyOf(one), comparable(one.identifier)]))
    return this.#seen
  }

  /** Counts an invalid entry. Too many of them end the reading as well. @throws TooLong */
  countMalformed(): void {
    this.#malformed += 1
    if (this.#limit.max !== null && this.#malformed > MALFORMED) this.#limit.heed(this.#malformed)
  }

  #note(text: string | null): string | null {
    if (text === null || text === '') return null
    const short = text.length > LONGEST_NOTE ? `${text.slice(0, LONGEST_NOTE - 1).toWellFormed()}…` : text
    const known = this.#shared.get(short)
    if (known !== undefined) return known
    const kept = this.#limit.keep(copied(short))
    // Names are rarely shared, so that a long list would fill the map with them.
    if (this.#shared.size < 10_000) this.#shared.set(kept, kept)
    return kept
  }
}

function keyOf({ id, identifier }: Identity): string {
  return comparable(id ?? identifier)
}

function hashOf(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash >>> 0
}

/**
 * The same text on its own: V8 keeps the whole piece of a file as long as a part cut from it. Half a character, as only
 * an escape in JSON can be, is no such part.
 */
export function copied(text: string): string {
  return text.isWellFormed() ? Buffer.from(text).toString() : text
}

/**
 * The i-th of n disjoint parts of a list: contiguous, of sizes that differ by at most one, together the
 * whole. Depends on nothing but list and numbers, so it is the same on every machine.
 */
export function takeShard<T>(list: readonly T[], { index, count }: Shard): readonly T[] {
  const boundary = (part: number): number => Math.floor((list.length * part) / count)
  return list.slice(boundary(index - 1), boundary(index))
}
