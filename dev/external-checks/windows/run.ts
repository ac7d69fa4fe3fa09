/**
 * The end-to-end tests with the bundle on Windows, by way of Wine: `npm run windows`. Drive letters, back-slashes,
 * line ends of outputs and Windows' own file errors are real. The Node is 22, as 24 does not start in Wine 8.
 * `npm run windows -- TESTS` runs a choice.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../../run-action.ts'
import { CACHE, NODE, NODE_PACKAGE, WINE, WINE_ENV, WINE_SERVER } from './wine.ts'

if (!existsSync(WINE)) {
  console.error(`This needs Wine, which is not at ${WINE}. Install it (Debian and Ubuntu):`)
  console.error('  apt-get install --no-install-recommends wine wine64')
  process.exit(2)
}

const env = { ...process.env, ...WINE_ENV }
const wine = (...args: string[]): unknown => execFileSync(WINE, args, { env, stdio: 'ignore' })
const wineServer = (...args: string[]): unknown => spawnSync(WINE_SERVER, args, { env, stdio: 'ignore' })
if (!existsSync(NODE)) {
  mkdirSync(CACHE, { recursive: true })
  execFileSync('npm', ['install', '--no-save', '--force', '--prefix', CACHE, NODE_PACKAGE], {
    stdio: 'inherit',
  })
}
if (!existsSync(WINE_ENV.WINEPREFIX)) {
  wine('wineboot', '-i')
  wine('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f')
}

const bundle = join('build', 'windows', 'dist')
execFileSync(process.execPath, [join(ROOT, 'dev', 'build.ts'), join(ROOT, bundle)], { stdio: 'inherit' })
// Kept alive between the tests, which start Wine once each.
wineServer('--kill', '--wait')
wineServer('--persistent')
/**
 * What Wine cannot show: signals, output while a run goes on, links (it shows what they lead to), folders of Linux, and
 * line ends in a file's name. Git for Windows is not there, and Node 22 has no support for proxies.
 */
const NOT_SHOWN = [
  ...['a cancel', 'cancelled', 'file names forms no command', 'cannot be written', 'symbolic link'],
  ...['a proxy', 'verification of a run saw'],
]
const ALL = [
  ...['end-to-end', '--testPathIgnorePatterns', 'added-since'],
  ...['--testTimeout', '180000', '--testNamePattern', `^(?!.*(${NOT_SHOWN.join('|')}))`],
]
const tests = process.argv.length > 2 ? process.argv.slice(2) : ALL
const { status } = spawnSync('npm', ['run', 'jest', '--', ...tests], {
  cwd: ROOT,
  env: {
    ...process.env,
    ACTION_ENTRY: join(bundle, 'index.js'),
    ACTION_STARTER: join(import.meta.dirname, 'start.ts'),
  },
  stdio: 'inherit',
})
wineServer('--kill')
process.exitCode = status ?? 1
