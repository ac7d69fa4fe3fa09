import { spawnSync } from 'node:child_process'

/** A program that the project does not install, because it comes from outside of npm. */
export interface Program {
  readonly name: string
  /** What `name --version` must say, so that a result can be had again. */
  readonly version: string
  /** The one command that installs it. */
  readonly install: string
}

export const ACT: Program = {
  name: 'act',
  version: '0.2.89',
  install: 'go install github.com/nektos/act@v0.2.89',
}

export const ACTIONLINT: Program = {
  name: 'actionlint',
  version: '1.7.12',
  install: 'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
}

export const SHELLCHECK: Program = {
  name: 'shellcheck',
  version: '0.', // the system's
  install: 'apt-get install shellcheck',
}

export const ZIZMOR: Program = {
  name: 'zizmor',
  version: '1.32.0',
  install: 'pipx install zizmor==1.32.0',
}

/** Ends this process with status 2 and what to install, unless every program is in the PATH. */
export function requirePrograms(...programs: readonly Program[]): void {
  const missing = programs.filter((program) => !isThere(program))
  if (missing.length === 0) return
  console.error('This needs programs that are not in the PATH in this version. Install them:')
  for (const { install, name, version } of missing) console.error(`  ${install}   # ${name} ${version}`)
  process.exit(2)
}

function isThere({ name, version }: Program): boolean {
  const { stdout, error } = spawnSync(name, ['--version'], { encoding: 'utf8' })
  return error === undefined && new RegExp(`(^|[ v-])${RegExp.escape(version)}`, 'm').test(stdout)
}

/** Runs a program where a person sees what it prints. Returns whether it was content. */
export function isContent(program: Program, args: readonly string[]): boolean {
  console.log(`\n${program.name} ${args.join(' ')}`)
  return spawnSync(program.name, args, { stdio: 'inherit' }).status === 0
}
