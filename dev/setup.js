/**
 * Installs what a folder's package-lock.json says, unless that has been done: `node dev/setup.js [folder]`. Of install
 * scripts, only those run that `allowScripts` in package.json allows. Runs on any Node from 20, before anything else is
 * there.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'

const folder = resolve(process.argv[2] ?? '.')
const installed = join(folder, 'node_modules', '.package-lock.json')
const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (modified(installed) < modified(join(folder, 'package-lock.json'))) {
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')
  const { allowScripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name] === true)
  try {
    if (allowed.length > 0) npm('rebuild', ...allowed, '--loglevel=error')
  } catch (error) {
    rmSync(installed) // so that the next call installs again
    throw error
  }
}

function npm(...args) {
  // npm names itself to the scripts it runs; a shell is what finds npm on Windows where it does not.
  const path = process.env.npm_execpath
  // npm may have removed the Node of this process with node_modules.
  const node = existsSync(process.execPath) ? process.execPath : 'node'
  const [command, first] = path === undefined ? ['npm', []] : [node, [path]]
  execFileSync(command, [...first, ...args], {
    cwd: folder,
    shell: path === undefined,
    stdio: 'inherit',
  })
}
