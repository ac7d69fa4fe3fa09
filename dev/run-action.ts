import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

import { parse } from 'yaml'

export const ROOT = dirname(import.meta.dirname)

/** What `action.yml` says, as far as the runner needs it. */
export interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main: string }
}

export async function readManifest(): Promise<Manifest> {
  return parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as Manifest
}

export interface ActionOptions {
  /** Another program than `runs.main`. */
  readonly entry?: string
  /** The step's `with:`. */
  readonly inputs: Readonly<Record<string, string>>
  /** The step's `env:`. */
  readonly env?: Readonly<Record<string, string>>
  /** What started the workflow. By default the action finds nothing about it, as outside of a workflow run. */
  readonly event?: WorkflowEventOptions
  /** Files of the checked-out repository: path below the workspace -> content. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** Gets the workspace before the start, for what `files` cannot say. */
  readonly onWorkspace?: (workspace: string) => void
  /** Gets every line of output as it comes. */
  readonly onLine?: (line: string) => void
  /** Gets the process, to cancel it. */
  readonly onStart?: (child: ChildProcess) => void
}

interface WorkflowEventOptions {
  readonly name: string
  readonly actor?: string
  readonly payload?: object
}

export interface ActionRun {
  /** null when a signal ended the process. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** The text of the output `summary-file`; null where there is none. */
  readonly comment: string | null
  /** The report file's text; null where there is none. */
  readonly report: string | null
}

/**
 * Runs the action in a process of its own as the runner does: inputs with the defaults of `action.yml` as
 * `INPUT_…`, files for outputs and summary, a workspace and a `RUNNER_TEMP` of its own. ACTION_ENTRY names
 * another program for all runs, ACTION_STARTER one that starts it.
 */
export async function runAction(options: ActionOptions): Promise<ActionRun> {
  const manifest = await readManifest()
  const home = await mkdtemp(join(tmpdir(), 'action-'))
  const [workspace, temp] = [join(home, 'workspace'), join(home, 'temp')]
  const [outputFile, summaryFile] = [join(home, 'output'), join(home, 'summary')]
  await Promise.all([mkdir(workspace), mkdir(temp), writeFile(outputFile, ''), writeFile(summaryFile, '')])
  for (const [path, content] of Object.entries(options.files ?? {})) {
    const file = join(workspace, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  options.onWorkspace?.(workspace)
  const starter = process.env['ACTION_STARTER'] ? [process.env['ACTION_STARTER']] : []
  const entry = join(ROOT, process.env['ACTION_ENTRY'] ?? options.entry ?? manifest.runs.main)
  const child = spawn(process.execPath, [...starter, entry], {
    cwd: workspace,
    env: {
      ...inherited(['PATH', 'SystemRoot', 'TEMP', 'TMP']),
      // The bundle's coverage is not counted, and would cost memory and time. Were it missing, Node would hand the variable on.
      NODE_V8_COVERAGE: options.entry === undefined ? '' : (process.env['NODE_V8_COVERAGE'] ?? ''),
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: outputFile,
      GITHUB_REPOSITORY: 'acme/identities',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_STEP_SUMMARY: summaryFile,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      ...(options.event && (await eventVariables(options.event, join(home, 'event.json')))),
      ...inputVariables(manifest, options.inputs),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  options.onStart?.(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text))
    if (options.onLine) createInterface({ input: child[name] }).on('line', options.onLine)
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve).on('error', reject)
  })
  const outputs = parseOutputs(await readFile(outputFile, 'utf8').catch(() => ''))
  const run = {
    ...output,
    exitCode,
    outputs,
    summary: await readFile(summaryFile, 'utf8'),
    comment: await readFile(outputs['summary-file'] ?? '', 'utf8').catch(() => null),
    report: await readFile(outputs['results-file'] ?? '', 'utf8').catch(() => null),
  }
  await rm(home, { recursive: true })
  return run
}

/**
 * The variables of the inputs, as the runner sets them (ActionRunner.cs, Handler.cs): a default is filled in only where
 * the key is absent, in any case of letters. A declared input without either is empty, and unknown inputs are passed on.
 */
function inputVariables(manifest: Manifest, given: Readonly<Record<string, string>>): Record<string, string> {
  const variableOf = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
  const defaults = Object.entries(manifest.inputs).map(
    ([name, input]) => [name, input.default ?? ''] as const,
  )
  return Object.fromEntries(
    [...defaults, ...Object.entries(given)].map(([name, value]) => [variableOf(name), value]),
  )
}

/** What the runner says of the workflow run and its event. */
async function eventVariables(
  { name, actor = 'octocat', payload = {} }: WorkflowEventOptions,
  path: string,
): Promise<Record<string, string>> {
  await writeFile(path, JSON.stringify(payload))
  return {
    GITHUB_ACTOR: actor,
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: path,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1234567890',
  }
}

function inherited(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/** Reads the file that `GITHUB_OUTPUT` names: `name<<DELIMITER`, lines, `DELIMITER`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^([^<=]+)<<(.+)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, at + 1)
    outputs[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return outputs
}
