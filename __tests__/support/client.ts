import { afterEach } from '@jest/globals'

import { SYSTEM_CLOCK, type Clock } from '../../src/sailpoint/clock.ts'
import { IscClient, type ClientOptions, type WaitReason } from '../../src/sailpoint/client.ts'
import type { Exchange } from '../../src/sailpoint/exchange.ts'
import { Ledger } from '../../src/enablement/ledger.ts'
import type { Failure } from '../../src/failure.ts'
import { requested, type Cause, type Identity, type Outcome } from '../../src/identity.ts'
import { NO_THRESHOLDS } from '../../src/policy/guards.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { DEMO_CLIENT } from '../../dev/tenant/tokens.ts'

export interface TestClient {
  readonly client: IscClient
  readonly tokens: string[]
  readonly exchanges: Exchange[]
  /** The waits that were announced: `back-off 500`. */
  readonly waits: (readonly [WaitReason, number])[]
  /** Why requests were sent again. */
  readonly retried: Failure[]
  /** The length of each outage that ended. */
  readonly outages: number[]
  readonly stop: AbortController
  readonly kill: AbortController
}

const ends: AbortController[] = []

// A wait that a test leaves behind, such as a minute of Retry-After, would keep its process alive.
afterEach(() => {
  for (const end of ends.splice(0)) end.abort()
})

/** A client of the tenant that does not wait between attempts and has no rate limit, unless told. */
export function clientWith(
  tenant: Pick<Tenant, 'baseUrl'>,
  options: Partial<ClientOptions> = {},
): TestClient {
  const [stop, kill] = [new AbortController(), new AbortController()]
  ends.push(stop, kill)
  const tokens: string[] = []
  const exchanges: Exchange[] = []
  const [waits, retried, outages]: [[WaitReason, number][], Failure[], number[]] = [[], [], []]
  const client = new IscClient({
    proxy: null,
    baseUrl: tenant.baseUrl,
    apiVersion: 'v2025',
    credential: { kind: 'client', clientId: DEMO_CLIENT.id, clientSecret: DEMO_CLIENT.secret },
    userAgent: 'test',
    concurrency: 8,
    rateLimit: 0,
    requestTimeoutMs: 10_000,
    outageTimeoutMs: 1_000,
    maxRetries: 5,
    stop: stop.signal,
    kill: kill.signal,
    onToken: (token) => tokens.push(token),
    onExchange: (exchange) => exchanges.push(exchange),
    onWait: (wait, ms) => waits.push([wait, ms]),
    onRetry: (failure) => retried.push(failure),
    onOutageEnd: (ms) => outages.push(ms),
    random: () => 0,
    clock: SYSTEM_CLOCK,
    ...options,
  })
  return { client, tokens, exchanges, waits, retried, outages, stop, kill }
}

/** An entry of an inline list. */
export function entry(identifier: string, id: string | null = identifier): Identity {
  return requested({ identifier, id, file: null, line: null })
}

/** A ledger of identities with these IDs. */
export function ledgerOf(ids: readonly string[], thresholds = NO_THRESHOLDS, isPlan = false): Ledger {
  return new Ledger(
    ids.map((id) => entry(id)),
    thresholds,
    isPlan,
  )
}

/** ISC accepted the task. */
export const ACCEPTED: Cause = { kind: 'answered', statusCode: 202, message: null, trackingId: 'track-1' }

/** The IDs that ended so. */
export function idsWith(ledger: Ledger, outcome: Outcome): string[] {
  return ledger.identities
    .filter((identity) => identity.outcome === outcome)
    .map(({ identifier }) => identifier)
}

/** A clock on which time passes so many times as fast. */
export function fastClock(factor: number): Clock {
  const start = performance.now()
  return {
    now: () => 1_800_000_000_000 + Math.round((performance.now() - start) * factor),
    sleep: (ms, signal) => SYSTEM_CLOCK.sleep(ms / factor, signal),
  }
}

/** A sleep on a clock that does not advance on its own. */
export interface Sleep {
  readonly ms: number
  readonly signal: AbortSignal
  readonly wake: () => void
}

/** A clock that advances only when the test says so, and the sleeps that were requested of it. */
export function standingClock(now = 0): { clock: Clock; time: { now: number }; sleeps: Sleep[] } {
  const time = { now }
  const sleeps: Sleep[] = []
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((wake, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason as Error))
      sleeps.push({ ms, signal, wake })
    })
  return { clock: { now: () => time.now, sleep }, time, sleeps }
}
