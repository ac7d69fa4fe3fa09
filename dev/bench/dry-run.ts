import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { identityIds } from '../tenant/population.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import type { Figure } from './figure.ts'
import { measureAction, withTenant } from './measured-action.ts'

const IDS = 100_000
const PAGE_LIMIT = 250
const URL_LIMIT = 8 * 1024 - 1
const ID_LENGTH = 32

/** A plan of 100,000: requests over the least that ISC's limits of page and URL allow. */
export async function dryRun(): Promise<Figure[]> {
  const workspace = await mkdtemp(join(tmpdir(), 'bench-plan-'))
  await writeFile(join(workspace, 'ids.txt'), identityIds(IDS).join('\n'))
  const figures = await withTenant({ identities: { disabled: IDS } }, async (tenant) => {
    const { wallMs } = await measureAction(
      {
        ...DEMO_CREDENTIAL,
        ...{ 'base-url': tenant.baseUrl, 'identity-ids-file': 'ids.txt' },
        ...{ 'dry-run': 'true', 'rate-limit': '0' },
      },
      workspace,
    )
    const requests = Object.values(await tenant.statuses()).reduce((sum, count) => sum + count, -1) // the token's
    const frame = `${tenant.baseUrl}/v2025/identities?defaultFilter=NONE&limit=${PAGE_LIMIT}&filters=id%20in%20()`
    const perUrl = Math.floor((URL_LIMIT - frame.length + 1) / (ID_LENGTH + '%22%22,'.length))
    const perRequest = Math.min(PAGE_LIMIT, perUrl)
    const least = Math.ceil(IDS / perRequest)
    return [
      {
        name: 'dryRun: a plan of 100,000 ids, requests over the least possible',
        value: requests / least,
        of: `${requests} over ${least}, in ${(wallMs / 1000).toFixed(1)} s without a rate limit`,
        limit: { atMost: 1.02 },
      },
    ]
  })
  await rm(workspace, { recursive: true })
  return figures
}
