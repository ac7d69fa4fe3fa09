import { envelope, type Answer } from './answer.ts'
import type { Fault } from './faults.ts'
import { distortList } from './distortion.ts'
import type { Population } from './population.ts'

/** One entry of the answer to a bulk request. */
interface Entry {
  readonly id: string
  readonly statusCode: number | string
  readonly message: string | null
}

export interface BulkOptions {
  readonly maxBatch: number
  readonly enableDelayMs: number
  /** How an answer writes an ID that the request wrote like this. */
  readonly shown: (id: string) => string
  readonly onEnabled: (id: string) => void
}

/** The answer to a bulk request; it takes the tasks on. */
export function bulkAnswer(
  population: Population,
  asked: readonly string[],
  fault: Fault | null,
  trackingId: string,
  { maxBatch, enableDelayMs, shown, onEnabled }: BulkOptions,
): Answer {
  if (asked.length > maxBatch) return envelope(400, `At most ${maxBatch} identities a request.`, trackingId)
  const entries = asked.map((id): Entry => {
    const known = population.enable(id, enableDelayMs)
    if (known === null)
      return { id: shown(id), statusCode: 404, message: `Referenced identity "${id}" was not found.` }
    onEnabled(known)
    return { id: shown(id), statusCode: 202, message: null }
  })
  return { status: 207, body: JSON.stringify(distorted(entries, fault)) }
}

function distorted(entries: readonly Entry[], fault: Fault | null): readonly Entry[] {
  switch (fault?.kind) {
    case 'string-status':
      return entries.map((entry) => ({ ...entry, statusCode: String(entry.statusCode) }))
    case 'item-429':
      return putOff(entries, 429)
    case 'item-500':
      return putOff(entries, 500)
    case 'text':
      return entries.map((entry) => ({ ...entry, statusCode: 400, message: fault.text }))
    default:
      return distortList(entries, fault, {
        opposite: (entry) => ({ ...entry, statusCode: 500 }),
        stranger: (id) => ({ id, statusCode: 202, message: null }),
      })
  }
}

function putOff(entries: readonly Entry[], statusCode: number): Entry[] {
  return entries.map((entry, n) => (n % 3 === 0 ? { ...entry, statusCode, message: 'Try again.' } : entry))
}
