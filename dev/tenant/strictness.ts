import type { IncomingMessage } from 'node:http'

import type { Endpoint } from './faults.ts'

/** What a strict server sees in a request. */
export interface Reading {
  /** null: no such path. */
  readonly endpoint: Endpoint | null
  readonly version: string
  readonly query: URLSearchParams
  /** Of an enable request. */
  readonly ids: readonly string[]
  /** Everything that is not as ISC's documentation says. */
  readonly objections: readonly string[]
  /** Whether ISC would reject it with 400. */
  readonly isRefused: boolean
}

const MAX_URL_LENGTH = 8 * 1024
const QUERY = new Set(['filters', 'limit', 'offset', 'count', 'sorters', 'defaultFilter'])

const ROUTES: readonly { method: string; path: RegExp; endpoint: Endpoint }[] = [
  { method: 'POST', path: /^\/(oauth)\/token$/, endpoint: 'token' },
  { method: 'POST', path: /^\/(beta|v2024|v2025|v2026)\/identities-accounts\/enable$/, endpoint: 'enable' },
  { method: 'POST', path: /^\/identities-accounts\/(v1)\/enable$/, endpoint: 'enable' },
  { method: 'GET', path: /^\/(beta|v2024|v2025|v2026)\/identities$/, endpoint: 'identities' },
  { method: 'GET', path: /^\/identities\/(v1)$/, endpoint: 'identities' },
]

/** Reads a request and checks all of it. */
export function strictnessOf({ method, url = '', headers }: IncomingMessage, body: string): Reading {
  const { pathname, searchParams: query } = new URL(url, 'http://tenant')
  const route = ROUTES.find((candidate) => candidate.method === method && candidate.path.test(pathname))
  const endpoint = route?.endpoint ?? null
  const version = route?.path.exec(pathname)?.[1] ?? ''
  const objections: string[] = []
  const demand = (isMet: boolean, objection: string): boolean => {
    if (!isMet) objections.push(objection)
    return isMet
  }
  const origin = `https://${headers.host ?? ''}`
  demand(`${origin}${url}`.length < MAX_URL_LENGTH, 'The URL is 8 KB or longer.')
  demand((headers['user-agent'] ?? '') !== '', 'User-Agent is missing.')
  demand(headers.accept === 'application/json', 'Accept is not application/json.')
  let isRefused = false
  let ids: readonly string[] = []
  if (endpoint === 'token') {
    const isForm = headers['content-type']?.split(';', 1)[0] === 'application/x-www-form-urlencoded'
    isRefused = !demand(isForm, 'Content-Type is not application/x-www-form-urlencoded.')
    const isGrant = new URLSearchParams(body).get('grant_type') === 'client_credentials'
    isRefused ||= !demand(isGrant, 'grant_type is not client_credentials.')
  }
  if (endpoint === 'enable') {
    demand(headers['x-sailpoint-experimental'] === 'true', 'X-SailPoint-Experimental is not true.')
    isRefused = !demand(
      headers['content-type'] === 'application/json',
      'Content-Type is not application/json.',
    )
    const read = identityIdsOf(body)
    isRefused ||= !demand(read !== null, 'The body is not {"identityIds": ["…"]}.')
    ids = read ?? []
    demand(new Set(ids.map((id) => id.toLowerCase())).size === ids.length, 'An id stands twice in a request.')
  }
  if (endpoint === 'identities') {
    const names = [...query.keys()]
    isRefused = !demand(
      names.every((name) => QUERY.has(name)),
      `Unknown query parameter in ${names.join(', ')}.`,
    )
    demand(query.get('defaultFilter') === 'NONE', 'defaultFilter is not NONE.')
  }
  return { endpoint, version, query, ids, objections, isRefused }
}

/** The IDs of a body that is exactly `{"identityIds": ["…"]}`, or null. */
function identityIdsOf(body: string): readonly string[] | null {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof json !== 'object' || json === null || Object.keys(json).join() !== 'identityIds') return null
  const { identityIds } = json as { identityIds: unknown }
  if (!Array.isArray(identityIds) || identityIds.length === 0) return null
  const ids = identityIds as unknown[]
  return ids.every((id) => typeof id === 'string' && id !== '') ? (ids as string[]) : null
}
