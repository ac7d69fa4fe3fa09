import { describe, expect, it } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId } from '../../dev/tenant/population.ts'
import { enableAll } from '../../src/enable/campaign.ts'
import { Ledger } from '../../src/enable/ledger.ts'
import { Suspicion } from '../../src/enable/suspicion.ts'
import { requested } from '../../src/outcome.ts'
import { idsWith, ledgerOf, NO_THRESHOLDS, sessionWith } from '../support/session.ts'
import { tenantWith } from '../support/tenant.ts'

/** What it says of refusals for these reasons, one after the other. */
const verdicts = (suspicion: Suspicion, reasons: readonly string[]): boolean[] =>
  reasons.map((reason) => suspicion.isSystemic(reason))
const times = (count: number, reason: string): string[] => Array<string>(count).fill(reason)

describe('a refusal of single identities is systemic', () => {
  it('from the eighth in a row on', () => {
    expect(verdicts(new Suspicion(), times(9, 'No'))).toEqual([...Array<boolean>(7).fill(false), true, true])
  })

  it('only for one reason in a row', () => {
    const suspicion = new Suspicion()
    expect(verdicts(suspicion, [...times(7, 'No'), 'Never', ...times(7, 'No')])).not.toContain(true)
    expect(suspicion.isSystemic('No')).toBe(true)
  })

  it('only as long as nothing was accepted', () => {
    const suspicion = new Suspicion()
    expect(verdicts(suspicion, times(8, 'No'))).toContain(true)
    suspicion.clear()
    expect(verdicts(suspicion, times(20, 'No'))).not.toContain(true)
  })

  it('even where no reason is given', () => {
    expect(verdicts(new Suspicion(), times(8, '')).at(-1)).toBe(true)
  })
})

describe('a suspicion', () => {
  it('is raised by a batch that is refused whole, until something is accepted', () => {
    const suspicion = new Suspicion()
    expect(suspicion.isRaised).toBe(false)
    suspicion.raise()
    expect(suspicion.isRaised).toBe(true)
    suspicion.clear()
    expect(suspicion.isRaised).toBe(false)
    suspicion.raise()
    expect(suspicion.isRaised).toBe(false)
  })

  it('is not raised by single identities', () => {
    const suspicion = new Suspicion()
    verdicts(suspicion, times(3, 'No'))
    expect(suspicion.isRaised).toBe(false)
  })
})

const known = (count: number): string[] => Array.from({ length: count }, (_, n) => identityId(n))

interface Run {
  readonly ledger: Ledger
  readonly stopped: string | null
  /** How many identities each request held. */
  readonly sizes: readonly number[]
  /** How often progress was told of. */
  readonly progress: number
  /** How often it waited before sending again. */
  readonly waits: number
}

async function run(
  faults: readonly Fault[],
  ids: readonly string[],
  {
    batchSize = 10,
    maxRetries = 0,
    concurrency = 1,
    failFast = false,
    thresholds = NO_THRESHOLDS,
    ledger = ledgerOf(ids, thresholds),
    cancelAfter = Infinity,
  } = {},
): Promise<Run> {
  const tenant = await tenantWith({ faults, latencyMs: 5 })
  let waits = 0
  const random = (): number => {
    waits += 1
    return 0
  }
  const { session, stop } = sessionWith(tenant, { maxRetries, concurrency, random })
  let progress = 0
  const onProgress = (): void => {
    progress += 1
    if (progress === cancelAfter) stop.abort()
  }
  const stopped = await enableAll(ledger, session, { batchSize, maxRetries, failFast, onProgress })
  const sizes = tenant.requests.filter(({ endpoint }) => endpoint === 'enable').map(({ ids }) => ids.length)
  return { ledger, stopped, sizes, progress, waits }
}

