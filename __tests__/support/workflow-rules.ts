import { parse } from 'yaml'

import type { Manifest } from '../../dev/run-action.ts'

/** How examples name this action, and how its own workflows do. */
const OWN_ACTION = /^(OWNER\/isc-enable-identities@v\d+|\.\/)$/
/** The second action, and what can be given to it. */
const COMMENT_ACTION = /^OWNER\/isc-enable-identities\/comment@v\d+$/
const COMMENT_INPUTS = ['summary-file', 'label', 'github-token']

/** A third-party action with a full commit SHA, and what stands behind it on the line. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/
const VERSION_COMMENT = /^ # v\d+\.\d+\.\d+$/

type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a workflow breaks of the rules that SECURITY.md and the reviewers of this repository count on. */
export function workflowFaults(text: string, manifest: Manifest): string[] {
  const workflow: unknown = parse(text)
  if (!isMapping(workflow)) return ['is no workflow']
  const { on, permissions, jobs } = workflow
  const faults = usageFaults(text, manifest)
  if (JSON.stringify(on).includes('pull_request_target')) faults.push('is started by pull_request_target')
  if (JSON.stringify(permissions) !== '{}') faults.push('top-level permissions are not {}')
  for (const [name, job] of Object.entries(isMapping(jobs) ? jobs : {})) {
    if (isMapping(job)) faults.push(...jobFaults(job, manifest).map((fault) => `job ${name} ${fault}`))
  }
  return faults
}

function jobFaults(job: Mapping, { outputs }: Manifest): string[] {
  const faults: string[] = []
  if (!isMapping(job['permissions'])) faults.push('has no permissions of its own')
  // A called workflow has its own time-outs.
  if (typeof job['timeout-minutes'] !== 'number' && !('uses' in job)) faults.push('has no timeout-minutes')
  const steps = [...mappings(job['steps'])]
  for (const { run, uses, with: inputs } of steps) {
    // All expressions, because which ones hold text that others wrote is easily misjudged.
    if (typeof run === 'string' && run.includes('${{')) faults.push('has an expression inside run')
    const isCheckout = String(uses).startsWith('actions/checkout@')
    if (isCheckout && !(isMapping(inputs) && inputs['persist-credentials'] === false)) {
      faults.push('lets actions/checkout keep its credentials')
    }
  }
  const ownIds = steps.filter(({ uses }) => isOwn(uses)).map(({ id }) => id)
  for (const [, id, output = ''] of JSON.stringify(job).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    if (ownIds.includes(id) && !(output in outputs)) faults.push(`reads an unknown output, ${output}`)
  }
  return faults
}

/** How actions are used anywhere in a piece of YAML: a workflow, or an example in a page. */
export function usageFaults(text: string, { inputs }: Manifest): string[] {
  const faults: string[] = []
  for (const [, uses = '', rest = ''] of text.matchAll(/^[\s-]*uses: *(\S+)(.*)$/gm)) {
    if (isOwn(uses) || COMMENT_ACTION.test(uses) || uses.startsWith('./.github/workflows/')) continue
    if (!PINNED.test(uses)) faults.push(`${uses} is not pinned to a full commit SHA`)
    else if (!VERSION_COMMENT.test(rest)) faults.push(`${uses} has no comment with its version`)
  }
  for (const { uses, with: given } of mappings(parse(text))) {
    const known = isOwn(uses)
      ? Object.keys(inputs)
      : COMMENT_ACTION.test(String(uses))
        ? COMMENT_INPUTS
        : null
    if (known === null || !isMapping(given)) continue
    const unknown = Object.keys(given).filter((key) => !known.includes(key))
    faults.push(...unknown.map((key) => `gives this action an unknown input, ${key}`))
  }
  return faults
}

function isOwn(uses: unknown): boolean {
  return typeof uses === 'string' && OWN_ACTION.test(uses)
}

/** All mappings within a value, however deep. */
function* mappings(value: unknown): Generator<Mapping> {
  if (isMapping(value)) yield value
  if (typeof value !== 'object' || value === null) return
  for (const part of Object.values(value)) yield* mappings(part)
}

/** The YAML examples of a page. */
export function yamlExamples(markdown: string): string[] {
  return [...markdown.matchAll(/^( *)```ya?ml\n(.*?)^\1```$/gms)].map(([, indent = '', code = '']) =>
    code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}
