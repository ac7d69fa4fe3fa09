import { quoted, type Problems } from '../problems.ts'
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
export function readBaseUrl(
  values: Values,
  env: NodeJS.ProcessEnv,
  problems: Problems,
  optional: boolean,
): string {
  const tenant = values.text('tenant')
  const url = values.text('base-url')
  if (tenant !== null && url !== null) {
    problems.add(
      `tenant and base-url are both set (${quoted(tenant)} and ${quoted(redacted(url))}). Set only one of them.`,
    )
    return ''
  }
  if (tenant !== null) return tenantUrl(tenant, problems)
  if (url !== null) return baseUrl('base-url', url, problems)
  const inherited = env['SAIL_BASE_URL']?.trim()
  if (inherited) return baseUrl('the environment variable SAIL_BASE_URL', inherited, problems)
  if (!optional) {
    problems.add(
      'There is no tenant. Set tenant (for example acme, for https://acme.api.identitynow.com) or base-url (or the environment variable SAIL_BASE_URL).',
    )
  }
  return ''
}

function tenantUrl(tenant: string, problems: Problems): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(tenant)) {
    return `https://${tenant.toLowerCase()}.api.identitynow.com`
  }
  problems.add(
    `Invalid value ${quoted(redacted(tenant))} for tenant. Use the name alone (acme means https://acme.api.identitynow.com), or set base-url to the whole URL.`,
  )
  return ''
}

function baseUrl(name: string, text: string, problems: Problems): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const fault = faultOf(url, text)
  if (url !== null && fault === null) return url.origin
  problems.add(`Invalid value ${quoted(redacted(text))} for ${name}: ${fault ?? ''}.`)
  return ''
}

/** Why a text is not the API's base URL, and what is; null where it is. */
function faultOf(url: URL | null, text: string): string | null {
  const [, tenant, domain = ''] = SIGN_IN.exec(url?.hostname ?? '') ?? []
  if (tenant !== undefined) {
    const api = domain === 'login.sailpoint.com' ? 'identitynow.com' : domain
    return `people sign in there, and the API has another address. Use https://${tenant}.api.${api}`
  }
  const fault =
    url === null
      ? 'it is not a URL'
      : url.protocol !== 'https:' && url.protocol !== 'http:'
        ? 'it does not begin with https://'
        : url.protocol === 'http:' && !LOOPBACK.test(url.hostname)
          ? 'it is not https (http is valid for loopback hosts only)'
          : url.username !== '' || url.password !== ''
            ? 'it has credentials'
            : url.pathname !== '/' || /[?#]/.test(text)
              ? 'it has a path, query or fragment'
              : null
  return fault === null
    ? null
    : `${fault}. Use scheme and host alone, for example https://acme.api.identitynow.com`
}

/** A URL without what could be a secret: user information, query and fragment. */
function redacted(url: string): string {
  return url.replace(/\/\/.*@/s, '//…@').replace(/[?#].*/s, '?…')
}
