/** So many identities refused alone, in a row and for one reason, found the suspicion that all are. */
const FOUNDED_AT = 8

/** So many more, taken from all over the list, confirm it. */
const SAMPLES = 8

/**
 * Tells a refusal of everything (a wrong body, a tenant that takes no bulk) from single poisonous ids, so
 * that it does not cost one request an identity. Only as long as nothing was accepted in the run: from the
 * first whole refusal until then, work goes one request at a time.
 */
export class Suspicion {
  #accepted = false
  #raised = false
  #reason = ''
  #inARow = 0

  /** Something was accepted: from now on, every refusal is about its identities. */
  clear(): void {
    this.#accepted = true
  }

  /** A batch was refused whole. */
  raise(): void {
    this.#raised = true
  }

  get isRaised(): boolean {
    return this.#raised && !this.#accepted
  }

  /** Counts an identity that was refused alone: `founded` once, when a sample is to be tried, then `confirmed`. */
  count(reason: string): 'none' | 'founded' | 'confirmed' {
    this.#inARow = reason === this.#reason ? this.#inARow + 1 : 1
    this.#reason = reason
    if (this.#accepted || this.#inARow < FOUNDED_AT) return 'none'
    if (this.#inARow === FOUNDED_AT) return 'founded'
    return this.#inARow < FOUNDED_AT + SAMPLES ? 'none' : 'confirmed'
  }

  /** Identities from all over what is left, its end among them. */
  sample<T>(left: readonly T[]): T[] {
    if (left.length <= SAMPLES) return [...left]
    return Array.from(
      { length: SAMPLES },
      (_, n) => left[Math.floor(((n + 1) * left.length) / SAMPLES) - 1],
    ).filter((item) => item !== undefined)
  }
}
