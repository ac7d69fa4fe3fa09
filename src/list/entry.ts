import { isIdentityId } from '../identity.ts'
import type { IdentifyBy } from '../settings.ts'

/** Why a text cannot be an identifier, or null when it can. */
export function faultOf(text: string, identifyBy: IdentifyBy): string | null {
  if (identifyBy === 'id') {
    return isIdentityId(text)
      ? null
      : `${shown(text)} is not an identity id; an id has 1 to 64 letters, digits and dashes and begins with a letter or digit`
  }
  const { length } = Array.from(text)
  if (length < 1 || length > 256) {
    return `${shown(text)} has ${length} characters; an ${NAMES[identifyBy]} has 1 to 256`
  }
  return /[\p{Cc}\p{Cs}]/u.test(text)
    ? `${shown(text)} holds control characters or halves of characters, which no ${NAMES[identifyBy]} has`
    : null
}

const NAMES = { alias: 'alias', email: 'e-mail address' } as const

/** A text of the list within quotes, shortened. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
