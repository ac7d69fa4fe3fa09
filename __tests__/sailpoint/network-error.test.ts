import { describe, expect, it } from '@jest/globals'

import { isCertificateFault, networkError } from '../../src/sailpoint/network-error.ts'

const HOST = 'acme.test'
const PROXY = { kind: 'proxy', url: 'http://proxy.test:3128', name: 'proxy.test:3128' } as const
const nodeError = (message: string, code?: unknown, cause?: unknown): Error =>
  Object.assign(new Error(message, cause === undefined ? {} : { cause }), code === undefined ? {} : { code })

describe('the fault of an error', () => {
  it.each([
    ['ENOTFOUND', 'no-such-host'],
    ['EAI_AGAIN', 'no-such-host'],
    ['ECONNREFUSED', 'connection'],
    ['ETIMEDOUT', 'connection'],
    ['CERT_HAS_EXPIRED', 'certificate-expired'],
    ['CERT_NOT_YET_VALID', 'certificate-not-yet-valid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-for-another-host'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-issuer-unknown'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-issuer-unknown'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-issuer-unknown'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-issuer-unknown'],
    ['CERT_REVOKED', 'tls'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'tls'],
    ['EPROTO', 'tls'],
  ])('%s', (code, fault) => {
    const cause = nodeError('It failed', code)
    const error = networkError(cause, HOST, null)
    expect(error).toMatchObject({ fault, host: 'acme.test', detail: `It failed (${code})`, cause })
    expect(isCertificateFault(error.fault)).toBe(fault.startsWith('certificate-'))
  })
})

describe('its detail', () => {
  it.each<[string, unknown, string]>([
    ['has the code once', nodeError('connect ECONNREFUSED ::1', 'ECONNREFUSED'), 'connect ECONNREFUSED ::1'],
    [
      'is the message, where there is no code',
      nodeError('the connection was closed'),
      'the connection was closed',
    ],
    ['passes by a code that is none', nodeError('odd', 17), 'odd'],
    ['has the code of its cause', nodeError('failed', undefined, nodeError('x', 'EPIPE')), 'failed (EPIPE)'],
    ['passes by a cause without one', nodeError('failed', undefined, null), 'failed'],
    ['is one line', nodeError('a\nb\r\n  c\n'), 'a b c'],
    ['is text, whatever was thrown', 'odd', 'odd'],
    [
      'joins the reasons of several addresses',
      new AggregateError(
        [nodeError('connect ETIMEDOUT ::2:443', 'ETIMEDOUT'), nodeError('reset', 'ECONNRESET')],
        '',
      ),
      'connect ETIMEDOUT ::2:443; reset (ECONNRESET)',
    ],
    ['is not empty without addresses', new AggregateError([], 'all failed'), 'all failed'],
  ])('%s', (_, cause, detail) => {
    const error = networkError(cause, HOST, null)
    expect(error.detail.replace(' (ETIMEDOUT)', '')).toBe(detail)
  })

  it('is cut', () => {
    const names = 'DNS:a.test, '.repeat(1_000)
    expect(networkError(nodeError(names), HOST, null).detail).toBe(names.slice(0, 300))
  })
})

describe('through a proxy', () => {
  const failed = (values: object): Error => Object.assign(new Error('It failed'), values)
  it.each<[string, Error, string, string]>([
    ['its name', failed({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }), 'proxy-unreachable', PROXY.name],
    ['its address', failed({ code: 'ECONNREFUSED', syscall: 'connect' }), 'proxy-unreachable', PROXY.name],
    [
      'its addresses',
      new AggregateError([failed({ code: 'ETIMEDOUT', syscall: 'connect' })], ''),
      'proxy-unreachable',
      PROXY.name,
    ],
    ['its end', failed({ code: 'ERR_PROXY_TUNNEL' }), 'proxy-unreachable', PROXY.name],
    ['no access', failed({ code: 'ERR_PROXY_TUNNEL', statusCode: 403 }), 'proxy-rejected', PROXY.name],
    ['no way', failed({ code: 'ERR_PROXY_TUNNEL', statusCode: 502 }), 'connection', HOST],
    ['the connection', failed({ code: 'ECONNRESET' }), 'connection', HOST],
    ['the handshake', failed({ code: 'EPROTO', syscall: 'write' }), 'tls', HOST],
    ['the certificate', failed({ code: 'CERT_HAS_EXPIRED' }), 'certificate-expired', HOST],
  ])('%s', (_, error, fault, host) => {
    expect(networkError(error, HOST, PROXY)).toMatchObject({ fault, host })
  })

  it('names both where the certificate may be of either', () => {
    const proxy = { ...PROXY, url: 'https://proxy.test:3128' }
    const error = networkError(failed({ code: 'CERT_HAS_EXPIRED' }), HOST, proxy)
    expect(error.host).toBe('acme.test or proxy.test:3128')
  })
})
