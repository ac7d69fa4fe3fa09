import type { Problems } from '../problems.ts'
import { proxyFor, type ProxyFault } from '../sailpoint/proxy.ts'

/** Adds a problem where the environment names a proxy for this address that cannot be used. */
export function checkProxy(env: NodeJS.ProcessEnv, baseUrl: string, problems: Pick<Problems, 'add'>): void {
  if (baseUrl === '') return
  const proxy = proxyFor(env, baseUrl)
  if (proxy?.kind === 'fault') problems.add(textOf(proxy))
}

/** The value is not shown: it may hold a password. */
function textOf({ variable, fault }: ProxyFault): string {
  if (fault === 'node') {
    return `Environment variable ${variable}: Node ${process.versions.node} has no proxy support. Use a runner of version 2.328.0 or later.`
  }
  if (fault === 'scheme') {
    return `Environment variable ${variable}: the proxy's scheme is not supported. Set https_proxy to http://host:port or https://host:port, or add the API's host to no_proxy.`
  }
  const invalid = `Invalid proxy address in environment variable ${variable} (not shown, it may hold a password)`
  if (typeof fault === 'object') {
    const code = encodeURIComponent(fault.character)
    return `${invalid}: it has ${JSON.stringify(fault.character)} in it. Write that character as ${code} in a user name or password.`
  }
  return fault === 'percent'
    ? `${invalid}: a % in a user name or password does not encode a character. Write % as %25.`
    : `${invalid}. Use http://host:port, or http://user:password@host:port with special characters percent-encoded.`
}
