import type { GenericSchema } from 'valibot'

import type { Operation } from '../failure.ts'
import type { ApiVersion } from '../settings.ts'
import type { Answers } from './answers/gate.ts'

/** A request of which the client takes care until it has a readable answer or a reason why there is none. */
export interface ApiRequest<T> {
  readonly operation: Operation
  readonly method: 'GET' | 'POST'
  /** Path and query below the base URL. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What a 2xx answer must look like; another one counts as unreadable, and the request is sent again. */
  readonly answer: (answers: Answers) => GenericSchema<unknown, T>
  /** At most so many retries, where that is fewer than the client's. */
  readonly maxRetries?: number
  /** A status that is final for this request, although another one would be retried. */
  readonly finalStatus?: number
  /** Called each time the request is sent. */
  readonly onAttempt?: () => void
  /** Ends the request, its waiting and its retries, with its reason. */
  readonly signal?: AbortSignal
}

export interface ApiAnswer<T> {
  readonly value: T
  readonly trackingId: string | null
  /** How many there are in all, where `count=true` asked for it and ISC says so. */
  readonly totalCount: number | null
  /** How many retries were used up. */
  readonly retries: number
}

/** The path of a collection. In per-API versioning, the version follows the collection's name. */
export function apiPath(version: ApiVersion, collection: string, rest = ''): string {
  return version === 'v1' ? `/${collection}/v1${rest}` : `/${version}/${collection}${rest}`
}
