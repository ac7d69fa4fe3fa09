import { visible } from '../policy/exclusion.ts'
import { isMonth } from './dates.ts'

/**
 * What a program or a person may have made this text of: a spreadsheet drops zeros, groups and rounds digits, makes dates,
 * and changes spaces, quotes and dashes; programs read a file in the wrong encoding; lists have bullets and numbers.
 */
export function originalsOf(text: string): string[] {
  const plain = visible(text)
    // Before the next step, which splits the acute accent.
    .replace(/[‘’´`ʼ′]|''/g, "'")
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    // As a number: `4711.`, `4.711,00`, `1,234,567`, and `12,34,567` in India.
    .replace(/\.0*$|(?<=^[\d.' ]+),00?$/, '')
    .replace(/^\d{1,3}([.,' ])(\d{2,3}\1)*\d{3}$/, (number) => number.replace(/\D/g, ''))
  const zeros = /^\d{1,20}$/.test(plain) ? 20 - plain.length : 0
  const [, first = '', rounded = ''] = /^([1-9]\d{14})(0{1,2})$/.exec(plain) ?? []
  return [
    ...Array.from({ length: zeros + 1 }, (_, count) => '0'.repeat(count) + plain),
    // A spreadsheet keeps 15 digits.
    ...Array.from(
      { length: rounded === '' ? 0 : 10 ** rounded.length },
      (_, end) => first + String(end).padStart(rounded.length, '0'),
    ),
    plain.replace(/^0+(?=\d)/, ''),
    plain.replace(/^\d+\.\d$/, '$&0'),
    plain.replace(/^\d+$/, '+$&'),
    // Bullets, numbers of lines, check marks.
    plain.replace(/^([-–—*•·>]+|\d+[.)]|\p{S}+ )\s*/u, ''),
    plain.replace(/^["'“„«‹([{](.+)["'”“»›)\]}]$/, '$1'),
    // As Microsoft Entra names guests.
    plain.replace(/^(.+)_([^_@]+)#EXT#@.*$/i, '$1@$2'),
    // Turkish letters: in other languages, i and I are one.
    plain.replace(/[İı]/g, 'i'),
    // `SEP99` as a date.
    plain.replace(/^(\p{L}{3,5})[- ](\d\d)$/u, (all, month: string, year: string) =>
      isMonth(month) ? month + year : all,
    ),
    ...decodings(text),
  ]
}

/** Encodings as which programs read UTF-8 by mistake. Those of DOS show by their lines: see `spoilt`. */
const WRONG_ENCODINGS = [
  'windows-1252',
  'macintosh',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1257',
  'iso-8859-15',
]

/** The 256 characters of each encoding, in the order of their bytes. */
let pages: readonly string[] | null = null

function readPages(): string[] {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  return WRONG_ENCODINGS.map((encoding) => new TextDecoder(encoding).decode(bytes))
}

/** The texts that read so in one of the encodings. Some letters become characters that cannot be seen. */
function decodings(text: string): string[] {
  // Each byte of a letter that is not ASCII became a character that is not, and such a letter has at least two.
  if (!/[^\0-\x7f]{2}/.test(text)) return []
  pages ??= readPages()
  return pages.flatMap((page) => {
    const bytes = Array.from(text, (character) => page.indexOf(character))
    const decoded = bytes.includes(-1) ? '\ufffd' : Buffer.from(bytes).toString()
    return decoded.includes('\ufffd') ? [] : [decoded]
  })
}
