import {
  array,
  integer,
  nullish,
  number,
  object,
  pipe,
  regex,
  safeParse,
  string,
  transform,
  union,
  unknown,
} from 'valibot'

import { apiPath } from './api-path.ts'
import type { Session } from './session.ts'

/** ISC's answer for one identity of a bulk request. */
export interface ItemAnswer {
  readonly status: number
  readonly message: string | null
}

export interface BulkAnswer {
  /** By id, for the identities that were asked for and that the answer names. */
  readonly items: ReadonlyMap<string, ItemAnswer>
  readonly trackingId: string | null
}

/** One entry of the answer; statuses arrive as integers, and from some gateways as text. */
const Item = object({
  id: string(),
  statusCode: union([pipe(number(), integer()), pipe(string(), regex(/^\d{3}$/), transform(Number))]),
  message: nullish(string(), null),
})

const Answer = array(unknown())

export interface EnableOptions {
  /** Statuses of the whole request that are not worth a further try. */
  readonly final?: ReadonlySet<number>
  readonly onAttempt: () => void
}

/**
 * Submits the tasks that enable `ids` (`POST …/identities-accounts/enable`, bulk).
 * Entries of the answer that are malformed or name somebody else are passed over; where an id stands
 * twice, a refusal outweighs an acceptance.
 * @throws ApiError, AuthenticationError, CancelledError
 */
export async function enableIdentities(
  session: Session,
  ids: readonly string[],
  options: EnableOptions,
): Promise<BulkAnswer> {
  const { value, trackingId } = await session.call({
    ...options,
    what: 'Enabling',
    needs: 'the scope idn:accounts-state:manage and the user level ORG_ADMIN',
    method: 'POST',
    path: apiPath(session.apiVersion, 'identities-accounts', '/enable'),
    headers: { 'content-type': 'application/json', 'x-sailpoint-experimental': 'true' },
    body: JSON.stringify({ identityIds: ids }),
    answer: Answer,
  })
  const asked = new Set(ids)
  const items = new Map<string, ItemAnswer>()
  for (const entry of value) {
    const parsed = safeParse(Item, entry)
    if (!parsed.success) continue
    const { id, statusCode: status, message } = parsed.output
    const known = items.get(id)
    if (!asked.has(id) || (known !== undefined && !isAccepted(known.status))) continue
    items.set(id, { status, message: message === null ? null : session.redact(message) })
  }
  return { items, trackingId }
}

/** Whether a per-identity status says that ISC took the task on. */
export function isAccepted(status: number): boolean {
  return status >= 200 && status <= 299
}
