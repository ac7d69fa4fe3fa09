/**
 * A long run during outages and faults: `npm run soak [-- --minutes N --seed N]`, 10 minutes by default. 20,000 identities per minute
 * are enabled and verified at ISC's rate limit, while outages, 429s, 500s, slow bodies, cut connections and expiring
 * tokens come and go. Prints the result as a line of JSON and as rows for docs/performance.md, and writes
 * reports/soak.json. Fails when anybody is lost or misreported, or memory grows.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { ROOT, runAction } from '../run-action.ts'
import { startTenant, type Tenant } from '../tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import { MemorySamples } from './memory-samples.ts'
import { randomDisturbances } from './disturbances.ts'

const IDS_A_MINUTE = 20_000
const STRANGERS = 20
const TOKEN_SECONDS = 90
/** Of the last third of a run over the first. */
const MAX_GROWTH = 1.25

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})
const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('Give --minutes and --seed as numbers.')

const disabled = Math.ceil(minutes * IDS_A_MINUTE)
// More outages than there should be time for.
const disturbances = randomDisturbances(seed, minutes * 4 * 60_000)
const tenant = await startTenant({
  ...{ ...disturbances, identities: { disabled }, record: false, latencyMs: 100, enableDelayMs: 5_000 },
  ...{ rateLimit: { requests: 100, windowMs: 10_000 }, tokenLifetimeSeconds: TOKEN_SECONDS },
})
const strangers = Array.from({ length: STRANGERS }, (_, n) => `stranger-${n}`)
const ids = [...tenant.identities.keys(), ...strangers]
const memory = new MemorySamples()
const startedAt = performance.now()
const run = await runAction({
  inputs: {
    ...{ ...DEMO_CREDENTIAL, 'base-url': tenant.baseUrl, 'identity-ids-file': 'ids.txt' },
    ...{ verify: 'true', 'verify-timeout': String(Math.max(300, Math.ceil(minutes * 120))) },
    ...{ 'request-timeout': '5', 'max-failures': String(STRANGERS) },
  },
  files: { 'ids.txt': ids.join('\n') },
  env: memory.env,
  onLine: (line) => {
    if (!line.startsWith('::')) console.error(line)
  },
})
const { firstThird, lastThird, peak } = memory.summarize()
const result = {
  seed,
  ids: ids.length,
  minutes: Math.round((performance.now() - startedAt) / 6_000) / 10,
  outages: disturbances.outages.filter(({ from }) => from < performance.now() - startedAt).length,
  ...{ exitCode: run.exitCode, result: run.outputs['result'], stopped: null as string | null },
  statuses: tenant.statuses,
  ...judged(run.report ?? '', tenant),
  ...{ violations: tenant.violations.length, memoryMiB: { firstThird, lastThird, peak } },
}
await tenant.stop()
console.log(JSON.stringify(result))
console.log(
  `| ${result.ids.toLocaleString('en')} identities in ${result.minutes} minutes with ${result.outages} outages: lost or misreported identities | ${result.lost + result.misreported} |`,
)
const growth = lastThird / firstThird
console.log(
  `| … memory that the action holds in the last third of the run (${lastThird} MiB) / in the first third (${firstThird} MiB) | ${growth.toFixed(2)} |`,
)
await mkdir(join(ROOT, 'reports'), { recursive: true })
await writeFile(join(ROOT, 'reports', 'soak.json'), `${JSON.stringify(result, null, 2)}\n`)
const isFlat = growth <= MAX_GROWTH
if (result.exitCode !== 0 || result.lost + result.misreported + result.violations > 0 || !isFlat)
  process.exitCode = 1

/** Compares the report with the state of every identity in the tenant. */
function judged(
  report: string,
  { identities }: Tenant,
): { stopped: string | null; lost: number; misreported: number } {
  const { stopped, identities: reported } = JSON.parse(report) as {
    stopped: string | null
    identities: { id: string; outcome: string; verified: boolean | null }[]
  }
  const outcomes = new Map(reported.map((identity) => [identity.id, identity]))
  let [lost, misreported] = [ids.length - outcomes.size, 0]
  for (const id of ids) {
    const isEnabled = identities.get(id)?.identityStatus === 'ACTIVE'
    const { outcome, verified } = outcomes.get(id) ?? {}
    if (identities.has(id) && outcome !== 'succeeded') lost += 1
    else if ((outcome === 'succeeded' && verified === true) !== isEnabled) misreported += 1
  }
  return { stopped, lost, misreported }
}
