import type { GenericSchema } from 'valibot'

import type { Answers } from './answers/gate.ts'

/** A request of which the session takes care until it has a readable answer or a reason why there is none. */
export interface ApiRequest<T> {
  /** Names the request in messages: "Enabling", "Reading identities". */
  readonly what: string
  /** What to do when it is refused with one of these statuses, in place of what is advised in general. */
  readonly advice?: Readonly<Record<number, string>>
  readonly method: 'GET' | 'POST'
  /** Path and query below the base URL. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What a 2xx answer must look like; another one counts as unreadable, and the request is sent again. */
  readonly answer: (answers: Answers) => GenericSchema<unknown, T>
  /** Statuses that are not worth a further try of this request, although they are in general. */
  readonly final?: ReadonlySet<number>
  /** Called each time the request is put on the wire. */
  readonly onAttempt?: () => void
  /** Ends the request, its waiting and its retries, with its reason. */
  readonly signal?: AbortSignal
}

export interface ApiAnswer<T> {
  readonly value: T
  readonly trackingId: string | null
  /** How many there are in all, where `count=true` asked for it and ISC says so. */
  readonly totalCount: number | null
}
