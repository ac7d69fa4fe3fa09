import {
  ANSWER_FAULTS,
  CONNECTION_FAULTS,
  ITEM_FAULTS,
  LIST_FAULTS,
  UNUSUAL_FORMS,
  type Fault,
} from './faults.ts'
import type { Outage } from './outages.ts'
import { seeded } from './random.ts'

const STATUSES = [408, 425, 429, 500, 502, 503, 504]

/** These take a time-out, or end a run as they should. */
const LEFT_OUT: readonly string[] = ['hang', 'drip', 'upgrade', 'endless', 'redirect']

const ANYWHERE = [...CONNECTION_FAULTS, ...ANSWER_FAULTS].filter((kind) => !LEFT_OUT.includes(kind))

/**
 * A mixed plan for property tests: every kind of fault that a client with five retries outlives, each at
 * random moments and no more than `times` in all.
 */
export function randomFaults(seed: number, times = 5): Fault[] {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  return Array.from({ length: times }, (): Fault => {
    const occasion = { times: 1, probability: 0.2 + random() * 0.8 } as const
    const on = random() < 0.15 ? 'token' : 'enable'
    if (random() < 0.1) return { ...occasion, on, kind: 'unusual', form: pick(UNUSUAL_FORMS) }
    const isStatus = random() < 0.1
    if (!isStatus && on === 'enable' && random() < 0.4)
      return { ...occasion, kind: pick([...LIST_FAULTS, ...ITEM_FAULTS]) }
    if (!isStatus) return { ...occasion, on, kind: pick(ANYWHERE) }
    if (on === 'enable' && random() < 0.15) return { ...occasion, on, kind: 'status', status: 401 }
    const retryAfter = { seconds: 0, asDate: random() < 0.5 }
    const status = pick(STATUSES)
    return { ...occasion, on, kind: 'status', status, ...(random() < 0.3 ? { retryAfter } : {}) }
  })
}

/** An outage that begins after `from` requests and lasts for some more; or none. */
export function randomOutages(seed: number, from: number): Outage[] {
  const random = seeded(seed ^ 0x5eed)
  if (random() < 0.4) return []
  const start = from + Math.floor(random() * 6)
  const as = (['refuse', 'reset', 502, 503, 504] as const)[Math.floor(random() * 5)] ?? 503
  return [{ unit: 'requests', from: start, to: start + 1 + Math.floor(random() * 25), as }]
}
