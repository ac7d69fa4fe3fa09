/** `1,000`. Not by `toLocaleString`, whose first call loads the locales: longer than a whole short run. */
export function countText(count: number): string {
  return String(count).replace(/\B(?<!\..*)(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 retry`, `1,000 retries` */
export function countedText(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

export function identitiesText(count: number): string {
  return countedText(count, 'identity', 'identities')
}

/** Part of total in percent, rounded to at most two decimals; 0 when there is nothing. */
export function percentOf(part: number, total: number): number {
  return total === 0 ? 0 : Math.round((part * 10_000) / total) / 100
}

/** `0.7%`; never 0 or 100 for what is only near it. */
export function percentText(part: number, total: number): string {
  const percent = percentOf(part, total)
  if (percent === 0 && part > 0) return '< 0.01%'
  if (percent === 100 && part < total) return '> 99.99%'
  return `${percent}%`
}

/** Milliseconds as `0.4 s`, `12 s`, `1 min 12 s`, `5 min` or `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600 ? sixtieths(seconds, 'min', 's') : sixtieths(Math.round(seconds / 60), 'h', 'min')
}

function sixtieths(count: number, unit: string, smallUnit: string): string {
  const rest = count % 60
  return `${Math.floor(count / 60)} ${unit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`
}

/** Those parts of a text that there are, with a separator between them. */
export function phrase(separator: string, ...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(separator)
}
