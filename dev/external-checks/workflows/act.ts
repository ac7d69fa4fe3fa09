import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import { parse } from 'yaml'

/** How a step or a job ended; a step or job that did not run was skipped. */
export type Outcome = 'success' | 'failure' | 'skipped'

export interface JobRun {
  readonly outcome: Outcome
  /** By name, in order. */
  readonly steps: ReadonlyMap<string, Outcome>
  /** By step ID, then by name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What its steps printed, and their summaries: under load, act loses the last lines that a step prints. */
  readonly log: string
}

/** By job ID, for a job of a matrix with its values behind it: `enable (2)`. */
export type WorkflowRun = ReadonlyMap<string, JobRun>

interface Step {
  readonly 'continue-on-error'?: boolean
  readonly id?: string
  readonly name?: string
  readonly uses?: string
  readonly run?: string
}

/** A line of act's log. */
interface Line {
  readonly jobID?: string
  readonly matrix?: Readonly<Record<string, unknown>>
  readonly stage?: string
  readonly stepID?: readonly string[]
  readonly stepResult?: Outcome
  readonly jobResult?: Outcome
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
  readonly msg?: string
  readonly raw_output?: boolean
}

/** Runs act in `cwd` and reads off its log how every job and step of the workflow ended. */
export async function runAct(
  args: readonly string[],
  workflow: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<WorkflowRun> {
  const child = spawn('act', [...args, '--json'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: Line[] = []
  let other = ''
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (other += text))
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  const jobs = Map.groupBy(
    lines.filter(({ jobID }) => jobID !== undefined),
    ({ jobID = '', matrix = {} }) =>
      [jobID, ...Object.values(matrix).map((value) => `(${String(value)})`)].join(' '),
  )
  if (jobs.size === 0) throw new Error(`act ran nothing: ${other}${lines.map(({ msg }) => msg).join('\n')}`)
  const declared = (parse(workflow) as { jobs: Record<string, { steps?: readonly Step[] }> }).jobs
  const runs = Object.entries(declared).flatMap(([id, { steps = [] }]) => {
    const parts = [...jobs.keys()].filter((key) => key === id || key.startsWith(`${id} (`)).sort()
    return (parts.length === 0 ? [id] : parts).map(
      (key) => [key, jobRun(steps, jobs.get(key) ?? [])] as const,
    )
  })
  return new Map(runs)
}

function jobRun(steps: readonly Step[], lines: readonly Line[]): JobRun {
  const main = lines.filter(({ stage }) => stage === 'Main')
  const outputs: Record<string, Record<string, string>> = {}
  for (const { command, stepID = [], name = '', arg = '' } of main) {
    if (command === 'set-output') (outputs[stepID[0] ?? ''] ??= {})[name] = arg
  }
  const outcomes = steps.map(({ id, name, uses, run }, index): readonly [string, Outcome] => {
    const key = id ?? String(index)
    const result = main.findLast(({ stepID, stepResult }) => stepID?.[0] === key && stepResult !== undefined)
    return [name ?? uses ?? run ?? key, result?.stepResult ?? 'skipped']
  })
  const outcome = lines.findLast(({ jobResult }) => jobResult !== undefined)?.jobResult ?? 'skipped'
  // act gives all parts of a matrix the result of the worst.
  const isPart = Object.keys(lines[0]?.matrix ?? {}).length > 0
  const hasFailed = outcomes.some(
    ([, result], index) => result === 'failure' && steps[index]?.['continue-on-error'] !== true,
  )
  return {
    outcome: isPart && !hasFailed && outcome === 'failure' ? 'success' : outcome,
    steps: new Map(outcomes),
    outputs,
    log: lines
      .flatMap(({ raw_output, msg = '', content = '' }) => (raw_output === true ? [msg] : [content]))
      .join(''),
  }
}
