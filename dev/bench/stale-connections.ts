import { identityIds } from '../tenant/population.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import type { Figure } from './figure.ts'
import { measureAction, withTenant } from './measured-action.ts'
import { median } from './measured.ts'

const REQUESTS = 40
const ROUNDS = 9

/** 40 identities, a request each, where the server closes every connection after one answer, over kept ones. */
export async function staleConnections(): Promise<Figure[]> {
  const inputs = {
    ...DEMO_CREDENTIAL,
    ...{ 'identity-ids': identityIds(REQUESTS).join('\n'), 'batch-size': '1' },
    ...{ 'rate-limit': '0', 'max-retries': '0' },
  }
  const options = { identities: 'any', latencyMs: 20 } as const
  const [stale, kept] = await withTenant({ ...options, answersPerConnection: 1 }, (tired) =>
    withTenant(options, async (tenant) => {
      const times: [number[], number[]] = [[], []]
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [index, { baseUrl }] of [tired, tenant].entries()) {
          times[index]?.push((await measureAction({ ...inputs, 'base-url': baseUrl })).wallMs)
        }
      }
      return times.map(median) as [number, number]
    }),
  )
  return [
    {
      name: `staleConnections: ${REQUESTS} requests, every connection closed after one answer, over kept ones`,
      value: stale / kept,
      of: `${stale.toFixed(0)} ms over ${kept.toFixed(0)} ms, medians of ${ROUNDS}, without retries`,
      limit: { atMost: 1.5 },
    },
  ]
}
