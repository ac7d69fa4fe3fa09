import type { Problems } from '../problems.ts'
import { expiryOf } from '../sailpoint/jwt.ts'
import type { Credential } from '../settings.ts'
import type { Values } from './values.ts'

/** What an Authorization header can carry (RFC 6750, section 2.1). */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/

/**
 * The credential from `token`, or from `client-id` and `client-secret`, or from SAIL_CLIENT_ID and
 * SAIL_CLIENT_SECRET. Hands every secret to `mask` before anything else is done with it.
 * Returns null where there is none, which is a problem unless `optional` (a dry run in a pull request
 * from a fork has no secrets); half a pair then counts as none.
 */
export function readCredential(
  values: Values,
  env: NodeJS.ProcessEnv,
  problems: Problems,
  mask: (secret: string) => void,
  optional: boolean,
): Credential | null {
  const token = values.text('token')
  const inputs = { clientId: values.text('client-id'), clientSecret: values.text('client-secret') }
  const clientId = inputs.clientId ?? inherited(env, 'SAIL_CLIENT_ID')
  const clientSecret = inputs.clientSecret ?? inherited(env, 'SAIL_CLIENT_SECRET')
  for (const secret of [token, clientSecret]) if (secret !== null) mask(secret)

  if (token !== null) {
    if (inputs.clientId !== null || inputs.clientSecret !== null) {
      const other = inputs.clientId === null ? 'client-secret' : 'client-id'
      problems.add(
        `Inputs token and ${other} are both given; give token, or client-id and client-secret, not both.`,
      )
    } else if (!BEARER_TOKEN.test(token)) {
      problems.add(
        'Input token: what was given (not shown) holds characters that no access token has, such as white space; give the JWT alone, without "Bearer".',
      )
    }
    const expiresAt = expiryOf(token)
    if (expiresAt !== null && expiresAt <= Date.now()) {
      problems.add(
        `Input token: the access token expired at ${new Date(expiresAt).toISOString()} (they live about 12 minutes); give a fresh one, or client-id and client-secret, from which the action gets its own.`,
      )
    }
    return { kind: 'token', token }
  }
  if (clientId !== null && clientSecret !== null) return { kind: 'client', clientId, clientSecret }
  if (!optional) problems.add(missing(clientId, clientSecret))
  return null
}

function inherited(env: NodeJS.ProcessEnv, name: string): string | null {
  const text = env[name]?.trim()
  return text === undefined || text === '' ? null : text
}

function missing(clientId: string | null, clientSecret: string | null): string {
  const hint =
    'If you give it from a GitHub secret, check that the secret exists for this repository or environment; pull requests from forks get none.'
  if (clientId !== null) {
    return `Input client-id is given without client-secret (environment variable SAIL_CLIENT_SECRET); give both. ${hint}`
  }
  if (clientSecret !== null) {
    return 'Input client-secret is given without client-id (environment variable SAIL_CLIENT_ID); give both.'
  }
  return `No credential is given; give client-id and client-secret (a personal access token), or token. ${hint}`
}
