/** The action as the runner runs it, against a simulated tenant: `npm run demo [-- --help]`. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { summaryPage } from './pictures/page.ts'
import { runAction, type ActionRun } from './run-action.ts'
import { listFile, FORMATS } from './demo-list.ts'
import { createLogView } from './log-view.ts'
import { startTenant } from './tenant/tenant.ts'
import { FAULT_KINDS, type Fault } from './tenant/faults.ts'
import { DEMO_CREDENTIAL } from './tenant/tokens.ts'

const HELP = `npm run demo -- [options]

Runs the action against a simulated tenant, first as a plan (dry-run), then for real, and shows the log,
the outputs and the summary.

  --identities N       identities in the list that exist (default 38)
  --unknown N          identities in the list that do not (default 2)
  --format FORMAT      how the list is given: ${FORMATS.join(', ')} (default csv)
  --input NAME=VALUE   any input of the action, repeatable: --input max-failures=2
  --fault KIND[:P]     a fault of the server, with probability P (default 0.3), repeatable:
                       --fault reset-in-body --fault status:0.5
  --no-plan            leave out the plan
  --html FILE          also write the summary as GitHub renders it
  --theme THEME        light or dark (default light)
  --help               this text`

const { values } = parseArgs({
  options: {
    identities: { type: 'string', default: '38' },
    unknown: { type: 'string', default: '2' },
    format: { type: 'string', default: 'csv' },
    input: { type: 'string', multiple: true, default: [] },
    fault: { type: 'string', multiple: true, default: [] },
    plan: { type: 'boolean', default: true },
    html: { type: 'string' },
    theme: { type: 'string', default: 'light' },
    help: { type: 'boolean', default: false },
  },
  allowNegative: true,
})

if (values.help) console.log(HELP)
else
  await demo().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })

async function demo(): Promise<void> {
  const format = FORMATS.find((known) => known === values.format)
  if (format === undefined) throw new Error(`--format ${values.format}: there are ${FORMATS.join(', ')}.`)
  const [known, unknown] = [countOf('identities'), countOf('unknown')]
  const active = Math.floor(known / 10)
  const tenant = await startTenant({
    identities: { disabled: known - active, active },
    enableDelayMs: 1_500,
    faults: values.fault.map(faultOf),
  })
  const list = listFile(format, [...tenant.identities.values()], unknown)
  const inputs = {
    'base-url': tenant.baseUrl,
    ...DEMO_CREDENTIAL,
    ...list.inputs,
  }
  if (values.plan)
    await show('The plan that a reviewer sees (dry-run)', { ...inputs, 'dry-run': 'true' }, list.files)
  const given = Object.fromEntries(values.input.map(inputOf))
  const run = await show('The run', { ...inputs, verify: 'true', ...given }, list.files)
  await tenant.stop()
  if (tenant.violations.length > 0) throw new Error(`The tenant objects: ${tenant.violations.join('\n')}`)
  if (values.html !== undefined) {
    await writeFile(values.html, await summaryPage(run.summary, values.theme === 'dark' ? 'dark' : 'light'))
  }
}

async function show(
  title: string,
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Promise<ActionRun> {
  headline(title)
  for (const [name, value] of Object.entries(inputs)) {
    if (name !== 'client-secret') console.log(`  ${name}: ${value.split('\n', 1)[0] ?? ''}`)
  }
  headline('Log')
  const view = createLogView()
  const onLine = (line: string): void => {
    const shown = view(line)
    if (shown !== null) console.log(shown)
  }
  const run = await runAction({ inputs, files, onLine })
  headline(`Exit code ${run.exitCode ?? 'none'}, outputs`)
  for (const [name, value] of Object.entries(run.outputs)) {
    console.log(`  ${name}: ${value.length > 100 ? `${value.slice(0, 100)}…` : value}`)
  }
  headline('Summary (Markdown)')
  console.log(run.summary)
  return run
}

function headline(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`)
}

function inputOf(text: string): [string, string] {
  const [, name = text, value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
  return [name, value]
}

function countOf(name: 'identities' | 'unknown'): number {
  if (/^\d+$/.test(values[name])) return Number(values[name])
  throw new Error(`--${name} ${values[name]}: give a whole number.`)
}

function faultOf(text: string): Fault {
  const [given, probability = '0.3'] = text.split(':')
  const kind = FAULT_KINDS.find((known) => known === given)
  if (kind === undefined) throw new Error(`--fault ${text}: there are ${FAULT_KINDS.join(', ')}.`)
  return { kind, probability: Number(probability) }
}
