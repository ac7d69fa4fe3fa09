import fc from 'fast-check'

import { character, HOSTILE } from '../../dev/hostile-text.ts'
import { WRITTEN } from '../support/secret-forms.ts'

/** With characters that every encoding changes. */
export const SECRET = 's3cr3t-V4lue/+ "&=?<é>\\~'
export const TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"jti":"t0k3n"}').toString('base64url')}.c2lnbmF0dXJl`

/** What is in the body of an answer. */
export type Body =
  | { readonly kind: 'honest' }
  /** An honest one with some of its fields changed, entries dropped, repeated and added. */
  | { readonly kind: 'bent'; readonly bends: readonly Bend[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'large'; readonly of: keyof typeof LARGE }

export interface Bend {
  /** Which entry; and which of its fields. */
  readonly at: number
  readonly field: number
  readonly how: 'set' | 'drop field' | 'drop entry' | 'repeat entry' | 'upper case' | 'swap'
  readonly value: unknown
}

/** How the bytes reach the client. `silent`: they never do. */
export interface Delivery {
  readonly delayMs: number
  readonly framing: 'length' | 'short' | 'long' | 'chunked' | 'until close' | 'garbage'
  /** The connection is reset after that part of the bytes. */
  readonly cutAt: number | null
  readonly silent: boolean
}

export interface Lie {
  /** null: the honest one. */
  readonly status: number | null
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Body
  readonly delivery: Delivery
}

export const LARGE = {
  elements: () => `[${'1,'.repeat(3_000_000)}1]`,
  objects: () => `[${'{},'.repeat(1_500_000)}{}]`,
  message: () => JSON.stringify([{ id: 'x', statusCode: 404, message: 'm'.repeat(3 * 1024 * 1024) }]),
  depth: () => `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
} as const

const secretText = fc.constantFrom(
  ...Object.values(WRITTEN).flatMap((write) => [SECRET, TOKEN].map((secret) => write(secret))),
)

const text = fc.oneof(
  fc.constantFrom(...HOSTILE, 'DISABLED', 'disabled', 'TERMINATED', 'ACTIVE', '', 'm'.repeat(20_000)),
  secretText,
  secretText.map((secret) => `Authorization: Bearer ${secret}`),
  fc.string({ unit: character, maxLength: 20 }),
)

const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(null, true, 0, -1, 1.5, 200, 202, '202', 404, '404', 429, 500, 1e21, [], {}, [null]),
)

const bend: fc.Arbitrary<Bend> = fc.record({
  at: fc.nat(8),
  field: fc.nat(8),
  how: fc.constantFrom('set', 'set', 'set', 'drop field', 'drop entry', 'repeat entry', 'upper case', 'swap'),
  value,
})

const body: fc.Arbitrary<Body> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Body>({ kind: 'honest' }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('bent' as const),
      bends: fc.array(bend, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('text' as const), text }) },
  {
    weight: 3,
    arbitrary: fc.json({ maxDepth: 3 }).map((json): Body => ({ kind: 'text', text: json })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('large' as const),
      of: fc.constantFrom(...(Object.keys(LARGE) as (keyof typeof LARGE)[])),
    }),
  },
)

/** What a header can hold at all; a client rejects everything longer by itself. */
const headerText = text.map((given) => given.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 15_000))

const header = fc.oneof(
  // A long Retry-After is obeyed, which takes its time.
  fc.tuple(
    fc.constant('retry-after'),
    fc.constantFrom('0', '0.2', '-1', 'soon', 'Infinity', '', 'Wed, 21 Oct 2015 07:28:00 GMT'),
  ),
  fc.tuple(fc.constantFrom('slpt-request-id', 'location', 'content-type', 'set-cookie', 'x-any'), headerText),
  fc.constantFrom(
    ['content-encoding', 'gzip'] as const,
    ['transfer-encoding', 'gzip, chunked'] as const,
    ['content-length', '7'] as const,
    ['trailer', 'x'] as const,
  ),
)

const status = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      200,
      204,
      207,
      302,
      400,
      401,
      403,
      404,
      408,
      409,
      413,
      422,
      425,
      429,
      500,
      502,
      503,
      504,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(100, 101, 102, 103, 205, 206, 226, 304, 418, 451, 511, 599, 600, 999),
  },
)

const delivery: fc.Arbitrary<Delivery> = fc.record({
  delayMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(50, 300, 1_200) },
  ),
  framing: fc.constantFrom(
    'length',
    'length',
    'length',
    'length',
    'chunked',
    'until close',
    'short',
    'long',
    'garbage',
  ),
  cutAt: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  ),
  silent: fc.oneof(
    { weight: 19, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
})

export const HONEST: Lie = {
  status: null,
  headers: [],
  body: { kind: 'honest' },
  delivery: { delayMs: 0, framing: 'length', cutAt: null, silent: false },
}

/** An answer, honest or not. */
export const lie: fc.Arbitrary<Lie> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(HONEST) },
  { weight: 2, arbitrary: body.map((given): Lie => ({ ...HONEST, body: given })) },
  {
    weight: 3,
    arbitrary: fc.record({ status, headers: fc.array(header, { maxLength: 2 }), body, delivery }),
  },
)
