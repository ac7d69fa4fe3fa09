/** Targets of the fuzzer: a list in each of the four formats, and an earlier run's report. */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parse } from 'yaml'

import { readEarlierReport } from '../../../src/list/earlier-report.ts'
import { Limit } from '../../../src/list/collection.ts'
import type { ColumnOptions } from '../../../src/list/formats/column.ts'
import { readCsv } from '../../../src/list/formats/csv-list.ts'
import { FileFault, withLineFeeds } from '../../../src/list/formats/decode.ts'
import { readJson } from '../../../src/list/formats/json-list.ts'
import type { ListSink } from '../../../src/list/formats/list-sink.ts'
import { readText } from '../../../src/list/formats/text-list.ts'
import { readYaml } from '../../../src/list/formats/yaml-list.ts'
import { identifierIn } from '../../../src/list/identifier.ts'
import { Problems } from '../../../src/problems.ts'

type Found = readonly [text: string, line: number | null]

interface Reading {
  readonly entries: readonly Found[]
  readonly problems: readonly Found[]
}

type Read = (pieces: AsyncGenerator<string>, options: ColumnOptions, sink: ListSink) => Promise<void>

interface Given {
  readonly text: string
  readonly column: string | null
  readonly reading: Reading
}

/** The first byte chooses column and size of pieces, the others are the text. However it is cut, it reads the same. */
async function readBoth(data: Buffer, read: Read): Promise<Given> {
  const choice = data[0] ?? 0
  const column = (choice & 1) === 0 ? null : 'b'
  const text = withLineFeeds(
    data
      .subarray(1)
      .toString()
      .replace(/^\ufeff+/, ''),
  )
  const size = 1 + (choice >> 1)
  // A file's first piece is large enough for a header, of however many lines.
  const line = /^\s*[^\n]*\n?/.exec(text)?.[0] ?? text
  const head = line.includes('"') ? text : line
  const pieces = [head, ...(text.slice(head.length).match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [])]
  const reading = await collected(read, [text], column)
  assert.deepEqual(await collected(read, pieces, column), reading, 'in pieces it reads otherwise')
  for (const [reason] of reading.problems) assert.notEqual(reason, '')
  return { text, column, reading }
}

async function* stream(pieces: readonly string[]): AsyncGenerator<string> {
  yield* await Promise.resolve(pieces)
}

async function collected(read: Read, pieces: readonly string[], column: string | null): Promise<Reading> {
  const entries: Found[] = []
  const problems: Found[] = []
  const onProblem = (reason: string, line: number | null): void => void problems.push([reason, line])
  const options: ColumnOptions = { column, identifyBy: 'id', allColumns: false }
  await read(stream(pieces), options, {
    onEntry: ({ text, line }) => entries.push([text, line]),
    onProblem,
  }).catch((error: unknown) => {
    if (!(error instanceof FileFault)) throw error
    onProblem(error.message, error.line)
  })
  return { entries, problems }
}

export async function txt(data: Buffer): Promise<void> {
  const { text, reading } = await readBoth(data, (pieces, _options, sink) => readText(pieces, 'id', sink))
  if (reading.problems.length > 0) return
  // Said in another way than the action does.
  const expected = text.split('\n').flatMap((line, index) => {
    const words = line.split(/(?<=\s)|(?=\s)/)
    const comment = words.findIndex((word) => word.startsWith('#'))
    const kept = (comment < 0 ? words : words.slice(0, comment)).flatMap((word) => word.split(/[,;]/))
    return kept.filter((word) => word.trim() !== '').map((word) => [word, index + 1] as const)
  })
  assert.deepEqual(reading.entries, expected)
}

export async function csv(data: Buffer): Promise<void> {
  const { text, reading } = await readBoth(data, readCsv)
  if (reading.problems.length > 0 || text.includes('"')) return
  // Without quotes, a cell is the text between separators, and a line is a row.
  const rows = text.split('\n')
  const header = rows.find((row) => row.trim() !== '') ?? ''
  if (/^(#|\s*sep=)/i.test(header)) return
  const delimiter = [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ','
  for (const [entry, line] of reading.entries) {
    const cells = rows[(line ?? 0) - 1]?.split(delimiter).map((cell) => cell.trim()) ?? []
    assert.ok(cells.includes(entry), `${JSON.stringify(entry)} is no cell of line ${line}`)
  }
}

export async function json(data: Buffer): Promise<void> {
  const { text, column, reading } = await readBoth(data, wholly(readJson))
  if (reading.problems.length > 0 || text.trim() === '') return
  assert.deepEqual(
    reading.entries.map(([entry]) => entry),
    identifiersIn(JSON.parse(text), column),
  )
}

export async function yaml(data: Buffer): Promise<void> {
  const { text, column, reading } = await readBoth(data, wholly(readYaml))
  if (reading.problems.length > 0 || text.includes('*')) return // the library may reject aliases that the action accepts
  const value: unknown = parse(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'error' })
  if (value === null || value === '') return
  assert.deepEqual(
    reading.entries.map(([entry]) => entry),
    identifiersIn(value, column),
  )
}

/** A reader of a format that is read in one go. */
function wholly(read: (text: string, options: ColumnOptions, sink: ListSink) => Promise<void> | void): Read {
  return async (pieces, options, sink) => read((await Array.fromAsync(pieces)).join(''), options, sink)
}

/** The identifiers of a list in which nothing is wrong. */
function identifiersIn(list: unknown, column: string | null): unknown[] {
  if (!Array.isArray(list)) return identifiersIn(Object.values(list as object).find(Array.isArray), column)
  const names = column === null ? ['id', 'identityid', 'identity-id', 'identity_id'] : [column]
  return list.map((element: unknown) => {
    if (typeof element === 'string') return element
    assert.ok(typeof element === 'object' && element !== null)
    const keys = Object.keys(element)
    const [key = ''] = names.flatMap(
      (name) => keys.find((candidate) => candidate.trim().toLowerCase() === name) ?? [],
    )
    return (element as Record<string, unknown>)[key]
  })
}

const workspace = mkdtempSync(join(tmpdir(), 'fuzz-'))

export async function report(data: Buffer): Promise<void> {
  writeFileSync(join(workspace, 'report.json'), data)
  const problems = new Problems()
  const taken = await readEarlierReport(
    'report.json',
    { workspace, temporary: '' },
    new Limit(null),
    problems,
  )
  assert.equal(taken === null, problems.count > 0)
  for (const { id, identifier } of taken?.collection.identities ?? []) {
    if (id !== null) assert.equal(identifierIn(id, 'id'), id)
    else assert.equal(identifierIn(identifier, taken?.identifyBy ?? 'id'), identifier)
  }
}
