import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'

import { readBaseUrl } from './base-url.ts'
import { readCredential } from './credential.ts'
import { quote, Values, type GetInput } from './values.ts'
import type { Problems } from '../problems.ts'
import { API_VERSIONS, IDENTIFY_BY, type ListSettings, type Settings } from '../settings.ts'

/** 24 hours: longer than any job may run on GitHub's runners. */
const MAX_VERIFY_TIMEOUT = 86_400

/**
 * Reads every input into typed settings. What is wrong is added to `problems`, all of it, and the
 * settings then hold harmless values in its place: do not send anything while there are problems.
 * Hands the secrets to `mask` first.
 */
export function readSettings(
  getInput: GetInput,
  env: NodeJS.ProcessEnv,
  problems: Problems,
  mask: (secret: string) => void,
): Settings {
  const values = new Values(getInput, problems)
  const dryRun = values.boolean('dry-run', false)
  const credential = readCredential(values, env, problems, mask, dryRun)
  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? '.')
  return {
    credential,
    baseUrl: readBaseUrl(values, env, problems, dryRun && credential === null),
    list: readListSettings(values, problems, workspace),
    apiVersion: values.oneOf('api-version', 'v2025', API_VERSIONS),
    batchSize: values.integer('batch-size', 100, 1, 250),
    concurrency: values.integer('concurrency', 8, 1, 32),
    rateLimit: values.integer('rate-limit', 100, 0, 1_000_000),
    requestTimeout: values.integer('request-timeout', 60, 1, 600),
    maxRetries: values.integer('max-retries', 5, 0, 20),
    thresholds: {
      maxFailures: values.integer('max-failures', null, 0, Number.MAX_SAFE_INTEGER),
      maxFailurePercent: values.percent('max-failure-percent'),
      ignoreStatusCodes: values.statusCodes('ignore-status-codes'),
    },
    failFast: values.boolean('fail-fast', false),
    dryRun,
    skipEnabled: values.boolean('skip-enabled', false),
    verify: values.boolean('verify', false),
    verifyTimeout: values.integer('verify-timeout', 300, 1, MAX_VERIFY_TIMEOUT),
    resultsFile: readResultsFile(values, env, problems, workspace),
    jobSummary: values.boolean('job-summary', true),
  }
}

function readListSettings(values: Values, problems: Problems, workspace: string): ListSettings {
  const inline = values.text('identity-ids')
  const files = values.text('identity-ids-file')?.split(/\r?\n/)
  if (inline === null && files === undefined) {
    problems.add(
      'Inputs identity-ids and identity-ids-file are both missing or empty; give one of them (an inline list, or paths of list files). For a list with nothing in it, give [].',
    )
  }
  if (inline !== null && files !== undefined) {
    problems.add('Inputs identity-ids and identity-ids-file are both given; give one of them.')
  }
  return {
    inline,
    files: files?.map((line) => line.trim()).filter((line) => line !== '') ?? null,
    idColumn: values.text('identity-id-column'),
    identifyBy: values.oneOf('identify-by', 'id', IDENTIFY_BY),
    maxIdentities: values.integer('max-identities', null, 1, Number.MAX_SAFE_INTEGER),
    shard: values.shard('shard'),
    workspace,
  }
}

/** The report's absolute path; a relative one is taken from the workspace. */
function readResultsFile(
  values: Values,
  env: NodeJS.ProcessEnv,
  problems: Problems,
  workspace: string,
): string {
  const fallback = join(resolve(env['RUNNER_TEMP'] ?? tmpdir()), `isc-enable-identities-${randomUUID()}.json`)
  const given = values.text('results-file')
  if (given === null) return fallback
  if (/^\.(json|csv)$/i.test(extname(given))) return resolve(workspace, given)
  problems.add(`Input results-file: ${quote(given)} is not accepted; give a path that ends in .json or .csv.`)
  return fallback
}
