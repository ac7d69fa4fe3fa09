import type { ServerResponse } from 'node:http'

import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'

import { GitHubServer } from '../../dev/external-checks/workflows/github-server.ts'
import { gitHubApi, GitHubApiError } from '../../src/comment/github-api.ts'

let server: GitHubServer

beforeEach(async () => {
  server = await GitHubServer.open()
})

afterEach(async () => {
  await server.close()
})

const answers = (status: number, body: string, headers: Record<string, string> = {}) =>
  server.faults.push((response) => response.writeHead(status, headers).end(body))
const write = (method: 'POST' | 'PATCH', path: string): Promise<unknown> =>
  gitHubApi(server.address, 'ghs_token').writeComment(method, path, 'Hello.')
const call = (): Promise<unknown> => gitHubApi(server.address, 'ghs_token').get('user')

test('a request says which API it expects, who asks, and with which token', async () => {
  let seen: ServerResponse['req']['headers'] = {}
  server.faults.push((response) => {
    seen = response.req.headers
    response.end('{}')
  })
  await call()
  expect(seen).toMatchObject({
    accept: 'application/vnd.github+json',
    authorization: 'Bearer ghs_token',
    'content-type': 'application/json',
    'user-agent': expect.stringMatching(/^isc-enable-identities\/\d+\.\d+\.\d+/),
    'x-github-api-version': '2022-11-28',
  })
})

test('the address may end with a slash', async () => {
  const path = 'repos/acme/identities/issues/7/comments'
  await gitHubApi(`${server.address}/`, 'ghs_token').writeComment('POST', path, 'Hello.')
  expect(server.comments).toEqual([expect.objectContaining({ issue: 7, body: 'Hello.' })])
})

test.each([200, 201, 299])('%i is success', async (status) => {
  answers(status, '{"login":"ada"}')
  expect(await call()).toEqual({ login: 'ada' })
})

test.each([
  [300, '{"message":"Many"}', 'GitHub answered 300 (Many) to GET user.'],
  [
    404,
    '<html>',
    'GitHub answered 404 (without a reason) to GET user. Check that `github-token` can access this repository.',
  ],
  [
    403,
    '{"message":"Resource not accessible by personal access token"}',
    'GitHub answered 403 (Resource not accessible by personal access token) to GET user. Give the token in `github-token` read and write access to pull requests.',
  ],
  [422, '{"message":7}', 'GitHub answered 422 (without a reason) to GET user.'],
  [
    403,
    '{"message":"API rate limit exceeded"}',
    'GitHub answered 403 (API rate limit exceeded) to GET user.',
  ],
  [401, '{}', 'GitHub answered 401 (without a reason) to GET user. Check `github-token`.'],
  [
    403,
    '{"message":"Resource not accessible by integration"}',
    'GitHub answered 403 (Resource not accessible by integration) to GET user. Give the job `permissions: pull-requests: write`.',
  ],
])('%i is an error', async (status, body, message) => {
  answers(status, body)
  const isNotAccessible = message.includes('not accessible')
  await expect(call()).rejects.toEqual(new GitHubApiError(message, status, isNotAccessible))
  answers(status, body)
  await expect(call()).rejects.toMatchObject({ isNotAccessible })
  await expect(call()).rejects.toMatchObject({ name: 'GitHubApiError', status: 403 })
})

test('what only reads is retried three times', async () => {
  for (let attempt = 0; attempt < 4; attempt += 1) answers(502, '')
  await expect(call()).rejects.toMatchObject({ status: 502 })
  expect(server.requests).toHaveLength(4)
})

test('what writes is not retried', async () => {
  answers(502, '')
  const path = 'repos/acme/identities/issues/7/comments'
  await expect(write('POST', path)).rejects.toMatchObject({ status: 502 })
  expect(server.requests).toEqual([`POST ${path}`])
})

test('a list has its pages in order, and ends with the last one', async () => {
  for (let index = 0; index < 201; index += 1) server.add(7, 'bob', `${index}`)
  const all = gitHubApi(server.address, 'ghs_token').all('repos/acme/identities/issues/7/comments')
  const bodies = (await Array.fromAsync(all)).map((comment) => (comment as { body: string }).body)
  expect(bodies).toEqual(Array.from({ length: 201 }, (_, index) => `${index}`))
  expect(server.requests).toHaveLength(3)
})

test('a list that never ends is read up to 1,000 pages', async () => {
  for (let page = 0; page < 1_001; page += 1) answers(200, '[]', { link: '<http://server/>; rel="next"' })
  expect(await Array.fromAsync(gitHubApi(server.address, 'ghs_token').all('user'))).toEqual([])
  expect(server.requests).toHaveLength(1_000)
})

test('an answer that is no list is an error', async () => {
  answers(200, '{"0":{},"length":1}')
  await expect(Array.fromAsync(gitHubApi(server.address, 'ghs_token').all('user'))).rejects.toEqual(
    new GitHubApiError(
      "GitHub's answer to GET user is not a list. Check the proxy and `GITHUB_API_URL`.",
      null,
    ),
  )
})

test('an answer that comes in drops forever is an error', async () => {
  const deadline = new AbortController()
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
  server.faults.push((response) => {
    const drops = setInterval(() => response.write(' '), 100)
    response.on('close', () => clearInterval(drops))
  })
  const answer = call()
  setTimeout(() => deadline.abort(), 200)
  await expect(answer).rejects.toThrow('GitHub did not answer GET user')
  expect(timeout).toHaveBeenCalledWith(60_000)
  timeout.mockRestore()
})
