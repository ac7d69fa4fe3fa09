import { looseObject, number, safeParse } from 'valibot'

/** Beyond this, ECMAScript has no dates. */
const LATEST_DATE_MS = 8.64e15

const Claims = looseObject({ exp: number() })

/**
 * When a JWT expires, in milliseconds since the epoch, from its `exp` claim (RFC 7519, section 4.1.4);
 * null where the text is no JWT or carries none that is a date. The signature is the server's to check.
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
  const ms = parsed.success ? parsed.output.exp * 1000 : NaN
  return Math.abs(ms) <= LATEST_DATE_MS ? ms : null
}
