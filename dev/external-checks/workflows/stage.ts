import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Files } from '../../git-repository.ts'
import { ROOT } from '../../run-action.ts'
import { startTenant, type Tenant, type TenantOptions } from '../../tenant/tenant.ts'
import { ENABLE_SCOPE, READ_SCOPE } from '../../tenant/tokens.ts'
import { runAct, type WorkflowRun } from './act.ts'
import { GitHubServer } from './github-server.ts'
import { Repository } from './repository.ts'

/** May read, as the credential of plans; may read and enable, as that of the environment. */
const PLAN_CLIENT = { id: 'plan-client', secret: 'plan-secret', scopes: [READ_SCOPE] }
const CLIENT = { id: 'enable-client', secret: 'enable-secret', scopes: [READ_SCOPE, ENABLE_SCOPE] }

/** Of the repository; the environment's have the same names, and another one here, as act has no environments. */
const SECRETS: Readonly<Record<string, string>> = {
  ISC_CLIENT_ID: PLAN_CLIENT.id,
  ISC_CLIENT_SECRET: PLAN_CLIENT.secret,
  ENVIRONMENT_CLIENT_ID: CLIENT.id,
  ENVIRONMENT_CLIENT_SECRET: CLIENT.secret,
}

/** The folder of actions/checkout, as the examples pin it. */
export const CHECKOUT = process.env['CHECKOUT'] ?? ''

/** What does the same on this disk as actions that need GitHub's own servers. */
const STAND_INS = join(import.meta.dirname, 'stand-ins')

/** What starts a workflow. */
export interface Trigger {
  /** The example: `enable`, `nightly` … */
  readonly workflow: string
  readonly event: 'merge_group' | 'pull_request' | 'push' | 'schedule' | 'workflow_dispatch'
  readonly payload?: Readonly<Record<string, unknown>>
  /** The commit that it runs on; by default the newest on `main`. */
  readonly sha?: string
  /** Whether it gets the repository's secrets, which a pull request from a fork does not. Default true. */
  readonly secrets?: boolean
  /** The branch that it runs on, in the merge queue. */
  readonly branch?: string
  /** Happens after the plan was handed over and before it is taken up; gets the folder with the artifacts. */
  readonly beforeApproval?: (artifacts: string) => void
  /** What is changed in the example: text by text. */
  readonly edits?: Readonly<Record<string, string>>
  /** The number of the run; by default, one more than the one before. */
  readonly runId?: number
}

/** A repository with the examples as its workflows, a tenant, and everything that GitHub would keep. */
export class Stage {
  readonly repository: Repository
  readonly tenant: Tenant
  readonly gitHub: GitHubServer
  readonly #home: string
  readonly #action: string
  #runs = 0

  private constructor(home: string, action: string, tenant: Tenant, gitHub: GitHubServer) {
    this.#home = home
    this.#action = action
    this.tenant = tenant
    this.gitHub = gitHub
    this.repository = new Repository(join(home, 'repository'))
    gitHub.repository = this.repository.root
  }

  /** `action` is a folder with `action.yml` and `dist/`; `files` are committed first. */
  static async open(action: string, options: TenantOptions, files: Files): Promise<Stage> {
    const tenant = await startTenant({ ...options, clients: [PLAN_CLIENT, CLIENT] })
    const stage = new Stage(mkdtempSync(join(tmpdir(), 'stage-')), action, tenant, await GitHubServer.open())
    stage.repository.commit(files)
    return stage
  }

