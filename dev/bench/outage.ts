import { rm } from 'node:fs/promises'

import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import type { Figure } from './figure.ts'
import { writeListFile } from './list-file.ts'
import { measureAction, withTenant } from './measured-action.ts'
import { leastTimeMs, LATENCY_MS, LIMIT } from './least-time.ts'

const IDS = 40_000
const OUTAGE = { from: 15_000, to: 75_000 }

/** A minute without ISC in the middle of a paced run: wall time over the least that the limit allows and that minute; all are enabled. */
export async function outage(): Promise<Figure[]> {
  const { workspace } = await writeListFile(IDS)
  const figures: Figure[] = []
  for (const as of ['refuse', 503] as const) {
    const options = { identities: 'any', latencyMs: LATENCY_MS, rateLimit: LIMIT } as const
    const { wallMs } = await withTenant({ ...options, outages: [{ ...OUTAGE, as }] }, ({ baseUrl }) =>
      measureAction({ ...DEMO_CREDENTIAL, 'base-url': baseUrl, 'identity-ids-file': 'ids.txt' }, workspace),
    )
    const leastMs = leastTimeMs(IDS / 100) + OUTAGE.to - OUTAGE.from
    figures.push({
      name: `outage: a minute of ${as === 503 ? 'status 503' : 'closed connections'} in the middle, wall time over the least possible`,
      value: wallMs / leastMs,
      of: `${(wallMs / 1000).toFixed(1)} s over ${(leastMs / 1000).toFixed(1)} s, all of ${IDS} ids succeeded`,
      limit: { atMost: 1.2 },
    })
  }
  await rm(workspace, { recursive: true })
  return figures
}
