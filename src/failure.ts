/** What a request of the API was for. */
export type Operation = 'token' | 'read' | 'enable'

/** Why no answer arrived. `proxy-…`: the proxy answered in place of ISC. */
export type NetworkFault =
  | 'timeout'
  | 'connection'
  | 'no-such-host'
  | 'tls'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-for-another-host'
  | 'certificate-issuer-unknown'
  | 'proxy-authentication'
  | 'proxy-rejected'
  | 'proxy-unreachable'

/**
 * Why a request has no usable answer, as facts: sentences are made in `report/`. Texts from outside are free of
 * secrets, but not yet harmless for any sink. One object may serve many identities.
 */
export type Failure =
  /** An answer with a status that is no success, or with an OAuth error. */
  | {
      readonly kind: 'status'
      readonly operation: Operation
      readonly status: number
      /** The reason in the words of the answer; null where it gives none. */
      readonly said: string | null
      /** The answer is a page of something between the action and ISC (a gateway, a firewall, a sign-in page). */
      readonly isForeign: boolean
      readonly trackingId: string | null
    }
  /** A success that cannot be read. */
  | {
      readonly kind: 'unreadable'
      readonly operation: Operation
      readonly status: number
      /** Never in the server's own words: "its body is not JSON". */
      readonly fault: string
      readonly trackingId: string | null
    }
  | {
      readonly kind: 'no-answer'
      readonly operation: Operation
      readonly host: string
      readonly fault: NetworkFault
      /** In the network layer's own words. */
      readonly detail: string
    }

/** Why a run ended before everything was done: the output `stop-reason`. Its sentence is made in `report/`. */
export type Stop =
  | { readonly reason: 'invalid-input' | 'cancelled' | 'fail-fast' }
  | { readonly reason: 'authentication' | 'unreachable'; readonly failure: Failure }
  /** No answer for `outage-timeout`. */
  | { readonly reason: 'outage'; readonly timeoutMs: number }
  /** `isEverything`: identities sampled from the whole list were submitted alone, and none was accepted. */
  | { readonly reason: 'rejected'; readonly failure: Failure; readonly isEverything: boolean }
  /** None of so many identities exists in the tenant. */
  | { readonly reason: 'wrong-tenant'; readonly count: number }
  | { readonly reason: 'max-to-enable'; readonly toEnable: number; readonly max: number }
  /** So many states of a plan are unknown; `failure`: why they could not be read, null without a credential. */
  | { readonly reason: 'states-unknown'; readonly count: number; readonly failure: Failure | null }
  | { readonly reason: 'internal-error'; readonly message: string }

export type StopReason = Stop['reason']

/** What the run asked of ISC. */
export interface Traffic {
  /** All requests started: enable, reads, tokens. */
  readonly requests: number
  /** How many of them were retries. */
  readonly retries: number
  /** Access tokens obtained after the first. */
  readonly tokensRenewed: number
  /** Milliseconds in which a request was ready but held back by the rate limit or a Retry-After. */
  readonly waitedMs: number
  /** Milliseconds in which ISC did not answer at all, after it had answered before. */
  readonly outageMs: number
}