  async close(): Promise<void> {
    await Promise.all([this.tenant.stop(), this.gitHub.close()])
    rmSync(this.#home, { recursive: true })
  }

  /** The texts of the comments on pull requests. */
  get comments(): readonly string[] {
    return this.gitHub.comments.map(({ body }) => body)
  }

  /** The identities that the tenant was asked to enable, in order. */
  get enabled(): readonly string[] {
    return this.tenant.enabled.map(({ id }) => id)
  }

  /** The names of the artifacts of the latest run. */
  artifacts(): readonly string[] {
    return readdirSync(join(this.#home, `run-${this.#runs}`, 'artifacts'))
  }

  async run({
    workflow,
    event,
    payload = {},
    sha,
    secrets = true,
    branch = 'main',
    beforeApproval,
    edits = {},
    runId,
  }: Trigger): Promise<WorkflowRun> {
    this.#runs += 1
    const home = join(this.#home, `run-${this.#runs}`)
    const [checkout, artifacts] = [join(home, 'checkout'), join(home, 'artifacts')]
    mkdirSync(home)
    const head = sha ?? this.repository.git('rev-parse', 'main')
    // act takes commit and repository of the run from here.
    this.repository.git('clone', '--quiet', this.repository.root, checkout)
    const git = (...args: string[]): unknown => execFileSync('git', ['-C', checkout, ...args])
    git('fetch', '--quiet', 'origin', head)
    git('checkout', '--quiet', '--detach', head)
    git('remote', 'set-url', 'origin', this.repository.git('remote', 'get-url', 'origin'))

    let text = adapted(readFileSync(join(ROOT, 'docs', 'examples', `${workflow}.yml`), 'utf8'), event)
    for (const [from, to] of Object.entries(edits)) {
      if (!text.includes(from)) throw new Error(`${workflow}.yml has no ${from}`)
      text = text.replaceAll(from, () => to)
    }
    const [workflowFile, eventFile] = [join(home, 'workflow.yml'), join(home, 'event.json')]
    writeFileSync(workflowFile, text)
    const repository = { full_name: 'acme/identities', default_branch: branch }
    writeFileSync(
      eventFile,
      JSON.stringify({ ref: `refs/heads/${branch}`, after: head, repository, ...payload }),
    )

    let isApproved = false
    this.gitHub.onCheckout = () => {
      if (isApproved || !existsSync(artifacts)) return
      isApproved = true
      beforeApproval?.(artifacts)
    }
    const environment = {
      GITHUB_API_URL: this.gitHub.address,
      GITHUB_RUN_ID: runId ?? this.#runs,
      GITHUB_SERVER_URL: this.gitHub.url,
      SAIL_BASE_URL: this.tenant.baseUrl,
      STAND_IN_ARTIFACTS: artifacts,
    }
    const known = { GITHUB_TOKEN: 'ghs_token', ...(secrets ? SECRETS : {}) }
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
  }
}

/** An example without what act 0.2.89 does not know: `queue: max`, the size of a matrix, secrets of environments. */
function adapted(workflow: string, event: string): string {
  return workflow
    .replaceAll(/^ +queue: max.*\n/gm, '')
    .replaceAll('${{ strategy.job-total }}', '4')
    .replaceAll(/^ {2}[\w-]+:.*\n(?: {4}.*\n|\n)*/gm, (job) => {
      const [, environment = ''] = /^ {4}environment: (.*)$/m.exec(job) ?? []
      const isUsed = environment !== '' && (!environment.includes("== 'push'") || event === 'push')
      return isUsed ? job.replaceAll('secrets.ISC_', 'secrets.ENVIRONMENT_') : job
    })
}

/** `repository@ref=folder` for every action that a workflow uses: this one, actions/checkout, or a stand-in. */
export function localActions(workflow: string, action: string, checkout = CHECKOUT): string[] {
  const used = [...workflow.matchAll(/uses: *([\w-]+\/[\w-]+)[\w/-]*(@\w+)/g)]
  return [...new Set(used.map(([, repository = '', ref = '']) => `${repository}${ref}`))].map((uses) => {
    const other = /^actions\/([\w-]+)@/.exec(uses)?.[1]
    if (other === 'checkout' && checkout !== '') return `${uses}=${checkout}`
    return `${uses}=${other === undefined ? action : join(STAND_INS, other)}`
  })
}

/** For act: nothing comes from a workflow in which this itself may run, and it asks nothing because its settings are there. */
export function actEnvironment(home: string): NodeJS.ProcessEnv {
  mkdirSync(join(home, 'act'), { recursive: true })
  writeFileSync(join(home, 'act', 'actrc'), '')
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ACTIONS|GITHUB|INPUT|RUNNER|SAIL)(_|$)/.test(name),
  )
  return { ...Object.fromEntries(inherited), HOME: home, XDG_CONFIG_HOME: home }
}

/** Puts the action together as GitHub downloads it: `action.yml` and a bundle of the sources as they are. */
export function buildAction(folder: string): void {
  cpSync(join(ROOT, 'action.yml'), join(folder, 'action.yml'))
  cpSync(join(ROOT, 'comment'), join(folder, 'comment'), { recursive: true })
  execFileSync(process.execPath, [join(ROOT, 'dev', 'build.ts'), join(folder, 'dist')], { stdio: 'ignore' })
}
