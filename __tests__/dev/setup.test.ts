import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { ROOT } from '../../dev/run-action.ts'

const SETUP = join(ROOT, 'dev', 'setup.js')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const isWindows = process.platform === 'win32'
const npm = (...args: string[]): void =>
  void execFileSync('npm', args, { cwd: folder, shell: isWindows, stdio: 'ignore' })

/** A package whose install script says that it ran. */
function pack(name: string): void {
  mkdirSync(join(folder, name))
  const script = `node -e "require('fs').writeFileSync('ran', '')"`
  const manifest = { name, version: '1.0.0', scripts: { install: script } }
  writeFileSync(join(folder, name, 'package.json'), JSON.stringify(manifest))
  npm('pack', `./${name}`)
}

test('runs the install scripts that are allowed, and no other; again only after a change of package-lock.json', () => {
  pack('allowed')
  pack('other')
  const dependencies = { allowed: 'file:allowed-1.0.0.tgz', other: 'file:other-1.0.0.tgz' }
  const manifest = {
    name: 'x',
    version: '1.0.0',
    dependencies,
    allowScripts: { allowed: true, other: false },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  npm('install', '--package-lock-only', '--ignore-scripts')
  const setUp = (): void => void execFileSync(process.execPath, [SETUP, folder], { stdio: 'ignore' })
  const ran = ['allowed', 'other'].map((name) => join(folder, 'node_modules', name, 'ran'))
  setUp()
  expect(ran.map((file) => existsSync(file))).toEqual([true, false])

  const { mtimeMs } = statSync(ran[0] ?? '')
  setUp()
  expect(statSync(ran[0] ?? '').mtimeMs).toBe(mtimeMs)
  const later = new Date(Date.now() + 10_000)
  utimesSync(join(folder, 'package-lock.json'), later, later)
  setUp()
  expect(statSync(ran[0] ?? '').mtimeMs).toBeGreaterThan(mtimeMs)
})
