import { folded, type Excluded, type Identity, type Location } from '../identity.ts'

/** What excludes an identity. `listed-before` is counted only; the others are named. */
export interface ExclusionMatch {
  readonly by: Excluded['by'] | 'listed-before'
  readonly bySource: Location | null
  /** The entry to report instead of the first one, if it is in the same file: the change may have added it. */
  readonly listedAt?: Location | null
}

/** A setting that excludes identities: a deny list, or what was listed before. */
export interface Exclusion {
  /** Asks with every identifier that is known of an identity: the text given, ID, alias, email address. */
  match(texts: readonly string[]): ExclusionMatch | null
}

/** The first exclusion that matches any of these texts. */
export function matchOf(
  exclusions: readonly Exclusion[],
  texts: readonly (string | null | undefined)[],
): ExclusionMatch | null {
  const known = texts.filter((text) => typeof text === 'string')
  for (const exclusion of exclusions) {
    const match = exclusion.match(known)
    if (match !== null) return match
  }
  return null
}

/** Characters that cannot be seen: no identity gets past a guard by them. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const ASCII = /^[ -~]*$/

/** An ISC ID: 32 hexadecimal digits, with or without the dashes of a UUID. */
const ISC_ID = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A text of this form needs no change. Most IDs have it. */
const PLAIN = /^[0-9a-z]+$/

/** A text without characters that cannot be seen, and white space around it. */
export function visible(text: string): string {
  return ASCII.test(text) ? text.trim() : text.replace(UNSEEN, '').trim()
}

/**
 * The form in which guards compare texts: only visible characters, without regard to case, and an ISC ID without its
 * dashes.
 */
export function comparable(text: string): string {
  if (PLAIN.test(text)) return text
  const seen = folded(visible(text))
  return ISC_ID.test(seen) ? seen.replaceAll('-', '') : seen
}

/** Whether a text, as it is compared, has the shape of ISC's own IDs, which are narrower than what counts as an ID. */
export function isIscId(text: string): boolean {
  return ISC_ID.test(comparable(text))
}

/** An identity that is excluded, as it is named; null for what was listed before, which is only counted. */
export function excludedAs(
  { id, identifier, file, line, listedName }: Identity,
  { by, bySource, listedAt = null }: ExclusionMatch,
  name: string | null = null,
): Excluded | null {
  if (by === 'listed-before') return null
  const location = listedAt?.file === file ? listedAt : { file, line }
  return { id, identifier, ...location, name: name ?? listedName, by, bySource }
}
