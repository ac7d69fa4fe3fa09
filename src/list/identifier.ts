import { isIdentityId } from '../identity.ts'
import { isIscId, visible } from '../policy/exclusion.ts'
import { quoted } from '../problems.ts'
import type { IdentifyBy } from '../settings.ts'
import { isUsualName } from './formats/column.ts'

/** Characters of an alias or email address, each of which may be two code units. */
export const LONGEST_IDENTIFIER = 256

/**
 * The form of most identifiers. A spreadsheet that turns one into a number changes it so that it no longer has this
 * form.
 */
const ORDINARY_ID = /^[0-9a-f]{32}$/
const ROUNDED = '0'.repeat(17)

/** Why a text is no identifier. */
export interface IdentifierFault {
  readonly message: string
  /** What may have spoilt the whole file, and is told once. */
  readonly cause?: string
}

/** The identifier that a text of the list holds, without characters that cannot be seen; or why it is none. */
export function identifierIn(given: string, identifyBy: IdentifyBy): string | IdentifierFault {
  if (identifyBy === 'id' && ORDINARY_ID.test(given) && !given.endsWith(ROUNDED)) return given
  const text = identifyBy === 'alias' ? given : visible(given)
  if (text === '') return { message: 'An identifier is empty. Add it, or remove the entry.' }
  return spoilt(text) ?? FAULTS[identifyBy](text) ?? text
}

/** Whether a text has the syntax of an email address. */
export function isAddress(text: string): boolean {
  return /^[^\s@<>;,]+@[^\s@<>;,]+$/.test(text) && !/^mailto:/i.test(text)
}

const AS_TEXT = 'Format the column as Text, enter the identifiers again, and save the file.'

/** What spreadsheets, shells and converters make of an identifier: its name, how it looks, and what to do. */
const SPOILT: readonly (readonly [cause: string, pattern: Pick<RegExp, 'test'>, advice: string])[] = [
  [
    'nothing',
    /^(null|NULL|undefined|NaN|None|N\/A|n\/a|n\.a\.|\(blank\))$/,
    'is what a program writes where a value is missing. Add the identifier, or remove the entry.',
  ],
  [
    'table',
    { test: isUsualName },
    'is the name of a column, not an identifier. If this is a table, name the file .csv, with one row of column names.',
  ],
  [
    'cell',
    // In any language.
    /^(#{2,}|#N\/?[ADV]|#[\p{Lu}\d/¡]+[!?]|Err:\d{3})$/u,
    'is what a spreadsheet writes for a formula that failed, or a column that is too narrow. Correct the cell, and save the file again.',
  ],
  [
    'encoding',
    // UTF-8 that was read as Windows-1252 (`mÃ¼ller`, `weiÃŸ`), a Mac (`m√ºller`), or DOS (`m├╝ller`).
    /\ufffd|[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|√[^\s\w]|[\u2500-\u257f]/,
    'has letters that were lost when the file was saved. In Excel, save it as "CSV UTF-8".',
  ],
  [
    'number',
    /^\d([.,]\d+)?E\+\d+$|^[1-9]\d{14}0{3,}$/i,
    `is a number. A spreadsheet converted the identifier, and digits are lost. ${AS_TEXT}`,
  ],
  [
    'date',
    // `MAR1` and `3-1`, in English and German.
    /^\d{1,2}[-. ](jan|feb|mar|mrz|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\.?(-\d{2,4})?$/i,
    `is a date. A spreadsheet converted the identifier. ${AS_TEXT}`,
  ],
  [
    'cut',
    /(\.\.\.|…)$/,
    'is cut off, as PowerShell shows a wide column. Export the list with Export-Csv, or enter the whole identifier.',
  ],
  [
    'powershell',
    /^@\{|^System\.(Object|Collections)/,
    'is how PowerShell shows an object, not an identifier. Export the list with Export-Csv.',
  ],
  [
    'formula',
    /^["']?=/,
    'is a spreadsheet formula. Save the cells as plain text, without = and quotes around the identifier.',
  ],
  [
    'apostrophe',
    /^['‘’`].+/,
    'begins with an apostrophe, which a spreadsheet adds to keep a cell as text. Remove it.',
  ],
]

/** What a program made of an identifier; null where it is none of that. */
export function spoilt(text: string): IdentifierFault | null {
  const [cause, , advice] = SPOILT.find(([, pattern]) => pattern.test(text)) ?? []
  return cause === undefined ? null : { cause, message: `${quoted(text)} ${advice ?? ''}` }
}

const FAULTS: Readonly<Record<IdentifyBy, (text: string) => IdentifierFault | null>> = {
  id: (text) => {
    if (isIdentityId(text)) return null
    const fault = inQuotes(text)
    if (fault !== null) return fault
    if (text.includes('@'))
      return {
        cause: 'addresses',
        message: `${quoted(text)} is not an ID but looks like an email address. Set \`identify-by\` to \`email\`, or list ISC IDs.`,
      }
    return {
      message: `Invalid ID ${quoted(text)}. ${ID_ADVICE.find(([pattern]) => pattern.test(text))?.[1] ?? ID_FORM}`,
    }
  },
  email: (text) => {
    if (isAddress(text)) return inQuotes(text) ?? tooLong(text)
    if (isIscId(text))
      return {
        cause: 'ids',
        message: `${quoted(text)} is an ISC ID, not an email address. Set \`identity-id-column\` to the column of the addresses, or \`identify-by\` to \`id\`.`,
      }
    if (/<.+@.+>|^mailto:/i.test(text))
      return {
        cause: 'address-book',
        message: `Invalid email address ${quoted(text)}. Use the address alone, without a name, <, >, or mailto:.`,
      }
    return {
      message: `Invalid email address ${quoted(text)}. An address has one @ with text on both sides. Give each address a line or row of its own.`,
    }
  },
  alias: (text) => {
    const fault = inQuotes(text) ?? tooLong(text)
    if (fault !== null) return fault
    if (/[\p{Cc}\p{Cs}]/u.test(text))
      return {
        message: `Invalid alias ${quoted(text)}. An alias has no control characters. Enter it again.`,
      }
    return visible(text) !== text
      ? {
          message: `Invalid alias ${quoted(text)}. It has a character that cannot be seen, perhaps copied from a web page or an email. Enter it again.`,
        }
      : null
  },
}

/** What to do about a text that is no ID. */
const ID_ADVICE = [
  [/^-+$/, 'Remove the line of dashes, as PowerShell writes it under the name of a column.'],
  [/\p{Cc}/u, 'It has a character that cannot be seen. Remove it, or enter the ID again.'],
  [/[0-9a-f]{32}/i, 'Use one ID per line or row, without anything else.'],
] as const
const ID_FORM =
  'An ISC ID has 1 to 64 letters, digits, and dashes. To list aliases, set `identify-by` to `alias`.'

function inQuotes(text: string): IdentifierFault | null {
  if (!/^["“”„].*["“”]$/.test(text)) return null
  return {
    cause: 'quotes',
    message: `${quoted(text)} has quotes around it, as JSON and CSV have. Remove them, or give the file the extension of its format.`,
  }
}

function tooLong(text: string): IdentifierFault | null {
  // A character has at most two code units, so the characters of a far longer text need not be counted.
  return text.length > 2 * LONGEST_IDENTIFIER ||
    (text.length > LONGEST_IDENTIFIER && Array.from(text).length > LONGEST_IDENTIFIER)
    ? {
        message: `${quoted(text)} has more than ${LONGEST_IDENTIFIER} characters, the most for an identifier. Correct it.`,
      }
    : null
}
