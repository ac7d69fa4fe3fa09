/** Shorter ones are no secrets, and would be found everywhere. */
const SHORTEST = 8

/** Knows the secrets of a session, and takes them out of text from the server before anybody sees it. */
export class Secrets {
  /** The longest first: one may be a part of another. */
  #forms: readonly string[] = []

  /** Also remembers the forms in which servers echo things. */
  add(secret: string): void {
    const forms = new Set([...this.#forms, ...formsOf(secret).filter(({ length }) => length >= SHORTEST)])
    this.#forms = [...forms].sort((a, b) => b.length - a.length)
  }

  /** The text with `***` in place of every secret. */
  redact(text: string): string {
    return this.#forms.reduce((redacted, form) => redacted.replaceAll(form, '***'), text)
  }
}

/** A secret as it is, URL-encoded, form-encoded, JSON-escaped, and in base64 at any place of a longer text. */
function formsOf(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const base64 = [0, 1, 2].map((shift) => {
    const bytes = Buffer.from('\0'.repeat(shift) + secret)
    // Only the groups of three bytes that hold nothing but the secret look the same everywhere.
    return bytes.toString('base64').slice(shift === 0 ? 0 : 4, Math.floor(bytes.length / 3) * 4)
  })
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [secret, encodeURIComponent(secret), form, escaped, ...base64, ...base64url]
}
