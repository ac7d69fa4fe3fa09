import { quoted } from '../../problems.ts'

/** Names under which the identifier is looked for when `identity-id-column` is not set. */
const USUAL = ['id', 'identityid', 'identity-id', 'identity_id']

/** Where the name stands that holds the identifier, or why that cannot be told. */
type Place = { readonly at: number } | { readonly fault: string }

/**
 * Where among the names of columns the one stands that holds the identifier: the name asked for (in another case if
 * need be), or the first usual one. It is not guessed where there are several.
 */
export function idColumnOf(names: readonly string[], wanted: string | null): Place {
  const exact = wanted === null ? null : placeOf(names, (name) => name === wanted)
  if (exact !== null) return exact
  for (const meant of wanted === null ? USUAL : [wanted.toLowerCase()]) {
    const place = placeOf(names, (name) => name.trim().toLowerCase() === meant)
    if (place !== null) return place
  }
  const expected =
    wanted === null
      ? 'one named id, identityId, identity-id or identity_id; name yours in identity-id-column'
      : `${JSON.stringify(wanted)} (identity-id-column)`
  return { fault: `there is ${names.length === 0 ? 'nothing' : namesText(names)}, but not ${expected}` }
}

/** The same among the keys of an object, none of which may stand in it twice. */
export function idKeyOf(names: readonly string[], wanted: string | null): Place {
  const place = idColumnOf(names, wanted)
  const seen = new Set<string>()
  const twice = 'fault' in place ? undefined : names.find((name) => seen.size === seen.add(name).size)
  return twice === undefined
    ? place
    : { fault: `the key ${quoted(twice)} stands there twice; leave only one` }
}

/** Where the only name stands that is meant; null where none is. */
function placeOf(names: readonly string[], isMeant: (name: string) => boolean): Place | null {
  const at = names.findIndex(isMeant)
  if (at === -1) return null
  if (names.findLastIndex(isMeant) === at) return { at }
  return {
    fault: `there are several that may hold the identifier (${namesText(names.filter(isMeant))}); leave only one`,
  }
}

function namesText(names: readonly string[]): string {
  return names.slice(0, 20).map(quoted).join(', ') + (names.length > 20 ? ', …' : '')
}
