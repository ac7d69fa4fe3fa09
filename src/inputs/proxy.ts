import { checkBypass } from '@actions/http-client/lib/proxy'

import type { Problems } from '../problems.ts'

/**
 * Checks the variable that names the proxy for this address. The Actions toolkit goes without a proxy, and without a
 * word, where the variable is a URL that it cannot decode (`getProxyUrl` in its HTTP client's proxy.ts).
 */
export function checkProxy(env: NodeJS.ProcessEnv, baseUrl: string, problems: Problems): void {
  if (baseUrl === '' || checkBypass(new URL(baseUrl))) return
  const names = baseUrl.startsWith('https:') ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']
  const name = names.find((candidate) => env[candidate])
  if (name === undefined || isProxy(env[name] ?? '')) return
  problems.add(
    `Environment variable ${name}: what was given (not shown, it may hold a password) is not a proxy's address; give http://host:port, or http://user:password@host:port with special characters percent-encoded (% as %25).`,
  )
}

function isProxy(text: string): boolean {
  const url = URL.canParse(text) || /^https?:/.test(text) ? text : `http://${text}`
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return false
  const { username, password } = new URL(url)
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false // a % that encodes nothing
  }
}
