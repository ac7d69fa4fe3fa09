/** So many identities refused alone, in a row and for one reason, make a refusal systemic. */
const LIMIT = 8

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

  /** Counts an identity that was refused alone, and says whether the refusal is systemic by now. */
  isSystemic(reason: string): boolean {
    this.#inARow = reason === this.#reason ? this.#inARow + 1 : 1
    this.#reason = reason
    return !this.#accepted && this.#inARow >= LIMIT
  }
}
