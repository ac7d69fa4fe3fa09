/**
 * The one place that makes text from outside (a server's message, a file's name, an alias) harmless: one
 * function for each kind of sink. JSON needs none. All limits are in UTF-16 code units.
 */

/** Characters that are not seen, move other text, or end a line: controls, bidi, zero-width, separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text as one line in which everything can be seen, cut with `…` at the limit: for text built from others. */
export function clip(text: string, limit = 300): string {
  const seen = text
    .slice(0, limit + 1)
    .toWellFormed()
    .replace(
      UNSEEN,
      (character) => NAMED[character] ?? `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
    )
  return seen.length <= limit ? seen : `${seen.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/**
 * What an input holds, cut between words: it may be a secret that was meant for another input, which the runner masks
 * only where it is whole.
 */
export function clipInput(text: string, limit: number): string {
  if (text.length <= limit) return clip(text, limit)
  const [words = ''] = /^.*[\s,;/]/s.exec(text.slice(0, limit)) ?? []
  return `${clip(words.trimEnd(), limit)}…`
}

/**
 * One line of the log. The runner takes `##[name]` anywhere, and `::name::` after leading white space, for a
 * command (its ActionCommand.cs); a space is put in between. A zero-width character would not do: the runner
 * compares by culture, which ignores them.
 */
export function forLog(text: string, limit = 8_000): string {
  return clip(text, limit)
    .replaceAll('##[', '## [')
    .replace(/^(\s*):(?=:)/, '$1: ')
}

/** The message of an annotation (cut by GitHub at 4,096 characters), which also becomes lines of the log. */
export function forAnnotation(text: string): string {
  return forLog(text, 4_000)
}

/**
 * Inline Markdown, in a heading, a paragraph, a list or a table cell, on a summary's page and in a comment alike.
 *
 * Two things keep it text. First, every character that may be syntax is written as a character reference, which forms
 * no syntax, and a `<wbr>` splits what GitHub's parser links in decoded text (addresses). Second, all but plain words
 * and numbers is in `<code>`. After parsing, GitHub changes only text nodes outside of code (@mentions, #1, GH-1,
 * commits, a repository's own autolinks, :emoji:, $math$). The second part holds whether `<wbr>` is kept or not.
 */
export function forMarkdown(text: string, limit = 300): string {
  const tokens = clip(text.trim(), limit)
    .replace(CODE, (code) => code.replaceAll(' ', '\0'))
    .split(' ')
    .map((token) => {
      const [, opening = '', word = '', closing = ''] = TOKEN.exec(token.replaceAll('\0', ' ')) ?? []
      if (WORD.test(word) && !REFERENCE.test(word)) return escaped(token)
      const code = escaped(ONLY_CODE.test(word) ? word.slice(1, -1) : word)
      return `${escaped(opening)}<code>${code}</code>${escaped(closing)}`
    })
  return tokens.join(' ').replaceAll('</code> <code>', ' ')
}

/** An ID, a path or a name in Markdown. */
export function forCode(text: string, limit = 300): string {
  return `<code>${escaped(clip(text.trim(), limit))}</code>`
}

/** A word, and the punctuation around it, which forms nothing there. */
const TOKEN = /^(["'(]*)(.*?)([.,;!?)"'…]*:?)$/
const WORD = /^(?:\p{L}[\p{L}\p{M}]*(?:[-'’]\p{L}[\p{L}\p{M}]*)*|\d+(?:[.,]\d+)*%?|[–—·]?)$/u
/** Code in a message of this action: an input's name or value, a variable, a scope, or a line of YAML. */
const CODE = /`[A-Za-z.-][\w.:^~/-]*(?: [\w.:^~/-]+)*`/g
const ONLY_CODE = new RegExp(`^${CODE.source}$`)
/** What GitHub may take for a commit or an address, and the prefixes that repositories choose for links (`TICKET-`). */
const REFERENCE = /\b[0-9A-Fa-f]{7,}\b|^\p{Lu}+-|^[Ww]{3}$/u

function escaped(text: string): string {
  return text.replace(SYNTAX, (match) => {
    if (match.length > 1) return `${match}<wbr>`
    return `&#${match.charCodeAt(0)};${'#$:@'.includes(match) ? '<wbr>' : ''}`
  })
}

const SYNTAX = /www(?=\.)|GH(?=-)|^-|[#$&*+<=>@[\\\]_`|~]|[.:](?!\s|$)|(?<=\d)[.)]/gi

/**
 * Places at which a spreadsheet could begin a formula: a cell's start, and what becomes one where `;`, tabs
 * or line ends are taken for separators, as in some locales.
 */
const FORMULA_START =
  /^(?=["'\s\p{C}]*[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n])(?=[["'\s\p{C}]--[\t\r\n]]*[=+\-@＝＋－＠])/gv

/**
 * A CSV field (RFC 4180) that no spreadsheet takes for a formula: an apostrophe is put where one could begin.
 * The text comes back by removing the apostrophes at such places, `'` itself being allowed before a formula.
 */
export function forCsvCell(text: string): string {
  if (/^[A-Za-z0-9][\w .:()/-]*$/.test(text)) return text
  const harmless = text.replace(FORMULA_START, "'")
  return /[",;\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
