import { quoted, type Problems } from '../problems.ts'
import { proxyFor, type ProxyFault } from '../sailpoint/proxy.ts'
import type { Values } from './values.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Hosts on which people sign in, and their part of the API's host. SailPoint's developer documentation has them, its
 * OpenAPI specification login.sailpoint.com (authorizationUrl).
 */
const SIGN_IN =
  /^([a-z0-9-]+)\.(identitynow\.com|identitynow-demo\.com|login\.sailpoint\.com|saas\.sailpointfedramp\.com)$/

/**
 * The API's base URL without a slash at the end, from `tenant`, `base-url` or SAIL_BASE_URL (which the
 * official SDKs and the `sail` CLI read too). An input wins over the environment.
 * Returns '' where there is none; that is a problem unless `optional`.
 */
export function readBaseUrl(values: Values, optional: boolean): string {
  const tenant = values.text('tenant')
  const given = values.text('base-url')
  const invalid = (message: string): '' => {
    values.problems.add(message)
    return ''
  }
  if (tenant !== null && given !== null)
    return invalid(
      `\`tenant\` (${quoted(tenant)}) and \`base-url\` (${quoted(redacted(given))}) are both set. Set only one of them.`,
    )
  if (tenant !== null)
    return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(tenant)
      ? `https://${tenant.toLowerCase()}.api.identitynow.com`
      : invalid(
          `Invalid value ${quoted(redacted(tenant))} for \`tenant\`. Use the name alone (\`acme\` means https://acme.api.identitynow.com), or set \`base-url\` to the whole URL.`,
        )
  const text = given ?? values.variable('SAIL_BASE_URL')
  if (text === null)
    return optional
      ? ''
      : invalid(
          'There is no tenant. Set `tenant` (for example `acme`, for https://acme.api.identitynow.com) or `base-url` (or the environment variable `SAIL_BASE_URL`). If you set it from a GitHub variable, check that the variable exists.',
        )
  const url = URL.canParse(text) ? new URL(text) : null
  const fault = faultOf(url, text)
  const name = given === null ? 'the environment variable `SAIL_BASE_URL`' : '`base-url`'
  return url !== null && fault === null
    ? url.origin
    : invalid(`Invalid value ${quoted(redacted(text))} for ${name}: ${fault ?? ''}.`)
}

/** Why a text is not the API's base URL, and what is; null where it is. */
function faultOf(url: URL | null, text: string): string | null {
  const [, tenant, domain = ''] = SIGN_IN.exec(url === null ? text.toLowerCase() : url.hostname) ?? []
  if (tenant === 'api') return `the tenant is missing. Use https://TENANT.api.${domain}`
  if (tenant !== undefined) {
    const api = domain === 'login.sailpoint.com' ? 'identitynow.com' : domain
    return `people sign in there, and the API has another address. Use https://${tenant}.api.${api}`
  }
  const fault = urlFaultOf(url, text)
  return fault && `${fault}. Use scheme and host alone, for example https://acme.api.identitynow.com`
}

function urlFaultOf(url: URL | null, text: string): string | null {
  if (url === null) return 'it is not a URL'
  const { protocol, hostname, username, password, pathname } = url
  if (protocol !== 'https:' && protocol !== 'http:') return 'it does not begin with https://'
  if (protocol === 'http:' && !LOOPBACK.test(hostname))
    return 'it is not https (http is valid for loopback hosts only)'
  if (username !== '' || password !== '') return 'it has credentials'
  return pathname !== '/' || /[?#]/.test(text) ? 'it has a path, query or fragment' : null
}

/** A URL without what could be a secret: user information, query and fragment. */
function redacted(url: string): string {
  return url.replace(/\/\/.*@/s, '//…@').replace(/[?#].*/s, '?…')
}

/** Adds a problem where the environment names a proxy for this address that cannot be used. */
export function checkProxy(env: NodeJS.ProcessEnv, baseUrl: string, problems: Pick<Problems, 'add'>): void {
  if (baseUrl === '') return
  const proxy = proxyFor(env, baseUrl)
  if (proxy?.kind === 'fault') problems.add(proxyFaultText(proxy))
}

/** The value is not shown: it may hold a password. */
function proxyFaultText({ variable, fault }: ProxyFault): string {
  if (fault === 'node') {
    return `Environment variable \`${variable}\`: Node ${process.versions.node} has no proxy support. Use a runner of version 2.328.0 or later.`
  }
  if (fault === 'scheme') {
    return `Environment variable \`${variable}\`: the proxy's scheme is not supported. Set \`https_proxy\` to http://host:port or https://host:port, or add the API's host to \`no_proxy\`.`
  }
  const invalid = `Invalid proxy address in environment variable \`${variable}\` (not shown, it may hold a password)`
  if (typeof fault === 'object') {
    const code = encodeURIComponent(fault.character)
    return `${invalid}: it has ${JSON.stringify(fault.character)} in it. Write that character as ${code} in a user name or password.`
  }
  return fault === 'percent'
    ? `${invalid}: a % in a user name or password does not encode a character. Write % as %25.`
    : `${invalid}. Use http://host:port, or http://user:password@host:port with special characters percent-encoded.`
}
