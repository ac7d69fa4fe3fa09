import { inspect } from 'node:util'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { GenericSchema } from 'valibot'

import { Gate } from '../../../src/sailpoint/answers/gate.ts'
import { rejectionOf } from '../../../src/sailpoint/exchange.ts'
import { Secrets } from '../../../src/sailpoint/answers/secrets.ts'
import { sampleAnswer } from '../../support/sample-answer.ts'
import { formsOf, WRITTEN } from '../../support/secret-forms.ts'

const SECRET = 's3cr3t-Value/+="é\\~'
const PLACEHOLDER = 'PLACEHOLDER'

function gateWith(...known: readonly string[]): Gate {
  const secrets = new Secrets()
  for (const secret of known) secrets.add(secret)
  return new Gate(secrets)
}

const gate = gateWith(SECRET)

/** An answer of this form, as raw text, in which every text holds the secret. */
function echo(schema: unknown, write: (text: string) => string, around = ''): string {
  const sample = JSON.stringify(sampleAnswer(schema, `${around}${PLACEHOLDER}${around}`, 404))
  return sample.replaceAll(PLACEHOLDER, write(SECRET))
}

const leaked = (text: string): string[] => formsOf(SECRET).filter((form) => text.includes(form))

/** The access token is the one text that goes on as it came: into a header. */
const { token, ...shown } = gate.answers

describe.each(Object.entries(shown))('of the answer "%s"', (_name, answer) => {
  const schema = answer as GenericSchema

  test.each(Object.entries(WRITTEN))('no field lets a secret through, %s', (_, write) => {
    const reading = gate.read(echo(schema, write), schema)
    expect(leaked(JSON.stringify(reading))).toEqual([])
  })

  test('every text is cut', () => {
    const long = JSON.stringify(sampleAnswer(schema, 'x'.repeat(100_000), 404))
    const reading = gate.read(long, schema)
    expect(JSON.stringify(reading).length).toBeLessThan(12_000)
  })

  test('every answer is a value or a fault, and a fault has none of the answer’s words', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        const reading = gate.read(body, schema)
        if ('fault' in reading)
          expect(reading.fault).toMatch(/^its body is (empty|not JSON|not what ISC documents)$/)
      }),
    )
  })
})

test('of the token’s answer, nothing but the token is text', () => {
  const body = JSON.stringify({ access_token: 'a.b.c', expires_in: SECRET, token_type: SECRET })
  expect(gate.read(body, token)).toEqual({ value: { access_token: 'a.b.c', expires_in: null } })
})

test('a secret is taken out before a text is cut, so that no half of it stays', () => {
  const body = JSON.stringify({ message: `${'x'.repeat(1_995)}${SECRET}` })
  const reading = gate.read(body, gate.answers.error)
  expect(JSON.stringify(reading)).toContain('xxx***')
  expect(JSON.stringify(reading)).not.toContain('s3cr3t')
})

test('a secret that is a part of another leaves no rest of it', () => {
  const both = gateWith('abcdefgh', 'abcdefgh-ijklmnop')
  expect(both.header('abcdefgh-ijklmnop')).toBe('***')
})

