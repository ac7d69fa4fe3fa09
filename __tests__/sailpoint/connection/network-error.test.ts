import { describe, expect, it } from '@jest/globals'

import { networkError } from '../../../src/sailpoint/connection/network-error.ts'
import { ApiError, UnreachableError } from '../../../src/sailpoint/errors.ts'

const HOST = 'acme.test:443'
const nodeError = (message: string, code?: unknown, cause?: unknown): Error =>
  Object.assign(new Error(message, cause === undefined ? {} : { cause }), code === undefined ? {} : { code })

describe('no TLS connection ends the run, and says what to set', () => {
  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'EPROTO',
  ])('%s', (code) => {
    const cause = nodeError('not to be trusted', code)
    const error = networkError(cause, HOST)
    expect(error).toBeInstanceOf(UnreachableError)
    expect(error.cause).toBe(cause)
    expect(error.message).toBe(
      `No TLS connection to ${HOST}: not to be trusted (${code}). If a proxy or a private certificate authority stands between, set NODE_EXTRA_CA_CERTS to its certificate (PEM file) in the step's or the runner's environment.`,
    )
  })
})

describe('anything else is a silence, after which the same request may succeed', () => {
  it.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that cannot be resolved (%s)', (code) => {
    const error = networkError(nodeError(`getaddrinfo ${code} acme.test`, code), HOST)
    expect(error.message).toBe(
      `Host ${HOST} could not be resolved: getaddrinfo ${code} acme.test. Check the input tenant (or base-url), and on a self-hosted runner its DNS and https_proxy.`,
    )
    expect(error).toMatchObject({ refusal: { status: null, retryable: true, isSilence: true } })
  })

  it.each<[string, Error, string]>([
    [
      'code within the message',
      nodeError('connect ECONNREFUSED ::1', 'ECONNREFUSED'),
      'connect ECONNREFUSED ::1',
    ],
    ['code beside the message', nodeError('socket hang up', 'ECONNRESET'), 'socket hang up (ECONNRESET)'],
    ['no code', nodeError('the connection was closed'), 'the connection was closed'],
    ['a code that is none', nodeError('odd', 17), 'odd'],
    [
      'the code of its cause',
      nodeError('fetch failed', undefined, nodeError('x', 'EPIPE')),
      'fetch failed (EPIPE)',
    ],
    ['a cause that is none', nodeError('fetch failed', undefined, null), 'fetch failed'],
    ['a cause without one', nodeError('fetch failed', undefined, 'x'), 'fetch failed'],
    [
      'the code of the first of several',
      new AggregateError([nodeError('a', 'ETIMEDOUT'), nodeError('b', 'EPIPE')], 'all failed'),
      'all failed (ETIMEDOUT)',
    ],
  ])('with %s', (_, cause, reason) => {
    const error = networkError(cause, HOST)
    expect(error.message).toBe(`No answer from ${HOST}: ${reason}.`)
    expect(error.cause).toBe(cause)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ refusal: { status: null, retryable: true, isSilence: true } })
  })

  it('a proxy that refuses the tunnel', () => {
    const error = networkError(nodeError('tunneling socket could not be established, statusCode=407'), HOST)
    expect(error.message).toMatch(/statusCode=407\. Check https_proxy and its credentials\.$/)
  })

  it('a message without end is cut', () => {
    const names = 'DNS:a.test, '.repeat(1_000)
    expect(networkError(nodeError(names), HOST).message).toBe(
      `No answer from ${HOST}: ${names.slice(0, 300)}.`,
    )
  })
})
