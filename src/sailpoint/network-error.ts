import type { NetworkFault } from '../failure.ts'
import { memberOf, reasonOf } from '../problems.ts'
import type { ProxyServer } from './proxy.ts'

/** A certificate may hold as many names as a server likes, and all of them are in the message. */
const MAX_DETAIL = 300

/** The certificate of the host is not valid, or not trusted. */
export function isCertificateFault(fault: NetworkFault): boolean {
  return fault.startsWith('certificate-')
}

/** No answer arrived. */
export class NetworkError extends Error {
  readonly fault: NetworkFault
  /** Host and port of the API, or of the proxy where that is at fault. */
  readonly host: string
  /** In the network layer's own words. */
  readonly detail: string

  constructor(fault: NetworkFault, host: string, detail: string, cause?: unknown) {
    super(`${host}: ${detail}`, { cause })
    this.name = 'NetworkError'
    this.fault = fault
    this.host = host
    this.detail = detail
  }
}

/** What an error of Node's network layer says of a request to this host, through this proxy if there is one. */
export function networkError(error: unknown, host: string, proxy: ProxyServer | null): NetworkError {
  const detail = detailOf(error)
  const fault = faultOf(codeOf(error))
  const of = (fault: NetworkFault, at = host): NetworkError => new NetworkError(fault, at, detail, error)
  if (proxy === null) return of(fault)
  // Node does not say of which of the two a certificate is.
  if (isCertificateFault(fault)) {
    return of(fault, proxy.url.startsWith('https:') ? `${host} or ${proxy.name}` : host)
  }
  if (codeOf(error) === 'ERR_PROXY_TUNNEL') return tunnelError(error, host, proxy)
  return isConnecting(error) ? of('proxy-unreachable', proxy.name) : of(fault)
}

/** Without Node's error: its message has the proxy's credentials in it (24.5.0). */
function tunnelError(error: unknown, host: string, { name }: ProxyServer): NetworkError {
  const status = memberOf(error, 'statusCode')
  if (typeof status !== 'number') return new NetworkError('proxy-unreachable', name, 'no answer to CONNECT')
  const detail = `${name} answered CONNECT with status ${status}`
  // A proxy that has no way to the host (5xx) may have one later.
  if (status >= 500) return new NetworkError('connection', host, detail)
  return new NetworkError(status === 407 ? 'proxy-authentication' : 'proxy-rejected', name, detail)
}

/** The codes of OpenSSL's checks are in Node's documentation ("X509 certificate error codes"). */
const FAULTS: readonly (readonly [NetworkFault, RegExp])[] = [
  ['no-such-host', /^(ENOTFOUND|EAI_AGAIN)$/],
  ['certificate-expired', /^CERT_HAS_EXPIRED$/],
  ['certificate-not-yet-valid', /^CERT_NOT_YET_VALID$/],
  ['certificate-for-another-host', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  ['certificate-issuer-unknown', /^CERT_UNTRUSTED$|SELF_SIGNED_CERT|^UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/],
  ['tls', /CERT|EPROTO|ERR_SSL|ERR_TLS/],
]

function faultOf(code: string | null): NetworkFault {
  return FAULTS.find(([, codes]) => codes.test(code ?? ''))?.[0] ?? 'connection'
}

/** Only the proxy's name is resolved here, and only its address connected to. */
function isConnecting(error: unknown): boolean {
  const syscall = memberOf(attemptsOf(error)[0] ?? error, 'syscall')
  return syscall === 'connect' || syscall === 'getaddrinfo'
}

/** Node tries several addresses of a host, and reports their failures in an error without a message. */
function attemptsOf(error: unknown): readonly unknown[] {
  const errors = memberOf(error, 'errors')
  return Array.isArray(errors) ? errors : []
}

/** One line, cut. */
function detailOf(error: unknown): string {
  const attempts = attemptsOf(error)
  const text = attempts.length > 0 ? attempts.map(detailOf).join('; ') : reasonOf(error)
  const detail = text.replace(/\s+/g, ' ').trim().slice(0, MAX_DETAIL)
  const code = codeOf(error)
  return code === null || detail.includes(code) ? detail : `${detail} (${code})`
}

/** Node's code of an error, or that of its cause. */
export function codeOf(error: unknown): string | null {
  const code = memberOf(error, 'code')
  if (typeof code === 'string') return code
  const cause = attemptsOf(error)[0] ?? memberOf(error, 'cause')
  return cause === undefined ? null : codeOf(cause)
}
