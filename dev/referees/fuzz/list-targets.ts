/** Targets of the fuzzer: a list in each of the four formats, and an earlier run's report. */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { faultOf } from '../../../src/list/entry.ts'
import { readEarlierReport } from '../../../src/list/earlier-report.ts'
import { readList, type IdentityList } from '../../../src/list/read-list.ts'
import { ConfigurationError, Problems } from '../../../src/problems.ts'
import type { ListSettings } from '../../../src/settings.ts'

const workspace = mkdtempSync(join(tmpdir(), 'fuzz-'))
const IDENTIFY_BY = ['id', 'alias', 'email', 'id'] as const

interface Reading {
  readonly list: IdentityList
  readonly isRefused: boolean
  readonly settings: ListSettings
}

/** Reads a file with these bytes; the first of them chooses the settings. */
async function read(extension: string, data: Buffer): Promise<Reading> {
  const choice = data[0] ?? 0
  const settings: ListSettings = {
    ...{ inline: null, fromReport: null, excludeFiles: null, shard: null, workspace },
    files: [`list.${extension}`],
    idColumn: (choice & 4) === 0 || extension === 'txt' ? null : 'b',
    identifyBy: IDENTIFY_BY[choice & 3] ?? 'id',
    maxIdentities: (choice & 8) === 0 ? null : 3,
  }
  writeFileSync(join(workspace, `list.${extension}`), data.subarray(1))
  const problems = new Problems()
  const list = await readList(settings, problems)
  return { list, isRefused: isRefused(problems), settings }
}

function isRefused(problems: Problems): boolean {
  try {
    problems.throwIfAny()
    return false
  } catch (error) {
    if (error instanceof ConfigurationError) return true
    throw error
  }
}

/** What holds for every list that is taken. */
function checkList({ list, isRefused, settings }: Reading): void {
  if (isRefused) return
  const identifiers = list.entries.map(({ identifier }) => identifier)
  for (const identifier of identifiers) assert.equal(faultOf(identifier, settings.identifyBy), null)
  const folded = settings.identifyBy === 'id' ? identifiers : identifiers.map((text) => text.toLowerCase())
  assert.equal(new Set(folded).size, folded.length, 'an entry stands there twice')
  assert.ok(list.entries.length <= (settings.maxIdentities ?? Infinity), 'longer than it may be')
}

function assertSameEntries({ list }: Reading, expected: Iterable<string>): void {
  const given = list.entries.map(({ identifier }) => identifier.toLowerCase())
  assert.deepEqual(new Set(given), new Set([...expected].map((text) => text.toLowerCase())))
}

/** A byte order mark is no part of the text. */
function textOf(data: Buffer): string {
  return data.subarray(1).toString().replace(/^\ufeff/, '')
}

export async function txt(data: Buffer): Promise<void> {
  const reading = await read('txt', data)
  checkList(reading)
  if (reading.isRefused) return
  const lines = textOf(data).split(/\r\n|\r|\n/)
  // Said in another way than the action does: words, up to the first that begins a comment.
  const words = lines.map((line) => line.split(/(\s)/).map((part, index) => ({ part, index })))
  assertSameEntries(
    reading,
    words.flatMap((parts) => {
      const comment = parts.findIndex(({ part }) => part.startsWith('#'))
      return parts.slice(0, comment < 0 ? undefined : comment).flatMap(({ part }) => part.split(',').filter((word) => word.trim()))
    }),
  )
}

export async function csv(data: Buffer): Promise<void> {
  const reading = await read('csv', data)
  checkList(reading)
  const text = textOf(data)
  if (reading.isRefused || text.includes('"')) return
  // Without quotes, a cell is what stands between separators.
  const rows = text.split(/\r\n|\r|\n/).filter((row) => row.trim() !== '')
  const delimiter = [',', ';', '\t'].find((candidate) => rows[0]?.includes(candidate)) ?? ','
  const cells = rows.map((row) => row.split(delimiter).map((cell) => cell.trim()))
  for (const { identifier } of reading.list.entries) {
    assert.ok(cells.slice(1).some((row) => row.includes(identifier)), `${JSON.stringify(identifier)} is no cell`)
  }
}

export async function json(data: Buffer): Promise<void> {
  const reading = await read('json', data)
  checkList(reading)
  const text = textOf(data)
  if (reading.isRefused || text.trim() === '') return
  const names = reading.settings.idColumn === null ? ['id', 'identityid', 'identity-id', 'identity_id'] : [reading.settings.idColumn]
  const elements: unknown = JSON.parse(text)
  assert.ok(Array.isArray(elements))
  assertSameEntries(
    reading,
    elements.map((element: unknown) => {
      if (typeof element === 'string') return element
      assert.ok(typeof element === 'object' && element !== null)
      const [name] = names.flatMap((known) => Object.keys(element).find((key) => key.trim().toLowerCase() === known) ?? [])
      return String((element as Record<string, unknown>)[name ?? ''])
    }),
  )
}

export async function yaml(data: Buffer): Promise<void> {
  const reading = await read('yml', data)
  checkList(reading)
}

export async function report(data: Buffer): Promise<void> {
  writeFileSync(join(workspace, 'report.json'), data)
  const problems = new Problems()
  const taken = await readEarlierReport('report.json', workspace, problems)
  assert.equal(isRefused(problems), taken === null)
  if (taken === null) return
  for (const { id, identifier } of taken.entries) {
    if (id !== null) assert.equal(faultOf(id, 'id'), null)
    assert.equal(faultOf(identifier, id === null ? taken.identifyBy : 'email'), null)
  }
}
