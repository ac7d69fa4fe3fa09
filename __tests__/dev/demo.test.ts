import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from '@jest/globals'

import { readOptions } from '../../dev/demo/options.ts'
import { ROOT } from '../../dev/run-action.ts'

test.each([
  [['--nosuch'], /'--nosuch'.*There are --story, .*--no-plan/s],
  [['plan'], /'plan'.*There are --story/s],
  [['--story', 'nosuch'], 'there are main, leavers'],
  [['--format', 'xls'], 'there are inline, txt, csv, json, yaml'],
  [['--input', 'nosuch=1'], /no input nosuch; there are identity-ids, .*max-failures/],
  [['--input', 'max-failures'], 'max-failures=…'],
  [['--fault', 'nosuch'], /there are .*reset-in-body/],
  [['--fault', 'hang:2'], 'from 0 to 1'],
  [['--identities', 'many'], 'whole number'],
])('%j is answered with what there is', async (args, message) => {
  await expect(readOptions(args)).rejects.toThrow(message)
})

test('fits on one screen, takes inputs in plan and run, and writes both as a page, whose path comes last', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'))
  const page = join(folder, 'page.html')
  const args = ['--identities', '4', '--unknown', '1', '--input', 'batch-size=3', '--html', page]
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(ROOT, 'dev', 'demo', 'demo.ts'),
    ...args,
  ])
  const lines = stdout.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(24)
  expect(lines.filter((line) => line.includes('batch-size: 3'))).toHaveLength(2)
  expect(lines.filter((line) => /exit code \d · Took .* \d requests/.test(line))).toHaveLength(2)
  expect(lines.at(-1)).toBe(page)
  const html = await readFile(page, 'utf8')
  expect(html).toMatch(/The plan.*would enable 4 of 5.*The run.*1 of 5/s)
  await rm(folder, { recursive: true })
})

test('a page that cannot be written is said before anything is run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'))
  const demo = promisify(execFile)(process.execPath, [join(ROOT, 'dev', 'demo', 'demo.ts'), '--html', folder])
  await expect(demo).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(folder) })
  await rm(folder, { recursive: true })
})
