import { describe, expect, it } from '@jest/globals'

import { enableIdentities, type BulkAnswer } from '../../src/sailpoint/bulk-enable.ts'
import { serverThatAnswers, type Asked } from '../support/answering-server.ts'
import { clientWith } from '../support/client.ts'
import { MAY_NOT_READ, requestsTo, tenantWith } from '../support/tenant.ts'

/** Enables the ids `A1` and `b2` at a server that answers this. */
async function enabling(answer: unknown, asked: Asked[] = []): Promise<BulkAnswer> {
  const server = await serverThatAnswers((request) => {
    asked.push(request)
    return answer
  })
  const { client } = clientWith(server, { maxRetries: 0 })
  return await enableIdentities(client, ['A1', 'b2'], { onAttempt: () => undefined })
}

const item = (id: string, statusCode: number, message: string | null = null): object => ({
  id,
  statusCode,
  message,
})

describe('an answer to a batch', () => {
  it('is joined to its ids in whatever case and order', async () => {
    const asked: Asked[] = []
    const { itemOf } = await enabling([item('B2', 404, 'No.'), item('a1', 202)], asked)
    expect(asked).toEqual([{ url: '/v2025/identities-accounts/enable', body: '{"identityIds":["A1","b2"]}' }])
    expect(itemOf('A1')).toEqual({ id: 'a1', status: 202, message: null })
    expect(itemOf('b2')).toEqual({ id: 'B2', status: 404, message: 'No.' })
    expect(itemOf('c3')).toBeUndefined()
  })

  it.each([
    ['before', [item('a1', 404), item('A1', 202)]],
    ['behind', [item('A1', 202), item('a1', 404)]],
    ['between', [item('a1', 202), item('a1', 404), item('a1', 202)]],
  ])('that holds a refusal %s an acceptance of the same id is a refusal', async (_, answer) => {
    const { itemOf } = await enabling(answer)
    expect(itemOf('A1')?.status).toBe(404)
  })

  it('is read as far as it is what ISC documents', async () => {
    const malformed = [null, 'a1', [], {}, { id: 7, statusCode: 202 }, { id: 'a1', statusCode: 'yes' }]
    const { itemOf } = await enabling([...malformed, item('b2', 202), ...malformed])
    expect(itemOf('A1')).toBeUndefined()
    expect(itemOf('b2')).toMatchObject({ status: 202 })
  })

  it('has the tracking id of its request', async () => {
    const tenant = await tenantWith()
    const { client } = clientWith(tenant)
    const { trackingId } = await enableIdentities(client, ['a1'], { onAttempt: () => undefined })
    expect(trackingId).toMatch(/^[0-9a-f]{32}$/)
  })
})

it('a refused credential is told what it needs', async () => {
  const tenant = await tenantWith({ clients: [{ ...MAY_NOT_READ, scopes: [] }] })
  const { client } = clientWith(tenant)
  await expect(enableIdentities(client, ['a1'], { onAttempt: () => undefined })).rejects.toThrow(
    /^Enabling was refused with status 403: .*needs the scope idn:accounts-state:manage and the user level ORG_ADMIN/,
  )
})

it('a status that is final is not tried again, another one is', async () => {
  const faults = [{ kind: 'status', status: 503, nth: 1 } as const, { kind: 'status', status: 500 } as const]
  const tenant = await tenantWith({ faults })
  const { client } = clientWith(tenant)
  let attempts = 0
  const options = { final: new Set([500]), onAttempt: () => (attempts += 1) }
  await expect(enableIdentities(client, ['a1'], options)).rejects.toThrow(/status 500/)
  expect(requestsTo(tenant, 'enable')).toHaveLength(2)
  expect(attempts).toBe(2)
})
