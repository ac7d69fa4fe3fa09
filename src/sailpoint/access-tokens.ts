import type { Credential } from '../settings.ts'
import { ApiError, RunEnd } from './errors.ts'
import type { ApiRequest, Reply } from './exchange.ts'

/** A token is renewed this long before it expires, or when a fifth of its life is left, if that is later. */
const RENEW_BEFORE_MS = 60_000

export interface TokenOptions {
  /** Sends the token request. */
  readonly call: <T>(request: ApiRequest<T>) => Promise<Reply<T>>
  /** Gets every token obtained before anything else does. */
  readonly onToken: (token: string) => void
  readonly now: () => number
}

/**
 * Where access tokens come from: the one that was given, or OAuth 2.0 client credentials (RFC 6749, section 4.4), where
 * one token request at a time serves all callers. Whether a given token has expired is for ISC to judge.
 */
export class AccessTokens {
  /** Access tokens obtained so far. */
  obtained = 0
  readonly #credential: Credential
  readonly #options: TokenOptions
  #token: string | null = null
  #renewAt = 0
  #pending: Promise<string> | null = null

  constructor(credential: Credential, options: TokenOptions) {
    this.#credential = credential
    this.#options = options
  }

  /** A token that is valid now. @throws RunEnd when none can be had */
  current(): Promise<string> {
    const credential = this.#credential
    if (credential.kind === 'token') return Promise.resolve(credential.token)
    if (this.#token !== null && this.#options.now() < this.#renewAt) return Promise.resolve(this.#token)
    this.#pending ??= this.#obtain(credential).finally(() => {
      this.#pending = null
    })
    return this.#pending
  }

  /** ISC rejected this token. Returns whether `current` can give another one. */
  replace(rejected: string): boolean {
    if (this.#token === rejected) this.#token = null
    return this.#credential.kind === 'client'
  }

  async #obtain({ clientId, clientSecret }: Extract<Credential, { kind: 'client' }>): Promise<string> {
    const { call, now, onToken } = this.#options
    const requestedAt = now()
    try {
      const { value } = await call({
        operation: 'token',
        method: 'POST',
        path: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
        }).toString(),
        answer: ({ token }) => token,
      })
      const token = value.access_token
      onToken(token)
      this.#token = token
      this.obtained += 1
      // Without a life, it is used until ISC rejects it.
      const lifeMs = (value.expires_in ?? Infinity) * 1000
      this.#renewAt = requestedAt + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs * 0.8)
      return token
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new RunEnd({ reason: 'authentication', failure: error.failure })
    }
  }
}
