import { array, looseObject, nullish, optional, safeParse, string, type InferOutput } from 'valibot'

import { ApiError } from './errors.ts'
import type { HttpAnswer } from './transport.ts'

/** Statuses after which the same request may succeed. */
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504])

/** Whether the same request may succeed when it is sent again after this status. */
export function isRetryable(status: number): boolean {
  return RETRYABLE.has(status)
}

/** ISC is obeyed up to this long. */
const MAX_RETRY_AFTER_MS = 5 * 60_000

/** The error bodies that ISC documents, all fields optional: the envelope, 401's and 429's. */
const ErrorBody = looseObject({
  detailCode: nullish(string()),
  trackingId: nullish(string()),
  messages: optional(array(looseObject({ text: nullish(string()) }))),
  error: nullish(string()),
  error_description: nullish(string()),
  message: nullish(string()),
})

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110, section 10.2.3); null without one. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  const text = header.trim()
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}

/**
 * What a refused request (any status but 2xx) says, with what to do about it.
 * `what` names the request, for example "Enabling"; `needs` is what a credential must have for it.
 */
export function refusalOf(
  answer: HttpAnswer,
  { what, needs }: { what: string; needs?: string },
  now: number,
): ApiError {
  const { status, retryAfter } = answer
  const trackingId = errorBody(answer.body)?.trackingId ?? answer.trackingId
  const advice =
    status === 403 && needs !== undefined ? ` The credential needs ${needs}.` : (ADVICE[status] ?? '')
  const said = saidBy(answer)
  const tracking = trackingId === null ? '' : ` (tracking id ${trackingId})`
  return new ApiError(`${what} was refused with status ${status}: ${said}${tracking}.${advice}`, {
    status,
    trackingId,
    retryable: isRetryable(status),
    retryAfterMs: readRetryAfter(retryAfter, now),
    reason: `${status} ${said}`,
  })
}

/** ISC's own words in an error body, or the beginning of whatever came instead. */
function saidBy({ body }: HttpAnswer): string {
  const parsed = errorBody(body)
  const said = parsed?.messages?.find(({ text }) => text)?.text ?? parsed?.error_description
  const text = said ?? parsed?.error ?? parsed?.message ?? parsed?.detailCode ?? body.slice(0, 200)
  const trimmed = text.trim().replace(/\.$/, '')
  return trimmed === '' ? 'no reason was given' : trimmed
}

/** The body as one of ISC's errors; null for anything else, such as a gateway's page. */
function errorBody(body: string): InferOutput<typeof ErrorBody> | null {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return null
  }
  const parsed = safeParse(ErrorBody, json)
  return parsed.success ? parsed.output : null
}

/** What a workflow author can do about a status. Facts: ISC's API documentation. */
const ADVICE: Readonly<Record<number, string>> = {
  301: ' Redirects are not followed; check the input base-url.',
  302: ' Redirects are not followed; check the input base-url.',
  307: ' Redirects are not followed; check the input base-url.',
  308: ' Redirects are not followed; check the input base-url.',
  401: ' Likely causes: the access token has expired (they live about 12 minutes; with client-id and client-secret the action renews them), it belongs to another tenant, or it is not the token or secret that was meant.',
  404: ' Check the inputs tenant (or base-url) and api-version.',
}
