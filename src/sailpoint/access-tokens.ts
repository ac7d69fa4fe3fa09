import type { Credential } from '../settings.ts'
import { ApiError, AuthenticationError } from './errors.ts'
import { expiryOf } from './jwt.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'

/** A token is renewed this long before it expires, or when a fifth of its life is left, if that is later. */
const RENEW_BEFORE_MS = 60_000

const CHECK_PAIR = 'Check client-id and client-secret, and that they belong to this tenant.'

export interface TokenOptions {
  /** Sends the token request. */
  readonly call: <T>(request: ApiRequest<T>) => Promise<ApiAnswer<T>>
  /** Gets every token obtained before anything else does. */
  readonly onToken: (token: string) => void
  readonly now: () => number
}

/** Where access tokens come from. */
export interface Tokens {
  /** A token that is valid now. @throws AuthenticationError when none can be had. */
  current(): Promise<string>
  /** Takes note that ISC refused `token`; says whether `current` can give another one. */
  reject(token: string): boolean
  /** Access tokens obtained so far. */
  readonly obtained: number
}

export function createTokens(credential: Credential, options: TokenOptions): Tokens {
  return credential.kind === 'token'
    ? staticToken(credential.token, options.now)
    : clientCredentials(credential, options)
}

function staticToken(token: string, now: () => number): Tokens {
  const expiresAt = expiryOf(token)
  return {
    current: () =>
      expiresAt !== null && expiresAt <= now()
        ? Promise.reject(
            new AuthenticationError(
              `The access token (input token) expired at ${new Date(expiresAt).toISOString()}: they live about 12 minutes. Give client-id and client-secret instead, which the action renews tokens from.`,
            ),
          )
        : Promise.resolve(token),
    reject: () => false,
    obtained: 0,
  }
}

/** OAuth 2.0 client credentials (RFC 6749, section 4.4); one token request at a time serves all callers. */
function clientCredentials(
  { clientId, clientSecret }: Extract<Credential, { kind: 'client' }>,
  { call, onToken, now }: TokenOptions,
): Tokens {
  let token: string | null = null
  let renewAt = 0
  let pending: Promise<string> | null = null
  let obtained = 0

  async function obtain(): Promise<string> {
    const requestedAt = now()
    try {
      const { value } = await call({
        what: 'The token request',
        method: 'POST',
        path: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
        }).toString(),
        answer: ({ token }) => token,
        advice: { 400: CHECK_PAIR, 401: CHECK_PAIR, 403: CHECK_PAIR },
      })
      token = value.access_token
      onToken(token)
      obtained += 1
      const seconds = value.expires_in ?? null
      const expiresAt = seconds === null ? expiryOf(token) : requestedAt + seconds * 1000
      const lifeMs = (expiresAt ?? Infinity) - requestedAt
      renewAt = requestedAt + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs * 0.8)
      return token
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new AuthenticationError(`No access token: ${error.message}`, error)
    }
  }

  return {
    current: () => {
      if (token !== null && now() < renewAt) return Promise.resolve(token)
      pending ??= obtain().finally(() => {
        pending = null
      })
      return pending
    },
    reject: (refused) => {
      if (token === refused) token = null
      return true
    },
    get obtained() {
      return obtained
    },
  }
}
