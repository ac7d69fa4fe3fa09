/**
 * The action as GitHub's archive of HEAD, on machines that lack something: `npm run machines [-- WORD]`, where WORD
 * chooses machines by their title. None has a network but the tenant's. Linux, and root, for namespaces and mounts.
 * ACTION_NODE names another Node that runs the action, ACTION_GIT a folder with another git.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { GitRepository } from '../../git-repository.ts'
import { ROOT, runAction, type ActionOptions, type ActionRun } from '../../run-action.ts'
import { identityIds } from '../../tenant/population.ts'
import { startTenant, type Tenant } from '../../tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../../tenant/tokens.ts'
import { GitHubServer } from '../workflows/github-server.ts'

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
const { ACTION_NODE = process.execPath } = process.env
const PATH = [process.env['ACTION_GIT'], process.env['PATH']].filter(Boolean).join(':')

if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync(FAKETIME)) {
  console.error(`This needs Linux, root, and ${FAKETIME}. Install it (Debian and Ubuntu):`)
  console.error('  apt-get install faketime iproute2 util-linux')
  process.exit(2)
}
if (process.env['MACHINES_ISOLATED'] === undefined) {
  const inside = [
    'bash',
    '-c',
    'ip link set lo up && exec "$0" "$@"',
    process.execPath,
    ...process.argv.slice(1),
  ]
  const env = { ...process.env, MACHINES_ISOLATED: '1' }
  process.exit(spawnSync('unshare', ['--net', ...inside], { env, stdio: 'inherit' }).status ?? 1)
}

interface Machine {
  readonly title: string
  readonly hasGit?: boolean
  /** What bash does to start the action. */
  readonly command?: string
  readonly env?: Readonly<Record<string, string>>
}

/** As another user, with no place to write but those that the runner gives. */
const READ_ONLY = `chmod --recursive a+rX "$GITHUB_WORKSPACE" "$(dirname "$GITHUB_OUTPUT")"
exec unshare --mount --propagation private bash -c '
  for place in "$RUNNER_TEMP" "$GITHUB_OUTPUT" "$GITHUB_STEP_SUMMARY"; do
    chown 65534:65534 "$place" && mount --bind "$place" "$place" || exit 90
  done
  mount --options remount,bind,ro / || exit 91
  HOME=/root exec setpriv --reuid 65534 --regid 65534 --clear-groups "$0" "$@"' "$0" "$@"`

const folder = mkdtempSync(join(tmpdir(), 'machines-'))
const clock = join(folder, 'clock')
const MACHINES: readonly Machine[] = [
  { title: 'no network' },
  { title: 'no git', hasGit: false, command: 'PATH=/nowhere exec "$0" "$@"' },
  { title: 'another user and a read-only file system', command: READ_ONLY },
  {
    title: 'a clock that steps by hours',
    env: {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      // No one can set the monotonic clock.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  },
]

chmodSync(folder, 0o755)
mkdirSync(join(folder, 'action'))
execFileSync('bash', ['-c', `git archive HEAD | tar -x -C "${folder}/action"`], { cwd: ROOT })
process.env['ACTION_STARTER'] = join(import.meta.dirname, 'start-on-machine.ts')

async function play(machine: Machine, tenant: Tenant): Promise<void> {
  const { hasGit = true, command = 'exec "$0" "$@"', env = {} } = machine
  const run = async (inputs: Record<string, string>, more: Partial<ActionOptions> = {}): Promise<ActionRun> =>
    await runAction({
      entry: relative(ROOT, join(folder, 'action', 'dist', 'index.js')),
      ...more,
      inputs: { 'base-url': tenant.baseUrl, ...DEMO_CREDENTIAL, ...inputs },
      env: { PATH, ...env, ...more.env, ACTION_NODE, MACHINE: command },
    })
  const enabled = (): string[] => tenant.enabled.map(({ id }) => id)
  const [first = '', second = '', third = '', fourth = ''] = identityIds(4)
  const lists = {
    'lists/a.csv': `id\n${first}\n`,
    'lists/b.yml': `- ${second}\n`,
    'lists/c.json': `["${third}"]`,
  }

  const plan = await run({ 'identity-ids-file': 'lists/*', 'dry-run': 'true' }, { files: lists })
  assert.deepEqual([plan.exitCode, plan.outputs['to-enable-count'], enabled()], [0, '3', []], plan.stdout)

  const from = {
    'from-report': 'plan.json',
    'still-listed': 'lists/*',
    verify: 'true',
    'verify-timeout': '30',
  }
  const applied = await run(from, { files: { ...lists, 'plan.json': plan.report ?? '' } })
  assert.deepEqual([applied.exitCode, enabled()], [0, [first, second, third]], applied.stdout)
  assert.match(applied.summary, /Took \d+(\.\d+)? s/)

  const onWorkspace = (workspace: string): void => {
    const repository = new GitRepository(workspace)
    repository.commit(lists)
    repository.commit({ 'lists/d.txt': fourth })
  }
  const since = { 'identity-ids-file': 'lists/*', 'added-since': 'HEAD^' }
  const added = await run(since, { onWorkspace })
  if (!hasGit) assert.match(added.stdout, /::error.*git cannot be started/)
  assert.deepEqual(enabled().slice(3), hasGit ? [fourth] : [], added.stdout)

  const server = await GitHubServer.open()
  const payload = { pull_request: { number: 7, head: { repo: { id: 1 } }, base: { repo: { id: 1 } } } }
  const comment = { 'summary-file': 'summary.md', 'github-token': 'ghs_token', label: '' }
  await run(comment, {
    entry: relative(ROOT, join(folder, 'action', 'dist', 'comment', 'index.js')),
    env: { GITHUB_API_URL: server.address },
    event: { name: 'pull_request', payload },
    files: { 'summary.md': plan.comment ?? '' },
  })
  await server.close()
  assert.deepEqual(
    server.comments.map(({ body }) => body.includes('Would enable 3')),
    [true],
  )
  assert.deepEqual([tenant.violations, tenant.statuses[401]], [[], undefined])
  // Twice, the tenant asked to wait for four seconds.
  for (const [index, { at, status }] of tenant.requests.entries())
    if (status === 429) assert.ok(Math.abs((tenant.requests[index + 1]?.at ?? 0) - at - 4_000) < 1_500)
}

const [word = ''] = process.argv.slice(2)
const chosen = MACHINES.filter(({ title }) => title.includes(word))
const { stdout: git } = spawnSync('git', ['--version'], { encoding: 'utf8', env: { PATH } })
console.log(`Node ${execFileSync(ACTION_NODE, ['--version'], { encoding: 'utf8' }).trim()}, ${git.trim()}`)
let failed = 0
for (const machine of chosen) {
  const fault = { kind: 'status', status: 429, retryAfter: { seconds: 4 }, nth: 1 } as const
  const faults = [fault, { ...fault, on: 'identities' }] as const
  const tenant = await startTenant({ enableDelayMs: 4_000, faults, tokenLifetimeSeconds: 5 })
  let steps = 0
  const step = (): void => writeFileSync(clock, `${(steps += 1) % 2 === 0 ? '+' : '-'}${steps * 3_600}\n`)
  step()
  const timer = setInterval(step, 1_000)
  try {
    await play(machine, tenant)
    console.log(`passed  ${machine.title}`)
  } catch (error) {
    failed += 1
    console.log(`FAILED  ${machine.title}\n${error instanceof Error ? error.message : String(error)}`)
  }
  clearInterval(timer)
  await tenant.stop()
}
rmSync(folder, { recursive: true })
console.log(`\n${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
