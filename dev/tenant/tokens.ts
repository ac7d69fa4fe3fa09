import { createHmac } from 'node:crypto'

/** A program that may ask the simulated tenant for access tokens. */
export interface Client {
  readonly id: string
  readonly secret: string
  readonly scopes: readonly string[]
}

export const ENABLE_SCOPE = 'idn:accounts-state:manage'
export const READ_SCOPE = 'idn:identity:read'

export const DEMO_CLIENT: Client = {
  id: 'demo-client',
  secret: 'demo-secret',
  scopes: [ENABLE_SCOPE, READ_SCOPE],
}

/** The inputs by which the action becomes `DEMO_CLIENT`. */
export const DEMO_CREDENTIAL = { 'client-id': DEMO_CLIENT.id, 'client-secret': DEMO_CLIENT.secret } as const

/** Signs a JWT (HS256) for a client; `key` is the tenant's own, `serial` makes it unique. */
export function signToken(client: Client, expiresAt: number, key: string, serial: number): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    client_id: client.id,
    exp: expiresAt / 1000,
    jti: String(serial),
  })}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

/** The client ID of a valid token, or what ISC says of one that is not. */
export function checkToken(
  token: string,
  now: number,
  key: string,
): { clientId: string } | { error: string } {
  const [header, payload, signature] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined) {
    return { error: 'JWT validation failed: JWT is malformed' }
  }
  const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url')
  if (signature !== expected) return { error: 'JWT validation failed: JWT signature is not valid' }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    client_id: string
    exp: number
  }
  if (claims.exp * 1000 <= now) return { error: 'JWT validation failed: JWT is expired' }
  return { clientId: claims.client_id }
}
