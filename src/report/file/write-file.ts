import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { reasonOf } from '../../problems.ts'

/** Code units gathered before they are written. */
const CHUNK = 65_536

/**
 * Writes a file with what is in it: to a temporary file beside it (mode 0600), renamed when it is complete, so that
 * no reader ever sees half of it. Synchronous, because it has to be done within the seconds that a cancelled step is
 * given. @throws Error of the file system
 */
export function writeWhole(path: string, parts: Iterable<string>): void {
  makeFolder(dirname(path))
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    writeParts(temporary, parts)
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Why a file cannot be written, or null where it can. Makes its folder, and leaves nothing else behind. */
export function probeFile(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory()) return 'it is a directory'
    if (stats?.isFile() === false) return 'it is not a regular file'
    const other = `${path}.${randomUUID()}`
    writeWhole(other, ['\n'])
    rmSync(other)
    return null
  } catch (error) {
    return reasonOf(error)
  }
}

/** Makes the folders level by level, because Node's own recursive option never ends below /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** Node goes on where a write takes only a part (a disk that is nearly full): the next one then says why. */
function writeParts(path: string, parts: Iterable<string>): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    let chunk = ''
    for (const part of parts) {
      chunk += part
      if (chunk.length < CHUNK) continue
      writeFileSync(file, chunk)
      chunk = ''
    }
    writeFileSync(file, chunk)
  } finally {
    closeSync(file)
  }
}
