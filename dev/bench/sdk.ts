import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { ROOT } from '../run-action.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import type { Figure } from './figure.ts'
import { writeListFile } from './list-file.ts'
import { measureAction, tokenFrom, withTenant } from './measured-action.ts'
import { measure } from './measured.ts'

const IDS = 4_000
const SINGLES = 40
const LATENCY_MS = 500

/** The action against the loop that users of the official TypeScript SDK write. */
export async function sdk(): Promise<Figure[]> {
  const folder = join(import.meta.dirname, 'sdk')
  execFileSync(process.execPath, [join(ROOT, 'dev', 'setup.js'), folder], { stdio: 'inherit' })
  const { workspace } = await writeListFile(IDS)
  const figures = await withTenant(
    { identities: 'any', latencyMs: LATENCY_MS, rateLimit: null },
    async ({ baseUrl }) => {
      const inputs = {
        ...DEMO_CREDENTIAL,
        'base-url': baseUrl,
        'identity-ids-file': 'ids.txt',
        'rate-limit': '0',
      }
      const action = await measureAction(inputs, workspace)
      const loop = join(folder, 'loop.js')
      const token = await tokenFrom(baseUrl)
      const batches = await measure(loop, [baseUrl, token, String(IDS), '100'])
      const singles = await measure(loop, [baseUrl, token, String(SINGLES), '1'])
      const [perAction, perSingle] = [action.wallMs / IDS, singles.wallMs / SINGLES]
      return [
        {
          name: 'sdk: its loop, batches of 100, over the action',
          value: batches.wallMs / action.wallMs,
          of: `${(batches.wallMs / 1000).toFixed(1)} s over ${(action.wallMs / 1000).toFixed(1)} s, ${IDS} ids, ${LATENCY_MS} ms a request`,
          limit: { atLeast: 4 },
        },
        {
          name: 'sdk: its loop, one identity a request, over the action, per identity',
          value: perSingle / perAction,
          of: `${perSingle.toFixed(0)} ms over ${perAction.toFixed(2)} ms an identity`,
        },
      ]
    },
  )
  await rm(workspace, { recursive: true })
  return figures
}
