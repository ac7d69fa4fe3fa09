/** What is known of a request that got no usable answer. */
export interface Refusal {
  /** HTTP status; null where no answer arrived. */
  readonly status: number | null
  readonly trackingId: string | null
  /** Whether the same request may succeed when sent again. */
  readonly retryable: boolean
  /** What `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs: number | null
  /** What two refusals have in common that have the same cause: status and ISC's own words. */
  readonly reason: string
}

/** A request that ISC refused, or that got no answer that could be read. */
export class ApiError extends Error {
  readonly refusal: Refusal

  constructor(message: string, refusal: Partial<Refusal>, cause?: unknown) {
    super(message, { cause })
    this.name = 'ApiError'
    this.refusal = {
      status: null,
      trackingId: null,
      retryable: false,
      retryAfterMs: null,
      reason: message,
      ...refusal,
    }
  }
}

/** No valid access token can be had any more; nothing further can be sent. */
export class AuthenticationError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'AuthenticationError'
  }
}

/** The run was cancelled before this request had an answer. */
export class CancelledError extends Error {
  constructor() {
    super('The run was cancelled.')
    this.name = 'CancelledError'
  }
}

/** Codes of Node's TLS layer for a certificate that is not trusted. */
const CERTIFICATE =
  /CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|ERR_TLS_CERT_ALTNAME|SELF_SIGNED|EPROTO|ERR_SSL/

/** Turns an error of the network layer into one that names what the workflow author can change. */
export function networkError(error: unknown, host: string): ApiError {
  const code = codeOf(error)
  const text = error instanceof Error ? error.message : String(error)
  const reason = code === null || text.includes(code) ? text : `${text} (${code})`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ApiError(
      `Host ${host} could not be resolved: ${reason}. Check the input tenant (or base-url), and on a self-hosted runner its DNS and https_proxy.`,
      { retryable: true },
      error,
    )
  }
  if (code !== null && CERTIFICATE.test(code)) {
    return new ApiError(
      `No TLS connection to ${host}: ${reason}. If a proxy or a private certificate authority stands between, set NODE_EXTRA_CA_CERTS to its certificate (PEM file) in the step's or the runner's environment.`,
      {},
      error,
    )
  }
  const proxy = text.includes('tunneling socket') ? ' Check https_proxy and its credentials.' : ''
  return new ApiError(`No answer from ${host}: ${reason}.${proxy}`, { retryable: true }, error)
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  // Node tries several addresses of a host and reports their failures together.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : codeOf(error.cause)
}
