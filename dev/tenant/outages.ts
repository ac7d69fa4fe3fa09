import { isWithin, type Fault, type Period } from './faults.ts'

/**
 * How ISC is away: connections are closed on arrival (`refuse`), reset before the answer, though the request
 * had its effect (`reset`), never answered (`hang`), or a gateway answers in its place.
 */
export type Absence = 'refuse' | 'reset' | 'hang' | 502 | 503 | 504

/** A time in which every request to any endpoint meets the same; in milliseconds, or by the requests' numbers (from 1). */
export interface Outage extends Period {
  readonly as: Absence
  readonly unit?: 'ms' | 'requests'
}

/** The outages of a tenant: those that were planned, and one on command. */
export class Outages {
  readonly #planned: readonly Outage[]
  #now: Absence | null = null
  #requests = 0

  constructor(planned: readonly Outage[]) {
    this.#planned = planned
  }

  begin(as: Absence): void {
    this.#now = as
  }

  end(): void {
    this.#now = null
  }

  /** What the next request meets, `at` milliseconds after the first one. */
  next(at: number): Fault | null {
    this.#requests += 1
    const isOn = (outage: Outage): boolean =>
      isWithin(outage, outage.unit === 'requests' ? this.#requests : at)
    const as = this.#now ?? this.#planned.find(isOn)?.as
    if (as === undefined) return null
    if (typeof as === 'number') return { kind: 'status', status: as }
    return { kind: as === 'reset' ? 'reset-before' : as }
  }
}
