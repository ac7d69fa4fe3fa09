import { folded } from '../identity.ts'
import type { IscClient } from './client.ts'
import { meaningOfStatus } from './status.ts'

/** ISC's answer for one identity of a bulk request. */
export interface ItemAnswer {
  /** The ID as ISC writes it, which may be in another case than the one that was submitted. */
  readonly id: string
  readonly status: number
  readonly message: string | null
}

export interface BulkAnswer {
  /** What the answer says of an ID that was submitted. */
  readonly itemOf: (id: string) => ItemAnswer | undefined
  readonly trackingId: string | null
  /** How many retries it took. */
  readonly retries: number
}

export interface SubmitOptions {
  readonly maxRetries: number
  /** A status of the whole request after which it is not sent again. */
  readonly finalStatus?: number
  readonly onAttempt: () => void
}

/**
 * Submits the tasks that enable `ids` (`POST …/identities-accounts/enable`, bulk). The answer is joined to them without
 * regard to case. Invalid entries of it are passed over; where an ID is in it twice, a rejection outweighs an
 * acceptance.
 * @throws ApiError, RunEnd
 */
export async function submitEnable(
  client: IscClient,
  ids: readonly string[],
  options: SubmitOptions,
): Promise<BulkAnswer> {
  const { value, trackingId, retries } = await client.call({
    ...options,
    operation: 'enable',
    method: 'POST',
    path: client.pathOf('identities-accounts', '/enable'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identityIds: ids }),
    answer: ({ bulk }) => bulk,
  })
  const items = new Map<string, ItemAnswer>()
  for (const entry of value) {
    const item = client.gate.accept(entry, client.gate.answers.bulkEntry)
    if (item === null) continue
    const key = folded(item.id)
    const known = items.get(key)
    if (known !== undefined && !meaningOfStatus(known.status).isSuccess) continue
    items.set(key, { id: item.id, status: item.statusCode, message: item.message })
  }
  return { itemOf: (id) => items.get(folded(id)), trackingId, retries }
}
