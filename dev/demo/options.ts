import { parseArgs } from 'node:util'

import { reasonOf } from '../../src/problems.ts'
import { readManifest } from '../run-action.ts'
import { PLAIN_FAULTS, type Fault } from '../tenant/faults.ts'
import { FORMATS, type Format } from './demo-list.ts'

export const STORIES = ['main', 'leavers'] as const
export type DemoStory = (typeof STORIES)[number]

export interface DemoOptions {
  readonly story: DemoStory
  readonly identities: number
  readonly unknown: number
  readonly format: Format
  /** Inputs of the action, given to every step. */
  readonly inputs: Readonly<Record<string, string>>
  readonly faults: readonly Fault[]
  readonly withPlan: boolean
  readonly withLog: boolean
  readonly withMarkdown: boolean
  /** Where the summaries are written as a page; null: a temporary file. */
  readonly html: string | null
  readonly theme: 'light' | 'dark'
}

/** What each fault of the server is, for the help. */
const FAULT_WORDS: Readonly<Record<(typeof PLAIN_FAULTS)[number] | 'status', string>> = {
  status: 'answers 500',
  refuse: 'closes the connection on arrival',
  'reset-before': 'resets the connection before the answer',
  'reset-in-body': 'resets it within the answer',
  'reset-after': 'resets it after the answer',
  hang: 'sends headers, then nothing',
  drip: 'sends one byte per second',
  upgrade: 'switches to another protocol',
  'wrong-length': 'gives a wrong Content-Length',
  'truncated-json': 'ends its JSON early',
  'invalid-json': 'answers what is not JSON',
  html: 'answers a web page',
  'empty-body': 'answers nothing',
  'empty-array': 'answers an empty list',
  endless: 'never ends its answer',
  redirect: 'redirects to another address',
  'leave-out': 'omits entries',
  repeat: 'repeats entries',
  conflict: 'contradicts itself',
  foreign: 'answers for other identities',
  shuffle: 'changes the order',
  'string-status': 'gives status codes as text',
  'item-429': 'postpones single identities',
  'item-500': 'fails for single identities',
  strangers: 'returns pages of other identities',
  shift: 'moves rows between pages',
}

export const HELP = `npm run demo -- [options]

Runs the action against a simulated tenant, first as a plan (dry-run), then for real. Shows the results, and
writes the job summaries to a page.

  --story STORY        ${STORIES.join(' or ')} (default main): leavers shows how guards keep
                       leavers disabled whose identities are still in the list
                       (it takes the options --log, --markdown, --html and --theme)
  --identities N       identities in the list that exist (default 38)
  --unknown N          identities in the list that do not (default 2)
  --format FORMAT      how the list is given: ${FORMATS.join(', ')} (default csv)
  --input NAME=VALUE   any input of the action, repeatable: --input max-failures=2
  --fault KIND[:P]     a server fault, at its first occasion or with probability P, repeatable:
                       --fault reset-in-body --fault status:0.5 (default: the server is busy once)
${Object.entries(FAULT_WORDS)
  .map(([kind, words]) => `                         ${kind.padEnd(15)} ${words}`)
  .join('\n')}
  --no-plan            skip the plan
  --log                show the log as GitHub's runner does
  --markdown           print the job summaries as Markdown
  --html FILE          write the page to this file
  --theme THEME        light or dark (default light)
  --help               show this text`

/** What was asked for; null: the help. @throws Error that names what was given and what there is */
export async function readOptions(args: readonly string[]): Promise<DemoOptions | null> {
  const { values } = parse(args)
  if (values.help) return null
  return {
    story: oneOf('story', values.story, STORIES),
    identities: count('identities', values.identities),
    unknown: count('unknown', values.unknown),
    format: oneOf('format', values.format, FORMATS),
    inputs: await readInputs(values.input),
    faults: values.fault.map(readFault),
    withPlan: values.plan,
    withLog: values.log,
    withMarkdown: values.markdown,
    html: values.html ?? null,
    theme: oneOf('theme', values.theme, ['light', 'dark'] as const),
  }
}

const OPTIONS = {
  story: { type: 'string', default: 'main' },
  identities: { type: 'string', default: '38' },
  unknown: { type: 'string', default: '2' },
  format: { type: 'string', default: 'csv' },
  input: { type: 'string', multiple: true, default: [] as string[] },
  fault: { type: 'string', multiple: true, default: [] as string[] },
  plan: { type: 'boolean', default: true },
  log: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  html: { type: 'string' },
  theme: { type: 'string', default: 'light' },
  help: { type: 'boolean', default: false },
} as const

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowNegative: true })
  } catch (error) {
    const there = Object.keys(OPTIONS).map((name) => (name === 'plan' ? '--no-plan' : `--${name}`))
    throw new Error(`${reasonOf(error)}\nThere are ${there.join(', ')}.`, { cause: error })
  }
}

function oneOf<T extends string>(name: string, given: string, accepted: readonly T[]): T {
  const found = accepted.find((value) => value === given)
  if (found === undefined) throw new Error(`--${name} ${given}: there are ${accepted.join(', ')}.`)
  return found
}

function count(name: string, given: string): number {
  if (/^\d+$/.test(given)) return Number(given)
  throw new Error(`--${name} ${given}: give a whole number.`)
}

async function readInputs(given: readonly string[]): Promise<Record<string, string>> {
  const known = Object.keys((await readManifest()).inputs)
  const inputs: Record<string, string> = {}
  for (const text of given) {
    const [, name = text, value] = /^([^=]*)=(.*)$/s.exec(text) ?? []
    if (!known.includes(name))
      throw new Error(`--input ${text}: there is no input ${name}; there are ${known.join(', ')}.`)
    if (value === undefined) throw new Error(`--input ${text}: give its value too, ${name}=…`)
    inputs[name] = value
  }
  return inputs
}

function readFault(text: string): Fault {
  const [given = '', probability] = text.split(':')
  const kind = oneOf('fault', given, [...PLAIN_FAULTS, 'status'] as const)
  if (probability !== undefined && !(Number(probability) >= 0 && Number(probability) <= 1))
    throw new Error(`--fault ${text}: give a probability from 0 to 1.`)
  const occasion = probability === undefined ? { times: 1 } : { probability: Number(probability) }
  return kind === 'status' ? { ...occasion, kind, status: 500 } : { ...occasion, kind }
}
