import { join } from 'node:path'

import type { Figure } from './figure.ts'
import { measureAction, tokenFrom, withTenant } from './measured-action.ts'
import { measure, median } from './measured.ts'

const ROUNDS = 15

/** The bundle with one batch of 10 IDs over a bare Node script that does one `fetch`. */
export async function startup(): Promise<Figure[]> {
  return await withTenant({ identities: 'any', rateLimit: null }, async ({ baseUrl }) => {
    const token = await tokenFrom(baseUrl)
    const ids = Array.from({ length: 10 }, (_, n) => n.toString(16).padStart(32, '0')).join('\n')
    const [bundle, bare]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      bundle.push((await measureAction({ 'base-url': baseUrl, token, 'identity-ids': ids })).wallMs)
      bare.push((await measure(join(import.meta.dirname, 'bare-fetch.js'), [baseUrl, token])).wallMs)
    }
    const [ours, theirs] = [median(bundle), median(bare)]
    return [
      {
        name: 'startup: the bundle, 10 ids, over a script with one fetch',
        value: ours / theirs,
        of: `${ours.toFixed(0)} ms over ${theirs.toFixed(0)} ms, medians of ${ROUNDS}`,
        limit: { atMost: 1.15 },
      },
    ]
  })
}
