import type { InferOutput } from 'valibot'

import { folded } from '../identity.ts'
import type { Answers } from './answers/gate.ts'
import type { IscClient } from './client.ts'
import type { ApiRequest } from './exchange.ts'
import { meaningOfStatus } from './status.ts'

/** ISC's answer for one identity of a bulk request, with its ID as ISC writes it, perhaps in another case. */
export type ItemAnswer = InferOutput<Answers['bulkEntry']>

export interface BulkAnswer {
  /** What the answer says of an ID that was submitted. */
  readonly itemOf: (id: string) => ItemAnswer | undefined
  readonly trackingId: string | null
  /** How many retries it took. */
  readonly retries: number
}

/**
 * Submits the tasks that enable `ids` (`POST …/identities-accounts/enable`, bulk). The answer is joined to them without
 * regard to case; where an ID is in it twice, a rejection outweighs an acceptance.
 * @throws ApiError, RunEnd, DeadlineError
 */
export async function submitEnable(
  client: IscClient,
  ids: readonly string[],
  options: Pick<ApiRequest<unknown>, 'maxRetries' | 'isPart' | 'onAttempt'>,
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
  for (const item of value) {
    const key = folded(item.id)
    const known = items.get(key)
    if (known === undefined || meaningOfStatus(known.statusCode).isSuccess) items.set(key, item)
  }
  return { itemOf: (id) => items.get(folded(id)), trackingId, retries }
}
