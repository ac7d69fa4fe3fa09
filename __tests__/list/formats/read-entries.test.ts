import { createReadStream } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { LARGEST_MIB, readEntries } from '../../../src/list/formats/read-entries.ts'
import { readText } from '../../../src/list/formats/text-list.ts'
import { inWorkspace, read, readFileNamed } from '../../support/list-reading.ts'

/** Lists of so many IDs in each format, of about 20 bytes an ID. */
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

const STREAMED = /\.(txt|csv)$/

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
          'The list is longer than `max-identities` (3), so reading stopped. Check the list, or increase `max-identities`.',
      },
    ])
  })

  const ifStreamed = STREAMED.test(name) ? it : it.skip
  ifStreamed('but for what comes after a cancel', async () => {
    await inWorkspace({ [name]: listOf(50_000) }, async (workspace) => {
      const stop = new AbortController()
      let taken = 0
      const reading = readEntries(
        { bytes: createReadStream(join(workspace, name)), name },
        { column: null, identifyBy: 'id', allColumns: false },
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

it.each(Object.entries(LISTS))('invalid entries end the reading as well: %s', async (name, listOf) => {
  const { problems } = await readFileNamed(name, listOf(20_000).replaceAll('9-', '9_'), { maxIdentities: 3 })
  expect(problems.map(({ message }) => message).slice(-2)).toEqual([
    expect.stringMatching(/^The list is longer than `max-identities` /),
    '… and 981 more invalid entries.',
  ])
})

describe('a file above the limit of its format', () => {
  it.each(Object.entries(LARGEST_MIB))('is not read: %s', async (extension, largest) => {
    const name = `list${extension}`
    await inWorkspace({ [name]: Buffer.alloc(largest * 1024 * 1024 + 1, '\n') }, async (workspace) => {
      const { problems } = await read({ files: [name], workspace })
      expect(problems).toEqual([
        {
          message: `${name}: The file is larger than ${largest} MiB, the most for ${extension}. Save the list as .csv, which may have any size.`,
          file: name,
        },
      ])
    })
  })
})

describe('text that comes in pieces', () => {
  async function entriesOf(pieces: Iterable<string>): Promise<string[]> {
    const entries: string[] = []
    await readText(pieces, 'id', {
      onEntry: ({ text, line }) => entries.push(`${line ?? '-'}: ${text}`),
      onProblem: (reason) => expect(reason).toBeUndefined(),
    })
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

describe('the bytes of a list', () => {
  const SAVE = 'In Excel, save it as "CSV UTF-8". In PowerShell, add `-Encoding utf8`.'
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

  it.each([
    ['list.txt', 'a1\r\nb2'],
    ['list.csv', 'id,x\r\na1,Änne\r\nb2,\r\n'],
    ['list.json', '["a1", "b2"]'],
    ['list.yml', '- a1\n- b2'],
  ])('may be UTF-16 with its mark: %s', async (name, text) => {
    const bytes = utf16(text)
    expect(await readFileNamed(name, bytes)).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
    expect(await readFileNamed(name, bytes.swap16())).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each([
    ['Latin-1', Buffer.from('id\na1 # Jürgen\n', 'latin1'), `The file is not UTF-8. ${SAVE}`, 2],
    [
      'Latin-1 far down',
      Buffer.from(`id\r\n${'a1\r\n'.repeat(50_000)}ü`, 'latin1'),
      `The file is not UTF-8. ${SAVE}`,
      50_002,
    ],
    ['cut within a character', Buffer.from('id\na1ü').subarray(0, -1), `The file is not UTF-8. ${SAVE}`, 2],
    [
      'UTF-16 without its mark',
      Buffer.from('id\na1\n', 'utf16le'),
      `The file contains NUL characters, so it is probably UTF-16 without a byte order mark. ${SAVE}`,
      1,
    ],
    ['half of UTF-16', utf16('id\na1').subarray(0, -1), `The file is not complete UTF-16. ${SAVE}`, 2],
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004…'),
      'This is a spreadsheet workbook, not text. Save the sheet as "CSV UTF-8", and use that file.',
      null,
    ],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n',
      'This is a Git LFS pointer, not the list. Set `lfs` to `true` in the checkout step.',
      null,
    ],
    [
      'a web page',
      '\n<!DOCTYPE html><html>',
      'This is a web page or XML, as a failed download leaves it. Export the list again.',
      null,
    ],
    ['JSON', ' [{"id": "a1"}]', 'This looks like JSON. Name the file .json.', null],
    ['YAML', '- a1\n', 'This looks like YAML. Name the file .yml.', null],
  ])('that are something else name the cause: %s', async (_name, bytes, message, line) => {
    expect((await readFileNamed('list.csv', bytes)).problems).toEqual([
      { message: `list.csv: ${message}`, file: 'list.csv', ...(line === null ? {} : { line }) },
    ])
  })

  it('may come in pieces of any size', async () => {
    const readPieces = async (bytes: Iterable<Uint8Array>): Promise<unknown[]> => {
      const entries: unknown[] = []
      await readEntries(
        { name: 'a.csv', bytes },
        { column: null, identifyBy: 'alias', allColumns: 'usual' },
        { onEntry: (entry) => entries.push(entry), onProblem: (reason) => expect(reason).toBeUndefined() },
      )
      return entries
    }
    const bytes = Buffer.from('\ufeffsep=;\r\nalias;Name;id;reason\r\nÄnn;Änn S.;a1;x\r\nbob;;;\r\n')
    const whole = await readPieces([bytes])
    expect(whole).toMatchObject([
      { text: 'Änn', others: ['a1'], line: 3, listedName: 'Änn S.', reason: 'x' },
      { text: 'bob', others: [], line: 4 },
    ])
    expect(await readPieces(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(whole)
  })

  it('of an old version give every cell, the header’s too', async () => {
    const texts: string[] = []
    await readEntries(
      { name: 'a.csv', bytes: [Buffer.from('a1,Ann\nb2\n')] },
      { column: null, identifyBy: 'id', allColumns: 'every' },
      { onEntry: ({ text, others }) => texts.push(text, ...others), onProblem: () => undefined },
    )
    expect(texts).toEqual(['a1', 'Ann', 'b2'])
  })
})

it.each(['._a.csv', '~$a.csv', '.~lock.a.csv'])(
  'a file that a program left over is named: %s',
  async (name) => {
    const { problems } = await readFileNamed(name, 'id\na1\n')
    expect(problems).toEqual([
      { message: expect.stringContaining('is left over from a program'), file: name },
    ])
  },
)
