import { looseObject, number, safeParse } from 'valibot'

const Claims = looseObject({ exp: number() })

/**
 * When a JWT expires, in milliseconds since the epoch, from its `exp` claim (RFC 7519, section 4.1.4);
 * null where the text is no JWT or carries none. The signature is the server's to check.
 */
export function expiryOf(token: string): number | null {
  const payload = token.split('.')[1]
  if (payload === undefined) return null
  let claims: unknown
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  } catch {
    return null // not a JWT: an opaque token has no expiry to read
  }
  const parsed = safeParse(Claims, claims)
  return parsed.success ? parsed.output.exp * 1000 : null
}
