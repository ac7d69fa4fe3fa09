import type { Failure } from '../failure.ts'
import { meaningOfFailure } from './status.ts'

const BACK_OFF_BASE_MS = 1_000
const BACK_OFF_CAP_MS = 30_000

/** ISC is obeyed up to this long. */
const LONGEST_RETRY_AFTER_MS = 5 * 60_000

/**
 * The retry policy: how many milliseconds to wait before the n-th (1-based) retry after this failure, or null when no
 * further attempt makes sense. `Retry-After` wins; otherwise exponential with full jitter. `random` is from 0 to 1.
 */
export function retryDelay(
  retry: number,
  failure: Failure,
  retryAfterMs: number | null,
  { maxRetries, random }: { readonly maxRetries: number; readonly random: () => number },
): number | null {
  if (retry > maxRetries || !meaningOfFailure(failure).isRetryable) return null
  return retryAfterMs ?? backOffMs(retry, random)
}

/** Exponential back-off with full jitter, in milliseconds, before the n-th (1-based) retry. */
export function backOffMs(retry: number, random: () => number): number {
  return random() * Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** (retry - 1))
}

/**
 * `Retry-After` in milliseconds, from seconds or a date (RFC 9110, section 10.2.3); null without one. A date is read
 * against the `Date` of the same answer, because the clock of the runner may be wrong.
 */
export function readRetryAfter(headers: {
  readonly 'retry-after'?: string | undefined
  readonly date?: string | undefined
}): number | null {
  const text = headers['retry-after']?.trim()
  if (text === undefined) return null
  const ms = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.parse(headers.date ?? '')
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS)
}
