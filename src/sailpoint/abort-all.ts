/**
 * Ends many things with one listener on a long-lived signal. A listener for each would do the same, but a removed one
 * still points to its successors: in V8's old generation that keeps every later request and answer until a full
 * collection, 200 MB on a million identities.
 */
export class AbortAll {
  readonly #ends = new Set<(reason: unknown) => void>()

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#ends.forEach((end) => end(signal.reason)), { once: true })
  }

  /** Calls `end` with the signal's reason when it is aborted, until what is returned is called. */
  add(end: (reason: unknown) => void): () => void {
    this.#ends.add(end)
    return () => void this.#ends.delete(end)
  }
}
