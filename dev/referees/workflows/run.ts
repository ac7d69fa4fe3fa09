/**
 * The examples of `docs/examples/`, and the end-to-end job of `ci.yml`, on a real workflow runner that is not GitHub's:
 * `npm run workflows [-- WORD]`, where WORD chooses stories by their title.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ACT, JQ, requirePrograms } from '../program.ts'
import { buildAction, Stage } from './stage.ts'
import { START, STORIES } from './stories.ts'

requirePrograms(ACT, JQ)

const [word = ''] = process.argv.slice(2)
const action = mkdtempSync(join(tmpdir(), 'action-'))
buildAction(action)
let failed = 0
for (const { title, tenant = {}, files = START, play } of STORIES.filter((story) =>
  story.title.includes(word),
)) {
  const stage = await Stage.open(action, tenant, files)
  try {
    await play(stage)
    console.log(`passed  ${title}`)
  } catch (error) {
    failed += 1
    console.log(
      `FAILED  ${title}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  } finally {
    await stage.close()
  }
}
rmSync(action, { recursive: true })
process.exitCode = failed === 0 ? 0 : 1
