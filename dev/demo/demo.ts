/** The action as the runner runs it, against a simulated tenant: `npm run demo [-- --help]`. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { reasonOf } from '../../src/problems.ts'
import { runAction } from '../run-action.ts'
import { summaryPage } from '../summary-page.ts'
import type { Fault } from '../tenant/faults.ts'
import { startTenant } from '../tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import { listFile } from './demo-list.ts'
import { setScene, tell, tellWithoutCare, WAYS, type Way } from './leavers.ts'
import { HELP, readOptions, type DemoOptions } from './options.ts'
import { peopleOf } from './people.ts'
import { headline, Screen } from './screen.ts'

/** ISC is busy once, so that the log shows a wait and a retry. */
const BUSY: Fault = { kind: 'status', on: 'enable', nth: 1, status: 429, retryAfter: { seconds: 6 } }

try {
  const options = await readOptions(process.argv.slice(2))
  if (options === null) console.log(HELP)
  else await demo(options)
} catch (error) {
  console.error(reasonOf(error))
  process.exit(1) // a tenant may still be listening
}

async function demo(options: DemoOptions): Promise<void> {
  const folder = options.html === null ? await mkdtemp(join(tmpdir(), 'demo-')) : null
  try {
    await show(options, resolve(options.html ?? join(folder ?? '', 'summaries.html')))
  } catch (error) {
    if (folder !== null) await rm(folder, { recursive: true })
    throw error
  }
}

async function show(options: DemoOptions, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '') // what is wrong with the path is said before anything is run
  const screen = new Screen(options)
  if (options.story === 'leavers') await leavers(screen)
  else await mainJob(screen, options)
  await writeFile(path, await summaryPage(screen.summaries, options.theme))
  headline('Look at the job summaries, as GitHub renders them')
  console.log(path)
}

async function mainJob(screen: Screen, options: DemoOptions): Promise<void> {
  const { identities, listed, denied } = peopleOf(options.identities)
  const isStory = denied.length > 0
  const tenant = await startTenant({
    identities: {},
    extra: identities,
    enableDelayMs: 1_500,
    faults: options.faults.length === 0 && isStory ? [BUSY] : options.faults,
  })
  const { inputs: listInputs, files: listFiles } = listFile(options.format, listed, options.unknown)
  const files = { ...listFiles, ...(isStory ? { 'deny.csv': `id\n${denied.join('\n')}\n` } : {}) }
  const inputs = {
    ...{ 'base-url': tenant.baseUrl, ...DEMO_CREDENTIAL, ...listInputs },
    ...{ 'max-failures': '3', 'show-names': 'true' },
    ...(isStory ? { 'exclude-ids-file': 'deny.csv', 'refuse-states': 'terminated' } : {}),
  }
  if (options.withPlan) {
    const plan = { ...inputs, 'dry-run': 'true', ...options.inputs }
    await screen.run({ title: 'The plan that a reviewer sees (dry-run)', inputs: plan, files })
  }
  await screen.run({ title: 'The run', inputs: { ...inputs, verify: 'true', ...options.inputs }, files })
  await tenant.stop()
  if (tenant.violations.length > 0) throw new Error(`The tenant objects: ${tenant.violations.join('\n')}`)
}

async function leavers(screen: Screen): Promise<void> {
  const careless = await setScene(screen.run)
  await tellWithoutCare(careless, screen.run)
  await careless.tenant.stop()
  for (const way of Object.keys(WAYS) as Way[]) {
    const scene = await setScene(runAction)
    const nameOf = (id: string): string => scene.tenant.identities.get(id)?.name ?? id
    const ten = scene.tenant.enabled.length
    await tell(scene, way, screen.run)
    const enabled = scene.tenant.enabled.slice(ten).map(({ id }) => nameOf(id))
    const leavers = scene.leavers.map(
      (id) => `${nameOf(id)} ${scene.tenant.identities.get(id)?.identityStatus ?? ''}`,
    )
    console.log(`  → enabled: ${enabled.join(', ')}; leavers: ${leavers.join(', ')}`)
    await scene.tenant.stop()
  }
}
