import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

import type { OnEntry } from './list.ts'

/**
 * The entries of a line in the syntax of `identity-ids`: separated by commas or white space; `#` at the
 * line's start or after white space begins a comment to its end.
 */
export function entriesOfLine(line: string): readonly string[] {
  return line.replace(/(^|\s)#.*$/s, '').match(/[^\s,]+/g) ?? []
}

/** Reads a text file, a line at a time. @throws TypeError when it is not UTF-8 */
export async function readText(path: string, onEntry: OnEntry): Promise<void> {
  let line = 0
  for await (const text of createInterface({ input: Readable.from(utf8(path)), crlfDelay: Infinity })) {
    line += 1
    for (const entry of entriesOfLine(text)) onEntry(entry, line)
  }
}

/** A file's text, piece by piece, without its byte order mark. @throws TypeError when it is not UTF-8 */
export async function* utf8(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const bytes of createReadStream(path)) yield decoder.decode(bytes as Buffer, { stream: true })
  yield decoder.decode()
}

/** A file's whole text. @throws TypeError when it is not UTF-8 */
export async function readWhole(path: string): Promise<string> {
  return (await Array.fromAsync(utf8(path))).join('')
}
