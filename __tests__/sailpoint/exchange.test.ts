import { describe, expect, test } from '@jest/globals'

import type { Failure } from '../../src/failure.ts'
import { Gate } from '../../src/sailpoint/answers/gate.ts'
import { rejectionOf } from '../../src/sailpoint/exchange.ts'
import { Secrets } from '../../src/sailpoint/answers/secrets.ts'

const gate = new Gate(new Secrets())

function rejected(body: unknown): Failure {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return rejectionOf({ status: 418, trackingId: 'of-the-header', body: text }, 'enable', gate)
}

describe('a rejection says', () => {
  test.each<[string, unknown, string | null, boolean]>([
    [
      'the first text of ISC’s envelope',
      { messages: [{ text: null }, { text: 'One.' }], error: '2' },
      'One',
      false,
    ],
    [
      'the description of an OAuth error',
      { error: 'invalid_client', error_description: 'Bad' },
      'Bad',
      false,
    ],
    ['its error', { error: 'JWT is expired', message: 'Two' }, 'JWT is expired', false],
    ['its message', { message: ' Rate Limit Exceeded ', detailCode: '429' }, 'Rate Limit Exceeded', false],
    ['its code', { detailCode: '400.1 Bad request content' }, '400.1 Bad request content', false],
    ['that it gives no reason', '', null, false],
    ['that it gives no reason, in blanks', { message: '  ' }, null, false],
    ['the beginning of a text that is not ISC’s', 'upstream connect error', 'upstream connect error', true],
    ['no markup of a page that is not ISC’s', '\n<html>Blocked</html>', null, true],
  ])('%s', (_, body, said, isForeign) => {
    expect(rejected(body)).toMatchObject({
      kind: 'status',
      operation: 'enable',
      status: 418,
      said,
      isForeign,
      trackingId: 'of-the-header',
    })
  })

  test('no more than the tenth text of an envelope', () => {
    const messages = Array.from({ length: 20 }, (_, n) => ({ text: n === 15 ? 'late' : '' }))
    expect(rejected({ messages, message: 'instead' })).toMatchObject({ said: 'instead' })
  })

  test('the tracking ID of the body, where it has one', () => {
    expect(rejected({ trackingId: 'of-the-body' })).toMatchObject({ trackingId: 'of-the-body' })
  })
})
