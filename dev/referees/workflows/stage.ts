import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { parse } from 'yaml'

import { ROOT } from '../../run-action.ts'
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts'
import { ENABLE_SCOPE, READ_SCOPE } from '../../tenant/tokens.ts'
import { runAct, type WorkflowRun } from './act.ts'
import { Repository, type Files } from './repository.ts'

const STAND_INS = join(import.meta.dirname, 'stand-ins')

/** May read, as the credential of plans; may read and enable, as that of the environment. */
const PLAN_CLIENT = { id: 'plan-client', secret: 'plan-secret', scopes: [READ_SCOPE] }
const CLIENT = { id: 'enable-client', secret: 'enable-secret', scopes: [READ_SCOPE, ENABLE_SCOPE] }

const SECRETS: Readonly<Record<string, string>> = {
  ISC_PLAN_CLIENT_ID: PLAN_CLIENT.id,
  ISC_PLAN_CLIENT_SECRET: PLAN_CLIENT.secret,
  ISC_CLIENT_ID: CLIENT.id,
  ISC_CLIENT_SECRET: CLIENT.secret,
}

/** What starts a workflow. */
export interface Trigger {
  /** The example: `plan`, `apply` … */
  readonly workflow: string
  readonly event: 'merge_group' | 'pull_request' | 'push' | 'schedule' | 'workflow_dispatch'
  readonly payload?: Readonly<Record<string, unknown>>
  /** The commit that it runs on; by default the newest on `main`. */
  readonly sha?: string
  /** Whether it gets the repository's secrets, which a pull request from a fork does not. Default true. */
  readonly secrets?: boolean
  /** Happens after the plan was made and before it is taken up. */
  readonly beforeApproval?: () => void
}

/** A repository with the examples as its workflows, a tenant, and everything that GitHub would keep. */
export class Stage {
  readonly repository: Repository
  readonly tenant: Tenant
  readonly #home: string
  readonly #action: string
  #runs = 0

  private constructor(home: string, action: string, tenant: Tenant) {
    this.#home = home
    this.#action = action
    this.tenant = tenant
    this.repository = new Repository(join(home, 'repository'))
  }

  /** `action` is a folder with `action.yml` and `dist/`; `files` are committed first. */
  static async open(action: string, options: TenantOptions, files: Files): Promise<Stage> {
    const tenant = await startTenant({ ...options, clients: [PLAN_CLIENT, CLIENT] })
    const stage = new Stage(mkdtempSync(join(tmpdir(), 'stage-')), action, tenant)
    stage.repository.commit(files)
    return stage
  }

