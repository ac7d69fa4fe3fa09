import {
  array,
  check,
  fallback,
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nullable,
  nullish,
  number,
  object,
  optional,
  pipe,
  regex,
  safeParse,
  string,
  transform,
  union,
  unknown,
  type GenericSchema,
} from 'valibot'

import { isIdentityId } from '../../identity.ts'
import type { Secrets } from './secrets.ts'

/** The longest text that is kept of each kind, in UTF-16 code units. */
const LONGEST = { message: 2_000, label: 200, id: 64, address: 512 } as const

/** No bulk answer and no page holds more entries; 250 are asked for at most. */
const MOST_ENTRIES = 1_000

/** Of an error's messages, one is shown. */
const MOST_MESSAGES = 10

/** Ends a text that was cut. Not an ellipsis, with which V8 would keep every character in two bytes. */
const CUT = '...'

/**
 * The report has messages about single identities, with at most so many code units in total. Later ones are not kept,
 * so that memory stays below 2 GiB with any answers about 5,000,000 identities.
 */
const MOST_MESSAGES_KEPT = 128 * 1024 * 1024

/**
 * What the endpoints that this action calls may say, as far as it is used; every other field is dropped. Each text is
 * cleaned (`clean` takes secrets out, then cuts it) by its own schema, so that a field that is added later is clean too.
 */
function answersOf(clean: (text: string, longest: number) => string) {
  let kept = 0
  const text = (longest: number) =>
    pipe(
      string(),
      transform((said: string) => clean(said, longest)),
    )
  const textOrNull = (longest: number) => nullish(text(longest), null)
  const id = pipe(text(LONGEST.id), check(isIdentityId))
  const entries = pipe(array(unknown()), maxLength(MOST_ENTRIES))
  const lifecycleState = object({ stateName: pipe(text(LONGEST.label), minLength(1)) })
  const label = textOrNull(LONGEST.label)
  const message = textOrNull(LONGEST.message)
  const bulkEntry = object({
    id,
    /** Statuses arrive as integers, and from some gateways as text. */
    statusCode: pipe(
      union([number(), pipe(string(), regex(/^\d{3}$/), transform(Number))]),
      integer(),
      minValue(100),
      maxValue(599),
    ),
    message: pipe(
      message,
      transform((said) => {
        kept += said?.length ?? 0
        return kept > MOST_MESSAGES_KEPT ? null : said
      }),
    ),
  })
  const pageRow = object({
    id,
    alias: textOrNull(LONGEST.address),
    emailAddress: textOrNull(LONGEST.address),
    identityStatus: label,
    /** Its name; null: it has none; undefined where it is absent, or of another shape than documented. */
    lifecycleState: pipe(
      fallback(optional(nullable(lifecycleState)), undefined),
      transform((state) => (state === null ? null : state?.stateName)),
    ),
    /** Nothing depends on it; null also where it is blank. */
    name: pipe(
      fallback(label, null),
      transform((name) => (name?.trim() ? name : null)),
    ),
  })
  return {
    bulkEntry,
    pageRow,
    /** `POST …/identities-accounts/enable`. Invalid entries are passed over. */
    bulk: pipe(
      entries,
      array(fallback(nullable(bulkEntry), null)),
      transform((items) => items.filter((item) => item !== null)),
    ),
    /** `GET …/identities`. One row that is not as documented makes all of it unreadable. */
    page: pipe(entries, array(pageRow)),
    /** `POST /oauth/token`. The token is the one secret that is not known before; it goes nowhere but into a header. */
    token: object({
      access_token: pipe(string(), regex(/^[\x21-\x7e]+$/)),
      /** Seconds; a number, and from some gateways text; null where it says nothing. */
      expires_in: pipe(optional(unknown()), transform(secondsOf)),
    }),
    /** The error bodies that ISC documents, all fields optional: the envelope, 401's and 429's. */
    error: object({
      detailCode: label,
      trackingId: label,
      messages: optional(
        pipe(
          array(unknown()),
          transform((messages) => messages.slice(0, MOST_MESSAGES)),
          array(object({ text: message })),
        ),
        [],
      ),
      error: message,
      error_description: message,
      message,
    }),
  } as const
}

export type Answers = ReturnType<typeof answersOf>

/** What was read, or why it could not be: never in the server's own words. */
export type Reading<T> = { readonly value: T } | { readonly fault: string }

/**
 * The one gate for what a server says: parsed, checked up to the first fault, without secrets (taken out after
 * parsing, where no escape hides them) and cut field by field, before anything else sees it.
 */
export class Gate {
  readonly answers: Answers
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
    this.answers = answersOf((text, longest) => this.#clean(text, longest))
  }

  /** Reads a body as JSON of this form. */
  read<T>(body: string, schema: GenericSchema<unknown, T>): Reading<T> {
    let json: unknown
    try {
      json = JSON.parse(body)
    } catch {
      return { fault: body.trim() === '' ? 'its body is empty' : 'its body is not JSON' }
    }
    const value = this.accept(json, schema)
    return value === null ? { fault: 'its body is not what ISC documents' } : { value }
  }

  /** A part of an answer that is of this form; null where it is not. */
  accept<T>(json: unknown, schema: GenericSchema<unknown, T>): T | null {
    const parsed = safeParse(schema, json, { abortEarly: true })
    return parsed.success ? parsed.output : null
  }

  /** A header that holds a whole number; null for any other. */
  count(value: string | readonly string[] | undefined): number | null {
    return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null
  }

  /** A header that is shown. */
  header(value: string | readonly string[] | undefined): string | null {
    return value === undefined ? null : this.#clean(String(value), LONGEST.label)
  }

  /** The beginning of a body that is none of ISC's, such as a gateway's page. */
  beginning(body: string): string {
    return this.#clean(body, LONGEST.label)
  }

  #clean(text: string, longest: number): string {
    const redacted = this.#secrets.redact(text)
    return redacted.length <= longest ? redacted : `${redacted.slice(0, longest - CUT.length)}${CUT}`
  }
}

function secondsOf(expiresIn: unknown): number | null {
  const seconds = typeof expiresIn === 'number' || typeof expiresIn === 'string' ? Number(expiresIn) : NaN
  return seconds > 0 ? seconds : null
}
