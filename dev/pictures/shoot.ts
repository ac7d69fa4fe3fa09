import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const WIDTH = 900

/** Takes a picture of a whole page with headless Chromium (environment variable CHROMIUM, or `chromium`). */
export async function shoot(html: string, picture: string): Promise<void> {
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
  const { stdout } = await chromium(`--window-size=${WIDTH},800`, '--dump-dom')
  const height = /<title>height (\d+)<\/title>/.exec(stdout)?.[1]
  if (height === undefined) throw new Error('Chromium did not render the page.')
  await chromium(
    `--window-size=${WIDTH},${height}`,
    '--force-device-scale-factor=1.5',
    `--screenshot=${picture}`,
  )
  await rm(folder, { recursive: true })
}
