/**
 * Takes the README's pictures of the job summary: `npm run pictures`, with `chromium` on the path (or its
 * path in the environment variable CHROMIUM).
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { listFile } from '../demo/demo-list.ts'
import { ROOT, runAction } from '../run-action.ts'
import { startTenant, type TenantOptions } from '../tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import { illustratedPage } from './page.ts'
import { shoot } from './shoot.ts'

interface Scene {
  readonly tenant: TenantOptions
  readonly unknown: number
  readonly inputs: Readonly<Record<string, string>>
}

const SCENES: Readonly<Record<string, Scene>> = {
  run: {
    tenant: { identities: { disabled: 187, never: 3, vanishes: 1 }, enableDelayMs: 1_000 },
    unknown: 9,
    inputs: { verify: 'true', 'verify-timeout': '4', 'max-failures': '10', 'max-failure-percent': '7.5' },
  },
  plan: {
    tenant: { identities: { disabled: 8, active: 3, locked: 1 } },
    unknown: 2,
    inputs: { 'dry-run': 'true' },
  },
}

const folder = join(ROOT, 'docs', 'pictures')
await mkdir(folder, { recursive: true })
for (const [name, { tenant: options, unknown, inputs }] of Object.entries(SCENES)) {
  const tenant = await startTenant(options)
  const list = listFile('csv', [...tenant.identities.values()], unknown)
  const { summary } = await runAction({
    files: list.files,
    inputs: {
      'base-url': tenant.baseUrl,
      ...DEMO_CREDENTIAL,
      ...list.inputs,
      ...inputs,
    },
  })
  await tenant.stop()
  const shown = summary
    .replace(/http&#58;<wbr>\/\/127[^ ]*/, 'https&#58;<wbr>//acme&#46;api&#46;identitynow&#46;com')
    .replace(/<code>[^<]*(isc-enable-identities)-[-0-9a-f]+/, '<code>/home/runner/work/_temp/$1-3f1c')
  for (const theme of ['light', 'dark'] as const) {
    await shoot(await illustratedPage(shown, theme), join(folder, `${name}-${theme}.png`))
  }
}
