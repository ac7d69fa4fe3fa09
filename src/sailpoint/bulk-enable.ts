import { folded } from '../identity.ts'
import { isSuccess } from './answers/status.ts'
import { apiPath } from './api-path.ts'
import type { Session } from './session.ts'

/** ISC's answer for one identity of a bulk request. */
export interface ItemAnswer {
  /** The id as ISC writes it, which may be in another case than the one that was sent. */
  readonly id: string
  readonly status: number
  readonly message: string | null
}

export interface BulkAnswer {
  /** What the answer says of an id that was sent. */
  readonly itemOf: (id: string) => ItemAnswer | undefined
  readonly trackingId: string | null
}

export interface EnableOptions {
  /** Statuses of the whole request that are not worth a further try. */
  readonly final?: ReadonlySet<number>
  readonly onAttempt: () => void
}

/**
 * Submits the tasks that enable `ids` (`POST …/identities-accounts/enable`, bulk). The answer is joined to them without
 * regard to case. Entries of it that are malformed are passed over; where an id stands twice, a refusal outweighs an
 * acceptance.
 * @throws ApiError, SessionEnd
 */
export async function enableIdentities(
  session: Session,
  ids: readonly string[],
  options: EnableOptions,
): Promise<BulkAnswer> {
  const { value, trackingId } = await session.call({
    ...options,
    what: 'Enabling',
    advice: {
      403: 'The credential needs the scope idn:accounts-state:manage and the user level ORG_ADMIN.',
    },
    method: 'POST',
    path: apiPath(session.apiVersion, 'identities-accounts', '/enable'),
    headers: { 'content-type': 'application/json', 'x-sailpoint-experimental': 'true' },
    body: JSON.stringify({ identityIds: ids }),
    answer: ({ bulk }) => bulk,
  })
  const items = new Map<string, ItemAnswer>()
  for (const entry of value) {
    const item = session.gate.accept(entry, session.gate.answers.bulkEntry)
    if (item === null) continue
    const key = folded(item.id)
    const known = items.get(key)
    if (known !== undefined && !isSuccess(known.status)) continue
    items.set(key, { id: item.id, status: item.statusCode, message: item.message })
  }
  return { itemOf: (id) => items.get(folded(id)), trackingId }
}
