import { describe, expect, test } from '@jest/globals'

import { proxyFor } from '../../src/sailpoint/proxy.ts'

const API = 'https://acme.api.identitynow.com'
const PROXY = 'http://proxy.test:3128'

describe('the proxy of the environment', () => {
  test.each([
    [PROXY, 'proxy.test:3128'],
    [`  ${PROXY}/ `, 'proxy.test:3128'],
    ['HTTP://proxy.test:3128', 'proxy.test:3128'],
    ['proxy.test:3128', 'proxy.test:3128'],
    ['127.0.0.1:3128', '127.0.0.1:3128'],
    ['http://proxy.test', 'proxy.test:80'],
    ['https://proxy.test', 'proxy.test:443'],
    ['http://[::1]:3128', '[::1]:3128'],
    ['http://me:p%40ss%25%5C%23@proxy.test:3128', 'proxy.test:3128'],
    ['me:p@ss@proxy.test:3128', 'proxy.test:3128'],
  ])('is read: %s', (https_proxy, name) => {
    const proxy = proxyFor({ https_proxy }, API)
    expect(proxy).toMatchObject({ kind: 'proxy', name })
    expect(proxy?.kind === 'proxy' && URL.canParse(proxy.url)).toBe(true)
  })

  test.each([
    ['socks5://proxy.test:1080', 'scheme'],
    ['pac+http://proxy.test', 'scheme'],
    ['http://DOMAIN\\me:s3cret@proxy.test:3128', { character: '\\' }],
    ['http://me:s3#cret@proxy.test:3128', { character: '#' }],
    ['http://me:s3/cret@proxy.test:3128', { character: '/' }],
    ['http://me:s3?cret@proxy.test:3128', { character: '?' }],
    ['http://me:s3 cret@proxy.test:3128', { character: ' ' }],
    ['http://me:100%s3cret@proxy.test:3128', 'percent'],
    ['http://me%:s3cret@proxy.test', 'percent'],
    ['http://me:s3%0D%0Acret@proxy.test', 'percent'],
    ['http://', 'unreadable'],
    ['http://proxy.test:port', 'unreadable'],
  ])('cannot be used: %s', (HTTPS_PROXY, fault) => {
    const found = proxyFor({ HTTPS_PROXY }, API)
    expect(found).toEqual({ kind: 'fault', variable: 'HTTPS_PROXY', fault })
  })

  test.each<[NodeJS.ProcessEnv, string | null]>([
    [{}, null],
    [{ https_proxy: ' ', HTTPS_PROXY: '' }, null],
    [{ http_proxy: PROXY, HTTP_PROXY: PROXY }, null],
    [{ https_proxy: 'http://a', HTTPS_PROXY: 'http://b', ALL_PROXY: 'http://c' }, 'a:80'],
    [{ HTTPS_PROXY: 'http://b', all_proxy: 'http://c' }, 'b:80'],
    [{ all_proxy: 'http://c', ALL_PROXY: 'http://d' }, 'c:80'],
    [{ ALL_PROXY: 'http://d' }, 'd:80'],
  ])('comes from the first variable that is set: %j', (env, name) => {
    const proxy = proxyFor(env, API)
    expect(proxy?.kind === 'proxy' ? proxy.name : proxy).toBe(name)
  })

  test.each([
    ['24.4.1', false],
    ['22.99.0', false],
    ['24.5.0', true],
    ['25.0.0', true],
  ])('is not passed by without a word on Node %s', (version, isSupported) => {
    const found = proxyFor({ ALL_PROXY: PROXY }, API, version)
    expect(found).toMatchObject(
      isSupported ? { kind: 'proxy' } : { kind: 'fault', variable: 'ALL_PROXY', fault: 'node' },
    )
    expect(proxyFor({}, API, version)).toBeNull()
  })
})

const isProxied = (baseUrl: string, env: NodeJS.ProcessEnv): boolean =>
  proxyFor({ https_proxy: PROXY, ...env }, baseUrl) !== null

describe('no_proxy', () => {
  const IPV4 = 'https://10.1.2.3'
  const IPV6 = 'https://[2001:db8::7]:8443'
  test.each([
    ['*', API, false],
    ['acme.api.identitynow.com', API, false],
    ['ACME.api.IdentityNow.com', API, false],
    ['acme.api.identitynow.com.', API, false],
    ['api.identitynow.com', API, false],
    ['.identitynow.com', API, false],
    ['*.identitynow.com', API, false],
    ['*.identitynow.com.', API, false],
    ['a.test  b.test\tacme.api.identitynow.com', API, false],
    ['a.test, ,acme.api.identitynow.com ,', API, false],
    ['identitynow.com:443', API, false],
    ['identitynow.com:8443', API, true],
    ['now.com', API, true],
    ['.acme.api.identitynow.com', API, true],
    ['*.acme.api.identitynow.com', API, true],
    [' , ', API, true],
    ['.', API, true],
    ['[', API, true],
    ['acme.api.identitynow.com', `${API}.`, false],
    ['identitynow.com:443', `${API}:8443`, true],
    ['10.1.2.3', IPV4, false],
    ['10.0.0.0/8', IPV4, false],
    ['10.1.2.0/24', IPV4, false],
    ['10.1.3.0/24', IPV4, true],
    ['10.1.2.3/33', IPV4, true],
    ['10.1.2.3/x', IPV4, true],
    ['.3', IPV4, true],
    ['0.0.0.0/0', API, true],
    ['2001:db8::7', IPV6, false],
    ['2001:DB8:0:0::7', IPV6, false],
    ['[2001:db8::7]', IPV6, false],
    ['[2001:db8::7]:8443', IPV6, false],
    ['[2001:db8::7]:443', IPV6, true],
    ['2001:db8::/32', IPV6, false],
    ['2001:db9::/32', IPV6, true],
  ])('%j leads to %s through the proxy: %s', (no_proxy, baseUrl, expected) => {
    expect(isProxied(baseUrl, { no_proxy })).toBe(expected)
    expect(isProxied(baseUrl, { NO_PROXY: no_proxy })).toBe(expected)
  })

  test.each(['http://localhost:1', 'https://localhost', 'https://127.8.8.8', 'https://[::1]:8443'])(
    'is not needed for %s',
    (baseUrl) => {
      expect(isProxied(baseUrl, {})).toBe(false)
    },
  )

  test('makes a proxy that cannot be used irrelevant', () => {
    expect(proxyFor({ ALL_PROXY: 'socks5://x', no_proxy: 'identitynow.com' }, API)).toBeNull()
  })
})
