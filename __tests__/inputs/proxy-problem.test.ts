import { expect, test } from '@jest/globals'

import { checkProxy } from '../../src/inputs/base-url.ts'

const problemsOf = (env: NodeJS.ProcessEnv, baseUrl = 'https://acme.api.identitynow.com'): string[] => {
  const problems: string[] = []
  checkProxy(env, baseUrl, { add: (message) => problems.push(message) })
  return problems
}

test('a proxy that can be used, or none, is no problem', () => {
  expect(problemsOf({ https_proxy: 'http://me:p%40ss@proxy.test:3128' })).toEqual([])
  expect(problemsOf({})).toEqual([])
  expect(problemsOf({ https_proxy: 'socks5://proxy.test' }, '')).toEqual([])
  expect(problemsOf({ https_proxy: 'socks5://proxy.test' }, 'https://127.0.0.1:8443')).toEqual([])
})

test.each([
  ['socks5://s3cret.test', /scheme is not supported\. Set `https_proxy` to .*, or add .* to `no_proxy`\.$/],
  ['http://DOMAIN\\me:s3cret@proxy.test', /it has "\\\\" in it\. Write that character as %5C /],
  ['http://me:s3cret#@proxy.test', /it has "#" in it\. Write that character as %23 /],
  ['http://me:100%s3cret@proxy.test', /Write % as %25\.$/],
  ['http://s3cret:port', /Use http:\/\/host:port/],
])('%s is a problem that says what to do, and is not shown', (ALL_PROXY, advice) => {
  const [problem = '', ...others] = problemsOf({ ALL_PROXY })
  expect(problem).toMatch(/nvironment variable `ALL_PROXY`/)
  expect(problem).toMatch(advice)
  expect(problem).not.toContain('s3cret')
  expect(others).toEqual([])
})
