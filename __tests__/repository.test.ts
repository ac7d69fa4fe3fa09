import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

import { PAGES, withTables } from '../dev/docs.ts'
import { licencesText, productionLicences } from '../dev/licences.ts'
import { readManifest, ROOT, runAction } from '../dev/run-action.ts'

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8')

test('dist/ is what the sources build, byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dist-'))
  await promisify(execFile)(process.execPath, [join(ROOT, 'dev', 'build.ts'), folder])
  const filesOf = async (from: string): Promise<string[]> =>
    (await readdir(from, { recursive: true })).filter((name) => !name.endsWith('comment')).sort()
  const names = await filesOf(folder)
  expect(names).toEqual(await filesOf(join(ROOT, 'dist')))
  for (const name of names) {
    const [built, committed] = await Promise.all([
      readFile(join(folder, name)),
      readFile(join(ROOT, 'dist', name)),
    ])
    expect([name, built.equals(committed)]).toEqual([name, true])
  }
  await rm(folder, { recursive: true })
})

test('action.yml has exactly the outputs that a run sets, and runs on Node 24', async () => {
  const manifest = await readManifest()
  const run = await runAction({ inputs: {} })
  expect(Object.keys(run.outputs).sort()).toEqual(Object.keys(manifest.outputs).sort())
  expect(manifest.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
})

test.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
  'the tables of %s are those of action.yml and the policy (npm run docs)',
  async (page) => {
    const text = await read(page)
    const squeezed = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---')
    expect(squeezed(await withTables(text, page))).toBe(squeezed(text))
  },
)

test('every production package has a licence that is permitted, and its text is beside the bundle', async () => {
  const PERMITTED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0']
  const packages = productionLicences(ROOT)
  const { dependencies } = JSON.parse(await read('package.json')) as { dependencies: Record<string, string> }
  const installed = Object.keys(dependencies).filter((name) => !dependencies[name]?.startsWith('file:'))
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(installed))
  expect(packages.filter(({ licence }) => !PERMITTED.includes(licence))).toEqual([])
  expect(packages.filter(({ text }) => text === '')).toEqual([])
  expect(await read('dist/licenses.txt')).toBe(licencesText(packages))
})

test('the bill of materials has all packages beside the bundle, and calls the stub what it is', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'dev', 'bill-of-materials.js')],
    {
      cwd: ROOT,
    },
  )
  const { components } = JSON.parse(stdout) as { components: { 'bom-ref': string }[] }
  const bundled = productionLicences(ROOT).map(({ name, version }) => `${name}@${version}`)
  expect(components.map((component) => component['bom-ref']).sort()).toEqual(
    [...bundled, '@isc-enable-identities/undici-stub@0.0.0'].sort(),
  )
})

test('every npm script sets up first what it needs', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  const others = Object.entries(scripts).filter(
    ([, command]) => !/^(node dev\/run\.js|npm run) /.test(command),
  )
  expect(others.map(([name]) => name)).toEqual(['setup'])
})

test('what coverage does not count has types alone, and nothing that runs', async () => {
  const { exclude } = JSON.parse(await read('.c8rc.json')) as { exclude: string[] }
  for (const path of exclude) {
    const code = stripTypeScriptTypes(await read(path)).replaceAll(/\/\*.*?\*\/|\/\/.*?$/gms, '')
    expect([path, code.trim()]).toEqual([path, ''])
  }
})

test('what the Marketplace asks of action.yml', async () => {
  const { name, description } = parse(await read('action.yml')) as Record<string, string>
  expect(name).toMatch(/^[\w ]{1,60}$/)
  expect(description).toMatch(/^.{1,124}$/)
})

test('what a runner downloads is what it runs, and light', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'))
  const run = promisify(execFile)
  await run('git', ['archive', '--format', 'tar.gz', '--output', join(folder, 'action.tar.gz'), 'HEAD'], {
    cwd: ROOT,
  })
  expect((await stat(join(folder, 'action.tar.gz'))).size).toBeLessThan(250_000)
  await run('tar', ['-xf', 'action.tar.gz'], { cwd: folder })
  expect((await readdir(folder)).sort()).toEqual(
    ['LICENSE', 'README.md', 'action.tar.gz', 'action.yml', 'comment', 'dist', 'package.json'].sort(),
  )
  const workspace = join(folder, 'workspace')
  await mkdir(workspace)
  await writeFile(join(workspace, 'ids.csv'), 'id\na1\n')
  await writeFile(join(workspace, 'output'), '')
  const repository = (id: number): object => ({ repo: { id } })
  const event = { pull_request: { head: repository(1), base: repository(2) } }
  await writeFile(join(workspace, 'event.json'), JSON.stringify(event))
  await run(process.execPath, [join(folder, 'dist', 'index.js')], {
    cwd: workspace,
    env: {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: join(workspace, 'event.json'),
      GITHUB_OUTPUT: join(workspace, 'output'),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: workspace,
      'INPUT_IDENTITY-IDS-FILE': '*.csv',
      'INPUT_DRY-RUN': 'true',
      'INPUT_JOB-SUMMARY': 'false',
    },
  })
  expect(await readFile(join(workspace, 'output'), 'utf8')).toMatch(/total-count<<(.*)\n1\n\1/)
  await rm(folder, { recursive: true })
})

test('the README shows its pictures in light and dark, each below 100 kB', async () => {
  const readme = await read('README.md')
  for (const name of await readdir(join(ROOT, 'docs', 'pictures'))) {
    expect(readme).toContain(`docs/pictures/${name}`)
    expect((await stat(join(ROOT, 'docs', 'pictures', name))).size).toBeLessThan(100_000)
  }
  for (const [path = ''] of readme.matchAll(/docs\/pictures\/[\w.-]+/g)) await stat(join(ROOT, path))
})
