import { basename, extname } from 'node:path'

import { reasonOf } from '../../problems.ts'
import type { ColumnOptions } from './column.ts'
import { readCsv } from './csv-list.ts'
import { decoded, FileFault, joined, type Bytes } from './decode.ts'
import { readJson } from './json-list.ts'
import type { ListSink } from './list-sink.ts'
import { readText } from './text-list.ts'
import { readYaml } from './yaml-list.ts'

/** A list file, or an older version of one: what it is called says what it is. */
export interface ListBytes {
  readonly name: string
  readonly bytes: Bytes
}

/**
 * The largest files of formats that are read in one go. Measured so that memory stays below 2 GiB and a cancel is
 * noticed in time with any content. `.txt` and `.csv` have no such limit.
 */
export const LARGEST_MIB = { '.json': 32, '.yml': 1, '.yaml': 1 } as const

/** What macOS, Excel, and LibreOffice leave beside a file. */
const LEFTOVER = /^(\._|~\$|\.~lock\.)/

/**
 * Reads a list of any format. What cannot be read is a problem. Returns whether there was nothing in it but white space.
 * @throws what the sink throws, and the reason of `stop` when that is aborted
 */
export async function readEntries(
  { name, bytes }: ListBytes,
  options: ColumnOptions,
  sink: ListSink,
  stop?: AbortSignal,
): Promise<{ readonly isBlank: boolean }> {
  const extension = extensionOf(name)
  if (LEFTOVER.test(basename(name))) {
    sink.onProblem(
      'This file is left over from a program (macOS or Office), and is not a list. Delete it.',
      null,
    )
    return { isBlank: false }
  }
  let isBlank = true
  async function* pieces(): AsyncGenerator<string, void> {
    for await (const piece of decoded(bytes, stop)) {
      if (isBlank && /\S/.test(piece)) {
        isBlank = false
        const fault = otherKind(piece, extension)
        if (fault !== null) throw new FileFault(fault)
      }
      yield piece
    }
  }
  try {
    switch (extension) {
      case '.txt':
        await readText(pieces(), options.identifyBy, sink)
        break
      case '.csv':
        await readCsv(pieces(), options, sink)
        break
      case '.json':
        readJson(await whole(pieces(), extension), options, sink)
        break
      case '.yml':
      case '.yaml':
        await readYaml(await whole(pieces(), extension), options, sink)
        break
      default:
        sink.onProblem(unknownExtension(extension), null)
        return { isBlank: false }
    }
  } catch (error) {
    stop?.throwIfAborted()
    if (error instanceof FileFault) sink.onProblem(error.message, error.line, error.sharedCause)
    else if (isSystemError(error)) sink.onProblem(`The file cannot be read: ${reasonOf(error)}.`, null)
    else throw error
    return { isBlank: false }
  }
  return { isBlank }
}

/** What a file is, by its name: `.csv`. */
export function extensionOf(name: string): string {
  return extname(name).toLowerCase()
}

function unknownExtension(extension: string): string {
  return /^\.(xls[xmb]?|f?od[st]|numbers)$/.test(extension)
    ? `A ${extension} file is a spreadsheet workbook, not a list. Save the sheet as "CSV UTF-8", and use that file.`
    : 'The file name must end in .txt, .csv, .json, .yml, or .yaml. Rename a table with commas, semicolons, or tabs to .csv, and save anything else in one of these formats.'
}

/** What the beginning of a file shows it to be, with the way out; null where that is what its name says. */
function otherKind(head: string, extension: string): string | null {
  const start = head.trimStart()
  if (start.startsWith('version https://git-lfs.github.com/'))
    return 'This is a Git LFS pointer, not the list. Set `lfs` to `true` in the checkout step.'
  if (/^<(!doctype|html|\?xml)/i.test(start))
    return 'This is a web page or XML, as a failed download leaves it. Export the list again.'
  if (extension !== '.txt' && extension !== '.csv') return null
  if (/^(\[|\{\s*["}])/.test(start)) return 'This looks like JSON. Name the file .json.'
  return /^---\s/.test(start) || (extension === '.csv' && start.startsWith('- '))
    ? 'This looks like YAML. Name the file .yml.'
    : null
}

/** The whole text of a format that is read in one go. */
async function whole(pieces: AsyncIterable<string>, extension: keyof typeof LARGEST_MIB): Promise<string> {
  const largest = LARGEST_MIB[extension]
  return await joined(
    pieces,
    largest,
    () =>
      new FileFault(
        `The file is larger than ${largest} MiB, the most for ${extension}. Save the list as .csv, which may have any size.`,
      ),
  )
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
