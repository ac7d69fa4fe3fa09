import type { IdentifyBy } from '../../settings.ts'
import { isUsualName } from './column.ts'
import { FileFault, type Pieces } from './decode.ts'
import type { ListSink } from './list-sink.ts'

/**
 * Line ends, separators, and what is between them. White space separates IDs, but belongs to an alias; semicolons
 * separate IDs and addresses, as mail programs write them.
 */
const TOKENS: Readonly<Record<IdentifyBy, string>> = {
  id: '\\n|[^\\S\\n]+|[,;]+|[^\\s,;]+',
  email: '\\n|[,;]+|[^\\n,;]+',
  alias: '\\n|,+|[^\\n,]+',
}

/** No identifier has more characters: of a longer one this is enough to see it. */
const LONGEST = 1024

const TABLE = 'This looks like a table. Save it as a .csv file with a first row that names the columns.'
const SEMICOLON =
  'Semicolons do not separate aliases. Use one alias per line; aliases that hold a semicolon go into a .csv file.'
const COMMENT =
  'The line begins with a semicolon. Remove it to list what follows, or put # there to make the line a comment.'
const BULLET = /^[-*•·–]$|^[-*•·–]\s/

/**
 * Reads text in the syntax of `identity-ids`: entries between separators; `#` at a line's start or after white space
 * begins a comment to the line's end. Nothing longer than a piece is held. @throws FileFault
 */
export async function readText(
  pieces: Pieces,
  identifyBy: IdentifyBy,
  { onEntry, onProblem }: ListSink,
): Promise<void> {
  const tokens = new RegExp(TOKENS[identifyBy], 'g')
  let line = 1
  let isComment = false
  /** Nothing but white space has been on this line. */
  let isLineStart = true
  let mayBeginComment = true
  /** Behind the last entry of the line was a separator other than white space, or a tab and no such separator. */
  let isSeparated = true
  let isTab = false
  /** An entry at the end of a piece, which may go on in the next. */
  let held = ''
  /** The entry was handed over. If it goes on in the next piece, it is too long anyway. */
  let isHandedOver = false

  /** Hands over the entry, if there is one. */
  const take = (token: string): boolean => {
    const comment = mayBeginComment && token.startsWith('#') ? 0 : token.search(/\s#/)
    isComment = comment !== -1
    const text = (isComment ? token.slice(0, comment) : token).replace(/^[ \t\v\f]+|[ \t\v\f]+$/g, '')
    if (text === '') return false
    if (isLineStart && BULLET.test(text))
      throw new FileFault(
        text.startsWith('-')
          ? 'This looks like YAML. Name the file .yml, or remove the dash at the start of each line.'
          : 'Lines begin with bullets. Remove them, so that each line holds the identifier alone.',
        line,
      )
    if (isTab || /\t| {3}/.test(text) || isUsualName(text)) throw new FileFault(TABLE, line)
    if (text.includes(';')) onProblem(SEMICOLON, line, 'semicolon')
    else onEntry({ text, others: [], unread: [], line, listedName: null, reason: null })
    return true
  }

  for await (const piece of pieces) {
    const text = held + piece
    held = ''
    tokens.lastIndex = 0
    for (;;) {
      if (isComment) tokens.lastIndex = lineEndFrom(text, tokens.lastIndex)
      const [token] = tokens.exec(text) ?? []
      if (token === undefined) break
      if (token === '\n') {
        line += 1
        isComment = isTab = isHandedOver = false
        isLineStart = mayBeginComment = isSeparated = true
      } else if (/^[,;]/.test(token) && !(identifyBy === 'alias' && token.startsWith(';'))) {
        if (isLineStart && token.startsWith(';')) onProblem(COMMENT, line, 'semicolon')
        mayBeginComment = isLineStart = isTab = isHandedOver = false
        isSeparated = true
      } else if (identifyBy === 'id' && /^\s/.test(token)) {
        mayBeginComment = true
        isTab ||= !isSeparated && token.includes('\t')
        isHandedOver = false
      } else if (isHandedOver) {
        isComment = /(^|\s)#/.test(token)
      } else if (tokens.lastIndex === text.length && compact(token).length <= LONGEST) {
        held = compact(token)
        break
      } else {
        const isTaken = take(token)
        isHandedOver = isTaken
        isLineStart &&= !isTaken
        isSeparated &&= !isTaken
      }
    }
  }
  take(held)
}

/** The same entry where long white space is concerned, of which no more matters than that it is there. */
function compact(token: string): string {
  return token.replace(/\s{4,}/g, (space) => (space.includes('\t') ? '\t' : '   '))
}

function lineEndFrom(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at === -1 ? text.length : at
}
