import { parse } from 'yaml'

import type { Manifest } from '../../dev/run-action.ts'

/** How examples name this action, and how its own workflows do. */
const OWN_ACTION = /^(OWNER\/isc-enable-identities@v\d+|\.\/)$/
/** The second action, and what can be given to it. */
const COMMENT_ACTION = /^OWNER\/isc-enable-identities\/comment@v\d+$/
const COMMENT_INPUTS = ['summary-file', 'label', 'github-token']

/** A third-party action with a full commit SHA, and its version in a comment. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/

type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What a workflow breaks of the rules that zizmor does not have. It has those for triggers, permissions of the workflow,
 * pins, credentials and expressions in scripts: `npm run lint:workflows`.
 */
export function workflowFaults(text: string, manifest: Manifest): string[] {
  const workflow: unknown = parse(text)
  if (!isMapping(workflow)) return ['is no workflow']
  const { jobs } = workflow
  const faults = usageFaults(text, manifest)
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
  const ownIds = steps.filter(({ uses }) => isOwn(uses)).map(({ id }) => id)
  for (const [, id, output = ''] of JSON.stringify(job).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    if (ownIds.includes(id) && !(output in outputs)) faults.push(`reads an unknown output, ${output}`)
  }
  return faults
}

/** How actions are used anywhere in a piece of YAML: a workflow, or an example in a page. */
export function usageFaults(text: string, { inputs }: Manifest): string[] {
  const faults: string[] = []
  // zizmor reads no pages, and the comment only where it has a network.
  for (const [, uses = '', rest = ''] of text.matchAll(/^[\s-]*uses: *(\S+)(.*)$/gm)) {
    if (isOwn(uses) || COMMENT_ACTION.test(uses) || uses.startsWith('./.github/workflows/')) continue
    if (!PINNED.test(uses + rest)) faults.push(`${uses} has no full commit SHA with its version in a comment`)
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
