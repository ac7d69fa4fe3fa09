import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { generate } from 'selfsigned'

import { distorted, envelope, refusal, send, type Answer } from './answer.ts'
import { FaultPlan, type Endpoint, type Fault } from './faults.ts'
import { parseFilter } from './filter.ts'
import {
  acceptTask,
  changeIdentity,
  createPopulation,
  currentState,
  type Change,
  type Identity,
  type PopulationOptions,
} from './population.ts'
import { hex, seeded } from './random.ts'
import { strictnessOf } from './strictness.ts'
import { checkToken, DEMO_CLIENT, ENABLE_SCOPE, READ_SCOPE, signToken, type Client } from './tokens.ts'

export interface TenantOptions {
  /** Everything random comes from it. Default 1. */
  readonly seed?: number
  /** Serve HTTPS, with a certificate made at start. */
  readonly tls?: boolean
  /** Who exists; `any`: every id, without memory of its state (for volume). Default: 100 disabled ones. */
  readonly identities?: PopulationOptions | 'any'
  /** Extra identities with attributes of one's own. */
  readonly extra?: readonly Partial<Identity>[]
  readonly clients?: readonly Client[]
  readonly tokenLifetimeSeconds?: number
  readonly latencyMs?: number
  /** Per client and API version, in a sliding window; null (the default): no limit. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number } | null
  /** From an accepted task to its effect. */
  readonly enableDelayMs?: number
  /** A larger batch is refused with 400. Default 250. */
  readonly maxBatch?: number
  /** Keep what was asked in `requests`. Default true. */
  readonly record?: boolean
  readonly faults?: readonly Fault[]
  readonly port?: number
  /** A loopback address. Default 127.0.0.1. */
  readonly host?: string
}

/** A request as the tenant saw it. */
export interface RecordedRequest {
  /** Milliseconds since the tenant started. */
  readonly at: number
  readonly method: string
  readonly url: string
  readonly endpoint: Endpoint | null
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>
  readonly body: string
  /** Of an enable request. */
  readonly ids: readonly string[]
  status: number
  fault: string | null
}

export interface Tenant {
  readonly baseUrl: string
  /** The certificate (PEM) to trust; null without TLS. */
  readonly certificate: string | null
  readonly requests: RecordedRequest[]
  /** What in any request a strict server would object to. */
  readonly violations: string[]
  /** How often each status was answered. */
  readonly statuses: Record<string, number>
  readonly identities: ReadonlyMap<string, Identity>
  /** Whom it was asked to enable, and accepted: one entry a task, in order. Empty without `record`. */
  readonly enabled: readonly { readonly id: string }[]
  /** Changes an identity from now on. @throws Error when there is none with this id */
  change(id: string, change: Change): void
  /** An access token for the first client. */
  issueToken(lifetimeSeconds?: number): string
  stop(): Promise<void>
}

