import { expect, test } from '@jest/globals'

import { Specification } from '../../dev/external-checks/specification.ts'
import type { Exchange } from '../../dev/tenant/traffic.ts'

const item = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    state: { allOf: [{ type: 'object', properties: { name: { type: 'string' } } }, { nullable: true }] },
  },
}
const document = {
  openapi: '3.0.1',
  info: { title: 'Two operations', version: '1' },
  paths: {
    '/things': {
      get: {
        operationId: 'listThings',
        parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer', maximum: 250 } }],
        responses: {
          200: {
            description: '',
            content: { 'application/json': { schema: { type: 'array', items: item } } },
          },
        },
      },
      post: {
        operationId: 'makeThing',
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: { type: 'object', properties: { ids: { type: 'array' } } } },
          },
        },
        responses: { 202: { description: '' } },
      },
    },
  },
}

async function findings(exchange: Partial<Exchange>): Promise<string[]> {
  const specification = new Specification(document)
  await specification.prepare()
  const asked = { method: 'GET', url: '/v2025/things?limit=250', contentType: null, body: '' }
  specification.check({ ...asked, status: 200, answer: '[]', fault: null, ...exchange })
  return [...specification.findings.keys()]
}

const posted = { method: 'POST', contentType: 'application/json', status: 202, answer: '' }

test.each<Partial<Exchange>>([
  {},
  { url: '/things/v1?limit=1' },
  { answer: '[{"id":"a","state":null},{"id":"b","state":{"name":"active"}}]' },
  { status: 503, answer: '<html>', fault: 'status' },
  { answer: 'spoilt', fault: 'invalid-json' },
  { ...posted, url: '/beta/things', body: '{"ids":[]}' },
])('is content with %j', async (exchange) => {
  expect(await findings(exchange)).toEqual([])
})

test.each<[Partial<Exchange>, string]>([
  [{ url: '/v2025/things?limit=251' }, 'request of listThings: /query/limit must be <= 250'],
  [{ url: '/v2025/things?page=2' }, 'request of listThings: /query must NOT have additional properties'],
  [
    { ...posted, url: '/beta/things', body: '{"id":[]}' },
    'request of makeThing: /requestBody must NOT have additional',
  ],
  [
    { ...posted, url: '/beta/things', body: '{"ids":"a"}' },
    'request of makeThing: /requestBody/ids must be array',
  ],
  [{ answer: '[{"id":1}]' }, 'answer 200 of listThings: /…/id must be string'],
  [{ answer: '[{"id":"a","name":"b"}]' }, 'answer 200 of listThings: /… must NOT have additional properties'],
  [{ answer: 'html' }, 'answer 200 of listThings:  must be array'],
  [{ status: 404 }, 'answer 404 of listThings:  this status is not in the document'],
])('finds what is wrong with %j', async (exchange, finding) => {
  expect(await findings(exchange)).toEqual([expect.stringContaining(finding)])
})
