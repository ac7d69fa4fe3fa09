import { describe, expect, it } from '@jest/globals'

import type { Fault } from '../../dev/tenant/faults.ts'
import { identityId } from '../../dev/tenant/population.ts'
import { enableAll } from '../../src/enable/campaign.ts'
import type { Ledger } from '../../src/enable/ledger.ts'
import { Suspicion } from '../../src/enable/suspicion.ts'
import { idsWith, ledgerOf, sessionWith } from '../support/session.ts'
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

describe('a run', () => {
  const known = (count: number): string[] => Array.from({ length: count }, (_, n) => identityId(n))

  async function run(
    faults: readonly Fault[],
    ids: readonly string[],
    { batchSize = 10, maxRetries = 0, concurrency = 1 } = {},
  ): Promise<{ ledger: Ledger; stopped: string | null; sizes: number[]; progress: number }> {
    const tenant = await tenantWith({ faults, latencyMs: 5 })
    const { session } = sessionWith(tenant, { maxRetries, concurrency })
    const ledger = ledgerOf(ids)
    let progress = 0
    const stopped = await enableAll(ledger, session, {
      batchSize,
      maxRetries,
      failFast: false,
      onProgress: () => (progress += 1),
    })
    const sizes = tenant.requests.filter(({ endpoint }) => endpoint === 'enable').map(({ ids }) => ids.length)
    return { ledger, stopped, sizes, progress }
  }

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