  async close(): Promise<void> {
    await this.tenant.stop()
    rmSync(this.#home, { recursive: true })
  }

  /** The comments of the pull request. */
  get comments(): readonly string[] {
    const file = join(this.#home, 'comments.json')
    if (!existsSync(file)) return []
    return (JSON.parse(readFileSync(file, 'utf8')) as { body: string }[]).map(({ body }) => body)
  }

  /** Whom the tenant was asked to enable, in order. */
  get enabled(): readonly string[] {
    return this.tenant.enabled.map(({ id }) => id)
  }

  /** The JSON file of an artifact of the latest run. */
  artifact(name: string, file: string): unknown {
    return JSON.parse(readFileSync(join(this.#home, `run-${this.#runs}`, 'artifacts', name, file), 'utf8'))
  }

  async run({
    workflow,
    event,
    payload = {},
    sha,
    secrets = true,
    beforeApproval,
  }: Trigger): Promise<WorkflowRun> {
    this.#runs += 1
    const home = join(this.#home, `run-${this.#runs}`)
    const checkout = join(home, 'checkout')
    mkdirSync(home)
    const head = sha ?? this.repository.git('rev-parse', 'main')
    this.repository.git('clone', '--quiet', this.repository.folder, checkout)
    const git = (...args: string[]): unknown => execFileSync('git', ['-C', checkout, ...args])
    git('fetch', '--quiet', 'origin', head)
    git('checkout', '--quiet', '--detach', head)
    git('remote', 'set-url', 'origin', this.repository.git('remote', 'get-url', 'origin'))

    const text = adapted(readFileSync(join(ROOT, 'docs', 'examples', `${workflow}.yml`), 'utf8'))
    const [workflowFile, eventFile] = [join(home, 'workflow.yml'), join(home, 'event.json')]
    writeFileSync(workflowFile, text)
    const repository = { full_name: 'acme/identities', default_branch: 'main' }
    writeFileSync(eventFile, JSON.stringify({ ref: 'refs/heads/main', after: head, repository, ...payload }))

    let isApproved = false
    const approval = createServer(({ url = '' }, response) => {
      if (!isApproved && needsApproval(text, url.slice(1))) {
        isApproved = true
        beforeApproval?.()
      }
      response.end()
    })
    await new Promise<void>((resolve) => approval.listen(0, '127.0.0.1', resolve))
    const environment = {
      SAIL_BASE_URL: this.tenant.baseUrl,
      STAND_IN_APPROVAL: `http://127.0.0.1:${(approval.address() as AddressInfo).port}`,
      STAND_IN_ARTIFACTS: join(home, 'artifacts'),
      STAND_IN_COMMENTS: join(this.#home, 'comments.json'),
      STAND_IN_ORIGIN: this.repository.folder,
    }
    const known = { GITHUB_TOKEN: 'github-token', ...(secrets ? SECRETS : {}) }
    try {
      return await runAct(
        [
          event,
          ...['--workflows', workflowFile, '--eventpath', eventFile],
          ...['--platform', 'ubuntu-latest=-self-hosted', '--no-skip-checkout', '--no-cache-server'],
          ...['--action-offline-mode', '--action-cache-path', join(home, 'act')],
          ...localActions(text, this.#action).flatMap((pair) => ['--local-repository', pair]),
          ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
          ...Object.entries(known).flatMap(([name, value]) => ['--secret', `${name}=${value}`]),
        ],
        text,
        { cwd: checkout, env: actEnvironment(home) },
      )
    } finally {
      approval.close()
    }
  }
}

/** Whether a job has an environment, which may ask for a reviewer. */
function needsApproval(workflow: string, job: string): boolean {
  const { jobs } = parse(workflow) as { jobs: Record<string, { environment?: string }> }
  return jobs[job]?.environment !== undefined
}

/** An example without what act 0.2.89 does not know. */
function adapted(workflow: string): string {
  return workflow.replaceAll(/^ +queue: max.*\n/gm, '').replaceAll('${{ strategy.job-total }}', '4')
}

/** `repository@ref=folder` for every action that a workflow uses: this one, or a stand-in. */
export function localActions(workflow: string, action: string): string[] {
  const used = new Set([...workflow.matchAll(/uses: *([\w./-]+@\w+)/g)].map(([, uses = '']) => uses))
  return [...used].map((uses) => {
    const standIn = /^actions\/([\w-]+)@/.exec(uses)?.[1]
    return `${uses}=${standIn === undefined ? action : join(STAND_INS, standIn)}`
  })
}

/**
 * For act: the stand-ins of programs come first in the PATH, nothing comes from a workflow in which this itself may run,
 * and act asks nothing because its settings are there.
 */
export function actEnvironment(home: string): NodeJS.ProcessEnv {
  mkdirSync(join(home, 'act'), { recursive: true })
  writeFileSync(join(home, 'act', 'actrc'), '')
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ACTIONS|GITHUB|INPUT|RUNNER|SAIL)_/.test(name),
  )
  const path = [join(STAND_INS, 'bin'), process.env['PATH']].join(delimiter)
  return { ...Object.fromEntries(inherited), HOME: home, PATH: path, XDG_CONFIG_HOME: home }
}

/** Puts the action together as GitHub downloads it: `action.yml` and a bundle of the sources as they are. */
export function buildAction(folder: string): void {
  cpSync(join(ROOT, 'action.yml'), join(folder, 'action.yml'))
  execFileSync(process.execPath, [join(ROOT, 'dev', 'build.ts'), join(folder, 'dist')], { stdio: 'ignore' })
}
