/**
 * Coverage-guided fuzzing of everything that parses or shows text from outside: `npm run fuzz [-- TARGET … --seconds N]`,
 * by default every target for ten minutes. What is found is written to `build/fuzz/TARGET/`.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { HOSTILE } from '../../hostile-text.ts'
import { ROOT } from '../../run-action.ts'
import { SEEDS } from './seeds.ts'

/** Of the libraries, what reads for us is watched too. */
const WATCHED = ['src/', ...['csv-parse', 'valibot', 'yaml'].map((name) => `node_modules/${name}/`)]

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '600' } },
})
const targets = positionals.length > 0 ? positionals : Object.keys(SEEDS)
const unknown = targets.filter((target) => !(target in SEEDS))
if (unknown.length > 0) {
  console.error(`There is no target ${unknown.join(', ')}; there are ${Object.keys(SEEDS).join(', ')}.`)
  process.exit(2)
}

execFileSync(process.execPath, [join(ROOT, 'dev', 'setup.js'), import.meta.dirname], { stdio: 'inherit' })
const failed = targets.filter((target) => !isContent(target))
console.log(`\n${targets.length - failed.length} passed, ${failed.length} failed ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** Fuzzes one target, starting from its seeds and from what earlier runs found worth keeping. */
function isContent(target: string): boolean {
  const folder = join(ROOT, 'build', 'fuzz', target)
  const corpus = join(folder, 'corpus')
  mkdirSync(corpus, { recursive: true })
  for (const [index, seed] of (SEEDS[target] ?? []).entries())
    writeFileSync(join(corpus, `seed-${index}`), seed)
  const dictionary = join(folder, 'dictionary')
  writeFileSync(
    dictionary,
    HOSTILE.map((text) => `${JSON.stringify(hexEscaped(text)).replaceAll('\\\\x', '\\x')}\n`).join(''),
  )

  console.log(`\n${target}, for ${values.seconds} s`)
  const jazzer = join(import.meta.dirname, 'node_modules', '@jazzer.js', 'core', 'dist', 'cli.js')
  const log = openSync(join(folder, 'log'), 'w')
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--import', join(import.meta.dirname, 'strip-types.js'), jazzer, 'targets.js', corpus],
      ...['--fuzzEntryPoint', target, '--timeout', '5000'],
      ...WATCHED.flatMap((part) => ['--includes', part]),
      ...['--excludes', 'nothing is left out'],
      ...['--', `-max_total_time=${values.seconds}`, '-max_len=2048', `-dict=${dictionary}`],
      ...[`-artifact_prefix=${folder}/`, '-print_final_stats=1', '-verbosity=0'],
    ],
    { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', log] },
  )
  closeSync(log)
  const said = readFileSync(join(folder, 'log'), 'utf8')
  if (said.includes('ERR_DLOPEN_FAILED')) {
    console.error(`jazzer.js's add-on does not run on this system: ${/Error: (.*)/.exec(said)?.[1] ?? ''}`)
    console.error('It needs glibc 2.38 (Ubuntu 24.04, Debian 13), macOS or Windows.')
    process.exit(2)
  }
  const executions = /number_of_executed_units: (\d+)/.exec(said)?.[1] ?? 'an unknown number of'
  if (status !== 0) console.log(said.slice(-4_000))
  console.log(`${executions} executions, ${readdirSync(corpus).length} texts worth keeping`)
  return status === 0
}

/** In the syntax of libFuzzer's dictionaries, which knows no more than ASCII. */
function hexEscaped(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
