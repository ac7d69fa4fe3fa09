import { tmpdir } from 'node:os'
import { resolve } from 'node:path'

import type { Problems } from '../problems.ts'
import {
  API_VERSIONS,
  type Destinations,
  type ListSettings,
  type ListSources,
  type Settings,
} from '../settings.ts'
import { readBaseUrl } from './base-url.ts'
import { readCredential } from './credential.ts'
import { readDestinations } from './destinations.ts'
import { readListInputs, readListSources } from './list-inputs.ts'
import { checkProxy } from './proxy.ts'
import { Values, type GetInput } from './values.ts'

/** 24 hours: longer than any job may run on GitHub's runners. */
const MAX_VERIFY_TIMEOUT = 86_400

/** The inputs, as far as they can be used. */
export interface ActionInputs {
  readonly destinations: Destinations
  readonly sources: ListSources
  /** null: what is said of the list contradicts itself. */
  readonly list: ListSettings | null
  /** null: something is wrong, and nothing may be sent. */
  readonly settings: Settings | null
}

/** Reads every input. What is wrong is added to `problems`, all of it. Hands the secrets to `mask` first. */
export function readActionInputs(
  getInput: GetInput,
  env: NodeJS.ProcessEnv,
  problems: Problems,
  mask: (secret: string) => void,
): ActionInputs {
  const values = new Values(getInput, problems)
  const dryRun = values.boolean('dry-run', false)
  const credential = readCredential(values, env, problems, mask, dryRun)
  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? '.')
  const destinations = readDestinations(values, env, problems, workspace)
  const sources = readListSources(values, workspace, resolve(env['RUNNER_TEMP'] ?? tmpdir()))
  const list = readListInputs(values, problems, sources)
  const baseUrl = readBaseUrl(values, env, problems, dryRun && credential === null)
  checkProxy(env, baseUrl, problems)
  const settings = {
    credential,
    baseUrl,
    apiVersion: values.oneOf('api-version', 'v2025', API_VERSIONS),
    batchSize: values.integer('batch-size', 100, 1, 250),
    concurrency: values.integer('concurrency', 8, 1, 32),
    rateLimit: values.integer('rate-limit', 100, 0, 1_000_000),
    requestTimeoutMs: 1000 * values.integer('request-timeout', 60, 1, 600),
    maxRetries: values.integer('max-retries', 5, 0, 20),
    outageTimeoutMs: 1000 * values.integer('outage-timeout', 300, 0, 3600),
    thresholds: {
      maxFailures: values.integer('max-failures', null, 0, Number.MAX_SAFE_INTEGER),
      maxFailurePercent: values.percent('max-failure-percent'),
      ignoreStatusCodes: values.statusCodes('ignore-status-codes'),
    },
    failFast: values.boolean('fail-fast', false),
    refuseStates: values.names('refuse-states'),
    maxToEnable: values.integer('max-to-enable', null, 0, Number.MAX_SAFE_INTEGER),
    dryRun,
    skipEnabled: values.boolean('skip-enabled', false),
    verify: values.boolean('verify', false),
    verifyTimeoutMs: 1000 * values.integer('verify-timeout', 300, 1, MAX_VERIFY_TIMEOUT),
    showNames: values.boolean('show-names', false),
  }
  return {
    destinations,
    sources,
    list,
    settings: list === null || problems.count > 0 ? null : { ...settings, list },
  }
}
