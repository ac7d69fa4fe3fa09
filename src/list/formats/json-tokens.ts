import type { TokenType } from '@streamparser/json'

import type { Pieces } from './utf8-file.ts'

/** A token of JSON: its sort, or the character that it is. A key is the string before a colon. */
export type JsonToken = '{' | '}' | '[' | ']' | ':' | ',' | 'key' | 'string' | 'number' | 'boolean' | 'null'

/** Takes a token, its value, and the line (1-based) on which it stands. */
export type OnToken = (token: JsonToken, value: unknown, line: number) => void

/** Takes a value, and the keys that lead to it. */
export type OnValue = (value: unknown, path: readonly (string | number | undefined)[]) => void

/** Levels of arrays and objects. The parser goes through all of them at each value. */
const DEEPEST = 500

const LINE_FEED = 0x0a

/** The text is not JSON. The message goes on behind "it is not JSON: " and quotes nothing of the text. */
export class JsonFault extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/**
 * Reads JSON and hands over each token as it comes, and each value that one of `paths` (`$.a.*`) leads to; nothing
 * else is held. A text without a token is no fault. @throws JsonFault
 */
export async function readTokens(
  pieces: Pieces,
  onToken: OnToken,
  values: { readonly paths: string[]; readonly onValue: OnValue } = { paths: [], onValue: () => undefined },
): Promise<void> {
  const { TokenParser, TokenParserError, Tokenizer, TokenizerError } = await import('@streamparser/json')
  const tokenizer = new Tokenizer({ stringBufferSize: 64 * 1024 })
  // Its own decoder drops a byte order mark with which a string begins.
  const { bufferedString } = tokenizer as unknown as { bufferedString: { decoder: unknown } }
  bufferedString.decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const grammar = new TokenParser({ paths: values.paths, keepStack: false })
  let line = 1
  const open: JsonToken[] = []
  let isKeyNext = false
  let count = 0
  grammar.onValue = ({ value, key, stack }) =>
    values.onValue(value, [...stack.slice(1).map((outer) => outer.key), key])
  tokenizer.onToken = (info) => {
    grammar.write(info)
    count += 1
    const token = TOKENS[info.token]
    if (token === '{' || token === '[') open.push(token)
    else if (token === '}' || token === ']') open.pop()
    if (open.length > DEEPEST) throw new JsonFault(`it is nested more than ${DEEPEST} deep`, line)
    onToken(isKeyNext && token === 'string' ? 'key' : token, info.value, line)
    isKeyNext = token === '{' || (token === ',' && open.at(-1) === '{')
  }
  try {
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece)
      for (let at = 0, end = 0; at < bytes.length; at = end) {
        // No token goes on behind a line's end.
        const lineEnd = bytes.indexOf(LINE_FEED, at)
        end = lineEnd === -1 ? bytes.length : lineEnd
        while (bytes[end] === LINE_FEED) end += 1
        tokenizer.write(bytes.subarray(at, end))
        if (lineEnd !== -1) line += end - lineEnd
      }
    }
    tokenizer.end()
  } catch (error) {
    if (!(error instanceof TokenizerError) && !(error instanceof TokenParserError)) throw error
    throw new JsonFault(
      'something on this line is out of place; texts stand in double quotes, with commas between them and none behind the last',
      line,
    )
  }
  if (count > 0 && !grammar.isEnded) throw new JsonFault('it ends in the middle', line)
}

const TOKENS: Readonly<Record<TokenType, JsonToken>> = {
  0: '{',
  1: '}',
  2: '[',
  3: ']',
  4: ':',
  5: ',',
  6: 'boolean',
  7: 'boolean',
  8: 'null',
  9: 'string',
  10: 'number',
  11: ',', // a separator of documents, which are not asked for
}
