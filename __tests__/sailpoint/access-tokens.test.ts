import { describe, expect, it } from '@jest/globals'

import type { Failure } from '../../src/failure.ts'
import { AccessTokens } from '../../src/sailpoint/access-tokens.ts'
import { ApiError, RunEnd } from '../../src/sailpoint/errors.ts'
import type { ApiRequest, Reply } from '../../src/sailpoint/exchange.ts'

interface Endpoint {
  readonly tokens: AccessTokens
  readonly requests: ApiRequest<unknown>[]
  /** Every token as it was given away to be masked. */
  readonly masked: string[]
  /** Milliseconds since the start. */
  at: number
}

/** Tokens from an endpoint that answers in turn what is given, and after that always the last of it. */
function tokensFrom(...answers: (object | Error)[]): Endpoint {
  const requests: ApiRequest<unknown>[] = []
  const masked: string[] = []
  const call = <T>(request: ApiRequest<T>): Promise<Reply<T>> => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]
    requests.push(request)
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ value: answer as T, trackingId: null, totalCount: null })
  }
  const tokens = new AccessTokens(
    { kind: 'client', clientId: 'id&1', clientSecret: 'se cret+' },
    { call, onToken: (token) => masked.push(token), now: () => endpoint.at },
  )
  const endpoint: Endpoint = { tokens, requests, masked, at: 0 }
  return endpoint
}

describe('a token of a client', () => {
  it('is asked for as OAuth says', async () => {
    const { tokens, requests, masked } = tokensFrom({ access_token: 'a1', expires_in: null })
    expect(await tokens.current()).toBe('a1')
    expect(masked).toEqual(['a1'])
    expect(tokens.obtained).toBe(1)
    expect(requests).toMatchObject([
      {
        operation: 'token',
        method: 'POST',
        path: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=id%261&client_secret=se+cret%2B',
      },
    ])
  })

  it.each([
    ['60 s before it expires', 749, 689_000],
    ['when a fifth of a short life is left', 100, 80_000],
    ['where both are the same', 300, 240_000],
  ])('is renewed %s', async (_, expiresIn, renewedAt) => {
    const endpoint = tokensFrom(
      { access_token: 'a1', expires_in: expiresIn },
      { access_token: 'b2', expires_in: null },
    )
    const first = endpoint.tokens.current()
    endpoint.at = 50_000 // its life began when it was asked for
    await first
    endpoint.at = renewedAt - 1
    expect(await endpoint.tokens.current()).toBe('a1')
    endpoint.at = renewedAt
    expect(await endpoint.tokens.current()).toBe('b2')
    endpoint.at = 10 ** 12 // nothing says when that one expires
    expect(await endpoint.tokens.current()).toBe('b2')
    expect(endpoint.masked).toEqual(['a1', 'b2'])
  })

  it('is asked for once, however many wait for it', async () => {
    const { tokens, requests } = tokensFrom({ access_token: 'a1' })
    expect(await Promise.all([tokens.current(), tokens.current()])).toEqual(['a1', 'a1'])
    expect(requests).toHaveLength(1)
  })

  it('is replaced when it is rejected, but not when its predecessor is', async () => {
    const { tokens, requests } = tokensFrom({ access_token: 'a1' }, { access_token: 'b2' })
    await tokens.current()
    for (let times = 0; times < 2; times += 1) {
      expect(tokens.replace('a1')).toBe(true)
      expect(await tokens.current()).toBe('b2')
    }
    expect(requests).toHaveLength(2)
  })

  it('that cannot be had ends the run, with the reason', async () => {
    const failure: Failure = {
      kind: 'status',
      operation: 'token',
      status: 400,
      said: 'invalid_client',
      isForeign: false,
      trackingId: null,
    }
    const { tokens, masked } = tokensFrom(new ApiError(failure), { access_token: 'b2' })
    await expect(tokens.current()).rejects.toMatchObject({ stop: { reason: 'authentication', failure } })
    expect([tokens.obtained, masked]).toEqual([0, []])
    expect(await tokens.current()).toBe('b2')
  })

  it('is not to blame for another end of a run', async () => {
    const end = new RunEnd({ reason: 'cancelled' })
    await expect(tokensFrom(end).tokens.current()).rejects.toBe(end)
  })
})

it('a token that was given is used as it is, and cannot be replaced', async () => {
  const call = (): Promise<never> => Promise.reject(new Error('There is nothing to ask for.'))
  const tokens = new AccessTokens(
    { kind: 'token', token: 'opaque' },
    { call, onToken: () => undefined, now: () => 8e15 },
  )
  expect(await tokens.current()).toBe('opaque')
  expect(tokens.replace('opaque')).toBe(false)
  expect(tokens.obtained).toBe(0)
})
