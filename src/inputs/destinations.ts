import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'

import type { Problems } from '../problems.ts'
import type { Destinations } from '../settings.ts'
import { quote, type Values } from './values.ts'

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
  const path = given === null ? null : resolve(workspace, given)
  const fault = path === null ? null : faultOf(path, values, workspace)
  if (given !== null && fault !== null) problems.add(`Input results-file: ${quote(given)} ${fault}`)
  return {
    resultsFile: path === null || fault !== null ? `${stem}.json` : path,
    defaultResultsFile: `${stem}.json`,
    summaryFile: `${stem}.md`,
    jobSummary: values.boolean('job-summary', true),
  }
}

function faultOf(path: string, values: Values, workspace: string): string | null {
  if (!/^\.(json|csv)$/i.test(extname(path)))
    return 'is not accepted; give a path that ends in .json or .csv.'
  const source = ['identity-ids-file', 'exclude-ids-file', 'from-report'].find((name) =>
    values.lines(name)?.some((line) => resolve(workspace, line) === path),
  )
  return source === undefined
    ? null
    : `is the file that ${source} names, which the report would overwrite; give another path.`
}
