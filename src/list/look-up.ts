import { folded, isIdentityId, type Cause, type Identity } from '../identity.ts'

/** An identity that a look-up found. */
export interface Found {
  readonly id: string
  readonly alias: string | null
  readonly emailAddress: string | null
}

/** Looks up all identities whose attribute has one of the values, and hands each to `onFound`. */
export type Find = (values: readonly string[], onFound: (identity: Found) => void) => Promise<void>

export interface LookUp {
  /** The ids found. */
  readonly ids: ReadonlyMap<Identity, string>
  /** Those that match nobody, or several. */
  readonly unmatched: ReadonlyMap<Identity, Cause>
  /** Those that are the same identity as one before them. */
  readonly duplicates: ReadonlySet<Identity>
}

/**
 * Finds the one identity in ISC that has each alias or e-mail address, compared without regard to case as ISC does.
 * Identities that have their id already (an earlier report's) are taken by it. An entry given twice by two names is
 * one identity: the first. @throws whatever `find` throws
 */
export async function lookUp(
  identities: readonly Identity[],
  attribute: 'alias' | 'email',
  find: Find,
): Promise<LookUp> {
  const wanted = new Map<string, string>()
  for (const { identifier, id } of identities) {
    const key = folded(identifier)
    if (id === null && !wanted.has(key)) wanted.set(key, identifier)
  }
  const matches = new Map(wanted.keys().map((key) => [key, new Map<string, string>()]))
  // What was given is asked for: ISC may fold otherwise.
  await find([...wanted.values()], ({ id, alias, emailAddress }) => {
    const value = attribute === 'alias' ? alias : emailAddress
    // An id that cannot be one is never sent: it is no match.
    if (isIdentityId(id)) matches.get(folded(value ?? ''))?.set(folded(id), id)
  })

  const ids = new Map<Identity, string>()
  const unmatched = new Map<Identity, Cause>()
  const duplicates = new Set<Identity>()
  const known = new Set<string>()
  for (const identity of identities) {
    const found = identity.id === null ? matches.get(folded(identity.identifier)) : undefined
    const [id = identity.id, ...others] = found?.values() ?? []
    if (id === null) unmatched.set(identity, { kind: 'absent' })
    else if (others.length > 0) unmatched.set(identity, { kind: 'ambiguous', ids: [id, ...others] })
    else if (known.has(folded(id))) duplicates.add(identity)
    else {
      known.add(folded(id))
      if (identity.id === null) ids.set(identity, id)
    }
  }
  // A text that matches nobody, but is the id of one who was found: given twice, by two names.
  for (const identity of unmatched.keys())
    if (known.has(folded(identity.identifier))) duplicates.add(identity)
  for (const identity of duplicates) unmatched.delete(identity)
  return { ids, unmatched, duplicates }
}
