/**
 * Runs a command of an npm script: `node dev/run.js COMMAND [ARGUMENT …]`. First installs what package-lock.json says,
 * unless that has been done, so that every script works on a fresh clone with any Node from 20: what npm puts first in
 * PATH, and `node` there, is then what was installed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, URL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url)) // Node 20.0 has no import.meta.dirname
execFileSync(process.execPath, [join(root, 'dev', 'setup.js'), root], { stdio: 'inherit' })
const [command, ...args] = process.argv.slice(2)
const child = spawn(command, args, {
  cwd: root,
  shell: process.platform === 'win32', // which finds programs that are scripts
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => (process.exitCode = code ?? 1))
