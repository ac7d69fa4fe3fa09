import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { Endpoints, type EndpointOptions } from './endpoints.ts'
import { FaultPlan, type Endpoint, type Fault } from './faults.ts'
import { Outages, type Absence, type Outage } from './outages.ts'
import type { Change, Identity } from './population.ts'
import { hex, seeded } from './random.ts'
import { send } from './send.ts'
import { serve, type TlsFault } from './server.ts'
import { strictnessOf } from './strictness.ts'
import { keepExchange } from './traffic.ts'

export interface TenantOptions extends EndpointOptions {
  /** Everything random comes from it. Default 1. */
  readonly seed?: number
  /** Serve HTTPS, with a certificate made at start. */
  readonly tls?: boolean | TlsFault
  /** A connection is closed without an answer when it gets more requests than this: it was kept for too long. */
  readonly answersPerConnection?: number
  readonly latencyMs?: number
  /** Keep what was asked in `requests`, and who was enabled in `enabled`. Default true. */
  readonly record?: boolean
  readonly faults?: readonly Fault[]
  readonly outages?: readonly Outage[]
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
  /** The certificates (PEM) to trust; null without TLS. */
  readonly certificate: string | null
  readonly requests: RecordedRequest[]
  /** What in any request a strict server would object to. */
  readonly violations: string[]
  /** How often each status was answered. */
  readonly statuses: Record<string, number>
  readonly identities: ReadonlyMap<string, Identity>
  /** The identities that it accepted to enable: one entry per task, in order. */
  readonly enabled: readonly { readonly id: string }[]
  /** Changes an identity from now on. @throws Error when there is none with this ID */
  change(id: string, change: Change): void
  /** From now on no request is answered, until `recover`. */
  outage(as: Absence): void
  recover(): void
  /** An access token for the first client. */
  issueToken(lifetimeSeconds?: number): string
  stop(): Promise<void>
}

/** Starts a simulated ISC tenant on loopback: a real server that speaks what ISC's API documentation says. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const { seed = 1, record = true, latencyMs = 0, answersPerConnection = Infinity } = options
  const random = seeded(seed)
  const enabled: { readonly id: string }[] = []
  const endpoints = new Endpoints(options, seed, random, (id) => {
    if (record) enabled.push({ id })
  })
  const faults = new FaultPlan(options.faults ?? [], seed)
  const outages = new Outages(options.outages ?? [])
  const startedAt = performance.now()
  let firstAt: number | null = null
  const requests: RecordedRequest[] = []
  const violations: string[] = []
  const statuses: Record<string, number> = {}
  const answers = new WeakMap<Socket, number>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', socket } = request
    const answered = answers.get(socket) ?? 0
    answers.set(socket, answered + 1)
    if (answered >= answersPerConnection) return void socket.destroy()
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk as string
    const reading = strictnessOf(request, body)
    const { endpoint, ids, objections } = reading
    violations.push(...objections.map((objection) => `${method} ${url.slice(0, 80)}: ${objection}`))
    const now = performance.now()
    firstAt ??= now
    const sinceFirst = now - firstAt
    const planned = (): Fault | null => endpoint && faults.next(endpoint, ids, sinceFirst)
    const fault = outages.next(sinceFirst) ?? planned()
    const recorded = {
      ...{ at: now - startedAt, method, url, endpoint, headers: request.headers, body, ids },
      ...{ status: 0, fault: fault?.kind ?? null },
    }
    if (record) requests.push(recorded)
    if (fault?.kind === 'refuse') return void request.socket.destroy()
    const trackingId = fault?.kind === 'tracking-id' ? fault.text : hex(random, 32)
    const answer = endpoints.answer(reading, request, body, fault, trackingId)
    recorded.status = answer.status
    const contentType = request.headers['content-type'] ?? null
    keepExchange({ ...recorded, contentType, answer: answer.body })
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    // The gateway rejects at once. Everything else goes to ISC and back.
    if (latencyMs > 0 && answer.status !== 429) await sleep(latencyMs)
    send(response, { ...answer, headers: { 'slpt-request-id': trackingId, ...answer.headers } }, fault)
  }

  const { tls = false, host = '127.0.0.1', port = 0 } = options
  const server = await serve({ tls, host, port }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!request.destroyed) violations.push(`The tenant failed: ${String(error)}`)
      response.destroy()
    })
  })
  return {
    ...server,
    ...{ requests, violations, statuses, enabled },
    identities: endpoints.population.identities,
    change: (id, change) => endpoints.population.change(id, change),
    outage: (as) => outages.begin(as),
    recover: () => outages.end(),
    issueToken: (seconds) => endpoints.oauth.issue(seconds),
  }
}
