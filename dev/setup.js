/** Installs what package-lock.json says, unless that has been done: runs on any Node from 20, before anything else. */
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import process from 'node:process'

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  execFileSync(process.execPath, [process.env.npm_execpath, 'ci', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  })
}
