/** A simulated tenant to play with: `npm run tenant [-- PORT]`, by default on port 8080. */
import { DEMO_CLIENT } from './tokens.ts'
import { startTenant } from './tenant.ts'

const port = Number(process.argv[2] ?? 8080)
/** Easy to name in an example: three that exist and are disabled. */
const ids = [1, 2, 3].map((n) => `2c9180858082150f0180893dbaf5530${n}`)

const tenant = await startTenant({ port, extra: ids.map((id) => ({ id })), enableDelayMs: 2_000 })
console.log(
  `A simulated tenant is at ${tenant.baseUrl}, with client-id ${DEMO_CLIENT.id} and client-secret ${DEMO_CLIENT.secret}.`,
)
console.log(`Among its identities are ${ids.join(', ')}.`)
