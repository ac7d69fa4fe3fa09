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
    ['src/sailpoint/a.ts', 'src/campaign/a.ts', 'sailpoint-imports-from-above'],
    ['src/list/a.ts', 'src/main.ts', 'list-imports-from-above'],
    ['src/policy/a.ts', 'src/list/a.ts', 'policy-imports-from-above'],
    ['src/policy/b.ts', 'node:fs', 'policy-is-not-pure'],
    ['src/problems.ts', 'src/inputs/a.ts', 'ground-floor-imports-from-above'],
    ['src/report/a.ts', 'src/sailpoint/a.ts', 'report-knows-http'],
    ['src/report/b.ts', 'node:http', 'report-knows-http'],
    ['src/report/c.ts', '@actions/http-client', 'report-knows-http'],
    ['src/campaign/b.ts', '@actions/core', 'speaks-to-the-runner'],
    ['src/sailpoint/b.ts', '@actions/core', 'sailpoint-knows-github'],
    ['src/inputs/b.ts', 'dev/b.ts', 'action-reaches-into-its-workshop'],
    ['dev/a.ts', '__tests__/b.ts', 'workshop-reaches-into-tests'],
    ['dev/c.ts', 'dev/nowhere.ts', 'unresolvable'],
    ['src/circle.ts', 'src/round.ts', 'circle'],
  ] as const
  const folder = mkdtempSync(join(tmpdir(), 'house-'))
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
    for (const path of [
      'src/main.ts',
      'src/campaign/a.ts',
      'src/inputs/a.ts',
      'dev/b.ts',
      '__tests__/b.ts',
    ]) {
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

  test('no two exported types have one name', () => {
    const types = modules.flatMap((path) => {
      const text = readFileSync(join(ROOT, folder, path), 'utf8')
      return [...text.matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm)].map(
        ([, name = '']) => name,
      )
    })
    expect(types.length).toBeGreaterThan(10)
    expect(repeated(types)).toEqual([])
  })
})

test('CONTRIBUTING.md shows every room and module of src/, the floors in their order', async () => {
  const { FLOORS } = (await import(join(ROOT, '.dependency-cruiser.js'))) as { FLOORS: string[] }
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  const [, picture = ''] = /```\naction\.yml(.*?)```/s.exec(text) ?? []
  const named = [...picture.matchAll(/(?<= {2})([\w-]+)(?:\/|\.ts)(?= )/g)].map(([, name = '']) => name)
  const built = readdirSync(join(ROOT, 'src')).map((name) => name.replace('.ts', ''))
  expect(built.filter((name) => !named.includes(name))).toEqual([])
  expect(named.filter((name) => FLOORS.includes(name))).toEqual(FLOORS)
})

test.each(['CONTRIBUTING.md', '__tests__/README.md'])('the places that %s names are there', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const places = [...text.matchAll(/`((?:src|dev|docs|stubs|__tests__)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  )
  expect(places).not.toEqual([])
  expect(places.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})
