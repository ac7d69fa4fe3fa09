import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ROOT } from '../run-action.ts'
import { spawnTenant, type TenantProcess } from '../tenant/process.ts'
import { DEMO_CLIENT } from '../tenant/tokens.ts'
import { measure, type Measured } from './measured.ts'

/** Runs `dist/index.js` (or ACTION_ENTRY) with these inputs, measured. @throws when it ends with another exit code than is meant */
export async function measureAction(
  inputs: Readonly<Record<string, string>>,
  workspace?: string,
  meant = 0,
  extra: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const temp = await mkdtemp(join(tmpdir(), 'bench-temp-'))
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  const env = {
    ...(Object.fromEntries(variables) as Record<string, string>),
    GITHUB_WORKSPACE: workspace ?? temp,
    RUNNER_TEMP: temp,
    ...extra,
  }
  const entry = join(ROOT, process.env['ACTION_ENTRY'] ?? 'dist/index.js')
  const measured = await measure(entry, [], env, meant)
  await rm(temp, { recursive: true })
  return measured
}

/** Runs `body` against a tenant in a process of its own, whose work is not measured. */
export async function withTenant<T>(
  options: Parameters<typeof spawnTenant>[0],
  body: (tenant: TenantProcess) => Promise<T>,
): Promise<T> {
  const tenant = await spawnTenant(options)
  try {
    return await body(tenant)
  } finally {
    await tenant.stop()
  }
}

/** An access token, for programs that do not get their own. */
export async function tokenFrom(baseUrl: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: DEMO_CLIENT.id,
      client_secret: DEMO_CLIENT.secret,
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}
