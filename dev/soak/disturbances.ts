import type { Endpoint, Fault, Period } from '../tenant/faults.ts'
import type { Absence, Outage } from '../tenant/outages.ts'
import { seeded } from '../tenant/random.ts'

const ENDPOINTS: readonly Endpoint[] = ['token', 'enable', 'identities']
const ABSENCES: readonly Absence[] = ['refuse', 'reset', 'hang', 502, 503, 504]

/** What comes and goes; each but an outage meets only some of the requests. */
const KINDS: Readonly<Record<string, (on: Endpoint, during: Period) => readonly Fault[]>> = {
  'too many requests': (on, during) => [
    { kind: 'status', status: 429, retryAfter: { seconds: 2 }, on, during, probability: 0.3 },
  ],
  'errors of the server': (on, during) => [{ kind: 'status', status: 500, on, during, probability: 0.3 }],
  'slow bodies': (on, during) => [{ kind: 'slow', ms: 2_000, on, during, probability: 0.3 }],
  'cut connections': (on, during) => [
    { kind: 'reset-in-body', on, during, probability: 0.2 },
    { kind: 'reset-before', on, during, probability: 0.1 },
    { kind: 'truncated-json', on, during, probability: 0.1 },
  ],
  'single identities put off': (on, during) =>
    on === 'enable' ? [{ kind: 'item-429', during, probability: 0.3 }] : [],
}

export interface Disturbances {
  readonly faults: readonly Fault[]
  readonly outages: readonly Outage[]
}

/** Calm of 2 to 8 seconds, then an outage or a disturbance of 3 to 20, and again, until so many milliseconds are over. */
export function randomDisturbances(seed: number, lengthMs: number): Disturbances {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const faults: Fault[] = []
  const outages: Outage[] = []
  for (let at = 0; at < lengthMs;) {
    const from = at + 2_000 + random() * 6_000
    const to = from + 3_000 + random() * 17_000
    if (random() < 0.4) outages.push({ from, to, as: pick(ABSENCES) })
    else {
      const disturbance = pick(Object.values(KINDS))
      for (const on of ENDPOINTS) faults.push(...disturbance(on, { from, to }))
    }
    at = to
  }
  return { faults, outages }
}
