import { BlockList, isIP } from 'node:net'

/** The proxy that requests go through. */
export interface ProxyServer {
  readonly kind: 'proxy'
  /** With its credentials. */
  readonly url: string
  /** Host and port: what may be shown. */
  readonly name: string
}

/** A variable of the environment that names a proxy which cannot be used. Its value may hold a password. */
export interface ProxyFault {
  readonly kind: 'fault'
  readonly variable: string
  readonly fault:
    | 'scheme'
    /** A character that ends the credentials or the host of a URL: it has to be percent-encoded. */
    | { readonly character: string }
    /** `%` without two hexadecimal digits behind it, or a control character. */
    | 'percent'
    | 'unreadable'
    /** This Node has no proxy support: before 24.5.0. */
    | 'node'
}

const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

/**
 * The proxy that the environment names for this base URL; null: none. A base URL with http is on the loopback
 * interface, and reached without one.
 */
export function proxyFor(
  env: NodeJS.ProcessEnv,
  baseUrl: string,
  nodeVersion = process.versions.node,
): ProxyServer | ProxyFault | null {
  const target = new URL(baseUrl)
  const [variable, text = ''] = firstOf(env, PROXY_VARIABLES)
  const [, noProxy = ''] = firstOf(env, ['no_proxy', 'NO_PROXY'])
  if (variable === undefined || isBypassed(target, noProxy)) return null
  const read = readProxy(text)
  if ('fault' in read) return { kind: 'fault', variable, ...read }
  return isOld(nodeVersion) ? { kind: 'fault', variable, fault: 'node' } : { kind: 'proxy', ...read }
}

/** The first of these variables that is set, and its value. */
function firstOf(env: NodeJS.ProcessEnv, names: readonly string[]): [string, string] | [] {
  for (const name of names) {
    const text = env[name]?.trim() ?? ''
    if (text !== '') return [name, text]
  }
  return []
}

/** `https.Agent` has `proxyEnv` since 24.5.0; an older one would pass the proxy by. Runner 2.328.0 brings 24.5.0. */
function isOld(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  return major < 24 || (major === 24 && minor < 5)
}

function readProxy(text: string): Pick<ProxyServer, 'url' | 'name'> | Pick<ProxyFault, 'fault'> {
  const [, scheme = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*?)\/?$/is.exec(text) ?? []
  if (!/^https?$/i.test(scheme)) return { fault: 'scheme' }
  // A URL ends its host at each of these, so that a user name or password would be taken for the host.
  const character = /[\\/?#\s]/.exec(rest)?.[0]
  if (character !== undefined) return { fault: { character } }
  const url = `${scheme}://${rest}`
  if (!URL.canParse(url)) return { fault: 'unreadable' }
  const { protocol, hostname, port, username, password } = new URL(url)
  if (!isDecodable(username + password)) return { fault: 'percent' }
  return { url, name: `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}` }
}

function isDecodable(text: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(text))
  } catch {
    return false // a % that encodes nothing
  }
}

/** Whether a host is reached without a proxy: one of this machine, or one that `no_proxy` names. */
function isBypassed({ protocol, hostname, port }: URL, noProxy: string): boolean {
  const host = bare(hostname)
  if (host === 'localhost' || contains('127.0.0.0/8', host) || contains('::1', host)) return true
  const hostPort = port || (protocol === 'https:' ? '443' : '80')
  return noProxy.split(/[\s,]+/).some((entry) => {
    const [, ipv6, name = entry, entryPort] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? []
    if (entryPort !== undefined && entryPort !== hostPort) return false
    const wanted = bare(ipv6 ?? name)
    if (wanted === '') return false
    if (wanted === '*' || wanted === host || contains(wanted, host)) return true
    return isIP(host) === 0 && host.endsWith(wanted.replace(/^\*?\.?/, '.'))
  })
}

/** A host as it is compared: without brackets, a trailing dot, or capital letters. */
function bare(host: string): string {
  return host.replace(/^\[|\]$|\.$/g, '').toLowerCase()
}

/** Whether an address is this one, or is in this range (CIDR). */
function contains(range: string, host: string): boolean {
  const [address = '', prefix] = range.split('/')
  const [of, within] = [isIP(host), isIP(address)]
  if (of === 0 || within === 0) return false
  const family = within === 6 ? 'ipv6' : 'ipv4'
  const bits = Number(prefix ?? (within === 6 ? 128 : 32))
  if (!(Number.isInteger(bits) && bits >= 0 && bits <= (within === 6 ? 128 : 32))) return false
  const list = new BlockList()
  list.addSubnet(address, bits, family)
  return list.check(host, of === 6 ? 'ipv6' : 'ipv4')
}
