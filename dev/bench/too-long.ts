import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import type { Figure } from './figure.ts'
import { writeListFile } from './list-file.ts'
import { measureAction } from './measured-action.ts'

/** 300 MB of IDs, one a line. */
const IDS = 9_100_000
const MAX = 1_000

/** How long the action takes to stop at a list that is far longer than `max-identities`. */
export async function tooLong(): Promise<Figure[]> {
  const { workspace, file } = await writeListFile(IDS)
  const csv = createWriteStream(join(workspace, 'ids.csv'))
  csv.write('id\n')
  await pipeline(createReadStream(file), csv)
  const figures: Figure[] = []
  for (const name of ['ids.txt', 'ids.csv']) {
    const inputs = { 'identity-ids-file': name, 'max-identities': String(MAX), 'dry-run': 'true' }
    const { peakMiB, wallMs } = await measureAction({ ...inputs, tenant: 'acme' }, workspace, 1)
    figures.push({
      name: `tooLong: 300 MB as ${name.slice(-3)} against max-identities ${MAX}, peak memory in MiB`,
      value: peakMiB,
      of: `refused in ${(wallMs / 1000).toFixed(1)} s`,
      limit: { atMost: 200 },
    })
  }
  await rm(workspace, { recursive: true })
  return figures
}
