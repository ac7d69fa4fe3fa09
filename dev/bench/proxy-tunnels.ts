import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startProxy } from '../proxy.ts'
import { identityIds } from '../tenant/population.ts'
import { DEMO_CREDENTIAL } from '../tenant/tokens.ts'
import { delayedLink } from './delayed-link.ts'
import type { Figure } from './figure.ts'
import { measureAction, withTenant } from './measured-action.ts'
import { median } from './measured.ts'

const REQUESTS = 40
const ROUND_TRIP_MS = 100
const ROUNDS = 3

/** 40 requests, 4 at once, on a line with a round trip of 100 ms: through a proxy over without one. */
export async function proxyTunnels(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ca-'))
  const NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem')
  const proxy = await startProxy()
  const figures = await withTenant({ identities: 'any', tls: true }, async ({ baseUrl, certificate }) => {
    await writeFile(NODE_EXTRA_CA_CERTS, certificate ?? '')
    const { port } = new URL(baseUrl)
    const links = await Promise.all(
      [Number(port), proxy.port].map((at) => delayedLink(at, ROUND_TRIP_MS / 2)),
    )
    const [direct, toProxy] = links.map((link) => link.port)
    const inputs = {
      ...DEMO_CREDENTIAL,
      ...{
        'identity-ids': identityIds(REQUESTS).join('\n'),
        'batch-size': '1',
        concurrency: '4',
        'rate-limit': '0',
      },
    }
    const [through, without]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      const env = { NODE_EXTRA_CA_CERTS, https_proxy: `http://127.0.0.1:${toProxy}` }
      const proxied = { ...inputs, 'base-url': `https://isc.test:${port}` }
      through.push((await measureAction(proxied, undefined, 0, env)).wallMs)
      const unproxied = { ...inputs, 'base-url': `https://localhost:${direct}` }
      without.push((await measureAction(unproxied, undefined, 0, { NODE_EXTRA_CA_CERTS })).wallMs)
    }
    for (const link of links) link.stop()
    const [ours, theirs] = [median(through), median(without)]
    return [
      {
        name: `proxyTunnels: ${REQUESTS} requests at ${ROUND_TRIP_MS} ms round trip through a proxy, over without one`,
        value: ours / theirs,
        of: `${(ours / 1000).toFixed(2)} s over ${(theirs / 1000).toFixed(2)} s, ${proxy.connects.length / ROUNDS} tunnels a run`,
        limit: { atMost: 1.15 },
      },
    ]
  })
  proxy.stop()
  await rm(folder, { recursive: true })
  return figures
}
