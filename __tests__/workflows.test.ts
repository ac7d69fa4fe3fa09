import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

import { readManifest, ROOT, type Manifest } from '../dev/run-action.ts'
import { isMapping, usageFaults, workflowFaults, yamlExamples } from './support/workflow-rules.ts'

const WORKFLOWS = find('.github/workflows/*.yml', 'docs/examples/*.yml')
const FORMS = find('.github/ISSUE_TEMPLATE/*.yml').filter((path) => !path.endsWith('config.yml'))
const PAGES = find('docs/*.md', '__tests__/*.md', '*.md')

let manifest: Manifest

beforeAll(async () => {
  manifest = await readManifest()
})

function find(...patterns: string[]): string[] {
  return globSync(patterns, { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

test('there are the workflows, and the examples', () => {
  expect(WORKFLOWS).toEqual([
    '.github/workflows/ci.yml',
    '.github/workflows/codeql.yml',
    '.github/workflows/commit-dist.yml',
    '.github/workflows/dependency-review.yml',
    '.github/workflows/long-tests.yml',
    '.github/workflows/rebuild-dist.yml',
    '.github/workflows/release.yml',
    '.github/workflows/scorecard.yml',
    'docs/examples/enable-small.yml',
    'docs/examples/enable.yml',
    'docs/examples/matrix.yml',
    'docs/examples/nightly.yml',
  ])
})

test.each(WORKFLOWS)('%s keeps the rules', (path) => {
  expect(workflowFaults(read(path), manifest)).toEqual([])
})

test.each(PAGES)('examples in %s use actions by the rules', (path) => {
  expect(yamlExamples(read(path)).flatMap((example) => usageFaults(example, manifest))).toEqual([])
})

test('README.md has one complete workflow, which keeps the rules', () => {
  const complete = yamlExamples(read('README.md')).filter((example) => example.startsWith('name:'))
  expect(complete).toHaveLength(1)
  expect(complete.flatMap((text) => workflowFaults(text, manifest))).toEqual([])
})

test('each third-party action has one version everywhere', () => {
  const texts = [...WORKFLOWS, ...PAGES].map(read)
  const uses = texts.flatMap((text) => [...text.matchAll(/uses: *([\w./-]+)@([0-9a-f]{40}.*)$/gm)])
  const versions = Map.groupBy(uses, ([, action = '']) => action.split('/').slice(0, 2).join('/'))
  for (const [action, found] of versions) {
    expect([action, [...new Set(found.map(([, , version]) => version))]]).toEqual([
      action,
      [expect.any(String)],
    ])
  }
})

/** The step's `with:` of this action in a job of an example. */
function inputsOf(example: string, job: string): Readonly<Record<string, unknown>> {
  const { jobs } = parse(read(`docs/examples/${example}.yml`)) as {
    jobs: Record<string, { steps: { uses: string; with: Record<string, unknown> }[] }>
  }
  return jobs[job]?.steps.find(({ uses }) => uses.startsWith('OWNER/isc-enable-identities@'))?.with ?? {}
}

test.each([
  ['enable', 95],
  ['enable-small', 40],
  ['matrix', 105],
  ['nightly', 30],
])('%s.yml is short, needs no shell, and keeps reports out of the checkout', (name, most) => {
  const lines = read(`docs/examples/${name}.yml`)
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
  expect(lines.length).toBeLessThanOrEqual(most)
  expect(lines.filter((line) => /^[\s-]*run:/.test(line))).toEqual([])
  const files = lines.filter((line) => /\b(path|results-file|from-report):/.test(line))
  expect(files.filter((line) => !line.includes('${{ runner.temp }}/'))).toEqual([])
})

test('the examples enable with the guards with which they plan', () => {
  const guards = ['exclude-ids-file', 'refuse-states', 'max-to-enable', 'show-names', 'tenant'] as const
  const guardsOf = (inputs: Readonly<Record<string, unknown>>): unknown => guards.map((name) => inputs[name])
  for (const example of ['enable', 'matrix']) {
    const [plan, enable] = [inputsOf(example, 'plan'), inputsOf(example, 'enable')]
    expect(guardsOf(enable)).toEqual(guardsOf(plan))
    expect(enable['still-listed']).toBe(plan['identity-ids-file'])
  }
  expect(inputsOf('matrix', 'plan')).toEqual({ ...inputsOf('enable', 'plan'), 'max-to-enable': 200_000 })
  expect(inputsOf('enable-small', 'identities')).toEqual({
    ...inputsOf('enable', 'plan'),
    'results-file': undefined,
    'dry-run': "${{ github.event_name != 'push' }}",
    'added-since': 'event',
    verify: true,
  })
})

describe('a workflow that breaks a rule is found', () => {
  const good = `on: pull_request
permissions: {}
jobs:
  job:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - id: enable
        uses: OWNER/isc-enable-identities@v1
        with:
          identity-ids: a1
      - run: echo "$RESULT"
        env:
          RESULT: \${{ steps.enable.outputs.result }}
`

  test('and a good one is not', () => {
    expect(workflowFaults(good, manifest)).toEqual([])
  })

  test.each([
    ['    timeout-minutes: 5\n', '', 'job job has no timeout-minutes'],
    ['    permissions:\n      contents: read\n', '', 'job job has no permissions of its own'],
    ['@3d3c42e5aac5ba805825da76410c181273ba90b1', '@v7', 'actions/checkout@v7 has no full commit SHA'],
    ['273ba90b1 # v7.0.1', '273ba9 # v7.0.1', '273ba9 has no full commit SHA'],
    [' # v7.0.1', '', '273ba90b1 has no full commit SHA with its version'],
    ['identity-ids: a1', 'identity-id: a1', 'gives this action an unknown input, identity-id'],
    ['outputs.result', 'outputs.results', 'job job reads an unknown output, results'],
  ])('%j → %j', (from, to, fault) => {
    const bad = good.replace(from, () => to)
    expect(bad).not.toBe(good)
    expect(workflowFaults(bad, manifest)).toEqual([expect.stringContaining(fault)])
  })
})

describe.each(FORMS)('issue form %s', (path) => {
  const form: unknown = parse(read(path))
  const body: unknown[] = isMapping(form) && Array.isArray(form['body']) ? form['body'] : []
  const elements = body.filter(isMapping)

  test('has what GitHub requires of a form', () => {
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) })
    expect(elements.filter(({ type }) => type !== 'markdown')).not.toHaveLength(0)
    for (const { type, id, attributes } of elements) {
      expect(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']).toContain(type)
      expect(attributes).toMatchObject({ [type === 'markdown' ? 'value' : 'label']: expect.any(String) })
      if (type === 'dropdown' || type === 'checkboxes') {
        expect(attributes).toMatchObject({ options: expect.arrayContaining([expect.anything()]) })
      }
      if (type !== 'markdown') expect(id).toMatch(/^[\w-]+$/)
    }
    const ids = elements.map(({ id }) => id).filter((id) => id !== undefined)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('asks for the version and the redacted report', () => {
    expect(elements.map(({ id }) => id)).toEqual(expect.arrayContaining(['version', 'report']))
    expect(elements.find(({ id }) => id === 'version')).toMatchObject({ validations: { required: true } })
  })
})

test('Dependabot looks after every folder that has a lock file', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as { updates: { directories: string[] }[] }
  const locked = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: ROOT, encoding: 'utf8' })
  const folders = locked
    .trim()
    .split('\n')
    .map((path) => dirname(`/${path}`))
  expect(updates[0]?.directories.toSorted()).toEqual(folders.sort())
})

test('Dependabot updates npm and actions, in groups, after a cool-down', () => {
  const update = (ecosystem: string): unknown =>
    expect.objectContaining({
      'package-ecosystem': ecosystem,
      groups: expect.any(Object),
      cooldown: expect.objectContaining({ 'default-days': expect.any(Number) }),
    })
  expect(parse(read('.github/dependabot.yml'))).toEqual({
    version: 2,
    updates: [update('npm'), update('github-actions')],
  })
})

test.each(PAGES)('links of %s lead to files and headings', (path) => {
  const links = [...read(path).matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]*))?\)/g)]
  for (const [, file = '', anchor] of links) {
    const target = file === '' ? path : join(path, '..', file)
    expect([target, existsSync(join(ROOT, target))]).toEqual([target, true])
    if (anchor !== undefined) expect(anchors(read(target))).toContain(anchor)
  }
})

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
