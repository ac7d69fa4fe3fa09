import { linkSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { isSource } from '../../src/list/list-sources.ts'
import type { ListSources } from '../../src/settings.ts'
import { inWorkspace } from '../support/list-reading.ts'

/** Links need a privilege on Windows. */
const onPosix = process.platform === 'win32' ? it.skip : it

const FILES = { 'lists/a.json': '[]', 'lists/b.csv': 'id', 'out.json': '{}', '../above.json': '[]' }

/** Whether `results` is one of the files that these sources name, in a workspace with `FILES`. */
async function isRead(
  results: string,
  sources: Partial<ListSources>,
  prepare: (workspace: string) => void = () => undefined,
): Promise<boolean> {
  return await inWorkspace(FILES, (workspace) => {
    prepare(workspace)
    const none = {
      files: null,
      excludeFiles: null,
      stillListed: null,
      fromReport: null,
      temporary: workspace,
    }
    return isSource(resolve(workspace, results), { ...none, ...sources, workspace })
  })
}

describe('a file that is read', () => {
  it.each([
    ['by its path', 'lists/a.json', { files: ['out.json', 'lists/a.json'] }],
    ['by another path', './lists/../lists/a.json', { files: ['lists/a.json'] }],
    ['by a glob', 'lists/b.csv', { files: ['lists/*'] }],
    ['as an exclude list', 'lists/a.json', { files: ['out.json'], excludeFiles: ['**/a.*'] }],
    ['as an earlier report', 'out.json', { fromReport: 'out.json' }],
    ['beside lines that are wrong', 'lists/a.json', { files: ['none', '../..', 'lists', 'lists/a.json'] }],
    ['outside of the workspace, where it is refused', '../above.json', { files: ['../above.json'] }],
  ])('is found %s', async (_case, results, sources) => {
    expect(await isRead(results, sources)).toBe(true)
  })

  onPosix('is found where it is a link, or where a link leads to it', async () => {
    const link = (workspace: string): void => symlinkSync('lists/a.json', join(workspace, 'link.json'))
    expect(await isRead('link.json', { files: ['lists/*.json'] }, link)).toBe(true)
    expect(await isRead('lists/a.json', { files: ['link.json'] }, link)).toBe(true)
    expect(await isRead('lists/a.json', { fromReport: 'link.json' }, link)).toBe(true)
  })

  onPosix('is found in a linked folder, and by a second name', async () => {
    const link = (workspace: string): void => {
      symlinkSync('lists', join(workspace, 'linked'))
      linkSync(join(workspace, 'out.json'), join(dirname(workspace), 'second.json'))
    }
    expect(await isRead('linked/a.json', { files: ['lists/a.json'] }, link)).toBe(true)
    expect(await isRead('../second.json', { excludeFiles: ['out.json'] }, link)).toBe(true)
  })
})

it.each([
  ['is not there yet', 'new.json', { files: ['**/*.json', 'new.json'] }],
  ['is not named', 'out.json', { files: ['lists/*'], excludeFiles: ['lists/*'], fromReport: 'lists/a.json' }],
  ['is left out', 'lists/b.csv', { files: ['lists/*', '!lists/b.csv'] }],
  ['stands beside an inline list', 'out.json', {}],
])('a file that %s may be written', async (_case, results, sources) => {
  expect(await isRead(results, sources)).toBe(false)
})
