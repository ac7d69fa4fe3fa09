import { envelope, refusal, type Answer } from './answer.ts'
import type { Fault } from './faults.ts'
import { hex } from './random.ts'
import { RateLimit, type RateLimitOptions } from './rate-limit.ts'
import { checkToken, DEMO_CLIENT, signToken, type Client } from './tokens.ts'

export interface OAuthOptions {
  readonly clients: readonly Client[]
  readonly lifetimeSeconds: number
  readonly rateLimit: RateLimitOptions | null
  readonly random: () => number
}

/** Gives out access tokens, and checks who asks: the token, the limit of its client, its scope. */
export class OAuth {
  readonly #clients: readonly Client[]
  readonly #lifetimeSeconds: number
  readonly #limit: RateLimit
  readonly #key: string
  #serial = 0

  constructor({ clients, lifetimeSeconds, rateLimit, random }: OAuthOptions) {
    this.#clients = clients
    this.#lifetimeSeconds = lifetimeSeconds
    this.#limit = new RateLimit(rateLimit)
    this.#key = hex(random, 32)
  }

  /** An access token for a client, by default the first. */
  issue(seconds = this.#lifetimeSeconds, client = this.#clients[0] ?? DEMO_CLIENT): string {
    this.#serial += 1
    return signToken(client, Date.now() + seconds * 1000, this.#key, this.#serial)
  }

  /** The answer to a request for a token. */
  answer(body: string, fault: Fault | null): Answer {
    if (fault?.kind === 'oauth-error') {
      return { status: 200, body: '{"error":"invalid_client","error_description":"The client is disabled"}' }
    }
    const form = new URLSearchParams(body)
    const [id, secret] = [form.get('client_id'), form.get('client_secret')]
    const client = this.#clients.find((candidate) => candidate.id === id && candidate.secret === secret)
    if (client === undefined) {
      return { status: 401, body: '{"error":"invalid_client","error_description":"Bad client credentials"}' }
    }
    const seconds = this.#lifetimeSeconds
    const access = {
      access_token: this.issue(seconds, client),
      token_type: 'bearer',
      expires_in: fault?.kind === 'expires-in' ? fault.value : seconds,
    }
    return { status: 200, body: JSON.stringify(access) }
  }

  /** Why a request is rejected; null: it is authorized. */
  refuse(authorization: string, scope: string, version: string, trackingId: string): Answer | null {
    const token = /^Bearer (\S+)$/.exec(authorization)?.[1]
    const checked =
      token === undefined ? { error: 'JWT is missing' } : checkToken(token, Date.now(), this.#key)
    if ('error' in checked) return { status: 401, body: JSON.stringify(checked) }
    const seconds = this.#limit.count(`${checked.clientId} ${version}`, performance.now())
    if (seconds !== null) return refusal({ kind: 'status', status: 429, retryAfter: { seconds } }, trackingId)
    const client = this.#clients.find(({ id }) => id === checked.clientId)
    if (client?.scopes.includes(scope)) return null
    return envelope(403, 'The server understood the request but refuses to authorize it.', trackingId)
  }
}
