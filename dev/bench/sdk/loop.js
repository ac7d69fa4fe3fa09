/** The loop that users of the official SDK write: batch after batch. Usage: `BASE_URL TOKEN IDS BATCH_SIZE` */
import process from 'node:process'

import { AccountsV2024Api, Configuration } from 'sailpoint-api-client'

const [baseurl, accessToken, count, batchSize] = process.argv.slice(2)
const ids = Array.from({ length: Number(count) }, (_, n) => n.toString(16).padStart(32, '0'))
const configuration = new Configuration({ baseurl, accessToken })
configuration.experimental = true
const accounts = new AccountsV2024Api(configuration)

let accepted = 0
for (let from = 0; from < ids.length; from += Number(batchSize)) {
  const { data } = await accounts.enableAccountsForIdentities({
    identitiesAccountsBulkRequestV2024: { identityIds: ids.slice(from, from + Number(batchSize)) },
    xSailPointExperimental: 'true',
  })
  accepted += data.filter(({ statusCode }) => statusCode === 202).length
}
if (accepted !== ids.length) throw new Error(`Only ${accepted} of ${ids.length} were accepted.`)