/** Starts a simulated ISC tenant on loopback: a real server that speaks what ISC's API documentation says. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const {
    seed = 1,
    clients = [DEMO_CLIENT],
    tokenLifetimeSeconds = 749,
    record = true,
    host = '127.0.0.1',
  } = options
  const random = seeded(seed)
  const key = hex(random, 32)
  const faults = new FaultPlan(options.faults ?? [], seed)
  const anybody = options.identities === 'any'
  const identities = createPopulation(
    options.identities === 'any' ? {} : (options.identities ?? { disabled: 100 }),
    seed,
  )
  for (const extra of options.extra ?? []) {
    const id = extra.id ?? hex(random, 32)
    const common = {
      name: '',
      alias: id,
      emailAddress: '',
      identityStatus: 'DISABLED',
      lifecycleState: null,
      fate: 'enables',
      dueAt: null,
    } as const
    identities.set(id, { ...common, ...extra, id })
  }
  const startedAt = performance.now()
  const now = (): number => Date.now()
  const requests: RecordedRequest[] = []
  const enabled: { readonly id: string }[] = []
  const violations: string[] = []
  const statuses: Record<string, number> = {}
  const starts = new Map<string, number[]>()
  let serial = 0

  const sign = (client: Client, seconds: number): string =>
    signToken(client, now() + seconds * 1000, key, (serial += 1))

  /** Counts a request towards its client's limit; the seconds to wait when it is over it. */
  function overLimit(bucket: string): number | null {
    const { rateLimit = null } = options
    if (rateLimit === null) return null
    const at = performance.now()
    const recent = (starts.get(bucket) ?? []).filter((start) => at - start < rateLimit.windowMs)
    starts.set(bucket, recent)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= rateLimit.requests) {
      return Math.max(1, Math.ceil((oldest + rateLimit.windowMs - at) / 1000))
    }
    recent.push(at)
    return null
  }

  function authorize(
    request: IncomingMessage,
    scope: string,
    version: string,
    trackingId: string,
  ): Answer | null {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    const checked = token === undefined ? { error: 'JWT is missing' } : checkToken(token, now(), key)
    if ('error' in checked) return { status: 401, body: JSON.stringify(checked) }
    const seconds = overLimit(`${checked.clientId} ${version}`)
    if (seconds !== null) return refusal({ kind: 'status', status: 429, retryAfter: { seconds } }, trackingId)
    const client = clients.find(({ id }) => id === checked.clientId)
    if (client?.scopes.includes(scope)) return null
    return envelope(403, 'The server understood the request but refuses to authorize it.', trackingId)
  }

  function tokenAnswer(body: string): Answer {
    const form = new URLSearchParams(body)
    const [id, secret] = [form.get('client_id'), form.get('client_secret')]
    const client = clients.find((candidate) => candidate.id === id && candidate.secret === secret)
    if (client === undefined) {
      return { status: 401, body: '{"error":"invalid_client","error_description":"Bad client credentials"}' }
    }
    const expires = tokenLifetimeSeconds
    const access = { access_token: sign(client, expires), token_type: 'bearer', expires_in: expires }
    return { status: 200, body: JSON.stringify(access) }
  }

  function enableAnswer(ids: readonly string[], fault: Fault | null, trackingId: string): Answer {
    const { maxBatch = 250, enableDelayMs = 0 } = options
    if (ids.length > maxBatch) return envelope(400, `At most ${maxBatch} identities a request.`, trackingId)
    const entries = ids.map((id) => {
      if (anybody) return { id, statusCode: 202, message: null }
      const identity = identities.get(id)
      const current = identity === undefined ? undefined : currentState(identity, now())
      if (current === undefined) {
        return { id, statusCode: 404, message: `Referenced identity "${id}" was not found.` }
      }
      acceptTask(current, now(), enableDelayMs)
      if (record) enabled.push({ id })
      return { id, statusCode: 202, message: null }
    })
    return { status: 207, body: JSON.stringify(distorted(entries, fault)) }
  }

  function identitiesAnswer(query: URLSearchParams, trackingId: string): Answer {
    const filters = query.get('filters')
    let matches
    try {
      matches = filters === null ? () => true : parseFilter(filters)
    } catch (error) {
      return envelope(400, String(error), trackingId)
    }
    const limit = Number(query.get('limit') ?? 250)
    const offset = Number(query.get('offset') ?? 0)
    if (!(limit >= 0 && limit <= 250 && offset >= 0)) return envelope(400, 'Bad limit or offset.', trackingId)
    const found = identities
      .values()
      .map((identity) => currentState(identity, now()))
      .filter((identity) => identity !== undefined)
      .filter(matches)
      .drop(offset)
      .take(limit)
      .map(({ id, name, alias, emailAddress, identityStatus, lifecycleState }) => ({
        ...{ id, name, alias, emailAddress, identityStatus, lifecycleState },
        ...{ created: '2026-01-01T00:00:00Z', isManager: false, attributes: {} },
      }))
    return { status: 200, body: JSON.stringify([...found]) }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk as string
    const { endpoint, version, query, ids, objections, isRefused } = strictnessOf(request, body)
    const trackingId = hex(random, 32)
    violations.push(...objections.map((objection) => `${method} ${url.slice(0, 80)}: ${objection}`))
    const fault = endpoint === null ? null : faults.next(endpoint, ids)
    const recorded = {
      ...{ at: performance.now() - startedAt, method, url, endpoint, headers: request.headers, body, ids },
      ...{ status: 0, fault: fault?.kind ?? null },
    }
    if (record) requests.push(recorded)
    if (fault?.kind === 'refuse') return void request.socket.destroy()

    const answer = ((): Answer => {
      if (endpoint === null) return envelope(404, `No such path: ${url.slice(0, 80)}`, trackingId)
      if (isRefused) return envelope(400, objections.join(' '), trackingId)
      if (fault?.kind === 'status') return refusal(fault, trackingId)
      if (endpoint === 'token') return tokenAnswer(body)
      const refused = authorize(
        request,
        endpoint === 'enable' ? ENABLE_SCOPE : READ_SCOPE,
        version,
        trackingId,
      )
      if (refused !== null) return refused
      return endpoint === 'enable'
        ? enableAnswer(ids, fault, trackingId)
        : identitiesAnswer(query, trackingId)
    })()
    recorded.status = answer.status
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    if (options.latencyMs) await sleep(options.latencyMs)
    send(response, { ...answer, headers: { 'slpt-request-id': trackingId, ...answer.headers } }, fault)
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      if (!request.destroyed) violations.push(`The tenant failed: ${String(error)}`)
      response.destroy()
    })
  }
  const certificate = options.tls ? await makeCertificate() : null
  const server = certificate === null ? createHttpServer(listener) : createHttpsServer(certificate, listener)
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl:
      certificate === null
        ? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
        : `https://localhost:${port}`,
    certificate: certificate?.cert ?? null,
    ...{ requests, violations, statuses, identities, enabled },
    change: (id, change) => {
      const identity = identities.get(id)
      if (identity === undefined) throw new Error(`There is no identity ${id}.`)
      changeIdentity(currentState(identity, now()) ?? identity, change)
    },
    issueToken: (seconds = tokenLifetimeSeconds) => sign(clients[0] ?? DEMO_CLIENT, seconds),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function makeCertificate(): Promise<{ cert: string; key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'isc.test' }, // reached by way of a proxy, which loopback hosts are not
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { cert, key }
}
