/**
 * Takes pictures of job summaries, with `chromium` on the path (or its path in the environment variable CHROMIUM):
 * `npm run pictures` those of the README; `npm run pictures -- all` every kind of summary at three widths, into
 * reports/pictures/. They show what the bundle writes; with ACTION_ENTRY=src/index.ts in the environment, the source.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { ROOT } from '../run-action.ts'
import { summaryPage } from '../summary-page.ts'
import { SCENES, summaryOf } from './scenes.ts'
import { shoot } from './shoot.ts'

/** Pixels of a phone, a tablet and a desktop. */
const WIDTHS = [375, 768, 1280]
const README_WIDTH = 760

const isAll = process.argv[2] === 'all'
const folder = isAll ? join(ROOT, 'reports', 'pictures') : join(ROOT, 'docs', 'pictures')
await mkdir(folder, { recursive: true })
for (const [name, scene] of Object.entries(SCENES).slice(0, isAll ? undefined : 2)) {
  const summary = await summaryOf(scene)
  for (const theme of ['light', 'dark'] as const) {
    const page = await summaryPage([{ title: '', markdown: summary }], theme)
    if (!isAll) await shoot(page, README_WIDTH, join(folder, `${name}-${theme}.png`))
    else for (const width of WIDTHS) await shoot(page, width, join(folder, `${name}-${theme}-${width}.png`))
  }
}
