/** A simulated tenant to play with: `npm run tenant [-- PORT]`, by default on port 8080. */
import { DEMO_CLIENT } from './tokens.ts'
import { startTenant } from './tenant.ts'

const port = Number(process.argv[2] ?? 8080)
if (!Number.isInteger(port)) {
  console.error('Usage: npm run tenant [-- PORT]')
  process.exit(1)
}
/** Easy to name in an example: three that exist and are disabled, one of them a leaver. */
const people = ['prehire', 'leave', 'terminated'].map((stateName, index) => ({
  id: `2c9180858082150f0180893dbaf5530${index + 1}`,
  lifecycleState: { stateName, manuallyUpdated: false },
}))

const tenant = await startTenant({ port, extra: people, enableDelayMs: 2_000 })
console.log(
  `A simulated tenant is at ${tenant.baseUrl}, with client-id ${DEMO_CLIENT.id} and client-secret ${DEMO_CLIENT.secret}.`,
)
for (const { id, lifecycleState } of people) console.log(`${id}: ${lifecycleState.stateName}`)
