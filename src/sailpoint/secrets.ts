/** Shorter ones are no secrets, and would be found everywhere. */
const SHORTEST = 8

/** Knows the secrets of a session, and takes them out of text from the server before anybody sees it. */
export class Secrets {
  readonly #forms = new Set<string>()

  /** Also remembers the forms in which servers echo things. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), base64]) {
      this.#forms.add(form)
    }
  }

  redact<T extends string | null>(text: T): T | string {
    if (text === null) return text
    let redacted: string = text
    for (const form of this.#forms) redacted = redacted.replaceAll(form, '***')
    return redacted
  }
}
