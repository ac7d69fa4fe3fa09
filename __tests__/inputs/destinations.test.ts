import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { readDestinations } from '../../src/inputs/destinations.ts'
import { Values } from '../../src/inputs/values.ts'
import { ConfigurationError, Problems } from '../../src/problems.ts'
import type { Destinations } from '../../src/settings.ts'

const onPosix = process.platform === 'win32' ? test.skip : test
const onLinux = process.platform === 'linux' ? test : test.skip

let workspace: string
let temporary: string
beforeEach(() => {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'destinations-'))
  workspace = join(home, 'workspace')
  temporary = join(home, 'temp')
  for (const folder of [workspace, temporary]) mkdirSync(folder)
})
afterEach(() => rmSync(join(workspace, '..'), { recursive: true }))

function read(
  resultsFile: string,
  env: NodeJS.ProcessEnv = {},
  folders = { workspace, temporary },
): { destinations: Destinations; problems: string[] } {
  const problems = new Problems()
  const given = { 'INPUT_RESULTS-FILE': resultsFile, ...env }
  const destinations = readDestinations(new Values(given, problems), folders)
  try {
    problems.throwIfAny()
  } catch (error) {
    if (error instanceof ConfigurationError)
      return { destinations, problems: error.problems.map(({ message }) => message) }
  }
  return { destinations, problems: [] }
}

describe('results-file', () => {
  test('is taken from the workspace, and probed without a trace but its folder', () => {
    const { destinations, problems } = read('out/of/report.CSV')
    expect(problems).toEqual([])
    expect(destinations.resultsFile).toBe(join(workspace, 'out', 'of', 'report.CSV'))
    expect(readdirSync(workspace, { recursive: true }).sort()).toEqual(['out', join('out', 'of')])
    expect(readdirSync(temporary)).toEqual([])
  })

  test('that is there is left as it is', () => {
    writeFileSync(join(workspace, 'report.json'), 'old')
    expect(read('report.json').problems).toEqual([])
    expect(readFileSync(join(workspace, 'report.json'), 'utf8')).toBe('old')
  })

  test.each([
    ['report.txt', 'use a path that ends in .json or .csv'],
    ['folder.json', 'it is a directory'],
    ['file/report.json', 'E'],
  ])('%s is invalid, and the report goes where it does by default', (path, reason) => {
    mkdirSync(join(workspace, 'folder.json'))
    writeFileSync(join(workspace, 'file'), '')
    const { destinations, problems } = read(path)
    expect(problems).toEqual([
      expect.stringContaining(`Invalid value "${path}" for \`results-file\`: ${reason}`),
    ])
    expect(destinations.resultsFile).toBe(destinations.defaultResultsFile)
  })

  onPosix('may be no link, nor be below one', () => {
    mkdirSync(join(workspace, 'real'))
    symlinkSync('real', join(workspace, 'linked'))
    symlinkSync('nowhere', join(workspace, 'link.json'))
    symlinkSync(join(workspace, 'real'), join(temporary, 'linked'))
    for (const path of ['link.json', 'linked/a.json', 'linked/b/c.json', '../temp/linked/a.json'])
      expect(read(path).problems).toEqual([expect.stringMatching(/is a link\. Use a path without links/)])
    expect(read('real/report.json').problems).toEqual([])
  })

  onPosix('may be in folders that are links above the runner’s own', () => {
    symlinkSync(join(workspace, '..'), join(temporary, 'home'))
    const folders = { workspace: join(temporary, 'home', 'workspace'), temporary }
    expect(read('report.json', {}, folders).problems).toEqual([])
  })

  onLinux.each(['/proc/none/report.json', '/proc/self/fd/none/report.json', '/dev/full/report.json'])(
    '%s is invalid at once, where Node’s recursive way would not end',
    (path) => {
      expect(read(path).problems).toEqual([
        expect.stringMatching(`^Invalid value "${path}" for \`results-file\`: E`),
      ])
    },
  )
})

test('a folder of the runner in which nothing can be written is a problem', () => {
  writeFileSync(join(temporary, 'file'), '')
  const { problems } = read('', {}, { workspace, temporary: join(temporary, 'file') })
  expect(problems).toEqual([expect.stringMatching(/^Cannot write to the folder ".*" \(`RUNNER_TEMP`\): E/)])
})

describe('GITHUB_OUTPUT', () => {
  test('is left as it is', () => {
    const path = join(temporary, 'output')
    writeFileSync(path, 'before=1\n')
    expect(read('', { GITHUB_OUTPUT: path }).problems).toEqual([])
    expect(readFileSync(path, 'utf8')).toBe('before=1\n')
  })

  test('that cannot be written is a problem', () => {
    for (const GITHUB_OUTPUT of [join(temporary, 'missing'), temporary])
      expect(read('', { GITHUB_OUTPUT }).problems).toEqual([
        expect.stringMatching(/^Cannot write to the outputs \(`GITHUB_OUTPUT`\): /),
      ])
    expect(readdirSync(temporary)).toEqual([])
  })

  onLinux('on a device is a problem', () => {
    expect(read('', { GITHUB_OUTPUT: '/dev/full' }).problems).toEqual([
      expect.stringContaining('it is not a file'),
    ])
  })
})
