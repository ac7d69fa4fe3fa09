import { describe, expect, it } from '@jest/globals'

import { createTokens, type TokenOptions, type Tokens } from '../../src/sailpoint/access-tokens.ts'
import type { ApiAnswer, ApiRequest } from '../../src/sailpoint/api-request.ts'
import { ApiError, AuthenticationError, CancelledError } from '../../src/sailpoint/errors.ts'

const START = Date.UTC(2026, 0, 1)
const jwt = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

interface Endpoint {
  readonly tokens: Tokens
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
  const call = <T>(request: ApiRequest<T>): Promise<ApiAnswer<T>> => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]
    requests.push(request)
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ value: answer as T, trackingId: null, totalCount: null })
  }
  const options: TokenOptions = {
    call,
    onToken: (token) => masked.push(token),
    now: () => START + endpoint.at,
  }
  const tokens = createTokens({ kind: 'client', clientId: 'id&1', clientSecret: 'se cret+' }, options)
  const endpoint = { tokens, requests, masked, at: 0 }
  return endpoint
}

describe('a token of a client', () => {
  it('is asked for as OAuth says', async () => {
    const { tokens, requests, masked } = tokensFrom({ access_token: 'a1' })
    expect(tokens.obtained).toBe(0)
    expect(await tokens.current()).toBe('a1')
    expect(masked).toEqual(['a1'])
    expect(tokens.obtained).toBe(1)
    expect(requests).toMatchObject([
      {
        what: 'The token request',
        method: 'POST',
        path: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=id%261&client_secret=se+cret%2B',
      },
    ])
  })

  it.each<[string, object, number]>([
    ['60 s before it expires', { access_token: 'a1', expires_in: 749 }, 689_000],
    ['when a fifth of a short life is left', { access_token: 'a1', expires_in: 100 }, 80_000],
    ['where both are the same', { access_token: 'a1', expires_in: 300 }, 240_000],
    [
      'by its own claim where nothing else is said',
      { access_token: jwt({ exp: START / 1000 + 749 }) },
      689_000,
    ],
    [
      'by its own claim where null is said',
      { access_token: jwt({ exp: START / 1000 + 100 }), expires_in: null },
      80_000,
    ],
  ])('is renewed %s', async (_, answer, renewedAt) => {
    const endpoint = tokensFrom(answer, { access_token: 'b2', expires_in: 749 })
    const first = await endpoint.tokens.current()
    endpoint.at = renewedAt - 1
    expect(await endpoint.tokens.current()).toBe(first)
    endpoint.at = renewedAt
    expect(await endpoint.tokens.current()).toBe('b2')
    expect(endpoint.tokens.obtained).toBe(2)
    expect(endpoint.masked).toEqual([first, 'b2'])
  })

  it('has a life that begins when it was asked for', async () => {
    const endpoint = tokensFrom({ access_token: 'a1', expires_in: 100 }, { access_token: 'b2' })
    const first = endpoint.tokens.current()
    endpoint.at = 50_000
    await first
    endpoint.at = 80_000
    expect(await endpoint.tokens.current()).toBe('b2')
  })

  it('is not renewed where nobody says when it expires', async () => {
    const endpoint = tokensFrom({ access_token: 'opaque' })
    await endpoint.tokens.current()
    endpoint.at = 10 ** 12
    await endpoint.tokens.current()
    expect(endpoint.requests).toHaveLength(1)
  })

  it('is asked for once, whoever waits for it', async () => {
    const { tokens, requests } = tokensFrom({ access_token: 'a1' })
    expect(await Promise.all([tokens.current(), tokens.current(), tokens.current()])).toEqual([
      'a1',
      'a1',
      'a1',
    ])
    expect(requests).toHaveLength(1)
  })

  it('is replaced when it is refused, but not when its predecessor is', async () => {
    const { tokens, requests } = tokensFrom({ access_token: 'a1' }, { access_token: 'b2' })
    await tokens.current()
    expect(tokens.reject('a1')).toBe(true)
    expect(await tokens.current()).toBe('b2')
    expect(tokens.reject('a1')).toBe(true)
    expect(await tokens.current()).toBe('b2')
    expect(requests).toHaveLength(2)
  })

  it('that cannot be had is asked for again by the next', async () => {
    const refused = new ApiError('refused with status 401: no.', { status: 401 })
    const { tokens, masked } = tokensFrom(refused, { access_token: 'b2' })
    const first = tokens.current()
    await expect(first).rejects.toBeInstanceOf(AuthenticationError)
    await expect(first).rejects.toMatchObject({
      message: 'No access token: refused with status 401: no.',
      cause: refused,
    })
    expect(tokens.obtained).toBe(0)
    expect(masked).toEqual([])
    expect(await tokens.current()).toBe('b2')
  })

  it('is not to blame for the end of a run', async () => {
    const end = new CancelledError()
    await expect(tokensFrom(end).tokens.current()).rejects.toBe(end)
  })

  it.each([400, 401, 403])('refused with %i says what to check', async (status) => {
    const { tokens, requests } = tokensFrom({ access_token: 'a1' })
    await tokens.current()
    expect(requests[0]?.advice?.[status]).toMatch(/^Check client-id and client-secret, and that they belong/)
  })
})

describe('a token that was given', () => {
  const given = (token: string, now: () => number): Tokens =>
    createTokens(
      { kind: 'token', token },
      { call: () => Promise.reject(new Error('nobody is asked')), onToken: () => undefined, now },
    )

  it('is used until it expires, and says what to give instead', async () => {
    let at = START - 1
    const token = jwt({ exp: START / 1000 })
    const tokens = given(token, () => at)
    expect(await tokens.current()).toBe(token)
    at = START
    const late = tokens.current()
    await expect(late).rejects.toBeInstanceOf(AuthenticationError)
    await expect(late).rejects.toThrow(
      /^The access token \(input token\) expired at 2026-01-01T00:00:00\.000Z: .*Give client-id and client-secret instead/,
    )
  })

  it('is used for ever where it does not say when it expires', async () => {
    expect(await given('opaque', () => 8e15).current()).toBe('opaque')
  })

  it('cannot be replaced, and was not obtained', () => {
    const tokens = given('opaque', () => START)
    expect(tokens.reject('opaque')).toBe(false)
    expect(tokens.obtained).toBe(0)
  })
})
