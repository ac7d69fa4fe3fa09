import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { changedFiles } from '../../src/list/added-since/changed-files.ts'
import { Problems } from '../../src/problems.ts'
import { listSettings, textsIn } from '../support/list-reading.ts'

/** Texts of the list files, by name. */
type Lists = Readonly<Record<string, readonly string[]>>

const LISTS = ['lists/*', '!lists/.keep']

/** A text as another author would write it: what is compared stays the same. */
const WRITTEN: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `${text.slice(0, 1)}\u200b${text.slice(1)}`,
]

/** A file in one of the formats, named after it. */
const FORMATS: Readonly<Record<string, (texts: readonly string[]) => string>> = {
  txt: (texts) => texts.join('\n'),
  csv: (texts) => ['id,note', ...texts.map((text) => `${text},n-${text}`)].join('\r\n'),
  json: (texts) => JSON.stringify(texts),
}

function contentOf(name: string, texts: readonly string[]): string {
  return FORMATS[name.slice(name.lastIndexOf('.') + 1)]?.(texts) ?? ''
}

/** What of `now` is added since `then`; each text as it was given. */
async function addedSince(then: Lists, now: Lists): Promise<string[]> {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'added-')))
  try {
    for (const [folder, lists] of [
      ['base/lists', then],
      ['lists', now],
    ] as const) {
      mkdirSync(join(workspace, folder), { recursive: true })
      writeFileSync(join(workspace, folder, '.keep'), '')
      for (const [name, texts] of Object.entries(lists))
        writeFileSync(join(workspace, folder, name), contentOf(name, texts))
    }
    const problems = new Problems()
    const files = Object.keys(now).map((name) => ({
      name: `lists/${name}`,
      path: join(workspace, 'lists', name),
    }))
    const settings = listSettings({
      workspace,
      files: LISTS,
      addedSince: { kind: 'folder', folder: 'base' },
    })
    const changes = await changedFiles(files, settings, problems, {})
    problems.throwIfAny()
    return (await textsIn(changes)).filter((text) => changes.before?.match([text]) === null)
  } finally {
    rmSync(workspace, { recursive: true })
  }
}

const text = fc.stringMatching(/^[a-f]{2,3}$/)
const fileName = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(...Object.keys(FORMATS)))
const lists: fc.Arbitrary<Lists> = fc.dictionary(
  fileName.map((parts) => parts.join('.')),
  fc.uniqueArray(text, { maxLength: 6 }),
  { maxKeys: 4 },
)

function same(one: string): string {
  return one.replaceAll('\u200b', '').toLowerCase()
}

function textsOf(one: Lists): string[] {
  return Object.values(one).flat().map(same)
}

test('no entry is added by another order, other files, another format, or another way to write it', async () => {
  // Every entry goes to a file of any name, written in any way; files of then are gone, or hold other entries.
  const moved = lists.chain((then) => {
    const texts = textsOf(then)
    const places = fc.array(fc.tuple(fileName, fc.nat(WRITTEN.length - 1)), {
      minLength: texts.length,
      maxLength: texts.length,
    })
    return fc.tuple(fc.constant(then), places, fc.shuffledSubarray(texts))
  })
  await fc.assert(
    fc.asyncProperty(moved, async ([then, places, order]) => {
      const now: Record<string, string[]> = {}
      for (const [index, one] of order.entries()) {
        const [name, way] = places[index] ?? [['e', 'txt'], 0]
        ;(now[`e${name.join('.')}`] ??= []).push(WRITTEN[way]?.(one) ?? one)
      }
      expect(await addedSince(then, now)).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('what is added is listed now, and in no changed file of then', async () => {
  await fc.assert(
    fc.asyncProperty(lists, lists, async (then, now) => {
      const added = (await addedSince(then, now)).map(same)
      const changed = ([name, texts]: [string, readonly string[]], other: Lists): boolean =>
        other[name] === undefined || contentOf(name, texts) !== contentOf(name, other[name])
      const listed = (one: Lists, other: Lists): string[] =>
        textsOf(Object.fromEntries(Object.entries(one).filter((entry) => changed(entry, other))))
      const before = new Set(listed(then, now))
      // The model: all that is listed now in a changed file, less all that was listed in one.
      expect(added.sort()).toEqual(
        listed(now, then)
          .filter((one) => !before.has(one))
          .sort(),
      )
    }),
    { numRuns: 100 },
  )
})
