/**
 * Signs the build provenance of files (SLSA, by way of Sigstore) and stores it with the repository:
 * `GH_TOKEN=… node dev/attest/attest.js BUNDLE FILE…`. Also writes the signed bundle to the file BUNDLE.
 * Works only in a job with `id-token: write` and `attestations: write`: see release.yml.
 */
import console from 'node:console'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import process from 'node:process'

import { attestProvenance } from '@actions/attest'

const [bundleFile, ...files] = process.argv.slice(2)
const token = process.env.GH_TOKEN
if (bundleFile === undefined || files.length === 0 || !token) {
  throw new Error('Usage: GH_TOKEN=… node dev/attest/attest.js BUNDLE FILE…')
}

const subjects = await Promise.all(
  files.map(async (file) => ({
    name: basename(file),
    digest: {
      sha256: createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    },
  })),
)
const { attestationID, bundle } = await attestProvenance({ subjects, token })
await writeFile(bundleFile, `${JSON.stringify(bundle)}\n`)
for (const { name, digest } of subjects) console.log(`${digest.sha256}  ${name}`)
console.log(`Attestation ${attestationID ?? 'not stored'}`)
