import { describe, expect, test } from '@jest/globals'

import { Gate } from '../../../src/sailpoint/answers/gate.ts'
import { refusalOf } from '../../../src/sailpoint/answers/rejection.ts'
import { Secrets } from '../../../src/sailpoint/answers/secrets.ts'
import type { ApiError } from '../../../src/sailpoint/errors.ts'

const gate = new Gate(new Secrets())

function refused(status: number, body: unknown, advice: Readonly<Record<number, string>> = {}): ApiError {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = { status, retryAfterMs: 7, trackingId: 'of-the-header', body: text }
  return refusalOf(answer, { what: 'Enabling', advice }, gate)
}

describe('a refusal says', () => {
  test.each<[string, unknown, string]>([
    [
      'the first text of ISC’s envelope',
      { messages: [{ text: null }, { text: 'One.' }], error: 'Two' },
      'One',
    ],
    [
      'the description of an OAuth error',
      { error: 'invalid_client', error_description: 'Bad pair' },
      'Bad pair',
    ],
    [
      'its error',
      { error: 'JWT validation failed: JWT is expired', message: 'Two' },
      'JWT validation failed: JWT is expired',
    ],
    ['its message', { message: ' Rate Limit Exceeded ', detailCode: '429' }, 'Rate Limit Exceeded'],
    ['its code', { detailCode: '400.1 Bad request content' }, '400.1 Bad request content'],
    ['the beginning of anything else', 'upstream connect error', 'upstream connect error'],
    ['that it says nothing', '', 'no reason was given'],
    ['that it says nothing, in blanks', { message: '  ' }, 'no reason was given'],
  ])('%s', (_, body, said) => {
    expect(refused(418, body).message).toBe(
      `Enabling was refused with status 418: ${said} (tracking id of-the-header).`,
    )
    expect(refused(418, body).refusal.reason).toBe(`418 ${said}`)
  })

  test('no more than the tenth text of an envelope', () => {
    const messages = Array.from({ length: 20 }, (_, n) => ({ text: n === 15 ? 'late' : '' }))
    expect(refused(400, { messages, message: 'instead' }).message).toContain('instead')
  })

  test('the tracking id of the body, or else of the header', () => {
    expect(refused(400, { trackingId: 'of-the-body' }).refusal.trackingId).toBe('of-the-body')
    expect(refused(400, {}).refusal.trackingId).toBe('of-the-header')
  })
})

describe('the advice of', () => {
  test.each<[number, RegExp]>([
    [301, /Redirects are not followed/],
    [302, /Redirects are not followed/],
    [307, /Redirects are not followed/],
    [308, /Redirects are not followed/],
    [401, /expired.*another tenant/],
    [404, /api-version/],
    [405, /base-url/],
    [410, /api-version/],
    [451, /forbids/],
  ])('%d names what to change', (status, advice) => {
    expect(refused(status, {}).message).toMatch(advice)
  })

  test('a request of its own stands in place of the general one', () => {
    const advice = { 401: 'Check the pair.', 403: 'It needs the scope x:y.' }
    expect(refused(401, {}, advice).message).toMatch(/\)\. Check the pair\.$/)
    expect(refused(403, {}, advice).message).toMatch(/\)\. It needs the scope x:y\.$/)
    expect(refused(404, {}, advice).message).toMatch(/\)\. Check the inputs tenant \(or base-url\)/)
    expect(refused(400, {}, advice).message).toMatch(/\)\.$/)
  })
})

test('what comes of it stands beside what it says', () => {
  expect(refused(503, {}).refusal).toMatchObject({ retryable: true, isSilence: true, retryAfterMs: 7 })
  expect(refused(400, {}).refusal).toMatchObject({ status: 400, retryable: false, isSilence: false })
})
