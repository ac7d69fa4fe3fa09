import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'

import { requested } from '../../src/identity.ts'
import { Limit } from '../../src/list/collection.ts'
import { readEarlierReport } from '../../src/list/earlier-report.ts'
import { Problems } from '../../src/problems.ts'
import type { Figure } from './figure.ts'
import { median } from './measured.ts'

const IDENTITIES = 1_000_000

/** What it takes to read a plan of a million identities again, over a bare loop that parses its lines. */
export async function reread(): Promise<Figure[]> {
  const workspace = await mkdtemp(join(tmpdir(), 'bench-report-'))
  const path = join(workspace, 'report.json')
  await pipeline(report(), createWriteStream(path))
  const bare: number[] = []
  const own: number[] = []
  for (let n = 0; n < 3; n += 1) {
    bare.push(await timed(() => parseLines(path)))
    own.push(await timed(() => take(workspace)))
  }
  await rm(workspace, { recursive: true })
  return [
    {
      name: 'reread: a million identities of a report, over a bare loop that parses its lines',
      value: median(own) / median(bare),
      of: `${(median(own) / 1000).toFixed(1)} s over ${(median(bare) / 1000).toFixed(1)} s`,
      limit: { atMost: 1.5 },
    },
  ]
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}

async function parseLines(path: string): Promise<void> {
  let count = 0
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (!line.startsWith('    {')) continue
    JSON.parse(line.slice(4, line.endsWith(',') ? -1 : undefined))
    count += 1
  }
  if (count !== IDENTITIES) throw new Error(`There are ${count} lines.`)
}

async function take(workspace: string): Promise<void> {
  const problems = new Problems()
  const settings = { workspace, temporary: '' }
  const taken = await readEarlierReport('report.json', settings, new Limit(null), problems)
  problems.throwIfAny()
  if (taken?.collection.identities.length !== IDENTITIES) throw new Error('Not all identities were taken.')
}

/** As the action writes it. */
function* report(): Generator<string> {
  const counts = {
    total: IDENTITIES,
    succeeded: 0,
    failed: 0,
    ignored: 0,
    unprocessed: IDENTITIES,
    excluded: 0,
  }
  const head = {
    schemaVersion: 1,
    baseUrl: 'https://acme.api.identitynow.com',
    dryRun: true,
    identifyBy: 'id',
    result: 'success',
    problems: [],
    counts,
  }
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "identities": [`
  for (let n = 0; n < IDENTITIES; n += 1) {
    const id = n.toString(16).padStart(32, '0')
    const { identifier, outcome, attempts, ignored } = requested({
      identifier: id,
      id,
      file: null,
      line: null,
    })
    const state = { identityStatus: 'DISABLED', lifecycleState: 'active', plannedLifecycleState: null }
    const rest = {
      statusCode: null,
      message: null,
      attempts,
      trackingId: null,
      ignored,
      plan: 'enable',
      verified: null,
    }
    const source = { file: 'lists/joiners.csv', line: n + 2 }
    const words = { name: null, listedName: null, reason: null }
    const written = { id, identifier, outcome, ...rest, ...state, ...words, source }
    yield `${n === 0 ? '' : ','}\n    ${JSON.stringify(written)}`
  }
  yield '\n  ]\n}\n'
}
