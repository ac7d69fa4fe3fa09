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
