/** Languages of spreadsheets, for their short names of months. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'sv', 'cs']
let months: ReadonlySet<string> | null = null

/** Whether a text is a short name of a month, in a language of many spreadsheets. */
export function isMonth(text: string): boolean {
  months ??= new Set(['mrz', ...LANGUAGES.flatMap(shortMonths)])
  return months.has(text.toLowerCase())
}

function shortMonths(language: string): string[] {
  const names = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, month) =>
    names.format(Date.UTC(2000, month)).replace('.', '').toLowerCase(),
  )
}

/** A day or a month. */
const DAY = '(?:0?[1-9]|[12]\\d|3[01])'
const NUMERIC = new RegExp(
  `^${DAY}([./])${DAY}\\1(\\d{4}|\\d{2})$|^${DAY}-${DAY}-\\d{4}$|^(19|20)\\d{2}([-/.])${DAY}\\4${DAY}$`,
)
const IN_WORDS = new RegExp(`^${DAY}[-. ]+(\\p{L}{3,5})\\.?([- ]\\d{2,4})?$`, 'u')

/** Whether a text has a form in which spreadsheets write dates. An alias may have it, too. */
export function mayBeDate(text: string): boolean {
  const [, month] = IN_WORDS.exec(text) ?? []
  return NUMERIC.test(text) || (month !== undefined && isMonth(month))
}
