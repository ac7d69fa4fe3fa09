import { stat } from 'node:fs/promises'
import { extname } from 'node:path'

import { reasonOf } from '../../reason.ts'
import type { ListFile } from '../list-files.ts'
import { readCsv } from './csv-list.ts'
import { readJson } from './json-list.ts'
import type { ListSink } from './list-sink.ts'
import { readText } from './text-list.ts'
import { readUtf8 } from './utf8-file.ts'
import { readYamlApart } from './yaml-thread.ts'

/**
 * The largest files of formats that end with their last character, in MiB. Measured so that memory stays below 2 GiB
 * whatever a file holds; `.txt` and `.csv` have no such limit.
 */
export const LARGEST_MIB = { '.json': 256, '.yml': 16, '.yaml': 16 } as const

/** What a file is, by its name: `.csv`. */
export function extensionOf(name: string): string {
  return extname(name).toLowerCase()
}

/**
 * Reads a list of any format. A file that cannot be read is a problem.
 * @throws whatever the sink throws, and the reason of `stop` when that is aborted
 */
export async function readListFile(
  { path, name }: ListFile,
  column: string | null,
  sink: ListSink,
  stop?: AbortSignal,
): Promise<void> {
  const extension = extensionOf(name)
  try {
    const tooLarge = await excessOf(path, extension)
    if (tooLarge !== null) return sink.onProblem(tooLarge, null)
    const pieces = readUtf8(path, stop)
    switch (extension) {
      case '.txt':
        return await readText(pieces, sink.onEntry)
      case '.csv':
        return await readCsv(pieces, column, sink)
      case '.json':
        return await readJson(pieces, column, sink)
      case '.yml':
      case '.yaml':
        return await readYamlApart((await Array.fromAsync(pieces)).join(''), column, sink, stop)
      default:
        return sink.onProblem('its extension is not one of .txt, .csv, .json, .yml, .yaml', null)
    }
  } catch (error) {
    stop?.throwIfAborted()
    sink.onProblem(`it cannot be read: ${unreadableText(error)}`, null)
  }
}

/** Why a file is too large for its format, or null. */
async function excessOf(path: string, extension: string): Promise<string | null> {
  const largest = Object.entries(LARGEST_MIB).find(([of]) => of === extension)?.[1]
  if (largest === undefined) return null
  const { size } = await stat(path)
  return size <= largest * 1024 * 1024
    ? null
    : `it is larger than ${largest} MiB, the most that is read of a ${extension} file; give the list as .txt or .csv, which may have any size`
}

/** @throws the error where it is not the file's */
function unreadableText(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') throw error
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
    ? 'it is not UTF-8 text (UTF-16, as some spreadsheets save it, is not accepted)'
    : reasonOf(error)
}
