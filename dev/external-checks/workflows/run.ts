/**
 * The examples of `docs/examples/`, and the end-to-end job of `ci.yml`, on a workflow runner that others wrote:
 * `npm run workflows [-- WORD]`, where WORD chooses stories by their title. Linux only.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ACT, requirePrograms } from '../program.ts'
import { playEndToEnd } from './ci.ts'
import { buildAction, CHECKOUT, Stage } from './stage.ts'
import { START, STORIES } from './stories.ts'

/** What is not like GitHub, so that no reader takes it for checked. */
const NOT_SHOWN = [
  'an environment: who approves, its branches (here the approval is a moment between two jobs, and its secrets have\n  other names)',
  'concurrency and its queue (act 0.2.89 does not know `queue: max`, which is taken out)',
  '`strategy.job-total` (act does not know it; 4 stands in its place), and the outcome of one job of a matrix\n  (act gives all of them that of the worst; it is taken from their steps)',
  'a process that a step leaves running (act hangs up on it; `setsid` keeps the tenant of ci.yml)',
  'permissions of the token, rulesets and required checks, the schedule itself, re-runs, how long artifacts are kept',
  'GitHub: its API and its repositories are served on this machine\n  (act 0.2.89 rejects what upload-artifact 7 sends, so artifacts are files on this disk; stand-ins are in stand-ins/;\n  the end-to-end job has stand-ins for actions/checkout and actions/setup-node, too)',
  'the tenant: the simulated one is named by SAIL_BASE_URL, as the variable ISC_TENANT is not set',
]

requirePrograms(ACT)
if (!existsSync(join(CHECKOUT, 'dist', 'index.js'))) {
  console.error(
    'This needs actions/checkout, as the examples pin it. Clone it, and name its folder: CHECKOUT=folder',
  )
  process.exit(2)
}

const [word = ''] = process.argv.slice(2)
const action = mkdtempSync(join(tmpdir(), 'action-'))
buildAction(action)
const acts: readonly (readonly [string, () => Promise<void>])[] = [
  ['the end-to-end job of ci.yml', () => playEndToEnd(action)],
  ...STORIES.map(({ title, tenant = {}, play }) => [title, () => onStage(tenant, play)] as const),
]
let failed = 0
const chosen = acts.filter(([title]) => title.includes(word))
for (const [title, play] of chosen) {
  try {
    await play()
    console.log(`passed  ${title}`)
  } catch (error) {
    failed += 1
    console.log(
      `FAILED  ${title}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  }
}
rmSync(action, { recursive: true })
console.log('\nNot shown by this:')
for (const what of NOT_SHOWN) console.log(`- ${what}`)
console.log(`\n${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0

async function onStage(
  tenant: Parameters<typeof Stage.open>[1],
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = await Stage.open(action, tenant, START)
  try {
    await play(stage)
  } finally {
    await stage.close()
  }
}
