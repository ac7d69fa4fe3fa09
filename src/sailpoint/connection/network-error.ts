import { reasonOf } from '../../reason.ts'
import { ApiError, UnreachableError } from '../errors.ts'

/** Codes of Node's TLS layer: a certificate that is not trusted, or a peer that does not speak TLS. */
const NO_TLS = /CERT|UNABLE_TO_VERIFY|EPROTO|ERR_SSL/

/** A certificate's names, which stand in the message, may be as many as a server likes. */
const MAX_REASON = 300

/**
 * Turns an error of the network layer into one that names what the workflow author can change. Where no TLS
 * connection comes about, the run ends: a further try would find the same.
 */
export function networkError(error: unknown, host: string): ApiError | UnreachableError {
  const code = codeOf(error)
  const text = reasonOf(error).slice(0, MAX_REASON)
  const reason = code === null || text.includes(code) ? text : `${text} (${code})`
  if (code !== null && NO_TLS.test(code)) {
    return new UnreachableError(
      `No TLS connection to ${host}: ${reason}. If a proxy or a private certificate authority stands between, set NODE_EXTRA_CA_CERTS to its certificate (PEM file) in the step's or the runner's environment.`,
      error,
    )
  }
  return new ApiError(
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? `Host ${host} could not be resolved: ${reason}. Check the input tenant (or base-url), and on a self-hosted runner its DNS and https_proxy.`
      : `No answer from ${host}: ${reason}.${text.includes('tunneling socket') ? ' Check https_proxy and its credentials.' : ''}`,
    { retryable: true, isSilence: true },
    error,
  )
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  // Node tries several addresses of a host and reports their failures together.
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0])
  return 'cause' in error ? codeOf(error.cause) : null
}
