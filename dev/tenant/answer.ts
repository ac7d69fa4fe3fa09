import type { StatusFault } from './faults.ts'

/** What the tenant means to answer, before a fault has its way with it. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** What gateways say in HTML. */
export const HTML =
  '<html><head><title>Gateway</title></head><body><h1>Something went wrong</h1></body></html>'

/** ISC's error envelope. */
export function envelope(status: number, text: string, trackingId: string): Answer {
  const messages = [{ locale: 'en-US', localeOrigin: 'DEFAULT', text }]
  const detailCode = `${status}.0`
  return { status, body: JSON.stringify({ detailCode, trackingId, messages, causes: messages }) }
}

/** A rejection with that status, in the form that ISC or its gateway gives it. */
export function refusal(
  { status, retryAfter, text, isPage = false }: StatusFault,
  trackingId: string,
): Answer {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfterText(retryAfter) }
  if (isPage) return { status, headers: { ...headers, 'content-type': 'text/html' }, body: HTML }
  if (status === 401) return { status, body: '{"error":"JWT validation failed: JWT is expired"}' }
  if (status === 429) return { status, headers, body: '{"message":" Rate Limit Exceeded "}' }
  if (status === 502 || status === 503 || status === 504) return { status, headers, body: HTML }
  return { ...envelope(status, text ?? 'The request was refused.', trackingId), headers }
}

function retryAfterText({ seconds, asDate = false }: { seconds: number; asDate?: boolean }): string {
  return asDate ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds)
}
