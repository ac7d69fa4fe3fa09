import { truncateSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { LARGEST_MIB, readListFile } from '../../../src/list/formats/list-format.ts'
import { readText } from '../../../src/list/formats/text-list.ts'
import { inWorkspace, read, readFileNamed } from '../../support/list-reading.ts'

/** Lists of so many ids in each format, of about 20 bytes an id. */
const LISTS: Readonly<Record<string, (count: number) => string>> = {
  'list.txt': (count) => ids(count).join('\n'),
  'list.csv': (count) => `id,name\n${ids(count).join(',Ann\n')}`,
  'list.json': (count) => JSON.stringify(ids(count)),
  'list.yml': (count) =>
    ids(count)
      .map((id) => `- ${id}\n`)
      .join(''),
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `0123456789-${n}`)
}

describe.each(Object.entries(LISTS))('a long list is read whole: %s', (name, listOf) => {
  it('with the line of each entry', async () => {
    const { ids: found, identities, problems } = await readFileNamed(name, listOf(20_000))
    expect(problems).toEqual([])
    expect(found).toEqual(ids(20_000))
    const lines = identities.map(({ line }) => line)
    const first = name === 'list.csv' ? 2 : 1
    expect(lines).toEqual(lines.map((_, index) => (name === 'list.json' ? 1 : first + index)))
  })

  it('but for what is longer than it may be', async () => {
    const { ids: found, problems } = await readFileNamed(name, listOf(20_000), { maxIdentities: 3 })
    expect(found).toEqual(ids(3))
    expect(problems).toEqual([
      {
        message:
          'Input max-identities: the list is longer than 3, the most that is accepted; it was read no further.',
      },
    ])
  })

  it('but for what comes after a cancel', async () => {
    await inWorkspace({ [name]: listOf(50_000) }, async (workspace) => {
      const stop = new AbortController()
      let taken = 0
      const reading = readListFile(
        { path: join(workspace, name), name },
        null,
        {
          onEntry: () => {
            taken += 1
            stop.abort(new Error('The run was cancelled.'))
          },
          onProblem: (reason) => expect(reason).toBeUndefined(),
        },
        stop.signal,
      )
      await expect(reading).rejects.toThrow('The run was cancelled.')
      expect(taken).toBeGreaterThan(0)
      expect(taken).toBeLessThan(20_000)
    })
  })
})

it.each(Object.entries(LISTS))('malformed entries end the reading as well: %s', async (name, listOf) => {
  const { problems } = await readFileNamed(name, listOf(20_000).replaceAll('9-', '9_'), { maxIdentities: 3 })
  expect(problems.map(({ message }) => message).slice(-2)).toEqual([
    expect.stringMatching(/^Input max-identities: /),
    '… and 981 more malformed entries of the list.',
  ])
})

describe('a file above the limit of its format', () => {
  it.each(Object.entries(LARGEST_MIB))('is not read: %s', async (extension, largest) => {
    const name = `list${extension}`
    await inWorkspace({ [name]: '[]' }, async (workspace) => {
      const path = join(workspace, name)
      truncateSync(path, largest * 1024 * 1024 + 1)
      const { problems } = await read({ files: [name], workspace })
      expect(problems).toEqual([
        {
          message: `${name}: it is larger than ${largest} MiB, the most that is read of a ${extension} file; give the list as .txt or .csv, which may have any size.`,
          file: name,
        },
      ])
    })
  })
})

describe('text that comes in pieces', () => {
  async function entriesOf(pieces: Iterable<string>): Promise<string[]> {
    const entries: string[] = []
    await readText(pieces, (entry, line) => entries.push(`${line ?? '-'}: ${entry}`))
    return entries
  }

  it('may be cut anywhere', async () => {
    const text = 'a1,b2 #c3 d4\n #\n\n#e5,\ne5 , f#6,#g7\n\n#'
    const whole = await entriesOf([text])
    expect(whole).toEqual(['1: a1', '1: b2', '5: e5', '5: f#6', '5: #g7'])
    expect(await entriesOf(text.split(''))).toEqual(whole)
    for (let at = 0; at < text.length; at += 1) {
      expect(await entriesOf([text.slice(0, at), '', text.slice(at)])).toEqual(whole)
    }
  })

  it('is not held while an entry does not end', async () => {
    const piece = 'x'.repeat(2_000)
    const entries = await entriesOf([`a1 ${piece}`, piece, `${piece},b2`, ' c3'])
    expect(entries).toEqual(['1: a1', `1: ${piece}`, '1: b2', '1: c3'])
  })
})
