import { createReadStream } from 'node:fs'

import type { OnEntry } from './list-sinks.ts'

/**
 * The entries of a line in the syntax of `identity-ids`: separated by commas or white space; `#` at the
 * line's start or after white space begins a comment to its end.
 */
export function entriesOfLine(line: string): readonly string[] {
  return line.replace(/(^|\s)#.*$/s, '').match(/[^\s,]+/g) ?? []
}

/** Reads a text file, a line at a time. @throws TypeError when it is not UTF-8 */
export async function readText(path: string, onEntry: OnEntry): Promise<void> {
  let line = 1
  let rest = ''
  for await (const piece of utf8(path)) {
    rest += piece
    if (!piece.includes('\n')) continue
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      for (const entry of entriesOfLine(text)) onEntry(copied(entry), line)
      line += 1
    }
  }
  for (const entry of entriesOfLine(rest)) onEntry(entry, line)
}

/** The same text on its own: V8 keeps the whole piece of the file in memory as long as a part cut from it. */
function copied(text: string): string {
  return Buffer.from(text).toString()
}

/**
 * A file's text, piece by piece, without its byte order mark, every line end a line feed.
 * @throws TypeError when it is not UTF-8
 */
export async function* utf8(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let held = ''
  for await (const bytes of createReadStream(path)) {
    const text = held + decoder.decode(bytes as Buffer, { stream: true })
    // Whether a line feed follows is not known yet.
    held = text.endsWith('\r') ? '\r' : ''
    yield withLineFeeds(text.slice(0, text.length - held.length))
  }
  yield withLineFeeds(held + decoder.decode())
}

/** A file's whole text. @throws TypeError when it is not UTF-8 */
export async function readWhole(path: string): Promise<string> {
  return (await Array.fromAsync(utf8(path))).join('')
}

/** The text with every line end (CRLF or CR) as a line feed. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
