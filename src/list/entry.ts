import { isIdentityId } from '../identity.ts'
import { quoted } from '../problems.ts'
import type { IdentifyBy } from '../settings.ts'

/** Characters of an alias or e-mail address. */
const LONGEST = 256

/** Why a text cannot be an identifier, or null when it can. */
export function faultOf(text: string, identifyBy: IdentifyBy): string | null {
  if (identifyBy === 'id') {
    return isIdentityId(text)
      ? null
      : `${quoted(text)} is not an identity id; an id has 1 to 64 letters, digits and dashes and begins with a letter or digit`
  }
  const name = NAMES[identifyBy]
  if (text === '') return `"" has 0 characters; an ${name} has 1 to ${LONGEST}`
  // A character has at most two code units; of a text far longer none is counted.
  if (text.length > 2 * LONGEST || Array.from(text).length > LONGEST)
    return `${quoted(text)} has more than ${LONGEST} characters; an ${name} has 1 to ${LONGEST}`
  return /[\p{Cc}\p{Cs}]/u.test(text)
    ? `${quoted(text)} holds control characters or halves of characters, which no ${name} has`
    : null
}

const NAMES = { alias: 'alias', email: 'e-mail address' } as const
