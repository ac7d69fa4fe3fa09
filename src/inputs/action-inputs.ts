import { tmpdir } from 'node:os'
import { resolve } from 'node:path'

import { isWithin, nameIn } from '../list/glob.ts'
import { comparable } from '../policy/exclusion.ts'
import type { Problems } from '../problems.ts'
import {
  API_VERSIONS,
  IDENTIFY_BY,
  type AddedSince,
  type Destinations,
  type ListSettings,
  type ListSources,
  type Settings,
} from '../settings.ts'
import { checkProxy, readBaseUrl } from './base-url.ts'
import { hideSecrets, readCredential } from './credential.ts'
import { readDestinations } from './destinations.ts'
import { checkInputs } from './known-inputs.ts'
import { Values } from './values.ts'

/** 24 hours: longer than any job may run on GitHub's runners. */
const MAX_VERIFY_TIMEOUT = 86_400

/** Marks of another syntax in the name of a state (quotes, brackets, separators, bullets), or nothing but marks. */
const NO_STATE = /["'`´‘’“”«»[\](){}<>;|*]|^[-–—]|^[^\p{L}\p{N}]*$/u

/** Inputs of which exactly one is given. */
const SOURCES = ['identity-ids', 'identity-ids-file', 'from-report'] as const

/** What the inputs say, as far as they can be used. */
export interface ActionInputs {
  readonly destinations: Destinations
  /** What is named to be read, be it valid or not. */
  readonly sources: ListSources
  /** null: the inputs of the list are invalid. Otherwise it is read, and its problems are reported with all others. */
  readonly list: ListSettings | null
  /** null: there are problems, and nothing may be submitted. */
  readonly settings: Settings | null
}

/**
 * Reads every input from the environment. Adds everything that is wrong to `problems`, which from then on take every
 * secret out of their messages. Gives each secret to `mask` before it is used.
 */
export function readActionInputs(
  env: NodeJS.ProcessEnv,
  problems: Problems,
  mask: (secret: string) => void,
): ActionInputs {
  const values = new Values(env, problems)
  hideSecrets(values)
  checkInputs(env, problems)
  const dryRun = values.boolean('dry-run', false)
  const credential = readCredential(values, mask, dryRun)
  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? '.')
  const temporary = resolve(env['RUNNER_TEMP'] ?? tmpdir())
  const before = problems.count
  const list = readListSettings(values, { workspace, temporary })
  const isListValid = problems.count === before
  const destinations = readDestinations(values, { workspace, temporary })
  const baseUrl = readBaseUrl(values, dryRun && credential === null)
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
      ignoreStatusCodes: statusCodes(values),
    },
    failFast: values.boolean('fail-fast', false),
    refuseStates: states(values),
    maxToEnable: values.integer('max-to-enable', null, 0, Number.MAX_SAFE_INTEGER),
    dryRun,
    skipEnabled: values.boolean('skip-enabled', false),
    verify: values.boolean('verify', false),
    verifyTimeoutMs: 1000 * values.integer('verify-timeout', 300, 1, MAX_VERIFY_TIMEOUT),
    showNames: values.boolean('show-names', false),
  }
  return {
    destinations,
    sources: list,
    list: isListValid ? list : null,
    settings: problems.count === 0 ? { ...settings, list } : null,
  }
}

function statusCodes(values: Values): ReadonlySet<number> {
  const accepted = 'status codes from 400 to 599, separated by commas or one per line'
  const codes = values.entries('ignore-status-codes', accepted, (code) => /^[45]\d\d$/.test(code))
  return new Set(codes?.map(Number))
}

function states(values: Values): ReadonlyMap<string, string> {
  const accepted =
    'names of lifecycle states and identity statuses, without quotes and brackets, separated by commas or one per line'
  const isState = (name: string): boolean => !NO_STATE.test(name)
  const names = values.entries('refuse-states', accepted, isState) ?? []
  return new Map(names.map((name) => [comparable(name), name]))
}

/** Where the list comes from and what it holds. Inputs that contradict each other are problems. */
function readListSettings(
  values: Values,
  folders: Pick<ListSettings, 'workspace' | 'temporary'>,
): ListSettings {
  const { problems } = values
  const given = SOURCES.filter((name) => values.text(name) !== null)
  if (given.length === 0) {
    problems.add(
      'No list is given. Set one of `identity-ids` (an inline list), `identity-ids-file` (paths of list files), or `from-report` (the report of an earlier run). For a list without identities, set `identity-ids` to [].',
    )
  } else if (given.length > 1) {
    problems.add(
      `There is more than one list: ${given.map((name) => `\`${name}\``).join(' and ')} are set. Set only one of them.`,
    )
  }
  const settings = {
    inline: values.text('identity-ids'),
    files: values.paths('identity-ids-file'),
    fromReport: values.text('from-report'),
    idColumn: values.text('identity-id-column'),
    identifyBy: values.oneOf('identify-by', 'id', IDENTIFY_BY),
    addedSince: addedSince(values, folders.workspace),
    excludeFiles: values.paths('exclude-ids-file'),
    stillListed: values.paths('still-listed'),
    maxIdentities: values.integer('max-identities', null, 1, Number.MAX_SAFE_INTEGER),
    shard: values.parse('shard', null, 'i/n with i from 1 to n, for example 2/4', (text) => {
      const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
      const [index, count] = [Number(i), Number(n)]
      return index >= 1 && index <= count ? { index, count } : undefined
    }),
    ...folders,
  }
  const isReport = given.includes('from-report')
  const stillListed = values.text('still-listed') !== null
  if (settings.addedSince.kind !== 'beginning' && !given.includes('identity-ids-file'))
    problems.add(
      '`added-since` is set without `identity-ids-file`. Set `identity-ids-file`, or remove `added-since`.',
    )
  if (stillListed && !isReport)
    problems.add('`still-listed` is set without `from-report`. Set `from-report`, or remove `still-listed`.')
  for (const name of ['identify-by', 'identity-id-column'] as const) {
    // `id` is the default of identify-by, which the runner passes on as well where the author set nothing.
    if (!isReport || stillListed || (values.text(name) ?? 'id') === 'id') continue
    problems.add(
      `\`${name}\` is set with \`from-report\`, but without \`still-listed\`. Remove \`${name}\`: the report says how its identities are identified.`,
    )
  }
  return settings
}

function addedSince(values: Values, workspace: string): AddedSince {
  const accepted =
    '`beginning`, `event`, a full commit SHA, HEAD^, HEAD~n, or a folder of the workspace with / at its end. Branches and tags can be moved, and are not valid'
  return values.parse('added-since', { kind: 'beginning' }, accepted, (text): AddedSince | undefined => {
    if (text === 'beginning' || text === 'event') return { kind: text }
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return { kind: 'commit', revision: text.toLowerCase() }
    if (/^HEAD(\^|~[1-9]\d{0,5})$/.test(text)) return { kind: 'commit', revision: text }
    const path = resolve(workspace, text)
    const isBelow = path !== workspace && isWithin(workspace, path)
    return text.endsWith('/') && isBelow ? { kind: 'folder', folder: nameIn(workspace, path) } : undefined
  })
}
