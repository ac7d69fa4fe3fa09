import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Figure } from './figure.ts'
import { writeListFile } from './list-file.ts'
import { measureAction, tokenFrom, withTenant } from './measured-action.ts'
import { measure } from './measured.ts'

/** Up to a million IDs from a file, against a bare loop that does the same requests. */
export async function volume(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const count of [10_000, 100_000, 1_000_000]) {
    const { workspace, file } = await writeListFile(count)
    figures.push(
      ...(await withTenant({ identities: 'any', rateLimit: null }, async ({ baseUrl }) => {
        const token = await tokenFrom(baseUrl)
        const inputs = { 'base-url': baseUrl, token, 'identity-ids-file': 'ids.txt', 'rate-limit': '0' }
        const action = await measureAction(inputs, workspace)
        const loop = await measure(join(import.meta.dirname, 'bare-loop.js'), [baseUrl, token, file])
        const isLargest = count === 1_000_000
        const size = count.toLocaleString('en')
        const plan = isLargest ? [await measureAction({ ...inputs, 'dry-run': 'true' }, workspace)] : []
        return [
          {
            name: `volume: ${size} ids, CPU time over a bare loop`,
            value: action.cpuMs / loop.cpuMs,
            of: `${(action.cpuMs / 1000).toFixed(1)} s over ${(loop.cpuMs / 1000).toFixed(1)} s`,
            ...(isLargest ? { limit: { atMost: 2 } } : {}),
          },
          {
            name: `volume: ${size} ids, peak memory in MiB`,
            value: action.peakMiB,
            of: `the bare loop takes ${loop.peakMiB.toFixed(0)} MiB`,
            ...(isLargest ? { limit: { atMost: 450 } } : {}),
          },
          ...plan.map(({ peakMiB }) => ({
            name: `volume: a plan of ${size} ids, peak memory in MiB`,
            value: peakMiB,
            of: 'all states are read as fast as the tenant answers',
            limit: { atMost: 1_000 },
          })),
        ]
      })),
    )
    await rm(workspace, { recursive: true })
  }
  return figures
}
