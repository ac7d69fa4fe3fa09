/**
 * Installs what a folder's package-lock.json says, unless that has been done: `node dev/setup.js [folder]`.
 * Runs on any Node from 20, before anything else is there.
 */
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'

const folder = resolve(process.argv[2] ?? '.')
const modified = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  // npm names itself to the scripts it runs; a shell is what finds npm on Windows where it does not.
  const npm = process.env.npm_execpath
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  execFileSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    shell: npm === undefined,
    stdio: 'inherit',
  })
}