describe('a run', () => {
  it('halves a batch that is refused whole, the first half first', async () => {
    const { sizes, stopped, ledger } = await run([{ kind: 'status', status: 400, ids: known(1) }], known(9), {
      batchSize: 9,
    })
    expect(sizes).toEqual([9, 5, 3, 2, 1, 1, 1, 2, 4])
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(known(1))
  })

  it('tells of its progress after every answer', async () => {
    const { sizes, progress } = await run([], known(30))
    expect(sizes).toEqual([10, 10, 10])
    expect(progress).toBe(3)
  })

  it('goes on after seven identities refused for one reason', async () => {
    const bad = known(7)
    const { ledger, stopped } = await run([{ kind: 'status', status: 400, ids: bad }], known(10), {
      batchSize: 1,
    })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(bad)
    expect(idsWith(ledger, 'succeeded')).toEqual(known(10).slice(7))
  })

  it('is not misled by the id that a refusal names', async () => {
    const faults = known(20).map((id): Fault => ({
      kind: 'status',
      status: 400,
      ids: [id],
      text: `Bad ${id}, no ${id}`,
    }))
    const { ledger, stopped } = await run(faults, known(20), { batchSize: 1 })
    expect(stopped).toMatch(/^ISC refuses everything: nothing was accepted so far, and .* status 400/)
    expect(idsWith(ledger, 'failed')).toEqual(known(8))
    expect(idsWith(ledger, 'unprocessed')).toEqual(known(20).slice(8))
  })

  it('does not take different refusals for one', async () => {
    const faults = known(20).map((id, n): Fault => ({
      kind: 'status',
      status: 400,
      ids: [id],
      text: `Reason ${n % 5}`,
    }))
    const { ledger, stopped } = await run(faults, known(20), { batchSize: 1 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(known(20))
  })

  it.each<[string, Fault]>([
    ['no answer', { kind: 'refuse' }],
    ['an answer that cannot be read', { kind: 'html' }],
  ])('does not take %s for a refusal', async (_case, fault) => {
    const { ledger, stopped } = await run([fault], known(10), { batchSize: 1 })
    expect(stopped).toBeNull()
    expect(idsWith(ledger, 'failed')).toEqual(known(10))
  })

  it('does not take batches for single identities', async () => {
    const { ledger, stopped, sizes } = await run([{ kind: 'status', status: 404 }], known(24), {
      batchSize: 2,
    })
    expect(stopped).toBeNull()
    expect(sizes).toEqual(Array(12).fill(2))
    expect(idsWith(ledger, 'failed')).toEqual(known(24))
  })

  it.each([404, 409, 429, 503])('does not halve a batch that was refused with %d', async (status) => {
    const { ledger, sizes } = await run([{ kind: 'status', status, ids: known(1) }], known(20))
    expect(sizes).toEqual([10, 10])
    expect(idsWith(ledger, 'failed')).toEqual(known(10))
    expect(ledger.identities[9]).toMatchObject({ statusCode: status, attempts: 1 })
    expect(ledger.identities[9]?.message).toContain(`status ${status}`)
    expect(ledger.identities[9]?.trackingId).toMatch(/^[0-9a-f]{32}$/)
  })

  it('sends a refused part no second time for a status that made its batch one', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 500, ids: known(1) }]
    const { sizes } = await run(faults, known(4), { batchSize: 4, maxRetries: 2 })
    expect(sizes).toEqual([4, 4, 4, 2, 1, 1, 2])
  })
})

describe('a run that is cancelled', () => {
  it('keeps what was answered, and leaves the rest unprocessed', async () => {
    const { ledger, stopped, sizes } = await run([], known(30), { cancelAfter: 1 })
    expect(stopped).toBe('The run was cancelled.')
    expect(sizes).toEqual([10])
    expect(idsWith(ledger, 'succeeded')).toEqual(known(10))
    expect(idsWith(ledger, 'unprocessed')).toEqual(known(30).slice(10))
    expect(ledger.identities.map(({ attempts }) => attempts)).toEqual(
      known(30).map((_, n) => (n < 10 ? 1 : 0)),
    )
  })

  it('while it waits to send again has failures with the last reason', async () => {
    const faults: Fault[] = [{ kind: 'item-429' }]
    const { ledger, stopped, sizes } = await run(faults, known(3), { maxRetries: 5, cancelAfter: 1 })
    expect(stopped).toBe('The run was cancelled.')
    expect(sizes).toEqual([3])
    expect(ledger.identities).toMatchObject([
      { outcome: 'failed', statusCode: 429, message: 'Try again.', attempts: 1 },
      { outcome: 'succeeded' },
      { outcome: 'succeeded' },
    ])
  })
})

