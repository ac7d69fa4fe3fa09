import { describe, expect, test } from '@jest/globals'

import { Secrets } from '../../../src/sailpoint/answers/secrets.ts'

// Its base64 has both + and /, wherever it begins.
const SECRET = 'ab~?>~?>~?>~?>"\\ é'

function redact(text: string, ...known: readonly string[]): string {
  const secrets = new Secrets()
  for (const secret of known) secrets.add(secret)
  return secrets.redact(text)
}

describe('a secret is taken out', () => {
  test.each<[string, string]>([
    ['as it is', SECRET],
    ['of a URL', encodeURIComponent(SECRET)],
    ['of a form', new URLSearchParams({ x: SECRET }).toString().slice(2)],
    ['of JSON', JSON.stringify(SECRET).slice(1, -1)],
  ])('%s', (_, form) => {
    expect(redact(`before ${form} after ${form}`, SECRET)).toBe('before *** after ***')
  })

  test.each(['base64', 'base64url'] as const)('of %s, at whatever place it begins', (encoding) => {
    for (const before of ['', 'i', 'id', 'id:']) {
      const encoded = Buffer.from(`${before}${SECRET}, and more`).toString(encoding)
      const redacted = redact(encoded, SECRET)
      expect(redacted).toContain('***')
      // What is left of it, decoded, shows three of its bytes at most.
      for (const rest of redacted.split('***'))
        expect(Buffer.from(rest, encoding).toString('latin1')).not.toContain('~?>~')
    }
  })

  test('each of several, the longest first', () => {
    expect(redact('one-secret, one-secret-more', 'one-secret', 'one-secret-more')).toBe('***, ***')
  })
})

test('what is too short to be one stays, or everything would be full of it', () => {
  expect(redact('seven77 eight888', 'seven77', 'eight888')).toBe('seven77 ***')
})
