import { execFileSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { ROOT } from '../dev/run-action.ts'

/** The rules of .dependency-cruiser.js that `src/` and `dev/` of a folder break: `rule: from → to`. */
function violations(folder: string): string[] {
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const args = ['--config', join(ROOT, '.dependency-cruiser.js'), '--output-type', 'json', 'src', 'dev']
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const { summary } = JSON.parse(execFileSync(process.execPath, [program, ...args], options)) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number }
  }
  expect(summary.totalCruised).toBeGreaterThan(0)
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
}

test('imports go from top to bottom', () => expect(violations(ROOT)).toEqual([]))

describe('the rules', () => {
  const BROKEN = [
    ['src/sailpoint/a.ts', 'src/enablement/a.ts', 'sailpoint-imports-from-above'],
    ['src/list/a.ts', 'src/main.ts', 'list-imports-from-above'],
    ['src/list/b.ts', 'src/enablement/a.ts', 'list-imports-from-above'],
    ['src/enablement/c.ts', 'src/inputs/a.ts', 'enablement-imports-from-above'],
    ['src/inputs/c.ts', 'src/comment.ts', 'inputs-imports-from-above'],
    ['src/policy/a.ts', 'src/list/a.ts', 'policy-imports-from-above'],
    ['src/policy/b.ts', 'node:fs', 'policy-is-not-pure'],
    ['src/problems.ts', 'src/inputs/a.ts', 'shared-module-imports-from-above'],
    ['src/report/a.ts', 'src/sailpoint/a.ts', 'report-knows-http'],
    ['src/report/b.ts', 'node:http', 'report-knows-http'],
    ['src/report/c.ts', '@actions/http-client', 'report-knows-http'],
    ['src/enablement/b.ts', '@actions/core', 'speaks-to-the-runner'],
    ['src/sailpoint/b.ts', '@actions/core', 'sailpoint-knows-github'],
    ['src/inputs/b.ts', 'dev/b.ts', 'action-imports-dev-tools'],
    ['dev/a.ts', '__tests__/b.ts', 'dev-tools-import-tests'],
    ['dev/c.ts', 'dev/nowhere.ts', 'unresolvable'],
    ['src/circle.ts', 'src/round.ts', 'circle'],
  ] as const
  const folder = mkdtempSync(join(tmpdir(), 'layers-'))
  let found: readonly string[] = []

  beforeAll(() => {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    for (const name of ['@actions/core', '@actions/http-client']) {
      write(`node_modules/${name}/package.json`, '{"main":"index.js"}')
      write(`node_modules/${name}/index.js`, '')
    }
    const targets = ['src/main.ts', 'src/comment.ts', 'src/enablement/a.ts', 'src/inputs/a.ts']
    for (const path of [...targets, 'dev/b.ts', '__tests__/b.ts']) {
      write(path, '')
    }
    write('src/round.ts', "import type { B } from './circle.ts'\nexport type A = B")
    for (const [from, to] of BROKEN) {
      const up = '../'.repeat(from.split('/').length - 1)
      const target = /^(src|dev|__tests__)\//.test(to) ? `${up}${to}` : to
      write(from, `import type { A } from '${target}'\nexport type B = A`)
    }
    found = violations(folder)
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(BROKEN)('%s must not import %s', (from, _to, rule) => {
    expect(found).toContainEqual(expect.stringMatching(`^${rule}: ${from} → `))
  })
})

const EXPORTED = /^export (?:abstract |async )?(?:interface|type|class|function\*?) (\w+)/gm

describe.each(['src', 'dev'])('in %s/', (folder) => {
  const modules = globSync('**/*.{ts,js}', { cwd: join(ROOT, folder) }).filter(
    (path) => !path.includes('node_modules'),
  )
  const repeated = (names: readonly string[]): string[] =>
    names.filter((name, index) => names.indexOf(name) !== index)

  test('no two modules have one name', () => {
    const names = modules.map((path) => basename(path))
    // What starts a folder's program may be named as in another folder.
    expect(repeated(names.filter((name) => !/^(index|main|run)\.[jt]s$/.test(name)))).toEqual([])
  })

  test('no two exported types or functions have one name', () => {
    const names = modules.flatMap((path) => {
      const text = readFileSync(join(ROOT, folder, path), 'utf8')
      return [...text.matchAll(EXPORTED)].map(([, name = '']) => name)
    })
    expect(names.length).toBeGreaterThan(10)
    expect(repeated(names)).toEqual([])
  })
})

test('CONTRIBUTING.md shows every folder and module of src/, the layers in their order', async () => {
  const { LAYERS } = (await import(join(ROOT, '.dependency-cruiser.js'))) as { LAYERS: string[] }
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  const [, picture = ''] = /```\naction\.yml(.*?)```/s.exec(text) ?? []
  const named = [...picture.matchAll(/(?<= {2})([\w-]+)(?:\/|\.ts)(?= )/g)].map(([, name = '']) => name)
  const built = readdirSync(join(ROOT, 'src')).map((name) => name.replace('.ts', ''))
  expect(built.filter((name) => !named.includes(name))).toEqual([])
  const layers = LAYERS.filter((name) => built.includes(name))
  expect(named.filter((name) => layers.includes(name))).toEqual(layers)
})

test.each(['CONTRIBUTING.md', '__tests__/README.md'])('the places that %s names are there', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const places = [...text.matchAll(/`((?:src|dev|docs|stubs|__tests__)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  )
  expect(places).not.toEqual([])
  expect(places.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})
