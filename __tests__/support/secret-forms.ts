/** The ways in which a server may write a text into the raw text of a JSON answer. */
export const WRITTEN: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => JSON.stringify(text).slice(1, -1),
  'JSON-escaped': (text) =>
    Array.from(text, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'URL-encoded': encodeURIComponent,
  'base64-encoded': (text) => Buffer.from(`id:${text}`).toString('base64'),
}

/** The forms in which a secret may show up in what a run leaves behind; short ones would be found anywhere. */
export function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    // Without what depends on the text before and after it.
    Buffer.from('\0'.repeat(shift) + secret)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice('secret='.length),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter((form) => form.length > 8)
}
