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
    ['of a URL in lower case', encodeURIComponent(SECRET).toLowerCase()],
    ['of a URL, encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['of JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['of JSON within JSON', JSON.stringify(JSON.stringify(SECRET).slice(1, -1)).slice(1, -1)],
    [
      'of JSON within JSON, whose characters are escaped',
      'ab' +
        SECRET.slice(2).replace(/[^ab ]/g, (c) => `\\\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    ['of HTML', Array.from(SECRET, (c) => `&#${c.codePointAt(0)};`).join('')],
    ['of HTML in hexadecimal', Array.from(SECRET, (c) => `&#x${c.codePointAt(0)?.toString(16)};`).join('')],
    [
      'of HTML within JSON',
      JSON.stringify(SECRET.replaceAll('"', '&quot;').replaceAll('>', '&gt;')).slice(1, -1),
    ],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ])('%s', (_, form) => {
    expect(redact(`before ${form} after ${form}`, SECRET)).toBe('before *** after ***')
  })

  test.each(['base64', 'base64url'] as const)('of %s, at any offset', (encoding) => {
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

test.each(['100 % of \\\\ &amp; 5 %25', '\\u0041 & co', 'a%zz'])(
  '%j without a secret stays as it is',
  (text) => {
    expect(redact(text, SECRET)).toBe(text)
  },
)

test('what is too short to be one stays, or everything would be full of it', () => {
  expect(redact('seven77 eight888', 'seven77', 'eight888')).toBe('seven77 ***')
})
