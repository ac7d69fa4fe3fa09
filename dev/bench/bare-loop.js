/**
 * A bare loop that reads a list, posts the same batches and parses the answers: what volume is compared
 * with. Usage: BASE_URL TOKEN FILE
 */
import { createReadStream } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'

const [baseUrl, token, file] = process.argv.slice(2)

async function post(identityIds) {
  const answer = await fetch(`${baseUrl}/v2025/identities-accounts/enable`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-sailpoint-experimental': 'true',
    },
    body: JSON.stringify({ identityIds }),
  })
  for (const { statusCode } of await answer.json()) if (statusCode === 202) accepted += 1
}

let accepted = 0
let total = 0
let batch = []
for await (const id of createInterface({ input: createReadStream(file) })) {
  total += 1
  if (batch.push(id) === 100) await post(batch.splice(0))
}
if (batch.length > 0) await post(batch)
if (accepted !== total) throw new Error(`Only ${accepted} of ${total} were accepted.`)
