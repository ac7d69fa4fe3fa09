import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Figure } from './figure.ts'
import { measureAction } from './measured-action.ts'

const IDS = 1_000_000

/** A YAML list is read up to 1 MiB. */
const YAML_IDS = 25_000

/** The memory that a long list takes in each format, read and reported without being sent. */
export async function formats(): Promise<Figure[]> {
  const ids = Array.from({ length: IDS }, (_, n) => n.toString(16).padStart(32, '0'))
  const lists = {
    txt: () => ids.join('\n'),
    csv: () => ['name,id', ...ids.map((id, n) => `User ${n},${id}`)].join('\n'),
    json: () => JSON.stringify(ids, null, 2),
    yaml: () =>
      ids
        .slice(0, YAML_IDS)
        .map((id) => `- "${id}"`)
        .join('\n'),
  }
  const figures: Figure[] = []
  for (const [format, list] of Object.entries(lists)) {
    const workspace = await mkdtemp(join(tmpdir(), 'bench-workspace-'))
    const file = `ids.${format}`
    await writeFile(join(workspace, file), list())
    const { peakMiB, wallMs } = await measureAction(
      { 'identity-ids-file': file, 'dry-run': 'true' },
      workspace,
    )
    figures.push({
      name: `formats: ${format === 'yaml' ? '25,000' : 'a million'} ids as ${format}, peak memory in MiB`,
      value: peakMiB,
      of: `read, checked and reported in ${(wallMs / 1000).toFixed(1)} s`,
      ...(format === 'txt' || format === 'csv' ? { limit: { atMost: 450 } } : {}),
    })
    await rm(workspace, { recursive: true })
  }
  return figures
}
