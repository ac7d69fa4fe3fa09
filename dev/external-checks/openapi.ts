/**
 * SailPoint's published specification as an external check: `npm run openapi -- PATH`. Runs the end-to-end tests and checks
 * every request that the action sent, and every answer of the simulated tenant.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parse } from 'yaml'

import type { Exchange } from '../tenant/traffic.ts'
import { Specification } from './specification.ts'

/** Where the document and ISC are known to differ, and what we make of it. */
const KNOWN: Readonly<Record<string, string>> = {
  'answer 207 of enableAccountsForIdentities: /…/message must be string':
    "the document's own example has null, as ISC does for an accepted task; the action takes both.",
  'answer 200 of listIdentities: /…/identityStatus must be equal to one of the allowed values':
    'some tests give none, or one that is not published, as ISC might.',
}

const [path = ''] = process.argv.slice(2)
if (!existsSync(path)) {
  console.error(
    "This needs SailPoint's OpenAPI document of the two operations, references resolved (YAML or JSON), which is not\n" +
      'in this repository: npm run openapi -- PATH. SailPoint publishes it as github.com/sailpoint-oss/api-specs.',
  )
  process.exit(2)
}
const specification = new Specification(parse(readFileSync(path, 'utf8')))
await specification.prepare()

const traffic = mkdtempSync(join(tmpdir(), 'traffic-'))
const suite = spawnSync('npm', ['run', 'jest', '--', 'end-to-end', '--testPathIgnorePatterns', 'hostile'], {
  env: { ...process.env, TENANT_TRAFFIC: traffic },
  stdio: 'inherit',
  shell: process.platform === 'win32', // npm is a script there
})
for (const file of globSync('*.jsonl', { cwd: traffic })) {
  const lines = readFileSync(join(traffic, file), 'utf8').trimEnd().split('\n')
  for (const line of lines) specification.check(JSON.parse(line) as Exchange)
}
rmSync(traffic, { recursive: true })

console.log('\nWhat was checked:')
for (const [what, count] of [...specification.seen].sort())
  console.log(`${String(count).padStart(6)}  ${what}`)
console.log('\nWhat is not as the document says:')
for (const [finding, { count, url }] of specification.findings) {
  console.log(
    `${String(count).padStart(6)}  ${finding} (${KNOWN[finding] ?? `first at ${url.slice(0, 200)}`})`,
  )
}
const isNew = [...specification.findings.keys()].some((finding) => !(finding in KNOWN))
console.log(isNew ? 'Not all of it is known.' : 'No more than is known.')
if (suite.status !== 0) console.log('The tests themselves failed; see above.')
process.exitCode = suite.status !== 0 || specification.seen.size === 0 || isNew ? 1 : 0
