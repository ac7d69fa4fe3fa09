/** Names under which the identifier is looked for when `identity-id-column` is not set. */
const USUAL = ['id', 'identityid', 'identity-id', 'identity_id']

/**
 * The name among `names` that holds the identifier: the one asked for (in another case if need be), or the
 * first usual one. Returns null where there is none.
 */
export function idColumnOf(names: readonly string[], wanted: string | null): string | null {
  if (wanted !== null && names.includes(wanted)) return wanted
  const accepted = wanted === null ? USUAL : [wanted.toLowerCase()]
  for (const name of accepted) {
    const found = names.find((candidate) => candidate.trim().toLowerCase() === name)
    if (found !== undefined) return found
  }
  return null
}

/** What is said where there is no such name. */
export function noIdColumn(names: readonly string[], wanted: string | null): string {
  const expected =
    wanted === null
      ? 'one named id, identityId, identity-id or identity_id, or set identity-id-column'
      : `${JSON.stringify(wanted)} (identity-id-column)`
  const there = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 60)))
  return `there is ${there.length === 0 ? 'nothing' : there.join(', ')}, but not ${expected}`
}
