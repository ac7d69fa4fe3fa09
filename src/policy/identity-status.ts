/** What an `identityStatus` means for enabling: the one table that plan, skip, verification, and README share. */
export interface StatusMeaning {
  /** Whether the identity's account in ISC is enabled; `unknown` is never reported as enabled. */
  readonly enabled: 'yes' | 'no' | 'unknown'
  /** What a person should know of an identity in this state; null where there is nothing to say. */
  readonly note: string | null
}

const ENABLED: StatusMeaning = { enabled: 'yes', note: null }
const NOT_PUBLISHED = 'what this status means is not published, so it never counts as enabled'

/** The statuses are those of ISC's API specification (`identityStatus` of `GET /identities`). */
const MEANINGS: Readonly<Record<string, StatusMeaning>> = {
  ACTIVE: ENABLED,
  REGISTERED: ENABLED,
  UNREGISTERED: ENABLED,
  PENDING: ENABLED,
  WARNING: ENABLED,
  LOCKED: { ...ENABLED, note: 'enabling does not unlock' },
  ERROR: { ...ENABLED, note: 'ISC reports an error for it, which enabling does not fix' },
  DISABLED: { enabled: 'no', note: null },
  DEACTIVATED: { enabled: 'unknown', note: NOT_PUBLISHED },
  TERMINATED: { enabled: 'unknown', note: NOT_PUBLISHED },
}

const UNKNOWN: StatusMeaning = {
  enabled: 'unknown',
  note: 'this action does not know the status, so it never counts as enabled',
}

const ABSENT: StatusMeaning = {
  enabled: 'unknown',
  note: 'ISC gives no status, so it never counts as enabled',
}

/** All statuses that the table knows, in its order. */
export const KNOWN_STATUSES: readonly string[] = Object.keys(MEANINGS)

/** The meaning of a status, compared without regard to case; null where ISC gives none. */
export function meaningOf(identityStatus: string | null): StatusMeaning {
  if (identityStatus === null) return ABSENT
  const status = identityStatus.toUpperCase()
  return Object.hasOwn(MEANINGS, status) ? (MEANINGS[status] ?? UNKNOWN) : UNKNOWN
}
