/** Shorter ones are no secrets, and would be found everywhere. */
const SHORTEST = 8

/** A text that was escaped more often is no text for people. */
const MOST_ESCAPES = 8

/** Knows the secrets of a run, and removes them from text before anyone sees it. */
export class Secrets {
  /** The longest first: one may be a part of another. */
  #forms: readonly string[] = []

  /** Also remembers the forms in which servers echo things. */
  add(secret: string): void {
    const forms = new Set([...this.#forms, ...formsOf(secret).filter(({ length }) => length >= SHORTEST)])
    this.#forms = [...forms].sort((a, b) => b.length - a.length)
  }

  /** The text with `***` in place of every secret. Where escapes hide one, it is the text without these escapes. */
  redact(text: string): string {
    let redacted = this.#replaced(text)
    let decoded = redacted
    for (let escapes = 0; escapes < MOST_ESCAPES; escapes += 1) {
      const next = unescaped(decoded)
      if (next === decoded) return redacted
      decoded = this.#replaced(next)
      if (decoded !== next) redacted = decoded
    }
    return '***'
  }

  #replaced(text: string): string {
    return this.#forms.reduce((replaced, form) => replaced.replaceAll(form, '***'), text)
  }
}

/** A secret as it is, form-encoded, in hexadecimal, and in base64 at any place of a longer text. */
function formsOf(secret: string): string[] {
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const hex = Buffer.from(secret).toString('hex')
  const base64 = [0, 1, 2].map((shift) => {
    const bytes = Buffer.from('\0'.repeat(shift) + secret)
    // Only the groups of three bytes that hold nothing but the secret look the same everywhere.
    return bytes.toString('base64').slice(shift === 0 ? 0 : 4, Math.floor(bytes.length / 3) * 4)
  })
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [secret, form, hex, hex.toUpperCase(), ...base64, ...base64url]
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text without one level of the escapes of JSON, HTML, and URLs. */
function unescaped(text: string): string {
  if (!/[\\&%]/.test(text)) return text
  return text
    .replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
    .replace(
      // Together with a backslash that is escaped, or what is behind it would be taken for an escape.
      /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,6});|\\([/"'\\])/gi,
      (_, ...codes: (string | undefined)[]) =>
        codes[3] ?? characterOf(parseInt(codes.slice(0, 3).find((code) => code !== undefined) ?? '', 16)),
    )
    .replace(/&#(\d{1,7});/g, (_, code: string) => characterOf(Number(code)))
    .replace(/&(amp|lt|gt|quot|apos);/gi, (_, name: string) => NAMED[name.toLowerCase()] ?? '')
}

function characterOf(codePoint: number): string {
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\ufffd'
}
