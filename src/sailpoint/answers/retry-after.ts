/** ISC is obeyed up to this long. */
const LONGEST_MS = 5 * 60_000

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110, section 10.2.3); null without one. */
export function readRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const text = header.trim()
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_MS)
}
