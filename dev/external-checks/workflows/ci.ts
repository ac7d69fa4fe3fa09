import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GitRepository } from '../../git-repository.ts'
import { ROOT } from '../../run-action.ts'
import { runAct } from './act.ts'
import { actEnvironment, localActions } from './stage.ts'

/**
 * Runs the job `end-to-end` of `ci.yml` on what is committed, with the bundle of `action`. Its own steps check what
 * the action does. @throws AssertionError when a step ends otherwise than on GitHub
 */
export async function playEndToEnd(action: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'ci-'))
  const checkout = join(home, 'checkout')
  execFileSync('git', ['clone', '--quiet', ROOT, checkout])
  cpSync(join(action, 'dist'), join(checkout, 'dist'), { recursive: true })
  new GitRepository(checkout).commit()

  const path = join(home, 'ci.yml')
  // act hangs up on what a step leaves running; the runner does not.
  const workflow = readFileSync(join(checkout, '.github', 'workflows', 'ci.yml'), 'utf8').replace(
    'npm run --silent tenant',
    'setsid npm run --silent tenant',
  )
  writeFileSync(path, workflow)
  const marker = randomUUID()
  writeFileSync(join(home, 'event.json'), JSON.stringify({ ref: 'refs/heads/main' }))
  try {
    const run = await runAct(
      [
        'push',
        ...['--workflows', path, '--job', 'end-to-end', '--matrix', 'os:ubuntu-latest'],
        ...['--eventpath', join(home, 'event.json'), '--platform', 'ubuntu-latest=-self-hosted'],
        ...['--no-skip-checkout', '--no-cache-server', '--action-offline-mode'],
        ...['--action-cache-path', join(home, 'act')],
        ...localActions(workflow, action, '').flatMap((pair) => ['--local-repository', pair]),
        ...['--env', `STAND_IN_ORIGIN=${checkout}`, '--env', `STAND_IN_RUN=${marker}`],
      ],
      workflow,
      { cwd: checkout, env: actEnvironment(home) },
    )
    const { outcome, steps, log } =
      run.get('end-to-end (ubuntu-latest)') ?? assert.fail('the job did not run')
    const others = [...steps].filter(([, result]) => result !== 'success')
    assert.deepEqual(
      { outcome, others },
      {
        outcome: 'success',
        others: [
          ['Fail by the threshold', 'failure'],
          ['Plan without a credential, where one is expected', 'failure'],
          ["The tenant's log", 'skipped'],
        ],
      },
      log,
    )
  } finally {
    endOrphans(marker)
    rmSync(home, { recursive: true })
  }
}

/** Ends what the job left running, as the runner does: processes that inherited the marker from it. */
function endOrphans(marker: string): void {
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${id}/environ`, 'utf8').includes(`STAND_IN_RUN=${marker}`))
        process.kill(Number(id))
    } catch {
      // It has ended meanwhile, or is another user's.
    }
  }
}
