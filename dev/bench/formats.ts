import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Figure } from './figure.ts'
import { measureAction } from './measured-action.ts'

const IDS = 1_000_000

/** A JSON list is read up to 32 MiB, and a YAML list up to 1 MiB. */
const SOME: Readonly<Record<string, number>> = { json: 800_000, yaml: 25_000 }

/** MiB. In CSV, each identity has a name of its own. */
const LIMITS: Readonly<Record<string, number>> = { txt: 450, csv: 600, json: 450 }

/** The memory that a long list takes in each format, read and reported without being sent. */
export async function formats(): Promise<Figure[]> {
  const all = Array.from({ length: IDS }, (_, n) => n.toString(16).padStart(32, '0'))
  const lists: Readonly<Record<string, (ids: readonly string[]) => string>> = {
    txt: (ids) => ids.join('\n'),
    csv: (ids) => ['name,id', ...ids.map((id, n) => `User ${n},${id}`)].join('\n'),
    json: (ids) => JSON.stringify(ids),
    yaml: (ids) => ids.map((id) => `- "${id}"`).join('\n'),
  }
  const figures: Figure[] = []
  for (const [format, list] of Object.entries(lists)) {
    const workspace = await mkdtemp(join(tmpdir(), 'bench-workspace-'))
    const file = `ids.${format}`
    const count = SOME[format] ?? IDS
    await writeFile(join(workspace, file), list(all.slice(0, count)))
    const { peakMiB, wallMs } = await measureAction(
      { 'identity-ids-file': file, 'dry-run': 'true' },
      workspace,
      1, // without a credential, a plan fails: states-unknown
    )
    figures.push({
      name: `formats: ${count.toLocaleString('en')} ids as ${format}, peak memory in MiB`,
      value: peakMiB,
      of: `read, checked and reported in ${(wallMs / 1000).toFixed(1)} s`,
      ...(LIMITS[format] === undefined ? {} : { limit: { atMost: LIMITS[format] } }),
    })
    await rm(workspace, { recursive: true })
  }
  return figures
}
