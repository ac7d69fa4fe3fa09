/**
 * Starts a program with Node for Windows, as run-action.ts starts it with Node: `node start.ts ENTRY`. Paths in the
 * runner's variables become Windows' paths, and paths in outputs become paths of this system again.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { NODE, WINE, WINE_ENV, windowsPath } from './wine.ts'

const PATHS = [
  'GITHUB_OUTPUT',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_WORKSPACE',
  'NODE_EXTRA_CA_CERTS',
  'RUNNER_TEMP',
]

const entry = process.argv[2] ?? ''
const given = process.env
const paths: Record<string, string> = {}
for (const name of PATHS) if (given[name]) paths[name] = windowsPath(given[name])

// In Wine, standard output and error must be files.
const folder = mkdtempSync(join(tmpdir(), 'wine-'))
const files = ['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'w'))
const args = [NODE, '--require', windowsPath(join(import.meta.dirname, 'node22.cjs')), windowsPath(entry)]
const { status } = spawnSync(WINE, args, {
  env: { ...given, ...paths, ...WINE_ENV, TEMP: undefined, TMP: undefined, NODE_V8_COVERAGE: undefined },
  stdio: ['ignore', ...files],
})
files.forEach(closeSync)
process.stdout.write(readFileSync(join(folder, 'stdout')))
process.stderr.write(readFileSync(join(folder, 'stderr')))
rmSync(folder, { recursive: true })

const outputs = given['GITHUB_OUTPUT'] ?? ''
writeFileSync(
  outputs,
  readFileSync(outputs, 'utf8').replaceAll(/^Z:(\\.*)$/gm, (_, path: string) => path.replaceAll('\\', '/')),
)
process.exitCode = status ?? 1
