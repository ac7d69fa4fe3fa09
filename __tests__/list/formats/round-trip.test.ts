import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { ColumnOptions } from '../../../src/list/formats/column.ts'
import { readCsv } from '../../../src/list/formats/csv-list.ts'
import { parseJson, readJson } from '../../../src/list/formats/json-list.ts'
import { FileFault } from '../../../src/list/formats/decode.ts'
import type { ListSink } from '../../../src/list/formats/list-sink.ts'
import { readText } from '../../../src/list/formats/text-list.ts'
import { readYaml } from '../../../src/list/formats/yaml-list.ts'
import { identifierIn } from '../../../src/list/identifier.ts'
import { readFileNamed } from '../../support/list-reading.ts'
import { runs } from '../../support/runs.ts'

/** Characters of an alias: what is special to some format, and any other that an alias may have. */
const CHARACTER = fc.oneof(
  fc.constantFrom(...' ,;\t"\'#-:&*!|>%@`{}[]\\~0a='.split(''), '\ufeff'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
)

const ALIAS = fc
  .array(CHARACTER, { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join('').replace(/^ +| +$/g, ''))
  .filter((text) => typeof identifierIn(text, 'alias') === 'string')

/** What is before an alias. A row that begins as a comment does is an error in CSV. */
const NOTE = ALIAS.map((text) => `n${text}`)

/** A list as it is written: each entry with the text beside it, and the number of blank lines before it. */
const LIST = fc.record({
  rows: fc.uniqueArray(
    fc.record({ alias: ALIAS, note: NOTE, blank: fc.nat({ max: 2 }), isWide: fc.boolean() }),
    { maxLength: 8, selector: ({ alias }) => alias.toLowerCase() },
  ),
  eol: fc.constantFrom('\n', '\r\n', '\r'),
  hasMark: fc.boolean(),
  endsLine: fc.boolean(),
})

type Row = typeof LIST extends fc.Arbitrary<{ rows: (infer R)[] }> ? R : never

const csvCell = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** How each format writes a list: its head, each row (some on two lines, with the alias on the first), its foot. */
const FORMATS: Readonly<
  Record<string, { head: string[]; foot: string[]; row: (row: Row, isLast: boolean) => string[] }>
> = {
  csv: {
    head: ['note,alias'],
    foot: [],
    row: ({ alias, note, isWide }) =>
      isWide ? [csvCell(note).slice(0, -1), `",${csvCell(alias)},,`] : [`${csvCell(note)},${csvCell(alias)}`],
  },
  json: {
    head: ['['],
    foot: [']'],
    row: ({ alias, note, isWide }, isLast) => {
      const comma = isLast ? '' : ','
      return isWide
        ? [`{"alias": ${JSON.stringify(alias)},`, `"note": ${JSON.stringify(note)}}${comma}`]
        : [`  ${JSON.stringify(alias)}${comma}`]
    },
  },
  yml: {
    head: ['# people', '---'],
    foot: ['...'],
    row: ({ alias, note, isWide }) =>
      isWide
        ? [`- {alias: ${JSON.stringify(alias)},`, `   note: ${JSON.stringify(note)}}`]
        : [`- ${JSON.stringify(alias)}`],
  },
}

describe.each(Object.entries(FORMATS))('a list that is written as %s', (extension, { head, foot, row }) => {
  it('gives the same entries at their lines when it is read', async () => {
    await fc.assert(
      fc.asyncProperty(LIST, async ({ rows, eol, hasMark, endsLine }) => {
        const lines = [...head]
        const expected: string[] = []
        for (const [index, given] of rows.entries()) {
          for (let n = 0; n < given.blank; n += 1) lines.push('')
          expected.push(`${lines.length + 1}: ${given.alias}`)
          lines.push(...row(given, index === rows.length - 1))
        }
        lines.push(...foot)
        const text = `${hasMark ? '\ufeff' : ''}${lines.join(eol)}${endsLine ? eol : ''}`
        const { entries, problems } = await readFileNamed(`list.${extension}`, text, {
          identifyBy: 'alias',
          idColumn: extension === 'csv' || rows.some(({ isWide }) => isWide) ? 'alias' : null,
        })
        expect(problems).toEqual([])
        expect(entries).toEqual(expected)
      }),
    )
  })
})

describe('any text in a file', () => {
  /** Text that is nearly JSON, YAML or CSV, cut into pieces. */
  const TEXT = fc
    .tuple(
      fc.oneof(
        fc.json({ maxDepth: 3 }),
        fc.array(CHARACTER, { maxLength: 40 }).map((all) => all.join('')),
      ),
      fc.array(
        fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom(...'[]{}:,"\\ \n\t01.eE+-tn/u\0'.split(''))),
        {
          maxLength: 2,
        },
      ),
    )
    .map(([text, edits]) =>
      edits.reduce((before, [place, length, put]) => {
        const at = place % (before.length + 1)
        return before.slice(0, at) + put + before.slice(at + length)
      }, text),
    )
    .map((text) => text.toWellFormed())
  const PIECES = fc
    .tuple(TEXT, fc.nat())
    .map(([text, place]) => [text, place % (text.length + 1)] as const)
    .map(([text, at]) => ({
      text,
      pieces: [text.slice(0, at), text.slice(at)].map((part) => part.toWellFormed()),
    }))
    .filter(({ text, pieces }) => pieces.join('') === text)

  it('JSON is taken where JSON.parse takes it, and invalid where it is invalid there', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(TEXT, (text) => {
        let fault: unknown = null
        try {
          parseJson(text)
        } catch (error) {
          fault = error
        }
        if (fault instanceof FileFault && fault.message.includes(' appears twice in one object')) return
        if (isJson(text)) expect(fault).toBeNull()
        else expect(fault).toBeInstanceOf(FileFault)
      }),
      { numRuns: runs(2_000, 50_000) },
    )
  }, 300_000)

  it('cut into pieces, it is the same list, and no reader fails', async () => {
    async function* streamed(pieces: readonly string[]): AsyncGenerator<string, void> {
      yield* await Promise.resolve(pieces)
    }
    const options: ColumnOptions = { column: 'a', identifyBy: 'alias', allColumns: false }
    const readAll = async (pieces: readonly string[]): Promise<unknown[]> => {
      const found: unknown[] = []
      const sink: ListSink = {
        onEntry: (entry) => found.push(entry),
        onProblem: (reason, line) => found.push([reason, line]),
      }
      const whole = pieces.join('')
      for (const read of [
        () => readText(pieces, 'alias', sink),
        () => readText(pieces, 'id', sink),
        () => readCsv(streamed(pieces), options, sink),
        () => Promise.try(() => readJson(whole, options, sink)),
        () => readYaml(whole, options, sink),
      ]) {
        await read().catch((error: unknown) => {
          if (!(error instanceof FileFault)) throw error
          found.push([error.message, error.line])
        })
      }
      return found
    }
    await fc.assert(
      fc.asyncProperty(PIECES, async ({ text, pieces }) => {
        expect(await readAll(pieces)).toEqual(await readAll([text]))
      }),
      { numRuns: runs(1_000, 5_000) },
    )
  }, 300_000)
})

it.each(['json', 'yml'])('an entry of many keys takes time as the file does: .%s', async (extension) => {
  const keys = Array.from({ length: 60_000 }, (_, n) => `"k${n}": ""`).join(', ')
  const { ids } = await readFileNamed(`list.${extension}`, `[{"id": "a1", ${keys}}]`)
  expect(ids).toEqual(['a1'])
})
