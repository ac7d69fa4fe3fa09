import type { ApiRequest } from '../api-request.ts'
import { ApiError } from '../errors.ts'
import type { Gate } from './gate.ts'
import { isRetryable, isSilent } from './status.ts'

/** An answer as it was heard, to be read through the gate. */
export interface HeardAnswer {
  readonly status: number
  readonly retryAfterMs: number | null
  readonly trackingId: string | null
  /** The header `X-Total-Count`, which ISC gives where `count=true` asks for it. */
  readonly totalCount: number | null
  /** As it came. */
  readonly body: string
}

/** What a refused request (any status but 2xx) says, with what to do about it. */
export function refusalOf(
  { status, retryAfterMs, body, ...answer }: Omit<HeardAnswer, 'totalCount'>,
  request: Pick<ApiRequest<unknown>, 'what' | 'advice'>,
  gate: Gate,
): ApiError {
  const reading = gate.read(body, gate.answers.error)
  const error = 'value' in reading ? reading.value : null
  const trackingId = error?.trackingId ?? answer.trackingId
  const text =
    error?.messages.find(({ text }) => text)?.text ??
    error?.error_description ??
    error?.error ??
    error?.message ??
    error?.detailCode ??
    gate.beginning(body)
  const said = text.trim().replace(/\.$/, '') || 'no reason was given'
  const advice = request.advice?.[status] ?? ADVICE[status]
  const whatToDo = advice === undefined ? '' : ` ${advice}`
  const tracking = trackingId === null ? '' : ` (tracking id ${trackingId})`
  return new ApiError(`${request.what} was refused with status ${status}: ${said}${tracking}.${whatToDo}`, {
    status,
    trackingId,
    retryable: isRetryable(status),
    isSilence: isSilent(status),
    retryAfterMs,
    reason: `${status} ${said}`,
  })
}

const REDIRECTED = 'Redirects are not followed; check the input base-url.'

/** What a workflow author can do about a status. Facts: ISC's API documentation. */
const ADVICE: Readonly<Record<number, string>> = {
  301: REDIRECTED,
  302: REDIRECTED,
  307: REDIRECTED,
  308: REDIRECTED,
  401: 'Likely causes: the access token has expired (they live about 12 minutes; with client-id and client-secret the action renews them), it belongs to another tenant, or it is not the token or secret that was meant.',
  404: 'Check the inputs tenant (or base-url) and api-version.',
  405: 'Check the input base-url: something that is not the ISC API answers there.',
  410: 'Check the input api-version: this one is no longer served.',
  451: 'Something between this runner and ISC forbids the request; ask who runs the network.',
}