describe('a run with fail-fast', () => {
  it('sends nothing where the look-up failed too often', async () => {
    const failed = { ...requested('nobody', null, null, null), outcome: 'failed' as const }
    const people = known(3).map((id) => requested(id, id, null, null))
    const ledger = new Ledger([failed, ...people], NO_THRESHOLDS)
    const { stopped, sizes } = await run([], [], { ledger, failFast: true, maxRetries: 1 })
    expect(stopped).toBe('More identities failed than the thresholds allow, and fail-fast is set.')
    expect(sizes).toEqual([])
    expect(idsWith(ledger, 'unprocessed')).toEqual(known(3))
  })

  it('sends nothing a second time once a threshold is exceeded', async () => {
    const faults: Fault[] = [
      { kind: 'item-429', nth: 1 },
      { kind: 'status', status: 409, nth: 2 },
    ]
    const { ledger, stopped, sizes, waits } = await run(faults, known(4), {
      batchSize: 3,
      maxRetries: 3,
      failFast: true,
    })
    expect(stopped).toMatch(/fail-fast/)
    expect(sizes).toEqual([3, 1])
    expect(waits).toBe(0)
    expect(ledger.identities).toMatchObject([
      { outcome: 'failed', statusCode: 429 },
      { outcome: 'succeeded' },
      { outcome: 'succeeded' },
      { outcome: 'failed', statusCode: 409 },
    ])
  })

  it.each([
    [0, 1],
    [1, 4],
    [2, 7],
  ])(
    'heeds those put off once their tries are used up: %d further, %d requests',
    async (maxRetries, requests) => {
      const faults: Fault[] = [{ kind: 'item-500' }]
      const { ledger, stopped, sizes } = await run(faults, known(3), {
        batchSize: 1,
        maxRetries,
        failFast: true,
      })
      expect(stopped).toMatch(/fail-fast/)
      expect(sizes).toHaveLength(requests)
      expect(ledger.identities[0]).toMatchObject({ outcome: 'failed', attempts: maxRetries + 1 })
    },
  )

  it('does not heed failures that are ignored', async () => {
    const thresholds = { ...NO_THRESHOLDS, ignoreStatusCodes: new Set([404]) }
    const { stopped, ledger } = await run([], ['x1', ...known(3)], {
      batchSize: 1,
      failFast: true,
      thresholds,
    })
    expect(stopped).toBeNull()
    expect(ledger.counts).toMatchObject({ succeeded: 3, failed: 1, ignored: 1 })
  })

  it('names what ended it first', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 403 }]
    const { stopped } = await run(faults, known(3), { batchSize: 1, failFast: true })
    expect(stopped).toContain('status 403')
  })
})

describe('an identity that ISC puts off', () => {
  it('has failed at once where nothing is to be sent again', async () => {
    const { ledger, sizes } = await run([{ kind: 'item-500' }], known(2))
    expect(sizes).toEqual([2])
    expect(ledger.identities).toMatchObject([
      { outcome: 'failed', statusCode: 500, message: 'Try again.', attempts: 1 },
      { outcome: 'succeeded', attempts: 1 },
    ])
    expect(ledger.identities[0]?.trackingId).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is sent again max-retries times', async () => {
    const { ledger, sizes, waits } = await run([{ kind: 'item-429' }], known(1), { maxRetries: 2 })
    expect(sizes).toEqual([1, 1, 1])
    expect(waits).toBe(2)
    expect(ledger.identities).toMatchObject([{ outcome: 'failed', statusCode: 429, attempts: 3 }])
  })

  it('is not one that ISC refuses', async () => {
    const faults: Fault[] = [{ kind: 'text', text: 'Never.' }]
    const { ledger, sizes, waits } = await run(faults, known(1), { maxRetries: 2 })
    expect(sizes).toEqual([1])
    expect(waits).toBe(0)
    expect(ledger.identities).toMatchObject([{ outcome: 'failed', statusCode: 400, message: 'Never.' }])
  })
})

it('an identity without an id is never sent', async () => {
  const ledger = new Ledger([requested('ann', null, null, null)], NO_THRESHOLDS)
  await expect(run([], [], { ledger })).rejects.toThrow('ann has no id.')
})

it('an error of the program ends a run as what it is', async () => {
  const { session } = sessionWith(await tenantWith())
  const call = (): Promise<never> => Promise.reject(new TypeError('A mistake.'))
  const options = { batchSize: 1, maxRetries: 0, failFast: false, onProgress: () => undefined }
  await expect(enableAll(ledgerOf(known(1)), { ...session, call }, options)).rejects.toThrow(
    new TypeError('A mistake.'),
  )
})
