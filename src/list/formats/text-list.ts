import type { OnEntry } from './list-sink.ts'
import type { Pieces } from './utf8-file.ts'

/** A line end, other white space, commas, or what stands between them. */
const TOKENS = /\n|[^\S\n]+|,+|[^\s,]+/g

/** No identifier has more characters: of a longer one this is enough to see it. */
const LONGEST = 1024

/**
 * Reads text in the syntax of `identity-ids`: entries separated by commas or white space; `#` at a line's start or
 * after white space begins a comment to the line's end. Nothing longer than a piece is held.
 */
export async function readText(pieces: Pieces, onEntry: OnEntry): Promise<void> {
  let line = 1
  let isComment = false
  let mayBeginComment = true
  /** An entry at the end of a piece, which may go on in the next. */
  let held = ''
  /** The entry at the end of the last piece is too long already, and was handed over. */
  let isCut = false
  for await (const piece of pieces) {
    const text = held + piece
    held = ''
    TOKENS.lastIndex = 0
    for (;;) {
      if (isComment) TOKENS.lastIndex = lineEndFrom(text, TOKENS.lastIndex)
      const [token] = TOKENS.exec(text) ?? []
      if (token === undefined) break
      const isEntry = /^[^\s,]/.test(token)
      if (!isEntry) {
        if (token === '\n') line += 1
        isComment &&= token !== '\n'
        mayBeginComment = !token.startsWith(',')
        isCut = false
        continue
      }
      if (isCut) continue
      if (mayBeginComment && token.startsWith('#')) {
        isComment = true
      } else if (TOKENS.lastIndex < text.length) {
        onEntry(token, line)
      } else if (token.length <= LONGEST) {
        held = token
        break
      } else {
        onEntry(token, line)
        isCut = true
      }
      mayBeginComment = false
    }
  }
  if (held !== '') onEntry(held, line)
}

function lineEndFrom(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at === -1 ? text.length : at
}
