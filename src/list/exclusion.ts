import type { Identity } from '../identity.ts'

/** How identifiers are compared: without regard to case, as ISC compares ids, aliases and e-mail addresses. */
export function folded(text: string): string {
  return text.toLowerCase()
}

/** Those who stand among `excluded` (folded texts), by their id or by the text given. */
export function excludedFrom(
  identities: readonly Identity[],
  excluded: ReadonlySet<string>,
): ReadonlySet<Identity> {
  const isExcluded = ({ id, identifier }: Identity): boolean =>
    excluded.has(folded(identifier)) || (id !== null && excluded.has(folded(id)))
  return new Set(identities.filter(isExcluded))
}
