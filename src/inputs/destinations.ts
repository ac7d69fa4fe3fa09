import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'

import { quoted, type Problems } from '../problems.ts'
import type { Destinations } from '../settings.ts'
import type { Values } from './values.ts'

/**
 * Where report and summary go. A relative `results-file` is taken from the workspace; one that cannot be used is a
 * problem, and the report then goes where it does by default.
 */
export function readDestinations(
  values: Values,
  env: NodeJS.ProcessEnv,
  problems: Problems,
  workspace: string,
): Destinations {
  const stem = join(resolve(env['RUNNER_TEMP'] ?? tmpdir()), `isc-enable-identities-${randomUUID()}`)
  const given = values.text('results-file')
  const isAccepted = given !== null && /^\.(json|csv)$/i.test(extname(given))
  if (given !== null && !isAccepted)
    problems.add(
      `Input results-file: ${quoted(given)} is not accepted; give a path that ends in .json or .csv.`,
    )
  return {
    resultsFile: isAccepted ? resolve(workspace, given) : `${stem}.json`,
    defaultResultsFile: `${stem}.json`,
    summaryFile: `${stem}.md`,
    jobSummary: values.boolean('job-summary', true),
  }
}
