/** The attributes by which identities are found. */
export type Attribute = 'id' | 'alias' | 'email'

/** Values that one filter asks for. */
export interface IdentityFilter {
  readonly values: readonly string[]
  /** As it stands in a URL. */
  readonly encoded: string
}

/** Filters that together ask for all values: each for at most `maxValues`, and at most `maxLength` long in a URL. */
export function* filtersOf(
  attribute: Attribute,
  values: readonly string[],
  { maxValues, maxLength }: { readonly maxValues: number; readonly maxLength: number },
): Generator<IdentityFilter, undefined> {
  const [head, separator, tail] = FRAMES[attribute === 'id' ? 'in' : 'eq']
  const empty = head.length + tail.length
  let filter: string[] = []
  let terms: string[] = []
  let length = empty
  const complete = (): IdentityFilter => ({ values: filter, encoded: head + terms.join(separator) + tail })
  for (const value of values) {
    const term = encodeURIComponent(attribute === 'id' ? quoted(value) : `${attribute} eq ${quoted(value)}`)
    const isLonger = length + separator.length + term.length > maxLength
    if (terms.length > 0 && (terms.length >= maxValues || isLonger)) {
      yield complete()
      filter = []
      terms = []
      length = empty
    }
    filter.push(value)
    length += (terms.length === 0 ? 0 : separator.length) + term.length
    terms.push(term)
  }
  if (terms.length > 0) yield complete()
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** What stands before, between and after the terms: `id in ("a","b")`, `alias eq "a" or alias eq "b"`. */
const FRAMES = {
  // A comma may stand in a query as it is (RFC 3986, section 3.4), which leaves room for more ids.
  in: [encodeURIComponent('id in ('), ',', encodeURIComponent(')')],
  eq: ['', encodeURIComponent(' or '), ''],
} as const
