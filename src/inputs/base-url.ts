import { quoted, type Problems } from '../problems.ts'
import type { Values } from './values.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

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
      `Inputs tenant and base-url are both given (${quoted(tenant)} and ${quoted(redacted(url))}); give one of them.`,
    )
    return ''
  }
  if (tenant !== null) return tenantUrl(tenant, problems)
  if (url !== null) return baseUrl('Input base-url', url, problems)
  const inherited = env['SAIL_BASE_URL']?.trim()
  if (inherited) return baseUrl('Environment variable SAIL_BASE_URL', inherited, problems)
  if (!optional) {
    problems.add(
      'Inputs tenant and base-url are both missing; give tenant (for example acme, for https://acme.api.identitynow.com) or base-url (or the environment variable SAIL_BASE_URL).',
    )
  }
  return ''
}

function tenantUrl(tenant: string, problems: Problems): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(tenant)) {
    return `https://${tenant.toLowerCase()}.api.identitynow.com`
  }
  problems.add(
    `Input tenant: ${quoted(redacted(tenant))} is not a tenant name; give the name alone (acme means https://acme.api.identitynow.com), or a whole URL in base-url.`,
  )
  return ''
}

function baseUrl(name: string, text: string, problems: Problems): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const fault =
    url === null
      ? 'is not a URL'
      : url.protocol !== 'https:' && url.protocol !== 'http:'
        ? 'does not begin with https://'
        : url.protocol === 'http:' && !LOOPBACK.test(url.hostname)
          ? 'is not https (http is accepted for loopback hosts only)'
          : url.username !== '' || url.password !== ''
            ? 'holds credentials'
            : url.pathname !== '/' || /[?#]/.test(text)
              ? 'has a path, query or fragment'
              : null
  if (url !== null && fault === null) return url.origin
  problems.add(
    `${name}: ${quoted(redacted(text))} ${fault ?? ''}; give scheme and host alone, for example https://acme.api.identitynow.com.`,
  )
  return ''
}

/** A URL without what could be a secret: user information, query and fragment. */
function redacted(url: string): string {
  return url.replace(/\/\/.*@/s, '//…@').replace(/[?#].*/s, '?…')
}
