import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

import { csvLines } from './csv-report.ts'
import { jsonLines } from './json-report.ts'
import type { RunReport } from '../run-report.ts'

/** Code units gathered before they are written, and the bytes of the one buffer that they go through. */
const CHUNK = 65_536

/**
 * Writes the report as CSV or JSON, by the name's ending: to a temporary file beside it (mode 0600), renamed
 * when it is complete, so that nobody ever reads half a report. Synchronous, because it has to be done within
 * the seconds that a cancelled step is given. @throws Error when it cannot be written
 */
export function writeReportFile(path: string, report: RunReport): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const temporary = `${path}.${randomUUID()}.tmp`
    try {
      writeLines(temporary, path.toLowerCase().endsWith('.csv') ? csvLines(report) : jsonLines(report))
      renameSync(temporary, path)
    } finally {
      rmSync(temporary, { force: true })
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`The report could not be written to ${path}: ${reason}`, { cause })
  }
}

function writeLines(path: string, lines: Iterable<string>): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    const buffer = new Uint8Array(CHUNK)
    let chunk = ''
    for (const line of lines) {
      chunk += line
      if (chunk.length < CHUNK) continue
      writeAll(file, chunk, buffer)
      chunk = ''
    }
    writeAll(file, chunk, buffer)
  } finally {
    closeSync(file)
  }
}

/** A write may take only a part (a disk that is nearly full): the next one then says why. */
function writeAll(file: number, text: string, buffer: Uint8Array): void {
  const encoder = new TextEncoder()
  for (let rest = text; rest !== '';) {
    const { read, written: size } = encoder.encodeInto(rest, buffer)
    rest = rest.slice(read)
    for (let written = 0; written < size;) written += writeSync(file, buffer, written, size - written)
  }
}
