/** Names under which the identifier is looked for when `identity-id-column` is not set. */
const USUAL = ['id', 'identityid', 'identity-id', 'identity_id']

/**
 * Where among `names` the one stands that holds the identifier: the name asked for (in another case if need
 * be), or the first usual one. Where there is none, or several that may be meant, why.
 */
export function idColumnOf(
  names: readonly string[],
  wanted: string | null,
): { readonly at: number } | { readonly fault: string } {
  for (const isMeant of meanings(wanted)) {
    const at = names.findIndex(isMeant)
    if (at === -1) continue
    if (names.findLastIndex(isMeant) === at) return { at }
    const meant = quoted(names.filter(isMeant))
    return { fault: `there are several that may hold the identifier (${meant}); leave only one` }
  }
  const expected =
    wanted === null
      ? 'one named id, identityId, identity-id or identity_id; name yours in identity-id-column'
      : `${JSON.stringify(wanted)} (identity-id-column)`
  return { fault: `there is ${names.length === 0 ? 'nothing' : quoted(names)}, but not ${expected}` }
}

/** What makes a name the one that is meant, the strongest first. */
function* meanings(wanted: string | null): Generator<(name: string) => boolean> {
  if (wanted !== null) yield (name) => name === wanted
  for (const meant of wanted === null ? USUAL : [wanted.toLowerCase()]) {
    yield (name) => name.trim().toLowerCase() === meant
  }
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 60)))
  return shown.join(', ') + (names.length > shown.length ? ', …' : '')
}
