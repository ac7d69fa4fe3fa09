import { rm } from 'node:fs/promises'

import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import type { Figure } from './figure.ts'
import { writeListFile } from './list-file.ts'
import { measureAction, withTenant } from './measured-action.ts'
import { leastTimeMs, LATENCY_MS, LIMIT } from './least-time.ts'

const IDS = 20_000

/** 20,000 identities at ISC's rate limit: wall time over the least that the limit allows. */
export async function paced(): Promise<Figure[]> {
  const { workspace } = await writeListFile(IDS)
  const { wallMs, refused } = await withTenant(
    { identities: 'any', latencyMs: LATENCY_MS, rateLimit: LIMIT },
    async (tenant) => {
      const run = await measureAction(
        { ...DEMO_CREDENTIAL, 'base-url': tenant.baseUrl, 'identity-ids-file': 'ids.txt' },
        workspace,
      )
      return { wallMs: run.wallMs, refused: (await tenant.statuses())['429'] ?? 0 }
    },
  )
  await rm(workspace, { recursive: true })
  const requests = IDS / 100 + 1 // the token's
  const leastMs = leastTimeMs(requests)
  return [
    {
      name: 'paced: wall time over the least that the limit allows',
      value: wallMs / leastMs,
      of: `${(wallMs / 1000).toFixed(1)} s over ${(leastMs / 1000).toFixed(1)} s, ${requests} requests`,
      limit: { atMost: 1.05 },
    },
    { name: 'paced: requests rejected with 429', value: refused, of: 'the run above', limit: { atMost: 0 } },
  ]
}
