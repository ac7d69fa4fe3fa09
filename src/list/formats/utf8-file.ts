import { createReadStream } from 'node:fs'

/** Text as it comes, a piece at a time, every line end a line feed. */
export type Pieces = AsyncIterable<string> | Iterable<string>

/**
 * A file's text without its byte order mark. @throws TypeError when it is not UTF-8, the reason of `stop` when that is
 * aborted
 */
export async function* readUtf8(path: string, stop?: AbortSignal): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let held = ''
  for await (const bytes of createReadStream(path)) {
    stop?.throwIfAborted()
    const text = held + decoder.decode(bytes as Buffer, { stream: true })
    // Whether a line feed follows is not known yet.
    held = text.endsWith('\r') ? '\r' : ''
    yield withLineFeeds(text.slice(0, text.length - held.length))
  }
  yield withLineFeeds(held + decoder.decode())
}

/** The text with every line end (CRLF or CR) as a line feed. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
