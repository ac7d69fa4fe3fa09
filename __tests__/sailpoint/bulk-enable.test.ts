import { describe, expect, it } from '@jest/globals'

import { submitEnable, type BulkAnswer } from '../../src/sailpoint/bulk-enable.ts'
import { serverThatAnswers, type Asked } from '../support/answering-server.ts'
import { clientWith } from '../support/client.ts'

/** Submits the IDs `A1` and `b2` to a server that answers this. */
async function submitting(answer: unknown, asked: Asked[] = []): Promise<BulkAnswer> {
  const server = await serverThatAnswers((request) => {
    asked.push(request)
    return answer
  })
  const { client } = clientWith(server)
  return await submitEnable(client, ['A1', 'b2'], { maxRetries: 0, onAttempt: () => undefined })
}

const item = (id: string, statusCode: number, message: string | null = null): object => ({
  id,
  statusCode,
  message,
})

describe('an answer to a batch', () => {
  it('is matched to its IDs in any case and order', async () => {
    const asked: Asked[] = []
    const { itemOf } = await submitting([item('B2', 404, 'No.'), item('a1', 202)], asked)
    expect(asked).toEqual([{ url: '/v2025/identities-accounts/enable', body: '{"identityIds":["A1","b2"]}' }])
    expect(itemOf('A1')).toEqual({ id: 'a1', statusCode: 202, message: null })
    expect(itemOf('b2')).toEqual({ id: 'B2', statusCode: 404, message: 'No.' })
    expect(itemOf('c3')).toBeUndefined()
  })

  it.each([
    ['before', [item('a1', 404), item('A1', 202)]],
    ['behind', [item('A1', 202), item('a1', 404)]],
    ['between', [item('a1', 202), item('a1', 404), item('a1', 202)]],
  ])('that holds a rejection %s an acceptance of the same ID is a rejection', async (_, answer) => {
    const { itemOf } = await submitting(answer)
    expect(itemOf('A1')?.statusCode).toBe(404)
  })

  it('is read as far as it is what ISC documents', async () => {
    const invalid = [null, 'a1', [], {}, { id: 7, statusCode: 202 }, { id: 'a1', statusCode: 'yes' }]
    const { itemOf } = await submitting([...invalid, item('b2', 202), ...invalid])
    expect(itemOf('A1')).toBeUndefined()
    expect(itemOf('b2')).toMatchObject({ statusCode: 202 })
  })
})