describe('a body that is none of ISC’s', () => {
  test.each([
    ['plain', SECRET],
    ['in truncated JSON', `{"error":"${WRITTEN['JSON-escaped']?.(SECRET) ?? ''}`],
    ['in HTML', `<p>${Array.from(SECRET, (unit) => `&#${unit.charCodeAt(0)};`).join('')}</p>`],
    [
      'in HTML, in hexadecimal',
      `<p>${Array.from(SECRET, (unit) => `&#x${unit.charCodeAt(0).toString(16)};`).join('')}`,
    ],
  ])('is shown without secrets, %s', (_, body) => {
    const shown = JSON.stringify([
      rejectionOf({ status: 502, trackingId: null, body }, 'enable', gate),
      gate.beginning(body),
    ])
    expect(shown).toContain('***')
    expect(leaked(shown)).toEqual([])
  })
})

describe('an ID', () => {
  test.each(['', 'a b', '-a', 'x'.repeat(65), '../a', 'ä'])('%j is none', (id) => {
    expect(gate.accept({ id, statusCode: 202 }, gate.answers.bulkEntry)).toBeNull()
    expect(gate.accept({ id }, gate.answers.pageRow)).toBeNull()
  })
})

test.each([99, 600, 202.5, -1, '20', '2020', null])('%j is no status', (statusCode) => {
  expect(gate.accept({ id: 'a', statusCode }, gate.answers.bulkEntry)).toBeNull()
})

test('an answer of a million small elements is invalid at once', () => {
  const body = `[${'{},'.repeat(1_000_000)}{}]`
  const { bulk, page } = gate.answers
  for (const reading of [gate.read(body, bulk), gate.read(body, page)])
    expect(reading).toEqual({ fault: 'its body is not what ISC documents' })
})

test.each<[string, string]>([
  ['', 'its body is empty'],
  [' \n', 'its body is empty'],
  ['[', 'its body is not JSON'],
  ['null', 'its body is not what ISC documents'],
  ['{"a":1}', 'its body is not what ISC documents'],
])('of %j it says that %s', (body, fault) => {
  expect(gate.read(body, gate.answers.bulk)).toEqual({ fault })
})

test('a thousand entries are read, and no more', () => {
  const body = (count: number): string => JSON.stringify(Array.from({ length: count }, () => 0))
  expect(gate.read(body(1_000), gate.answers.bulk)).toHaveProperty('value')
  expect(gate.read(body(1_001), gate.answers.bulk)).toHaveProperty('fault')
})

test.each<[unknown, number | null]>([
  [749, 749],
  ['749', 749],
  [0, null],
  [-1, null],
  ['soon', null],
  [null, null],
  [[749], null],
  [true, null],
])('a token whose expires_in is %j lives for %j s', (expiresIn, seconds) => {
  expect(gate.accept({ access_token: 'a.b.c', expires_in: expiresIn }, token)).toEqual({
    access_token: 'a.b.c',
    expires_in: seconds,
  })
})

test.each<[string, unknown, unknown]>([
  ['a name', { stateName: 'active', manuallyUpdated: false }, 'active'],
  ['null', null, null],
  ...[{}, [], 'active', 7, { technicalName: 'active' }, { stateName: '' }, { stateName: 7 }, undefined].map(
    (other): [string, unknown, unknown] => [inspect(other), other, undefined],
  ),
])('a lifecycle state that is %s is known, has no name, or is unknown', (_, lifecycleState, read) => {
  const row = gate.accept({ id: 'a', lifecycleState }, gate.answers.pageRow)
  expect(row).toMatchObject({ id: 'a', identityStatus: null })
  expect(row?.lifecycleState).toEqual(read)
})

test.each(['', ' ', null, 7])('a name that is %j is none', (name) => {
  expect(gate.accept({ id: 'a', name }, gate.answers.pageRow)?.name).toBeNull()
})

test.each<[number | string, number]>([
  [100, 100],
  [599, 599],
  ['404', 404],
])('%j is the status %d', (statusCode, status) => {
  expect(gate.accept({ id: 'a', statusCode }, gate.answers.bulkEntry)).toMatchObject({ statusCode: status })
})

describe('a header', () => {
  test('is cut at 200', () => {
    expect(gate.header('x'.repeat(200))).toBe('x'.repeat(200))
    expect(gate.header('x'.repeat(201))).toBe(`${'x'.repeat(197)}...`)
  })

  test('may be missing, or there several times', () => {
    expect(gate.header(undefined)).toBeNull()
    expect(gate.header(['a', 'b'])).toBe('a,b')
  })
})

test.each<[string | string[] | undefined, number | null]>([
  ['101', 101],
  ['-1', null],
  ['1e3', null],
  ['9999999999', null],
  [['1', '2'], null],
  [undefined, null],
])('a header %j counts %j', (value, count) => {
  expect(gate.count(value)).toBe(count)
})

test('no part of a secret is shown where a page repeats it', () => {
  const long = 'abcdefgh12'.repeat(100)
  expect(gateWith(long).beginning(`${long} `.repeat(5))).not.toContain('abcdefgh')
})
