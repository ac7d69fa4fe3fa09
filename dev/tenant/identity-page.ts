import { envelope, type Answer } from './answer.ts'
import { distortList } from './distortion.ts'
import type { Fault } from './faults.ts'
import { parseFilter } from './filter.ts'
import type { Filter, Identity, Population } from './population.ts'

/** ISC's page limit, and its default. */
const PAGE_LIMIT = 250

const EVERYBODY: Filter = { ids: null, matches: () => true }

export interface PageOptions {
  /** The most rows per page, also where the request asks for more. */
  readonly pageCap: number
  /** How an answer writes an identity's ID. */
  readonly shown: (id: string) => string
  /** How many pages were asked for so far. */
  readonly pages: number
}

/** A page of the identities list. */
export function pageAnswer(
  population: Population,
  query: URLSearchParams,
  fault: Fault | null,
  trackingId: string,
  { pageCap, shown, pages }: PageOptions,
): Answer {
  let filter
  try {
    filter = query.has('filters') ? parseFilter(query.get('filters') ?? '') : EVERYBODY
  } catch (error) {
    return envelope(400, String(error), trackingId)
  }
  const limit = Number(query.get('limit') ?? PAGE_LIMIT)
  const offset = Number(query.get('offset') ?? 0)
  if (!(limit >= 0 && limit <= PAGE_LIMIT && offset >= 0))
    return envelope(400, 'Bad limit or offset.', trackingId)
  const length = Math.min(limit, pageCap)
  const all = population.select(filter)
  const from = fault?.kind === 'shift' && offset > 0 ? offset + (pages % 2) : offset
  const page =
    fault?.kind === 'strangers'
      ? Array.from({ length: limit }, (_, n) => row(stranger(`${n}`.padStart(32, 'f'))))
      : all.slice(from, from + length).map((identity) => row({ ...identity, id: shown(identity.id) }))
  const inState = (stateName: string) =>
    page.map((found) => ({ ...found, lifecycleState: { stateName, manuallyUpdated: false } }))
  const shownRows = fault?.kind === 'twice' ? [...page, ...inState(fault.lifecycleState)] : page
  const rows = distortList(shownRows, fault, {
    opposite: (found) => ({
      ...found,
      identityStatus: found.identityStatus === 'ACTIVE' ? 'DISABLED' : 'ACTIVE',
    }),
    stranger: (id) => row(stranger(id)),
  })
  const headers = query.get('count') === 'true' ? { 'x-total-count': String(all.length) } : {}
  return { status: 200, headers, body: JSON.stringify(rows) }
}

type Shown = Pick<Identity, 'id' | 'name' | 'alias' | 'emailAddress' | 'identityStatus' | 'lifecycleState'>

function row({ id, name, alias, emailAddress, identityStatus, lifecycleState }: Shown) {
  return {
    ...{ id, name, alias, emailAddress, identityStatus, lifecycleState },
    ...{ created: '2026-01-01T00:00:00Z', isManager: false, attributes: {} },
  }
}

function stranger(id: string): Shown {
  const [name, emailAddress] = ['A stranger', `${id}@example.org`]
  return { id, name, alias: id, emailAddress, identityStatus: 'ACTIVE', lifecycleState: null }
}
