/**
 * Speed, as ratios against something measured in the same run, and memory: `npm run bench [-- NAME …]`, with the names
 * below. Prints a table and writes reports/bench.json.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'

import { ROOT } from '../run-action.ts'
import { dryRun } from './dry-run.ts'
import type { Figure } from './figure.ts'
import { formats } from './formats.ts'
import { neighbours } from './neighbours.ts'
import { outage } from './outage.ts'
import { paced } from './paced.ts'
import { proxyTunnels } from './proxy-tunnels.ts'
import { reread } from './reread.ts'
import { sdk } from './sdk.ts'
import { staleConnections } from './stale-connections.ts'
import { startup } from './startup.ts'
import { tooLong } from './too-long.ts'
import { volume } from './volume.ts'

const benchmarks = {
  ...{ paced, outage, neighbours, proxyTunnels, staleConnections },
  ...{ sdk, startup, volume, formats, dryRun, tooLong, reread },
}
type Name = keyof typeof benchmarks

const names = process.argv.slice(2)
const unknown = names.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(1)
}

const figures: Figure[] = []
for (const [name, measureAll] of Object.entries(benchmarks) as [Name, () => Promise<Figure[]>][]) {
  if (names.length > 0 && !names.includes(name)) continue
  console.log(`Measuring: ${name} …`)
  const measured = await measureAll()
  for (const { name: what, value, of } of measured) console.log(`  ${what}: ${value.toFixed(2)} (${of})`)
  figures.push(...measured)
}

console.table(
  figures.map(({ name, value, of, limit }) => ({
    measured: name,
    value: Number(value.toFixed(2)),
    limit:
      limit?.atMost === undefined
        ? limit?.atLeast === undefined
          ? ''
          : `≥ ${limit.atLeast}`
        : `≤ ${limit.atMost}`,
    met: limit === undefined ? '' : isMet({ value, limit }) ? 'yes' : 'NO',
    of,
  })),
)
await mkdir(join(ROOT, 'reports'), { recursive: true })
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version }
await writeFile(join(ROOT, 'reports', 'bench.json'), `${JSON.stringify({ machine, figures }, null, 2)}\n`)
if (!figures.every(isMet)) process.exitCode = 1

function isMet({ value, limit }: Pick<Figure, 'value' | 'limit'>): boolean {
  return value <= (limit?.atMost ?? Infinity) && value >= (limit?.atLeast ?? -Infinity)
}
