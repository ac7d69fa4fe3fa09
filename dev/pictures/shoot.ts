import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { ROOT } from '../run-action.ts'

const run = promisify(execFile)

// Installs what makes pictures small, the first time.
execFileSync(process.execPath, [join(ROOT, 'dev', 'setup.js'), import.meta.dirname], { stdio: 'inherit' })
const sharp = createRequire(import.meta.url)('sharp') as Sharp

/** Takes a picture of a whole page, as wide as given, with headless Chromium (environment variable CHROMIUM, or `chromium`). */
export async function shoot(html: string, width: number, picture: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'picture-'))
  const page = join(folder, 'page.html')
  await writeFile(
    page,
    `${html}<script>addEventListener('load', () => setTimeout(() => {
    document.title = 'height ' + Math.ceil(document.body.getBoundingClientRect().height)
  }, 1500))</script>`,
  )
  const chromium = (...args: string[]): Promise<{ stdout: string }> =>
    run(
      process.env['CHROMIUM'] ?? 'chromium',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
        ...['--hide-scrollbars', '--virtual-time-budget=5000', `--user-data-dir=${join(folder, 'profile')}`],
        ...args,
        pathToFileURL(page).href,
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    )
  const { stdout } = await chromium(`--window-size=${width},800`, '--dump-dom')
  const height = /<title>height (\d+)<\/title>/.exec(stdout)?.[1]
  if (height === undefined) throw new Error('Chromium did not render the page.')
  const taken = join(folder, 'picture.png')
  await chromium(
    `--window-size=${width},${height}`,
    '--force-device-scale-factor=1.3',
    `--screenshot=${taken}`,
  )
  await sharp(taken).png({ palette: true, colours: 48, effort: 10, compressionLevel: 9 }).toFile(picture)
  await rm(folder, { recursive: true })
}

/** What is used of it here. */
type Sharp = (file: string) => {
  png(options: Readonly<Record<string, unknown>>): { toFile(file: string): Promise<unknown> }
}
