import type { Failure, Operation } from '../../failure.ts'
import type { Gate } from './gate.ts'

/** An answer as it arrived, to be read through the gate. */
export interface RawAnswer {
  readonly status: number
  readonly trackingId: string | null
  readonly body: string
}

/** What a rejected request (any status but 2xx) says. A body that is not JSON is a page of something else than ISC. */
export function rejectionOf(
  { status, trackingId, body }: RawAnswer,
  operation: Operation,
  gate: Gate,
): Failure {
  const reading = gate.read(body, gate.answers.error)
  const error = 'value' in reading ? reading.value : null
  const isForeign = error === null && body.trim() !== ''
  const said =
    error?.messages.find(({ text }) => text)?.text ??
    error?.error_description ??
    error?.error ??
    error?.message ??
    error?.detailCode ??
    (isForeign && !/^\s*</.test(body) ? gate.beginning(body) : '')
  return {
    kind: 'status',
    operation,
    status,
    said: said.trim().replace(/\.$/, '') || null,
    isForeign,
    trackingId: error?.trackingId ?? trackingId,
  }
}
