/** What the status of an answer means for what is to be done next: said here once, for requests and identities alike. */

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}

/** Statuses that are about the moment or a gateway, not about what was asked. */
const OF_THE_MOMENT: ReadonlySet<number | null> = new Set([408, 425, 429, 502, 503, 504])

/** Whether the same request may succeed when it is sent again after this status. */
export function isRetryable(status: number): boolean {
  return status === 500 || OF_THE_MOMENT.has(status)
}

/** What a gateway answers when nobody stands behind it. */
const SILENT: ReadonlySet<number> = new Set([502, 503, 504])

/** Whether a status says that ISC itself did not answer. */
export function isSilent(status: number): boolean {
  return SILENT.has(status)
}

/** Statuses of a whole bulk request that one poisonous id can cause. */
const POISON: ReadonlySet<number | null> = new Set([400, 413, 422, 500])

/** Whether splitting a bulk request that was refused so may find the culprit. */
export function isPoison(status: number | null): boolean {
  return POISON.has(status)
}

/**
 * Whether the status of a request for one identity, found alone by splitting, is that identity's own: any but those
 * of the moment or the credential.
 */
export function isOwnStatus(status: number | null): status is number {
  return status !== null && status >= 400 && !OF_THE_MOMENT.has(status) && status !== 401 && status !== 403
}

/** Whether every further request would be refused in the same way. */
export function isBeyondMending(status: number | null): boolean {
  const isRefusal = status !== null && status < 500 && !isSuccess(status)
  return isRefusal && !isPoison(status) && !OF_THE_MOMENT.has(status)
}
