import { rm } from 'node:fs/promises'

import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import type { Figure } from './figure.ts'
import { writeListFile } from './list-file.ts'
import { measureAction, withTenant } from './measured-action.ts'
import { leastTimeMs, LATENCY_MS, LIMIT } from './least-time.ts'

const RUNS = 4
const IDS = 40_000

/** Four shards at once with one client ID, whose limit they share: wall time over the least that the limit allows; all are enabled. */
export async function neighbours(): Promise<Figure[]> {
  const { workspace } = await writeListFile(IDS)
  const { wallMs, refused } = await withTenant(
    { identities: 'any', latencyMs: LATENCY_MS, rateLimit: LIMIT },
    async (tenant) => {
      const inputs = { ...DEMO_CREDENTIAL, 'base-url': tenant.baseUrl, 'identity-ids-file': 'ids.txt' }
      const shards = Array.from({ length: RUNS }, (_, n) => `${n + 1}/${RUNS}`)
      const runs = await Promise.all(shards.map((shard) => measureAction({ ...inputs, shard }, workspace)))
      return {
        wallMs: Math.max(...runs.map((run) => run.wallMs)),
        refused: (await tenant.statuses())['429'] ?? 0,
      }
    },
  )
  await rm(workspace, { recursive: true })
  const leastMs = leastTimeMs(IDS / 100, RUNS * 8)
  return [
    {
      name: `neighbours: ${RUNS} runs with one client ID, wall time over the least that the limit allows`,
      value: wallMs / leastMs,
      of: `${(wallMs / 1000).toFixed(1)} s over ${(leastMs / 1000).toFixed(1)} s, ${refused} requests refused with 429`,
      limit: { atMost: 1.1 },
    },
  ]
}
