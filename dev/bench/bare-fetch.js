/** A bare script that does one `fetch`: what start-up is compared with. Usage: BASE_URL TOKEN */
import process from 'node:process'

const [baseUrl, token] = process.argv.slice(2)
const answer = await fetch(`${baseUrl}/v2025/identities-accounts/enable`, {
  method: 'POST',
  headers: {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-sailpoint-experimental': 'true',
  },
  body: JSON.stringify({
    identityIds: Array.from({ length: 10 }, (_, n) => n.toString(16).padStart(32, '0')),
  }),
})
if ((await answer.json()).length !== 10) throw new Error('Not everything was answered.')
